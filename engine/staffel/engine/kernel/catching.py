"""Catching: what happens when a timer, message, signal or condition comes that something waits for (§10.5.5, §13.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from staffel.engine.bpmn.model import NodeType
from staffel.engine.feel.values import literal
from staffel.engine.kernel import arming, compensation, handover, lifecycle, step_deadlines
from staffel.engine.kernel.events import (
    Closing,
    ElementActivated,
    StateChanged,
)
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.handover_data import CONSENT
from staffel.engine.kernel.incidents import Code, Stuck
from staffel.engine.kernel.program import Element
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import ConditionWait, TimerWait
from staffel.engine.kernel.waiting import close, close_element


def check_conditions(run: Run) -> None:
    """Check the conditions that read a variable that has changed."""
    changed, run.changed = run.changed, frozenset()
    if CONSENT in changed:
        handover.consent_changed(run)
    for key, wait in list(run.state.waits.items()):
        if type(wait) is ConditionWait and not changed.isdisjoint(wait.reads):
            check_condition(run, key)


def check_condition(run: Run, key: int, _unused: Any = None) -> None:
    """Fire when the condition has turned true; null (data not there yet) counts as not true."""
    wait = run.state.waits.get(key)
    if type(wait) is not ConditionWait:
        return
    element = run.elements[wait.element]
    if element.input_sets:
        close(run, key, Closing.DONE)
        lifecycle.enter(run, wait.owner, element)
        return
    condition = element.triggers[wait.trigger].condition
    try:
        value = condition is not None and _holds(run, condition, wait.owner)
    except Stuck as stuck:
        run.incident(wait.owner, element, stuck, "condition")
        return
    if value is not wait.holds:
        run.emit(StateChanged(scope=key, what="condition", values=value))
        if value:
            fire(run, key, {})


def _holds(run: Run, condition: Formula, owner: int) -> bool:
    value = run.value(condition, owner)
    if value is not None and not isinstance(value, bool):
        raise Stuck(Code.NOT_BOOLEAN, expression=condition.text, found=literal(value))
    return bool(value)


def fire(run: Run, key: int, payload: Mapping[str, Any]) -> None:
    """What the waiting place waits for has come."""
    wait = run.state.waits[key]
    element = run.elements[wait.element]
    FIRING[element.type](run, key, element, payload)


def _all_there(run: Run, owner: int, element: Element) -> bool:
    """Whether a parallel multiple event has had all its triggers (§10.5.5); else it goes on waiting."""
    return not element.node.parallel_multiple or not any(
        run.state.waits[key].element == element.id for key in run.state.owned.get(owner, ())
    )


def _fire_catch(run: Run, key: int, element: Element, payload: Mapping[str, Any]) -> None:
    """An intermediate event or receive task, on its own or after an event-based gateway."""
    owner = run.state.waits[key].owner
    close(run, key, Closing.DONE)
    here = run.state.places[owner]
    if not _all_there(run, owner, element):
        run.write(here.scope, payload)
        return
    if here.element == element.id:
        close_element(run, owner, element.id, Closing.CANCELLED)
        lifecycle.complete(run, owner, element, payload)
        return
    gateway = run.elements[here.element]
    flow = next(each for each in gateway.outgoing if each.target is element)
    lifecycle.leave_by(run, owner, gateway, flow)
    instance = run.state.next_key
    run.emit(ElementActivated(key=instance, element=element.id, scope=here.scope, flows=(flow.id,)))
    lifecycle.complete(run, instance, element, payload)


def _fire_boundary(run: Run, key: int, element: Element, payload: Mapping[str, Any]) -> None:
    wait = run.state.waits[key]
    owner = wait.owner
    _used(run, key, element)
    if _all_there(run, owner, element):
        take_boundary(run, element, owner, payload)
        if element.node.parallel_multiple and not element.node.interrupting:
            arming.arm(run, owner, element)


def _used(run: Run, key: int, element: Element) -> None:
    """Close what fired, unless it goes on waiting for the next time (non-interrupting events)."""
    wait = run.state.waits[key]
    repeats = not element.node.interrupting and not element.node.parallel_multiple
    if type(wait) is TimerWait or not repeats:
        close(run, key, Closing.DONE)
    if type(wait) is TimerWait and repeats:
        arming.rearm(run, wait)


def take_boundary(run: Run, element: Element, owner: int, variables: Mapping[str, Any]) -> None:
    """Follow a boundary event of the activity instance `owner`, interrupting it where the event does (§13.5.3)."""
    scope = run.state.places[owner].scope
    if element.node.interrupting:
        lifecycle.terminate(run, owner)
        if run.state.compensations:
            compensation.handler_done(run, owner)
    key = run.state.next_key
    run.emit(ElementActivated(key=key, element=element.id, scope=scope))
    lifecycle.complete(run, key, element, variables)


def _fire_start(run: Run, key: int, element: Element, payload: Mapping[str, Any]) -> None:
    scope = run.state.waits[key].owner
    place = run.state.places.get(scope)
    if place is not None and place.element == element.id:
        _fire_catch(
            run, key, element, payload
        )  # the case began by another trigger of this event and awaits this one
        return
    _used(run, key, element)
    if _all_there(run, scope, element):
        take_event_sub(run, element, scope, payload)
        if element.node.parallel_multiple and not element.node.interrupting:
            arming.arm(run, scope, element)


def take_event_sub(run: Run, start: Element, scope: int, variables: Mapping[str, Any]) -> None:
    """Run an event sub-process of the scope instance, after ending what runs there where it interrupts (§13.5.4)."""
    sub = start.plan.owner
    if sub is None:
        return
    if start.node.interrupting:
        lifecycle.terminate(run, scope, keep=True)
    key = run.state.next_key
    run.emit(ElementActivated(key=key, element=sub.id, scope=scope))
    try:
        if sub.watched:
            step_deadlines.begin(run, key, sub)
        arming.arm_event_subs(run, key)
    except Stuck as stuck:
        run.incident(key, sub, stuck, "enter")
        return
    instance = run.state.next_key
    run.emit(ElementActivated(key=instance, element=start.id, scope=key))
    for loose in start.plan.loose:
        run.later(lifecycle.begin, loose, key)
    lifecycle.complete(run, instance, start, variables)


FIRING: dict[NodeType, Callable[[Run, int, Element, Mapping[str, Any]], None]] = {
    NodeType.INTERMEDIATE_CATCH_EVENT: _fire_catch,
    NodeType.RECEIVE_TASK: _fire_catch,
    NodeType.BOUNDARY_EVENT: _fire_boundary,
    NodeType.START_EVENT: _fire_start,
}
