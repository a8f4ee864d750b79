"""The Stellen's calendars for the kernel, and who keeps their closing days (Rosenmontag, Betriebsausflug)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from sqlmodel import col, select

from staffel.engine.actor import Actor, Role
from staffel.engine.calendar import ZONE, Calendar, DeadlineKind, holiday_name
from staffel.engine.cases import policy
from staffel.engine.errors import NotAllowed, NotFound, Refusal
from staffel.engine.kernel.run import Calendars
from staffel.engine.store import Transaction
from staffel.engine.store.audit import record
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.tables import ClosingDay, Unit

NO_CLOSING_DAYS = Calendar()
LONGEST = timedelta(days=3 * 366)


class NoWorkingDay(Refusal):
    """Nobody works on that day anyway."""

    status, code = 422, "no-working-day"
    text_de = "An diesem Tag wird ohnehin nicht gearbeitet (Wochenende oder Feiertag)."


class ClosingDayFar(Refusal):
    """A closing day lies at most three years ahead and not in the past: Fristen that ran then stay as they were."""

    status, code = 422, "closing-day-far"
    text_de = "Ein Schließtag liegt nicht in der Vergangenheit und höchstens drei Jahre voraus."


def stelle_of(case: CaseHead, kind: str | None) -> UUID:
    """The Stelle that does this kind of work in the case; without one the Stelle that started it."""
    unit = None if kind is None else msgspec.json.decode(case.units).get(kind)
    return case.starter_unit if unit is None else UUID(unit)


def calendars_of(tx: Transaction, case: CaseHead) -> Calendars:
    """The calendars of the Stellen of a case by kind (None: of the one that started it), each read when it is asked for."""
    found: dict[str | None, Calendar] = {}

    def calendar(kind: str | None) -> Calendar:
        if kind not in found:
            days = tx.hot.closing_days(stelle_of(case, kind))
            found[kind] = Calendar(days) if days else NO_CLOSING_DAYS
        return found[kind]

    return calendar


def calendar_at(tx: Transaction, unit: UUID, kind: str) -> Calendar:
    """The calendar for a Frist of this kind at a Stelle: its closing days count for agreed and internal ones only."""
    days = tx.hot.closing_days(unit) if DeadlineKind(kind).is_local else frozenset()
    return Calendar(days) if days else NO_CLOSING_DAYS


def closing_days(tx: Transaction, *, actor: Actor, unit_id: UUID) -> list[ClosingDay]:
    """The closing days of a Stelle of the actor's municipality, or of one the actor works in, in order. Raises `NotFound`."""
    _unit(tx, actor, unit_id)
    query = select(ClosingDay).where(ClosingDay.unit_id == unit_id)
    return list(tx.session.exec(query.order_by(col(ClosingDay.day))))


def add_closing_day(
    tx: Transaction, *, actor: Actor, now: datetime, unit_id: UUID, day: date, name: str
) -> None:
    """Note a closing day; said again it gets the new name. It counts for Fristen computed from now on."""
    _need_keeper(tx, actor, unit_id)
    today = now.astimezone(ZONE).date()
    if not today <= day <= today + LONGEST:
        raise ClosingDayFar
    if not NO_CLOSING_DAYS.is_working_day(day):
        raise NoWorkingDay(day=day.isoformat(), holiday=holiday_name(day) or "")
    tx.session.merge(ClosingDay(unit_id=unit_id, day=day, name=name.strip()))
    record(tx, actor=actor, now=now, action="closing-day.add", subject=unit_id, day=day.isoformat())


def remove_closing_day(tx: Transaction, *, actor: Actor, now: datetime, unit_id: UUID, day: date) -> None:
    """Take a closing day back. Raises `NotFound`."""
    _need_keeper(tx, actor, unit_id)
    row = tx.session.get(ClosingDay, (unit_id, day))
    if row is None:
        raise NotFound
    tx.session.delete(row)
    record(tx, actor=actor, now=now, action="closing-day.remove", subject=unit_id, day=day.isoformat())


def keeps_closing_days(actor: Actor, unit: Unit) -> bool:
    """Whether the actor leads the Stelle, or administers its municipality."""
    own = actor.has(Role.ADMINISTRATION) and unit.municipality == actor.municipality
    return own or unit.id in policy.led_by(actor)


def _need_keeper(tx: Transaction, actor: Actor, unit_id: UUID) -> None:
    if not keeps_closing_days(actor, _unit(tx, actor, unit_id)):
        raise NotAllowed(
            "Closing days are kept by the lead of the Stelle and by the administration of its municipality.",
            text_de="Schließtage pflegt die Teamleitung der Stelle oder die Administration ihrer Kommune.",
        )


def _unit(tx: Transaction, actor: Actor, unit_id: UUID) -> Unit:
    unit = tx.session.get(Unit, unit_id)
    if unit is None or (unit.municipality != actor.municipality and unit_id not in actor.units):
        raise NotFound
    return unit
