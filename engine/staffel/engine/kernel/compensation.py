"""Compensation (§10.7, §13.5.5): records of what completed, and their handlers run one after the other, last first.

A *controller* is the instance that compensates: the throwing event, the cancelled transaction, or a completed
sub-process brought back with its variables so that its inside can be compensated.
"""

from __future__ import annotations

from typing import Any

from staffel.engine.feel import codec
from staffel.engine.kernel import catching, lifecycle, loops
from staffel.engine.kernel.changes import record_values
from staffel.engine.kernel.events import ElementActivated, ElementCompleted, StateChanged
from staffel.engine.kernel.handover_data import CONSENT
from staffel.engine.kernel.program import Element, Trigger
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import ROOT, Compensation, Record


def record(run: Run, key: int, element: Element) -> None:
    """Note a completed activity whose work can be compensated."""
    state = run.state
    place = state.places[key]
    own = key not in state.loops
    whole = own and element.handler is not None
    sub = own and element.body is not None and element.body.compensation_sub is not None
    inner = () if whole and not sub else state.records.get(key, ())
    if inner or whole or sub:
        values = Record(element.id, state.blob(key), inner, place.index)
        run.emit(StateChanged(scope=place.scope, what="compensable", values=record_values(values)))


def throw(run: Run, key: int, element: Element, trigger: Trigger) -> None:
    """Compensate one activity or all completed ones of the scope; the event goes on when it is done."""
    scope = _scope_of(run, key, trigger)
    records = run.state.records.get(scope, ())
    if trigger.activity is not None:
        prefix = run.plan_of(scope).prefix
        chosen = tuple(each for each in records if each.element == prefix + trigger.activity)
    else:
        chosen = records
    if not chosen:
        return
    left = [record_values(each) for each in records if each not in chosen]
    run.emit(StateChanged(scope=scope, what="records", values=left))
    then = f"throw {element.triggers.index(trigger) + 1}" if trigger.wait else "quiet"
    _begin(run, key, Compensation(scope, 0, chosen, then))


def _scope_of(run: Run, key: int, trigger: Trigger) -> int:
    """The scope whose activities are meant: an event sub-process compensates those of the scope around it."""
    scope = run.state.places[key].scope
    while scope != ROOT:
        place = run.state.places[scope]
        if not run.elements[place.element].node.triggered_by_event:
            break
        if trigger.activity is not None and trigger.activity in run.plan_of(scope).elements:
            break
        if trigger.activity is None and run.state.records.get(scope):
            break
        scope = place.scope
    return scope


def cancel(run: Run, transaction: int) -> None:
    """Compensate all that the cancelled transaction has done, then follow its cancel boundary event."""
    records = run.state.records.get(transaction, ())
    run.emit(StateChanged(scope=transaction, what="records", values=[]))
    _begin(run, transaction, Compensation(transaction, 0, records, "cancel"))


def handler_done(run: Run, key: int) -> None:
    """A handler has ended in one way or another; the next record's turn, where it was one."""
    for controller, found in list(run.state.compensations.items()):
        if found.current == key:
            _begin(run, controller, Compensation(found.scope, 0, found.left, found.then))
            return


def _begin(run: Run, controller: int, compensation: Compensation) -> None:
    """Start the handler of the last record; without any left the controller is done."""
    left = list(compensation.left)
    while left:
        last = left.pop()
        element = run.elements[last.element]
        if element.loop is not None and last.index is None:
            left.extend(last.inner)
            continue
        handler = element if element.node.for_compensation else element.handler
        inside = element.body is not None and element.body.compensation_sub is not None
        if inside and element.handler is not None:
            left.append(Record(element.handler.id, last.values))
        key = run.state.next_key
        _note(run, controller, Compensation(compensation.scope, key, tuple(left), compensation.then))
        if handler is None or inside:
            _bring_back(run, element, compensation.scope, last)
        else:
            _run_handler(run, handler, compensation.scope, last)
        return
    _note(run, controller, None)
    run.later(_done, controller, compensation.then)


def _note(run: Run, controller: int, found: Compensation | None) -> None:
    values: Any = None
    if found is not None:
        values = [found.scope, found.current, [record_values(each) for each in found.left], found.then]
    run.emit(StateChanged(scope=controller, what="compensation", values=values))


def _run_handler(run: Run, handler: Element, scope: int, last: Record) -> None:
    key = run.state.next_key
    run.emit(ElementActivated(key=key, element=handler.id, scope=scope))
    _restore(run, key, scope, last)
    lifecycle.enter(run, key, handler)


def _restore(run: Run, key: int, scope: int, last: Record) -> None:
    """Give back the values of then, but for the person's consent: that counts as it is now."""
    if not last.values:
        return
    values = codec.decode_values(last.values)
    if CONSENT in values:
        values[CONSENT] = run.visible(scope).get(CONSENT)
    run.set(key, values)


def _bring_back(run: Run, element: Element, scope: int, last: Record) -> None:
    """Compensate a completed sub-process from inside: by its compensation event sub-process, else each activity."""
    key = run.state.next_key
    run.emit(ElementActivated(key=key, element=element.id, scope=scope, compensating=True))
    _restore(run, key, scope, last)
    body = element.body
    sub = body.compensation_sub if body is not None else None
    if sub is None:
        _begin(run, key, Compensation(key, 0, last.inner, "scope"))
        return
    run.emit(StateChanged(scope=key, what="records", values=[record_values(each) for each in last.inner]))
    _note(run, key, Compensation(key, run.state.next_key, (), "scope"))
    catching.take_event_sub(run, sub, key, {})


def _done(run: Run, controller: int, then: str) -> None:
    if controller not in run.state.places:
        return
    place = run.state.places[controller]
    element = run.elements[place.element]
    if then == "cancel":
        _cancelled(run, controller, element)
        return
    if then.startswith("throw"):
        element.behaviour.compensated(run, controller, element, int(then[len("throw") :] or 1))
        return
    lifecycle.terminate(run, controller, keep=True)
    run.emit(ElementCompleted(key=controller, element=element.id, scope=place.scope))
    run.checks.append(place.scope)
    handler_done(run, controller)


def _cancelled(run: Run, transaction: int, element: Element) -> None:
    """Leave by the cancel event. It is attached to the activity: one instance of several takes the others with it."""
    place = run.state.places[transaction]
    event = next((each for each in element.boundaries if each.catches_cancel), None)
    if event is not None:
        catching.take_boundary(run, event, transaction if place.index is None else place.scope, {})
        return
    lifecycle.terminate(run, transaction)
    if place.index is None:
        run.checks.append(place.scope)
    else:
        run.later(loops.item_done, place.scope)
