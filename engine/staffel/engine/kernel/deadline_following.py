"""Fristen that the model moves: anchors that change, steps that suspend them while they run; see `courses`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec.structs import replace

from staffel.engine.calendar import Pause
from staffel.engine.kernel import courses, deadlines
from staffel.engine.kernel.courses import ANCHORED, RESUMED, SUSPENDED
from staffel.engine.kernel.events import DeadlineChanged, VariablesSet
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.kernel.program import Element
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import ROOT, IncidentWait, TaskWait

STAGE = "deadline"
"""The stage of the incident when a Frist cannot be computed anew."""


def settle(run: Run) -> None:
    """At the end of a step: anchors that moved, steps that suspend Fristen begun or left."""
    program = run.program
    if program.anchors and not program.anchors.isdisjoint(moved := _set_names(run)):
        for key in list(run.state.fristen):
            if any(
                not moved.isdisjoint(reads) for here in courses.running(run, key) for reads in _reads(here)
            ):
                anchor(run, key)
        for key, wait in list(run.state.waits.items()):
            if type(wait) is TaskWait:
                _name_day(run, key, wait, moved)
    if program.suspending:
        for key in list(run.state.fristen):
            _each(run, key, _follow_model)


def _name_day(run: Run, key: int, wait: TaskWait, moved: set[str]) -> None:
    """Give a task the due date that its expression named none of so far, or take one away that is named no more."""
    element = run.elements[wait.element]
    if element.due is None or moved.isdisjoint(element.due.reads):
        return
    place = len(element.deadlines)
    others = [courses.due_of(run, each) for each in courses.running(run, key) if each.frist.place != place]
    named = any(each.place == place for each in run.state.fristen.get(key, ()))
    try:
        day = deadlines.named_day(run, wait.owner, element)
    except Stuck as stuck:
        _stop(run, wait.owner, element, stuck)
        return
    if named is (day is None):
        dues = deadlines.in_order((*others, day))
        run.emit(DeadlineChanged(key=key, element=element.id, place=place, change=ANCHORED, dues=dues))


def anchor(run: Run, key: int) -> None:
    """Compute the Fristen of a task or timer from the anchors as they are now."""
    _each(run, key, _follow_anchor)


def _each(run: Run, key: int, follow: Callable[[Run, courses.Running], None]) -> None:
    """What cannot be computed stops the Frist with an incident, once."""
    for here in courses.running(run, key):
        try:
            follow(run, here)
        except Stuck as stuck:
            _stop(run, here.owner, here.element, stuck)


def _stop(run: Run, owner: int, element: Element, stuck: Stuck) -> None:
    if not _stands_still(run, owner):
        run.incident(owner, element, stuck, STAGE)


def _follow_anchor(run: Run, here: courses.Running) -> None:
    begin = _begin(run, here)
    if begin is not None and begin != here.frist.begin:
        courses.change(run, here, replace(here.frist, begin=begin), ANCHORED)


def again(run: Run, owner: int, element: Element) -> None:
    """What a retry of the incident does."""
    for key in run.state.owned.get(owner, ()):
        anchor(run, key)
        wait = run.state.waits[key]
        if type(wait) is TaskWait and element.due is not None:
            _name_day(run, key, wait, set(element.due.reads))


def _follow_model(run: Run, here: courses.Running) -> None:
    """Suspend the Frist while a step it names runs."""
    deadline = here.deadline
    if deadline is None or not deadline.suspended_by:
        return
    names = {here.element.plan.prefix + each for each in deadline.suspended_by}
    active = next((name for name in _near(run, here.owner) if name in names), None)
    suspended = any(each.automatic and each.until is None for each in here.frist.pauses)
    if (active is not None) is suspended:
        return
    today = courses.today(run)
    if active is None:
        pauses = tuple(
            replace(each, until=today) if each.automatic and each.until is None else each
            for each in here.frist.pauses
        )
        courses.change(run, here, replace(here.frist, pauses=pauses), RESUMED)
        return
    step = run.elements[active]
    reason, basis = step.name or step.id, deadline.suspension_basis or ""
    pause = Pause(today, None, reason, basis, automatic=True)
    frist = replace(here.frist, pauses=(*here.frist.pauses, pause))
    courses.change(run, here, frist, SUSPENDED, (reason, basis))


def _near(run: Run, owner: int) -> Iterator[str]:
    """The steps that run in the owner's scope, deeper inside it or in one around it; not those of a parallel item."""
    around = _outwards(run, owner)
    inner = around[0] if around else ROOT
    for key, place in run.state.places.items():
        if place.scope in around or inner in _outwards(run, key):
            yield place.element


def _outwards(run: Run, key: int) -> list[int]:
    """The scopes around an instance, the nearest first."""
    found = []
    while key != ROOT:
        key = run.state.places[key].scope
        found.append(key)
    return found


def _begin(run: Run, here: courses.Running) -> datetime | None:
    """Where the Frist begins by its anchor as it is now; None where it has none."""
    if here.deadline is None:
        due = deadlines.named_day(run, here.owner, here.element)
        return due.begin if due is not None else None
    return None if here.start is None else deadlines.begin(run, here.owner, here.start)


def _reads(here: courses.Running) -> Iterator[tuple[str, ...]]:
    formula = here.element.due if here.deadline is None else here.start
    if formula is not None:
        yield formula.reads


def _set_names(run: Run) -> set[str]:
    """The variables that this step has set."""
    return {name for event in run.events if type(event) is VariablesSet for name in event.values}


def _stands_still(run: Run, owner: int) -> bool:
    waits = (run.state.waits[key] for key in run.state.owned.get(owner, ()))
    return any(isinstance(wait, IncidentWait) and wait.stage == STAGE for wait in waits)
