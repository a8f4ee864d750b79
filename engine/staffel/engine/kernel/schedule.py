"""When timer start events begin their cases (BPMN 2.0.2 §10.5.2): what a worker has to plan."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from staffel.engine.bpmn.model import EventKind
from staffel.engine.kernel import timers
from staffel.engine.kernel.program import Program, StartPlan


class Firing(NamedTuple):
    """The next start: when, and how many more follow (-1: endless)."""

    at: datetime
    remaining: int


def first_start(program: Program, start: StartPlan, now: datetime) -> Firing | None:
    """When the timer start event begins its first case after the model came into force at `now`.

    None for other start events and for dates gone by. Raises `Stuck` when the expression means no time.
    """
    value = _value(start, now)
    if value is None:
        return None
    if start.timer is not None and start.timer.deadline is not None and program.calendar is not None:
        deadline = start.timer.deadline
        at, _ = program.calendar.due(now, deadline.length, kind=deadline.kind, shift=deadline.shift)
        return Firing(at, 0)
    text = start.timer.formula.text if start.timer is not None and start.timer.formula is not None else ""
    at = timers.checked_moment(value, now, text)
    cycle = timers.cycle_of(value)
    return Firing(at, cycle.times if cycle is not None else 0) if at >= now else None


def next_start(start: StartPlan, last: Firing) -> Firing | None:
    """The start after `last`; None when the repetition is over."""
    cycle = timers.cycle_of(_value(start, last.at))
    if cycle is None or last.remaining == 0:
        return None
    at = timers.following(cycle, last.at)
    return None if at is None else Firing(at, last.remaining - 1 if last.remaining > 0 else last.remaining)


def _value(start: StartPlan, now: datetime) -> object:
    if start.kind is not EventKind.TIMER or start.timer is None:
        return None
    if start.timer.formula is None:
        return "" if start.timer.deadline is not None else None
    return start.timer.formula.value({}, now)
