"""Arming: opening the waiting places of catching events (BPMN 2.0.2 §10.5.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from staffel.engine.bpmn.model import EventKind
from staffel.engine.feel.values import plain_text
from staffel.engine.kernel import catching, deadlines, timers
from staffel.engine.kernel.events import ConditionAwaited, Due, MessageAwaited, SignalAwaited, TimerArmed
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.incidents import Code, Stuck
from staffel.engine.kernel.program import Element, Trigger
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import TimerWait


def arm(run: Run, owner: int, element: Element) -> None:
    """Open the waiting places of an element's triggers for `owner`."""
    for trigger in element.triggers:
        arming = ARMING.get(trigger.kind)
        if arming is not None:
            arming(run, owner, element, trigger)


def arm_boundaries(run: Run, key: int, activity: Element) -> None:
    """Open the waiting places of the boundary events of an activity instance."""
    for boundary in activity.boundaries:
        arm(run, key, boundary)


def arm_event_subs(run: Run, scope: int) -> None:
    """Open the waiting places of the event sub-processes of a scope instance (§13.5.4)."""
    for start in run.plan_of(scope).event_starts:
        arm(run, scope, start)


def due_of(run: Run, owner: int, element: Element, trigger: Trigger) -> tuple[datetime, Any, Due | None]:
    """When the trigger's timer is due, the value it came from, and the Frist it stands for."""
    plan = trigger.timer
    if plan is None:
        raise timers.bad_timer("", None)
    if plan.deadline is not None:
        due = deadlines.due(run, owner, (plan.deadline, plan.begin), element)
        if due is not None:
            return due.at, None, due
    if plan.formula is None:
        raise timers.bad_timer("", None)
    if plan.length is not None:
        return timers.moment_after(plan.length, run.now, plan.formula.text), None, None
    value = run.value(plan.formula, owner)
    if not timers.fits(plan.kind, value):
        raise timers.bad_timer(plan.formula.text, value, timers.EXPECTED[plan.kind])
    return timers.checked_moment(value, run.now, plan.formula.text), value, None


def _arm_timer(run: Run, owner: int, element: Element, trigger: Trigger) -> None:
    due, value, deadline = due_of(run, owner, element, trigger)
    cycle = timers.cycle_of(value)
    interval = value.split("/", 1)[1] if cycle is not None else None
    run.emit(
        TimerArmed(
            key=run.state.next_key,
            owner=owner,
            element=element.id,
            due=due,
            remaining=cycle.times if cycle is not None else None,
            interval=interval,
            trigger=trigger.index,
            deadline=deadline,
        )
    )


def rearm(run: Run, wait: TimerWait) -> None:
    """Arm the next firing of a repetition, where there is one."""
    cycle = timers.parse_cycle(f"R/{wait.interval}") if wait.interval is not None else None
    if cycle is None or wait.remaining is None or wait.remaining == 0:
        return
    due = timers.following(cycle, wait.due)
    if due is not None:
        run.emit(
            TimerArmed(
                key=run.state.next_key,
                owner=wait.owner,
                element=wait.element,
                due=due,
                remaining=wait.remaining - 1 if wait.remaining > 0 else wait.remaining,
                interval=wait.interval,
                trigger=wait.trigger,
            )
        )


def correlation_of(run: Run, owner: int, formula: Formula) -> str:
    """The correlation key as text."""
    value = run.value(formula, owner)
    if value is None:
        raise Stuck(
            Code.BAD_VALUE,
            expression=formula.text,
            found="null",
            expected_de="ein Schlüssel für die Zuordnung",
            expected_en="a correlation key",
        )
    return plain_text(value)


def _await_message(run: Run, owner: int, element: Element, trigger: Trigger) -> None:
    correlation = "" if trigger.correlation is None else correlation_of(run, owner, trigger.correlation)
    run.emit(
        MessageAwaited(
            key=run.state.next_key,
            owner=owner,
            element=element.id,
            name=trigger.name,
            correlation=correlation,
            trigger=trigger.index,
        )
    )


def _await_signal(run: Run, owner: int, element: Element, trigger: Trigger) -> None:
    run.emit(
        SignalAwaited(
            key=run.state.next_key, owner=owner, element=element.id, name=trigger.name, trigger=trigger.index
        )
    )


def _await_condition(run: Run, owner: int, element: Element, trigger: Trigger) -> None:
    key = run.state.next_key
    reads = trigger.condition.reads if trigger.condition is not None else ()
    run.emit(ConditionAwaited(key=key, owner=owner, element=element.id, reads=reads, trigger=trigger.index))
    run.later(catching.check_condition, key)


ARMING: dict[EventKind, Callable[[Run, int, Element, Trigger], None]] = {
    EventKind.TIMER: _arm_timer,
    EventKind.MESSAGE: _await_message,
    EventKind.SIGNAL: _await_signal,
    EventKind.CONDITIONAL: _await_condition,
}
