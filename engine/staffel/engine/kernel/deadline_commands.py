"""What people say of running Fristen: suspend (hemmen), resume, extend (verlängern); see `courses`, `deadline_rules`."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from staffel.engine.kernel import commands as cmd
from staffel.engine.kernel import courses, deadline_rules
from staffel.engine.kernel.courses import EXTENDED, RESUMED, SUSPENDED
from staffel.engine.kernel.deadline_rules import Changed, Standing
from staffel.engine.kernel.incidents import CommandRefused
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import Frist


def suspend(run: Run, command: cmd.SuspendDeadline) -> None:
    """People say that the Frist stands still."""
    here, standing = _named(run, command.key, command.place)
    _change(run, here, SUSPENDED, deadline_rules.suspended(standing, command))


def resume(run: Run, command: cmd.ResumeDeadline) -> None:
    """People say that what suspended the Frist is over."""
    here, standing = _named(run, command.key, command.place)
    _change(run, here, RESUMED, deadline_rules.resumed(standing, command))


def extend(run: Run, command: cmd.ExtendDeadline) -> None:
    """The one Verlängerung."""
    here, standing = _named(run, command.key, command.place)
    _change(run, here, EXTENDED, deadline_rules.extended(standing, command))


def _change(run: Run, here: courses.Running, how: str, changed: Changed) -> None:
    courses.change(run, here, changed.frist, how, changed.why)
    pauses, extension = changed.frist.pauses, changed.frist.extension
    for twin in _twins(run, here):
        frist = replace(twin.frist, pauses=pauses, extension=extension)
        courses.change(run, twin, frist, how, changed.why)


def _twins(run: Run, here: courses.Running) -> list[courses.Running]:
    """The same Frist once more: at the step and at the timer on its border, which fires when it ends."""
    others = (key for key in run.state.owned.get(here.owner, ()) if key != here.key)
    found = (each for key in others for each in courses.running(run, key))
    return [each for each in found if each.deadline is not None and _terms(each) == _terms(here)]


def _terms(each: courses.Running) -> tuple[object, ...]:
    said = each.deadline
    return (said and (said.kind, said.length, said.start, said.shift), each.frist.begin)


def _named(run: Run, key: int, place: int) -> tuple[courses.Running, Standing]:
    """The Frist that a command names, which must be one of the model."""
    here = next((each for each in courses.running(run, key) if each.frist.place == place), None)
    if here is None:
        raise CommandRefused(
            f"There is no running Frist {key}/{place} in this case.", text_de="Die Frist läuft nicht (mehr)."
        )
    if here.deadline is None:
        raise deadline_rules.on_a_day()

    def end(frist: Frist) -> datetime:
        return courses.due_of(run, here, frist).at

    return here, Standing(here.frist, here.deadline, end, run.now)
