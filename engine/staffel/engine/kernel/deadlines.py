"""Fristen of tasks, handovers and timers, computed by the calendar (DOMAIN §2.0.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from staffel.engine.bpmn.model import DeadlineExtension, TimerKind
from staffel.engine.kernel import timers
from staffel.engine.kernel.asked import Calendar
from staffel.engine.kernel.events import Due, StateChanged
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.handover_rule import LEGAL
from staffel.engine.kernel.state import Frist

if TYPE_CHECKING:
    from staffel.engine.kernel.program import Element
    from staffel.engine.kernel.run import Run


Planned: TypeAlias = tuple[DeadlineExtension, Formula | None]
"""A Frist as the model has it, and the formula of the date it begins at."""
CONSENT = "consent"
"""What `at_end` says where silence counts as consent (§ 42a VwVfG)."""
NAMED_DAY = "0T"
"""The length of a Frist that ends on a named day."""
_LENGTH = ("die Länge einer Frist", "the length of a Frist")


def due(run: Run, key: int, planned: Planned, element: Element, place: int = 0) -> Due | None:
    """When the Frist ends that begins now, or at the date the model gives; None without a calendar.

    A legal Frist of an `element` that a return leads back to runs from the first time on, suspended and extended as it was.
    """
    deadline, start = planned
    frist = Frist(place, run.now if start is None else begin(run, key, start))
    if element.kept_by and deadline.kind in LEGAL:
        frist = _kept(run, key, element, frist, anchored=start is not None)
    return computed(run, element, deadline, frist)


def computed(run: Run, element: Element, deadline: DeadlineExtension, frist: Frist) -> Due | None:
    """The end of the Frist by its course so far. Raises `Stuck` when the calendar cannot read the length."""
    unit = (element.attached_to or element).unit
    calendar = run.calendar(unit, deadline.kind)
    if calendar is None or frist.begin is None:
        return None
    at, steps = course(calendar, deadline, frist.begin, frist)
    return Due(
        at=at, kind=deadline.kind, legal_basis=deadline.legal_basis or "", steps=steps, name=deadline.name,
        place=frist.place, begin=frist.begin, pauses=frist.pauses, extension=frist.extension,
    )  # fmt: skip


def course(
    calendar: Calendar, deadline: DeadlineExtension, begin: datetime, frist: Frist
) -> tuple[datetime, tuple[str, ...]]:
    """The end and how it was computed. Raises `Stuck` when the calendar cannot read the length."""
    terms: dict[str, Any] = {"kind": deadline.kind, "shift": deadline.shift}
    try:
        if not frist.pauses and not frist.extension:
            return calendar.due(begin, deadline.length, **terms)
        terms |= {"pauses": frist.pauses, "extension": frist.extension}
        return calendar.course(begin, deadline.length, **terms)
    except ValueError as error:
        raise timers.bad_timer(deadline.length, str(error), _LENGTH) from error


def length(
    run: Run, text: str, start: datetime, kind: str, basis: str | None, *, unit: str | None
) -> Due | None:
    """When a Frist of a handover ends, by the closing days of the Stelle `unit`. Raises `Stuck`."""
    calendar = run.calendar(unit, kind)
    if calendar is None:
        return None
    try:
        at, steps = calendar.due(start, text, kind=kind, shift=None)
    except ValueError as error:
        raise timers.bad_timer(text, str(error), _LENGTH) from error
    return Due(at=at, kind=kind, legal_basis=basis or "", steps=steps, begin=start)


def until(run: Run, key: int, day: Formula, kind: str, basis: str) -> Due | None:
    """The end of the day that `day` gives; it was named, so it does not move. None where there is no day yet."""
    value = run.value(day, key)
    calendar = run.calendar(None, kind)
    if value is None or calendar is None:
        return None
    return on_named_day(calendar, timers.checked_moment(value, run.now, day.text), day, (kind, basis))


def on_named_day(calendar: Calendar, start: datetime, day: Formula, terms: tuple[str, str]) -> Due:
    """The end of the day that `day` has given; `terms` are kind and legal basis."""
    kind, basis = terms
    at, _ = calendar.due(start, NAMED_DAY, kind=kind, shift=False)
    return Due(at=at, kind=kind, legal_basis=basis, steps=(f"Vereinbarter Tag: {day.text}",))


def task_dues(run: Run, key: int, element: Element) -> tuple[Due, ...]:
    """The Fristen of a task, the one that ends first before the others."""
    return in_order((*of_model(run, key, element), named_day(run, key, element)))


def of_model(run: Run, key: int, element: Element) -> tuple[Due, ...]:
    """The Fristen that the model gives an activity, the one that ends first before the others. Raises `Stuck`."""
    return in_order(due(run, key, planned, element, place) for place, planned in enumerate(element.deadlines))


def in_order(dues: Iterable[Due | None]) -> tuple[Due, ...]:
    """Those there are, by their ends."""
    return tuple(sorted((each for each in dues if each is not None), key=lambda each: (each.at, each.place)))


def named_day(run: Run, key: int, element: Element) -> Due | None:
    """The due date that the task's `due` expression names; its place is behind the Fristen."""
    value = None if element.due is None else run.value(element.due, key)
    if element.due is None or value is None:
        return None
    at = timers.checked_moment(value, run.now, element.due.text)
    return on_day(at, len(element.deadlines))


def on_day(at: datetime, place: int) -> Due:
    """A due date that an expression names."""
    return Due(at=at, kind="intern", place=place, begin=at)


def follow_up(run: Run, key: int, element: Element) -> datetime | None:
    """The Wiedervorlage of a task, where the model gives one."""
    if element.follow_up is None:
        return None
    value = run.value(element.follow_up, key)
    return None if value is None else timers.checked_moment(value, run.now, element.follow_up.text)


def _kept(run: Run, key: int, element: Element, frist: Frist, *, anchored: bool) -> Frist:
    """How the element's legal Frist began and went, if a handover that was returned has led back here; else now, noted."""
    state = run.state
    place = state.places.get(key)
    scope = place.scope if place is not None else key
    before = next((each for each in state.begun if each.scope == scope and each.element == element.id), None)
    if before is None or not any(
        each.scope == scope and each.flow in element.kept_by for each in state.returns
    ):
        if before is None or before.at != run.now:
            run.emit(StateChanged(scope=scope, what="begun", values=[element.id, run.now.isoformat()]))
        return frist
    went = next((each for each in before.fristen if each.place == frist.place), Frist(frist.place))
    return Frist(frist.place, frist.begin if anchored else before.at, went.pauses, went.extension)


def begin(run: Run, key: int, start: Formula) -> datetime:
    """The date that the anchor of a Frist gives. Raises `Stuck` for a value that is no date."""
    value = run.value(start, key)
    if isinstance(value, (date, str)):
        return timers.checked_moment(value, run.now, start.text)
    raise timers.bad_timer(start.text, value, timers.EXPECTED[TimerKind.DATE])
