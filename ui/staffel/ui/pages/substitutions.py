"""Substitution: who takes over whose tasks during an absence, arranged by that person or the team lead."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.substitutions.queries import read_substitutions
from staffel.api.substitutions.schemas import ColleagueOut, SubstitutionsOut
from staffel.engine.cases import arrange_substitution, end_substitution
from staffel.engine.errors import Refusal
from staffel.ui.forms import Field
from staffel.ui.forms.entry import Entry
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited

router = APIRouter(prefix="/vertretung", include_in_schema=False)


@router.get("")
def show_substitutions(visit: Visited) -> Response:
    """Those that run or come, and a form for another."""
    return _page(visit)


@router.post("")
def arrange(visit: Visited, sent: Sent) -> Response:
    """One more; when something does not fit, the form comes back with what was typed."""
    entry = _entry(visit, visit.ask(read_substitutions, now=visit.now), sent)
    first, last = _day(entry, "von"), _day(entry, "bis")
    if entry.fits and first is not None and last is not None:
        unit, _, absent = entry["abwesend"].partition(" ")
        try:
            visit.do(
                arrange_substitution,
                unit_id=UUID(unit),
                absent_id=UUID(absent),
                substitute_id=UUID(entry["vertretung"]),
                first=first,
                last=last,
            )
        except Refusal as refusal:
            entry.take(refusal, {"substitution-days": "bis", "substitution-people": "vertretung"})
        else:
            return go("/vertretung", "substitution-arranged")
    return _page(visit, entry)


@router.post("/{substitution_id}/beenden")
def end(substitution_id: UUID, visit: Visited) -> Response:
    """End it early."""
    visit.do(end_substitution, substitution_id=substitution_id)
    return go("/vertretung", "substitution-ended")


def _entry(visit: Visit, found: SubstitutionsOut, sent: FormData | None = None) -> Entry:
    say = visit.language.text
    several = len({each.unit.id for each in found.colleagues}) > 1

    def named(each: ColleagueOut) -> str:
        return f"{each.person.name} ({each.unit.name})" if several else each.person.name

    absent = [
        (f"{each.unit.id} {each.person.id}", named(each)) for each in found.colleagues if each.may_arrange
    ]
    others = list({str(each.person.id): named(each) for each in found.colleagues}.items())
    fields = [
        Field(name="abwesend", widget="select", label=say("Abwesend"), required=True, options=absent),
        Field(
            name="vertretung", widget="select", label=say("Vertretung durch"), required=True, options=others
        ),
        Field(name="von", widget="date", label=say("Erster Tag"), required=True),
        Field(name="bis", widget="date", label=say("Letzter Tag"), required=True),
    ]
    if sent is None:
        own = [value for value, _ in absent if value.endswith(str(visit.actor.account))]
        fields[0].value = own[0] if own else ""
    return Entry(fields, visit.language, sent)


def _day(entry: Entry, name: str) -> date | None:
    try:
        return date.fromisoformat(entry[name])
    except ValueError:
        if entry[name]:
            entry.refuse(name, entry.language.text("Bitte einen Tag angeben."))
        return None


def _page(visit: Visit, entry: Entry | None = None) -> Response:
    found = visit.ask(read_substitutions, now=visit.now)
    entry = entry or _entry(visit, found)
    return visit.page(
        "substitutions.html", status=200 if entry.fits else 422, nav="/vertretung", found=found, entry=entry
    )
