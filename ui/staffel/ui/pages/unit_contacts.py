"""How a Stelle of the own municipality is reached."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.engine.accounts import administration, contacts
from staffel.engine.errors import NotFound
from staffel.engine.store.tables import UnitContact
from staffel.ui.forms import Field
from staffel.ui.forms.entry import Entry
from staffel.ui.pages.accounts import Administrator
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit

router = APIRouter(prefix="/verwaltung/stellen", include_in_schema=False)


@router.get("/{unit_id}/kontakt")
def show_contact(unit_id: UUID, visit: Administrator) -> Response:
    """What is known."""
    return _page(visit, unit_id)


@router.post("/{unit_id}/kontakt")
def set_contact(unit_id: UUID, visit: Administrator, sent: Sent) -> Response:
    """What is known from now on."""
    entry = _entry(visit, None, sent)
    if entry.fits:
        given = {"address": "anschrift", "phone": "telefon", "mail": "mail", "opening_hours": "zeiten"}
        try:
            visit.do(contacts.set_contact, unit_id=unit_id, **{name: entry[at] for name, at in given.items()})
        except contacts.ContactMalformed as refusal:
            entry.take(refusal, {})
        else:
            return go("/verwaltung/stellen", "contact-set")
    return _page(visit, unit_id, entry)


def _page(visit: Visit, unit_id: UUID, entry: Entry | None = None) -> Response:
    unit = next((each for each in visit.ask(administration.units) if each.id == unit_id), None)
    if unit is None or unit.municipality != visit.actor.municipality:
        raise NotFound
    known = visit.inquiry.database.read(contacts.contacts_of, unit_ids=(unit_id,)).get(unit_id)
    entry = entry or _entry(visit, known)
    return visit.page(
        "unit_contact.html",
        status=200 if entry.fits else 422,
        nav="/verwaltung",
        unit=unit,
        entry=entry,
    )


def _entry(visit: Visit, known: UnitContact | None, sent: Sent | None = None) -> Entry:
    say, limits = visit.language.text, {"maxLength": contacts.MAX_TEXT}
    now = known or UnitContact()
    fields = [
        Field(
            name="anschrift", widget="textarea", label=say("Anschrift"), limits=limits, values=[now.address]
        ),
        Field(name="telefon", widget="text", label=say("Telefon"), limits=limits, value=now.phone),
        Field(
            name="mail", widget="text", label=say("E-Mail (Funktionspostfach)"), limits=limits, value=now.mail
        ),
        Field(
            name="zeiten",
            widget="textarea",
            label=say("Öffnungszeiten"),
            limits=limits,
            values=[now.opening_hours],
        ),
    ]
    return Entry(fields, visit.language, sent)
