"""The course of running Fristen: where each began, when it stood still, whether it was extended (§§ 190, 209 BGB).

Every change computes the end anew from where the Frist began, so that the steps shown tell the whole way. People change
the course by `deadline_commands`, the model by `deadline_following`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from staffel.engine.bpmn.model import DeadlineExtension
from staffel.engine.calendar import NEVER, ZONE
from staffel.engine.kernel import deadlines, timers
from staffel.engine.kernel.events import DeadlineChanged, DeadlinePassed, Due
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.incidents import CommandRefused
from staffel.engine.kernel.program import Element
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import Frist, FristWait, TaskWait, TimerWait

HOLDERS = TaskWait, TimerWait, FristWait
"""What Fristen run on."""
SUSPENDED, RESUMED, EXTENDED, ANCHORED = "suspended", "resumed", "extended", "anchored"


class Running(NamedTuple):
    """A Frist with what the model says of it (None: a due date by expression)."""

    key: int
    owner: int
    element: Element
    frist: Frist
    deadline: DeadlineExtension | None
    start: Formula | None


def running(run: Run, key: int) -> list[Running]:
    """The Fristen of a task, a timer or a step."""
    wait = run.state.waits.get(key)
    if not isinstance(wait, HOLDERS):
        return []
    element = run.elements[wait.element]
    found = []
    for frist in run.state.fristen.get(key, ()):
        deadline: DeadlineExtension | None = None
        start: Formula | None = None
        if isinstance(wait, TimerWait):
            timer = element.triggers[wait.trigger].timer
            deadline, start = (timer.deadline, timer.begin) if timer is not None else (None, None)
        elif frist.place < len(element.deadlines):
            deadline, start = element.deadlines[frist.place]
        found.append(Running(key, wait.owner, element, frist, deadline, start))
    return found


def passed(run: Run, key: int) -> None:
    """The time of a timer that stands for a Frist has come: on record, with what the law makes of silence."""
    for here in running(run, key):
        due = due_of(run, here)
        if due.at == NEVER:
            raise CommandRefused("The Frist is suspended.", text_de="Die Frist ist gehemmt.")
        consent = here.deadline is not None and here.deadline.at_end == deadlines.CONSENT
        run.emit(DeadlinePassed(key=key, element=here.element.id, due=due, consent=consent))


def due_of(run: Run, here: Running, frist: Frist | None = None) -> Due:
    """The Frist as it ends now, or would by another course."""
    frist = frist or here.frist
    if here.deadline is None:
        return deadlines.on_day(frist.begin or NEVER, frist.place)
    found = deadlines.computed(run, here.element, here.deadline, frist)
    if found is None:
        raise timers.bad_timer(here.deadline.length, None)
    return found


def change(run: Run, here: Running, frist: Frist, how: str, why: tuple[str, str] = ("", "")) -> None:
    """Let the Frist go the way of `frist` from now on; `why` is the reason with its legal basis."""
    dues = [
        due_of(run, each, frist if each.frist.place == frist.place else None)
        for each in running(run, here.key)
    ]
    run.emit(
        DeadlineChanged(
            key=here.key,
            element=here.element.id,
            place=frist.place,
            change=how,
            dues=deadlines.in_order(dues),
            reason=why[0],
            legal_basis=why[1],
        )
    )


def today(run: Run) -> date:
    """The day of the command, German time."""
    return day_of(run.now)


def day_of(moment: datetime) -> date:
    """The day on which a moment lies, German time."""
    return moment.astimezone(ZONE).date()
