"""Fristen of tasks, handovers and timers, computed by the calendar (DOMAIN §2.0.2)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from staffel.engine.bpmn.model import DeadlineExtension, TimerKind
from staffel.engine.kernel import timers
from staffel.engine.kernel.events import Due, StateChanged
from staffel.engine.kernel.formulas import Formula

if TYPE_CHECKING:
    from staffel.engine.kernel.program import Element
    from staffel.engine.kernel.run import Run


LEGAL = frozenset({"gesetzlich", "soll"})
"""Kinds of Fristen that the law sets; a return between Stellen neither ends nor restarts them (§ 16(2) SGB I)."""


def due(
    run: Run, key: int, deadline: DeadlineExtension, start: Formula | None, element: Element | None = None
) -> Due | None:
    """When the Frist ends that begins now, or at the date `start` gives; None without a calendar.

    A legal Frist of an `element` that a return leads back to runs from the first time on.
    """
    if start is not None:
        begin = _begin(run, key, start)
    elif element is not None and element.kept_by and deadline.kind in LEGAL:
        begin = _first_begin(run, key, element)
    else:
        begin = run.now
    found = length(run, deadline.length, begin, deadline.kind, deadline.legal_basis, shift=deadline.shift)
    return found


def length(
    run: Run, text: str, start: datetime, kind: str, basis: str | None, *, shift: bool | None = None
) -> Due | None:
    """When a Frist of this length ends. Raises `Stuck` when the calendar cannot read the length."""
    calendar = run.program.calendar
    if calendar is None:
        return None
    try:
        at, steps = calendar.due(start, text, kind=kind, shift=shift)
    except ValueError as error:
        raise timers.bad_timer(
            text, str(error), ("die Länge einer Frist", "the length of a Frist")
        ) from error
    return Due(at=at, kind=kind, legal_basis=basis or "", steps=steps)


def until(run: Run, key: int, day: Formula, kind: str, basis: str) -> Due | None:
    """The end of the day that `day` gives; it was named, so it does not move. None where there is no day yet."""
    value = run.value(day, key)
    if value is None or run.program.calendar is None:
        return None
    start = timers.checked_moment(value, run.now, day.text)
    at, _ = run.program.calendar.due(start, "0T", kind=kind, shift=False)
    return Due(at=at, kind=kind, legal_basis=basis, steps=(f"Vereinbarter Tag: {day.text}",))


def task_due(run: Run, key: int, element: Element) -> Due | None:
    """The earliest Frist that runs on a task."""
    found = [due(run, key, deadline, start, element) for deadline, start in element.deadlines]
    if element.due is not None:
        value = run.value(element.due, key)
        if value is not None:
            found.append(Due(at=timers.checked_moment(value, run.now, element.due.text), kind="intern"))
    return min((each for each in found if each is not None), key=lambda each: each.at, default=None)


def follow_up(run: Run, key: int, element: Element) -> datetime | None:
    """The Wiedervorlage of a task, where the model gives one."""
    if element.follow_up is None:
        return None
    value = run.value(element.follow_up, key)
    return None if value is None else timers.checked_moment(value, run.now, element.follow_up.text)


def _first_begin(run: Run, key: int, element: Element) -> datetime:
    """When the element's legal Fristen began, if a handover that was returned has led back here; else now, noted."""
    state = run.state
    place = state.places.get(key)
    scope = place.scope if place is not None else key
    before = next((each for each in state.begun if each.scope == scope and each.element == element.id), None)
    if before is not None and any(
        each.scope == scope and each.flow in element.kept_by for each in state.returns
    ):
        return before.at
    run.emit(StateChanged(scope=scope, what="begun", values=[element.id, run.now.isoformat()]))
    return run.now


def _begin(run: Run, key: int, start: Formula) -> datetime:
    value = run.value(start, key)
    if isinstance(value, (date, str)):
        return timers.checked_moment(value, run.now, start.text)
    raise timers.bad_timer(start.text, value, timers.EXPECTED[TimerKind.DATE])
