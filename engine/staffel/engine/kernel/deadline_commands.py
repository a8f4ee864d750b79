"""What people say of running Fristen: suspend (hemmen), resume, extend (verlängern); see `courses`, `deadline_rules`."""

from __future__ import annotations

from datetime import datetime

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
