"""Closing days of the Stellen that one leads or administers (Rosenmontag, Betriebsausflug)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.engine import cases
from staffel.engine.actor import Actor, Role
from staffel.engine.errors import Refusal
from staffel.engine.store import Transaction
from staffel.engine.store.tables import ClosingDay, Unit
from staffel.ui.forms import Field
from staffel.ui.forms.entry import Entry
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited

router = APIRouter(prefix="/schliesstage", include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A Stelle with its closing days."""

    unit: Unit
    days: Sequence[ClosingDay]


@router.get("")
def show_closing_days(visit: Visited) -> Response:
    """The closing days of my Stellen, and a form for another."""
    return _page(visit)


@router.post("")
def add_closing_day(visit: Visited, sent: Sent) -> Response:
    """One more; when something does not fit, the form comes back with what was typed."""
    entry = _entry(visit, visit.ask(kept), sent)
    day = _day(entry)
    if entry.fits and day is not None:
        try:
            unit_id = UUID(entry["stelle"])
            visit.do(cases.add_closing_day, unit_id=unit_id, day=day, name=entry["anlass"])
        except Refusal as refusal:
            entry.take(refusal, {"no-working-day": "tag", "closing-day-far": "tag"})
        else:
            return go("/schliesstage", "closing-day-added")
    return _page(visit, entry)


@router.post("/{unit_id}/{day}/loeschen")
def remove_closing_day(unit_id: UUID, day: date, visit: Visited) -> Response:
    """Take one back."""
    visit.do(cases.remove_closing_day, unit_id=unit_id, day=day)
    return go("/schliesstage", "closing-day-removed")


def kept(tx: Transaction, *, actor: Actor) -> list[Kept]:
    """The Stellen whose closing days the actor keeps. Raises `NotAllowed`."""
    actor.need(Role.TEAMLEITUNG, Role.ADMINISTRATION)
    units = tx.session.exec(select(Unit).order_by(col(Unit.name)))
    mine = [unit for unit in units if cases.keeps_closing_days(actor, unit)]
    return [Kept(unit=unit, days=cases.closing_days(tx, actor=actor, unit_id=unit.id)) for unit in mine]


def _entry(visit: Visit, found: Sequence[Kept], sent: FormData | None = None) -> Entry:
    say = visit.language.text
    options = [(str(each.unit.id), each.unit.name) for each in found]
    fields = [
        Field(name="stelle", widget="select", label=say("Stelle"), required=True, options=options),
        Field(name="tag", widget="date", label=say("Tag"), required=True),
        Field(
            name="anlass",
            widget="text",
            label=say("Anlass"),
            required=True,
            help=say("Zum Beispiel: Rosenmontag, Betriebsausflug"),
            limits={"maxLength": 100},
        ),
    ]
    if sent is None and len(options) == 1:
        fields[0].value = options[0][0]
    return Entry(fields, visit.language, sent)


def _day(entry: Entry) -> date | None:
    try:
        return date.fromisoformat(entry["tag"])
    except ValueError:
        if entry["tag"]:
            message = entry.language.text("Bitte einen Tag angeben.")
            entry.refuse("tag", message)
        return None


def _page(visit: Visit, entry: Entry | None = None) -> Response:
    found = visit.ask(kept)
    entry = entry or _entry(visit, found)
    return visit.page(
        "closing_days.html",
        status=200 if entry.fits else 422,
        nav="/schliesstage",
        kept=found,
        entry=entry,
    )
