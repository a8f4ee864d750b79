"""What people say of running Fristen: suspend (hemmen), resume, extend (verlängern); see `courses`."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from staffel.engine.bpmn.model import DeadlineExtension
from staffel.engine.calendar import NEVER, Pause, runs_in_days
from staffel.engine.kernel import commands as cmd
from staffel.engine.kernel import courses, deadlines
from staffel.engine.kernel.courses import EXTENDED, RESUMED, SUSPENDED
from staffel.engine.kernel.incidents import CommandRefused, Stuck
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import Frist


def suspend(run: Run, command: cmd.SuspendDeadline) -> None:
    """People say that the Frist stands still."""
    here, deadline = _named(run, command.key, command.place)
    reason, basis = _reason(command.reason), command.legal_basis.strip() or deadline.suspension_basis or ""
    if deadline.kind in deadlines.LEGAL and not basis:
        raise CommandRefused(
            "A Frist set by law is suspended by law only: name the legal basis.",
            text_de="Eine gesetzliche Frist wird nur kraft Gesetzes gehemmt: Bitte die Rechtsgrundlage angeben.",
        )
    if any(pause.until is None and not pause.automatic for pause in here.frist.pauses):
        raise CommandRefused(
            "The Frist is suspended already; resume it first.",
            text_de="Die Frist ist schon gehemmt; sie muss erst weiterlaufen.",
        )
    _check_days(run, here, command.since, command.until)
    pause = Pause(command.since, command.until, reason, basis)
    _change_or_refuse(
        run, here, replace(here.frist, pauses=(*here.frist.pauses, pause)), SUSPENDED, (reason, basis)
    )


def _check_days(run: Run, here: courses.Running, since: date, until: date | None) -> None:
    today, end = courses.today(run), courses.due_of(run, here).at
    if since > today or (until is not None and until < since):
        raise CommandRefused(
            f"Expected a first day up to today ({today}) and a last day not before it, found {since} to {until}.",
            text_de="Der erste Tag der Hemmung darf nicht in der Zukunft und der letzte nicht davor liegen.",
        )
    if end != NEVER and since > courses.day_of(end):
        raise CommandRefused(
            f"The Frist ended on {courses.day_of(end)}; what begins later does not suspend it.",
            text_de=f"Die Frist ist am {courses.day_of(end):%d.%m.%Y} abgelaufen; was danach beginnt, hemmt sie nicht.",
        )
    counted = here.frist.begin
    if counted is not None and until is not None and until <= courses.day_of(counted):
        raise CommandRefused(
            f"The Frist runs from the day after {courses.day_of(counted)} on; what ended before does not suspend it.",
            text_de=f"Die Frist läuft erst ab dem Tag nach dem {courses.day_of(counted):%d.%m.%Y}; "
            "was vorher endete, hemmt sie nicht.",
        )


def resume(run: Run, command: cmd.ResumeDeadline) -> None:
    """People say that what suspended the Frist is over."""
    here, _ = _named(run, command.key, command.place)
    last, pauses = command.until, here.frist.pauses
    open_ones = [each for each in pauses if not each.automatic and (each.until is None or each.until > last)]
    if not open_ones:
        names = ", ".join(each.reason for each in pauses if each.until is None)
        raise CommandRefused(
            f"The Frist is suspended as long as '{names}' runs." if names else "The Frist is not suspended.",
            text_de=f"Die Frist ist gehemmt, solange „{names}“ läuft."
            if names
            else "Die Frist ist nicht gehemmt.",
        )
    if last > courses.today(run) or any(last < each.since for each in open_ones):
        raise CommandRefused(
            f"Expected the last day of the suspension, not before its first and not after today, found {last}.",
            text_de="Der letzte Tag der Hemmung darf nicht vor ihrem ersten Tag und nicht in der Zukunft liegen.",
        )
    whole = tuple(replace(each, until=last) if each in open_ones else each for each in pauses)
    _change_or_refuse(run, here, replace(here.frist, pauses=whole), RESUMED, (command.reason.strip(), ""))


def extend(run: Run, command: cmd.ExtendDeadline) -> None:
    """The one Verlängerung."""
    here, deadline = _named(run, command.key, command.place)
    reason, due = _reason(command.reason), courses.due_of(run, here)
    if deadline.extend is None:
        raise CommandRefused(
            "The model does not allow this Frist to be extended.",
            text_de="Diese Frist kann nicht verlängert werden; das Modell sieht es nicht vor.",
        )
    if here.frist.extension:
        raise CommandRefused(
            "The Frist has been extended already, which is possible once.",
            text_de="Die Frist wurde schon verlängert; das ist nur einmal möglich.",
        )
    if due.at == NEVER:
        raise CommandRefused(
            "The Frist is suspended; resume it first, so that its end is known.",
            text_de="Die Frist ist gehemmt; sie muss erst weiterlaufen, damit ihr Ende feststeht.",
        )
    if due.at < run.now and deadline.kind != "person":
        raise CommandRefused(
            f"The Frist ended on {courses.day_of(due.at)}; only one set for the person can be extended afterwards.",
            text_de="Die Frist ist abgelaufen; nachträglich lassen sich nur Fristen verlängern, die der Person "
            "gesetzt sind (§ 31 Abs. 7 VwVfG, § 26 Abs. 7 SGB X).",
        )
    by = command.by.strip() or deadline.extend
    _check_extension(run, here, by, deadline.extend)
    courses.change(
        run, here, replace(here.frist, extension=by), EXTENDED, (reason, command.legal_basis.strip())
    )


def _check_extension(run: Run, here: courses.Running, by: str, most: str) -> None:
    try:
        found, last = (
            courses.due_of(run, here, replace(here.frist, extension=each)).at for each in (by, most)
        )
        later = found > courses.due_of(run, here).at
    except Stuck:
        later = False
    if not later:
        raise CommandRefused(
            f"Expected a length such as 2W or a later day such as 2026-05-04, found '{by}'.",
            text_de=f"Erwartet wird eine Länge wie 2W oder ein späterer Tag, gefunden: „{by}“.",
        )
    if found > last:
        raise CommandRefused(
            f"This Frist can be extended until {courses.day_of(last)} at most, found {courses.day_of(found)}.",
            text_de=f"Diese Frist kann höchstens bis zum {courses.day_of(last):%d.%m.%Y} verlängert werden.",
        )


def _named(run: Run, key: int, place: int) -> tuple[courses.Running, DeadlineExtension]:
    """The Frist that a command names, which must be one that runs in days."""
    here = next((each for each in courses.running(run, key) if each.frist.place == place), None)
    if here is None:
        raise CommandRefused(
            f"There is no running Frist {key}/{place} in this case.", text_de="Die Frist läuft nicht (mehr)."
        )
    if here.deadline is None or not runs_in_days(here.deadline.length):
        raise CommandRefused(
            "This Frist ends on a certain day or hour; it can be neither suspended nor extended.",
            text_de="Diese Frist endet an einem bestimmten Tag; sie lässt sich weder hemmen noch verlängern.",
        )
    return here, here.deadline


def _reason(text: str) -> str:
    if not text.strip():
        raise CommandRefused(
            "Give the reason; it stands in the record.",
            text_de="Bitte den Grund angeben; er steht in der Akte.",
        )
    return text.strip()


def _change_or_refuse(
    run: Run, here: courses.Running, frist: Frist, change: str, why: tuple[str, str]
) -> None:
    try:
        courses.change(run, here, frist, change, why)
    except Stuck as stuck:
        raise CommandRefused(
            "With these days the end of the Frist lies beyond the calendar.",
            text_de="Mit diesen Tagen liegt das Ende der Frist außerhalb des Kalenders.",
        ) from stuck
