"""Throwing events and who catches them: messages, signals, errors, escalations, terminate, cancel (§10.5.6, §13.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from staffel.engine.bpmn.model import EventKind, NodeType
from staffel.engine.kernel import arming, catching, compensation, data, lifecycle
from staffel.engine.kernel.events import (
    ElementActivated,
    ElementCompleted,
    Ending,
    ErrorThrown,
    EscalationThrown,
    MessageThrown,
    SignalThrown,
)
from staffel.engine.kernel.incidents import Code, Stuck
from staffel.engine.kernel.program import Element, MessagePlan, Trigger
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import ROOT, SignalWait


class Catcher(NamedTuple):
    """A boundary or start event that takes a throw, and the instance it belongs to."""

    element: Element
    owner: int
    trigger: Trigger


def throw(run: Run, key: int, element: Element, trigger: Trigger) -> None:
    """Throw one result of an event from instance `key`, which may be gone afterwards."""
    THROWING[trigger.kind](run, key, element, trigger)


def send(run: Run, key: int, element: Element, message: MessagePlan) -> None:
    """Send a message; the edge gives it to its receiver.

    Only what the model maps goes out: variables of a case must not reach another one by accident.
    """
    correlation = arming.correlation_of(run, key, message.correlation)
    payload = {mapping.target: run.value(mapping.source, key) for mapping in message.payload}
    payload = payload or data.mapped(run, key, element)
    run.emit(
        MessageThrown(
            element=element.id,
            name=message.name,
            correlation=correlation,
            payload=payload,
            time_to_live=message.time_to_live,
        )
    )


def signal(run: Run, name: str, payload: Mapping[str, Any]) -> None:
    """Give a signal to every place of this case that waits for it now.

    An event sub-process absorbs it: the boundary events of its activity hear only what it throws again (§10.5.6).
    """
    waiting = [key for key, wait in run.state.waits.items() if type(wait) is SignalWait and wait.name == name]
    waiting.sort(key=lambda key: _turn(run, key))
    absorbed: set[int] = set()
    for key in waiting:
        wait = run.state.waits.get(key)
        if wait is None:
            continue
        element = run.elements[wait.element]
        if element.type is NodeType.START_EVENT:
            absorbed |= _instances(run, wait.owner)
        if element.attached_to is None or wait.owner not in absorbed:
            catching.fire(run, key, payload)


def _turn(run: Run, key: int) -> int:
    """Event sub-processes come first, the interrupting before all: what they interrupt must not begin (§13.5.4)."""
    element = run.elements[run.state.waits[key].element]
    if element.type is not NodeType.START_EVENT:
        return 2
    return 0 if element.node.interrupting else 1


def _instances(run: Run, scope: int) -> set[int]:
    """The scope instance and, for an item of a loop, the activity instance around it."""
    place = run.state.places.get(scope)
    return {scope} if place is None or place.index is None else {scope, place.scope}


def error(run: Run, key: int, element: Element, code: str, variables: Mapping[str, Any]) -> None:
    """Throw a BPMN error; the nearest catcher takes it, without one the instance stands still (§10.5.6)."""
    found = catcher(run, key, EventKind.ERROR, code)
    run.emit(ErrorThrown(element=element.id, code=code, caught_by=found.element.id if found else None))
    if found is None:
        raise Stuck(Code.ERROR_UNCAUGHT, error=code)
    _quit(run, key, element)
    _take(run, found, _with_code(found.trigger, code, variables))


def escalate(run: Run, key: int, element: Element, code: str, variables: Mapping[str, Any]) -> None:
    """Throw a BPMN escalation; without a catcher nothing happens (§10.5.6)."""
    found = catcher(run, key, EventKind.ESCALATION, code)
    run.emit(EscalationThrown(element=element.id, code=code, caught_by=found.element.id if found else None))
    if found is not None:
        if found.element.node.interrupting:
            _quit(run, key, element)
        _take(run, found, _with_code(found.trigger, code, variables))


def catcher(run: Run, key: int, kind: EventKind, code: str) -> Catcher | None:
    """The nearest event that catches what `key` throws: inner scopes before outer, a code before a catch-all.

    What is thrown inside an event sub-process goes past the event sub-processes beside it when it interrupted
    their scope, and past itself in any case.
    """
    passed: Element | None = None
    current = key
    while True:
        place = run.state.places.get(current)
        element = run.elements[place.element] if place is not None else None
        plan = run.program.root if element is None else element.body
        if plan is not None and (current != key or element is None) and current not in run.state.loops:
            starts = _open_to(plan.event_starts, passed)
            found = _match(starts, kind, code)
            if found is not None:
                return Catcher(found[0], current, found[1])
        if place is None or element is None:
            return None
        if place.index is None:
            found = _match(element.boundaries, kind, code)
            if found is not None:
                return Catcher(found[0], current, found[1])
        passed = element if element.node.triggered_by_event else None
        current = place.scope


def _open_to(starts: Iterable[Element], passed: Element | None) -> list[Element]:
    if passed is None:
        return list(starts)
    interrupted = any(start.plan.owner is passed and start.node.interrupting for start in starts)
    return [] if interrupted else [start for start in starts if start.plan.owner is not passed]


def _match(events: Iterable[Element], kind: EventKind, code: str) -> tuple[Element, Trigger] | None:
    catch_all: tuple[Element, Trigger] | None = None
    for event in events:
        for trigger in event.triggers:
            if trigger.kind is not kind:
                continue
            if trigger.code is None:
                catch_all = catch_all or (event, trigger)
            elif trigger.code == code:
                return event, trigger
    return catch_all


def _with_code(trigger: Trigger, code: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**variables, trigger.error_variable: code} if trigger.error_variable else variables


def _take(run: Run, found: Catcher, variables: Mapping[str, Any]) -> None:
    if found.element.type is NodeType.BOUNDARY_EVENT:
        catching.take_boundary(run, found.element, found.owner, variables)
    else:
        catching.take_event_sub(run, found.element, found.owner, variables)


def _quit(run: Run, key: int, element: Element) -> None:
    """An end event that throws outwards has done its work before what surrounds it is interrupted."""
    if element.type is NodeType.END_EVENT and key in run.state.places:
        scope = run.state.places[key].scope
        run.emit(ElementCompleted(key=key, element=element.id, scope=scope))
        run.checks.append(scope)


def _message(run: Run, key: int, element: Element, _trigger: Trigger) -> None:
    if element.message is not None:
        send(run, key, element, element.message)


def _signal(run: Run, key: int, element: Element, trigger: Trigger) -> None:
    payload = dict(run.state.values(key))
    for mapping in element.payload:
        payload[mapping.target] = run.value(mapping.source, key)
    run.emit(SignalThrown(element=element.id, name=trigger.name, payload=payload))
    signal(run, trigger.name, payload)


def _error(run: Run, key: int, element: Element, trigger: Trigger) -> None:
    error(run, key, element, trigger.code or "", dict(run.state.values(key)))


def _escalation(run: Run, key: int, element: Element, trigger: Trigger) -> None:
    escalate(run, key, element, trigger.code or "", dict(run.state.values(key)))


def _terminate(run: Run, key: int, element: Element, _trigger: Trigger) -> None:
    """End everything in the scope of the end event; the scope itself is complete then (§13.5.6)."""
    scope = run.state.places[key].scope
    _quit(run, key, element)
    if scope == ROOT:
        run.last_end = element.id
        lifecycle.end_case(run, Ending.TERMINATED)
        return
    lifecycle.terminate(run, scope, keep=True)
    owner = run.elements[run.state.places[scope].element]
    owner.behaviour.emptied(run, scope, owner)


def _cancel(run: Run, key: int, element: Element, _trigger: Trigger) -> None:
    """Cancel the transaction around: end what runs, compensate what is done, then follow the cancel boundary event."""
    scope = run.state.places[key].scope
    _quit(run, key, element)
    while scope != ROOT and run.elements[run.state.places[scope].element].type is not NodeType.TRANSACTION:
        scope = run.state.places[scope].scope
    if scope == ROOT:
        raise Stuck(
            Code.NOT_EXECUTABLE, reason_de="keine Transaktion darum", reason_en="no transaction around it"
        )
    lifecycle.terminate(run, scope, keep=True)
    compensation.cancel(run, scope)


def _compensate(run: Run, key: int, element: Element, trigger: Trigger) -> None:
    compensation.throw(run, key, element, trigger)


def _link(run: Run, key: int, element: Element, _trigger: Trigger) -> None:
    """Go on at the link catch event of the same name in the same scope (§10.5.6)."""
    scope = run.state.places[key].scope
    run.emit(ElementCompleted(key=key, element=element.id, scope=scope))
    target = element.links_to
    if target is not None:
        instance = run.state.next_key
        run.emit(ElementActivated(key=instance, element=target.id, scope=scope))
        lifecycle.finish(run, instance, target)


THROWING: dict[EventKind, Callable[[Run, int, Element, Trigger], None]] = {
    EventKind.MESSAGE: _message,
    EventKind.SIGNAL: _signal,
    EventKind.ERROR: _error,
    EventKind.ESCALATION: _escalation,
    EventKind.TERMINATE: _terminate,
    EventKind.CANCEL: _cancel,
    EventKind.COMPENSATION: _compensate,
    EventKind.LINK: _link,
}
