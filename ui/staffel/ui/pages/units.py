"""Stellen of the own municipality, and which Stelle serves it for which kind of work."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.engine.accounts import administration
from staffel.engine.bpmn.units import UNIT_KINDS
from staffel.engine.errors import Refusal
from staffel.ui.forms import Field
from staffel.ui.forms.entry import Entry
from staffel.ui.pages.accounts import Administrator
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit
from staffel.ui.words import word

router = APIRouter(prefix="/verwaltung", include_in_schema=False)


@router.get("/stellen")
def show_units(visit: Administrator) -> Response:
    """The Stellen and who is competent for what."""
    return _page(visit)


@router.post("/stellen")
def create_unit(visit: Administrator, sent: Sent) -> Response:
    """A new Stelle of the municipality."""
    entry = _new_unit(visit, sent)
    if entry.fits:
        visit.do(
            administration.create_unit_as, kind=entry["art"], name=entry["name"], short_name=entry["kurz"]
        )
        return go("/verwaltung/stellen", "unit-created")
    return _page(visit, unit=entry)


@router.post("/zustaendigkeit")
def set_competence(visit: Administrator, sent: Sent) -> Response:
    """Which Stelle serves the municipality for its kind of work, from now on."""
    entry = _competence(visit, sent)
    if entry.fits:
        kind, _, unit = entry["zustaendig"].partition(":")
        try:
            visit.do(administration.set_competence_as, kind=kind, unit_id=UUID(unit))
        except Refusal as refusal:
            entry.take(refusal, {})
        else:
            return go("/verwaltung/stellen", "competence-set")
    return _page(visit, competence=entry)


def _new_unit(visit: Visit, sent: Sent | None = None) -> Entry:
    say = visit.language.text
    kinds = [
        (kind.key, f"{kind.key} – {word(visit.language, kind.key, 'unit')}")
        for kind in UNIT_KINDS
        if not kind.outside
    ]
    fields = [
        Field(name="name", widget="text", label=say("Name"), required=True, limits={"maxLength": 200}),
        Field(name="kurz", widget="text", label=say("Kurzname"), limits={"maxLength": 40}),
        Field(name="art", widget="select", label=say("Stellenart"), required=True, options=kinds),
    ]
    return Entry(fields, visit.language, sent)


def _competence(visit: Visit, sent: Sent | None = None) -> Entry:
    """A choice among the Stellen of all municipalities, by kind of work."""
    towns = dict(visit.inquiry.database.read(administration.municipalities))
    units = sorted(
        visit.ask(administration.units, everywhere=True),
        key=lambda unit: (unit.kind, unit.municipality != visit.actor.municipality, unit.name),
    )
    options = [
        (f"{unit.kind}:{unit.id}", f"{unit.kind}: {unit.name} ({towns[unit.municipality]})") for unit in units
    ]
    label = visit.language.text("Stelle")
    field = Field(name="zustaendig", widget="select", label=label, required=True, options=options)
    return Entry([field], visit.language, sent)


def _page(visit: Visit, *, unit: Entry | None = None, competence: Entry | None = None) -> Response:
    unit = unit or _new_unit(visit)
    competence = competence or _competence(visit)
    return visit.page(
        "units.html",
        status=200 if unit.fits and competence.fits else 422,
        nav="/verwaltung",
        units=visit.ask(administration.units),
        towns=dict(visit.inquiry.database.read(administration.municipalities)),
        own=visit.actor.municipality,
        unit=unit,
        competence=competence,
    )
