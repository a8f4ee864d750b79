"""What may be said of a running Frist: that it stands still, that it runs on, its one Verlängerung (§§ 190, 209 BGB).

The same for the Fristen of tasks, steps and timers (`deadline_commands`) as for those of handovers, which the kernel
does not watch (`cases.handover_deadlines`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from msgspec.structs import replace

from staffel.engine.bpmn.model import DeadlineExtension
from staffel.engine.calendar import NEVER, Pause, runs_in_days
from staffel.engine.kernel import commands as cmd
from staffel.engine.kernel.courses import day_of
from staffel.engine.kernel.handover_rule import LEGAL
from staffel.engine.kernel.incidents import CommandRefused, Stuck
from staffel.engine.kernel.state import Frist


class Standing(NamedTuple):
    """A running Frist: its course, the terms it has, when it ends by this or another course (raises `Stuck`)."""

    frist: Frist
    terms: DeadlineExtension
    end: Callable[[Frist], datetime]
    now: datetime


class Changed(NamedTuple):
    """The course from now on, and why: reason and legal basis."""

    frist: Frist
    why: tuple[str, str]


def suspended(here: Standing, command: cmd.SuspendDeadline) -> Changed:
    """It stands still. Raises `CommandRefused`."""
    _need_days(here)
    reason, basis = _reason(command.reason), command.legal_basis.strip() or here.terms.suspension_basis or ""
    if here.terms.kind in LEGAL and not basis:
        raise CommandRefused(
            "A Frist set by law is suspended by law only: name the legal basis.",
            text_de="Eine gesetzliche Frist wird nur kraft Gesetzes gehemmt: Bitte die Rechtsgrundlage angeben.",
        )
    if any(pause.until is None and not pause.automatic for pause in here.frist.pauses):
        raise CommandRefused(
            "The Frist is suspended already; resume it first.",
            text_de="Die Frist ist schon gehemmt; sie muss erst weiterlaufen.",
        )
    _check_days(here, command.since, command.until)
    pause = Pause(command.since, command.until, reason, basis)
    return _computable(here, replace(here.frist, pauses=(*here.frist.pauses, pause)), (reason, basis))


def _check_days(here: Standing, since: date, until: date | None) -> None:
    today, end = day_of(here.now), here.end(here.frist)
    if since > today or (until is not None and until < since):
        raise CommandRefused(
            f"Expected a first day up to today ({today}) and a last day not before it, found {since} to {until}.",
            text_de="Der erste Tag der Hemmung darf nicht in der Zukunft und der letzte nicht davor liegen.",
        )
    if end != NEVER and since > day_of(end):
        raise CommandRefused(
            f"The Frist ended on {day_of(end)}; what begins later does not suspend it.",
            text_de=f"Die Frist ist am {day_of(end):%d.%m.%Y} abgelaufen; was danach beginnt, hemmt sie nicht.",
        )
    counted = here.frist.begin
    if counted is not None and until is not None and until <= day_of(counted):
        raise CommandRefused(
            f"The Frist runs from the day after {day_of(counted)} on; what ended before does not suspend it.",
            text_de=f"Die Frist läuft erst ab dem Tag nach dem {day_of(counted):%d.%m.%Y}; "
            "was vorher endete, hemmt sie nicht.",
        )


def resumed(here: Standing, command: cmd.ResumeDeadline) -> Changed:
    """What suspended it is over. Raises `CommandRefused`."""
    _need_days(here)
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
    if last > day_of(here.now) or any(last < each.since for each in open_ones):
        raise CommandRefused(
            f"Expected the last day of the suspension, not before its first and not after today, found {last}.",
            text_de="Der letzte Tag der Hemmung darf nicht vor ihrem ersten Tag und nicht in der Zukunft liegen.",
        )
    whole = tuple(replace(each, until=last) if each in open_ones else each for each in pauses)
    return _computable(here, replace(here.frist, pauses=whole), (command.reason.strip(), ""))


def extended(here: Standing, command: cmd.ExtendDeadline) -> Changed:
    """The one Verlängerung. Raises `CommandRefused`."""
    _need_days(here)
    reason, end = _reason(command.reason), here.end(here.frist)
    if here.terms.extend is None:
        raise CommandRefused(
            "The model does not allow this Frist to be extended.",
            text_de="Diese Frist kann nicht verlängert werden; das Modell sieht es nicht vor.",
        )
    if here.frist.extension:
        raise CommandRefused(
            "The Frist has been extended already, which is possible once.",
            text_de="Die Frist wurde schon verlängert; das ist nur einmal möglich.",
        )
    if end == NEVER:
        raise CommandRefused(
            "The Frist is suspended; resume it first, so that its end is known.",
            text_de="Die Frist ist gehemmt; sie muss erst weiterlaufen, damit ihr Ende feststeht.",
        )
    if end < here.now and here.terms.kind != "person":
        raise CommandRefused(
            f"The Frist ended on {day_of(end)}; only one set for the person can be extended afterwards.",
            text_de="Die Frist ist abgelaufen; nachträglich lassen sich nur Fristen verlängern, die der Person "
            "gesetzt sind (§ 31 Abs. 7 VwVfG, § 26 Abs. 7 SGB X).",
        )
    by = command.by.strip() or here.terms.extend
    _check_extension(here, by, here.terms.extend)
    return Changed(replace(here.frist, extension=by), (reason, command.legal_basis.strip()))


def _check_extension(here: Standing, by: str, most: str) -> None:
    try:
        found, last = (here.end(replace(here.frist, extension=each)) for each in (by, most))
        later = found > here.end(here.frist)
    except Stuck:
        later = False
    if not later:
        raise CommandRefused(
            f"Expected a length such as 2W or a later day such as 2026-05-04, found '{by}'.",
            text_de=f"Erwartet wird eine Länge wie 2W oder ein späterer Tag, gefunden: „{by}“.",
        )
    if found > last:
        raise CommandRefused(
            f"This Frist can be extended until {day_of(last)} at most, found {day_of(found)}.",
            text_de=f"Diese Frist kann höchstens bis zum {day_of(last):%d.%m.%Y} verlängert werden.",
        )


def on_a_day() -> CommandRefused:
    """The refusal for a Frist that does not run in days."""
    return CommandRefused(
        "This Frist ends on a certain day or hour; it can be neither suspended nor extended.",
        text_de="Diese Frist endet an einem bestimmten Tag; sie lässt sich weder hemmen noch verlängern.",
    )


def _need_days(here: Standing) -> None:
    if not runs_in_days(here.terms.length):
        raise on_a_day()


def _reason(text: str) -> str:
    if not text.strip():
        raise CommandRefused(
            "Give the reason; it stands in the record.",
            text_de="Bitte den Grund angeben; er steht in der Akte.",
        )
    return text.strip()


def _computable(here: Standing, frist: Frist, why: tuple[str, str]) -> Changed:
    try:
        here.end(frist)
    except Stuck as stuck:
        raise CommandRefused(
            "With these days the end of the Frist lies beyond the calendar.",
            text_de="Mit diesen Tagen liegt das Ende der Frist außerhalb des Kalenders.",
        ) from stuck
    return Changed(frist, why)
