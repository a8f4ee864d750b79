"""The consent register of a case: what the person has consented to, a new entry, a revocation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.api.cases.service import read_case
from staffel.api.consents.queries import read_register
from staffel.api.consents.schemas import RegisterOut
from staffel.engine.cases import record_consent, revoke_consent
from staffel.engine.cases.consents import EVERYTHING, MAX_TEXT
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.store.tables import ConsentForm
from staffel.ui.formats import local
from staffel.ui.forms import Field
from staffel.ui.forms.entry import Entry
from staffel.ui.language import Language
from staffel.ui.language import marked as _
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited
from staffel.ui.words import word

router = APIRouter(include_in_schema=False)
FORMS = {ConsentForm.WRITTEN: _("schriftlich"), ConsentForm.ELECTRONIC: _("elektronisch")}
LANGUAGES = {
    "de": _("Deutsch"),
    "en": _("Englisch"),
    "ar": _("Arabisch"),
    "fa": _("Farsi/Dari"),
    "uk": _("Ukrainisch"),
    "tr": _("Türkisch"),
    "ku": _("Kurmandschi"),
    "ti": _("Tigrinya"),
    "fr": _("Französisch"),
    "andere": _("andere"),
}
"""In which language the person was told; the choices that the forms of the reference processes offer."""


@router.get("/vorgaenge/{case_id}/einwilligungen")
def show_consents(case_id: UUID, visit: Visited) -> Response:
    """The register; those who hold the case enter consents."""
    return _page(visit, case_id)


@router.post("/vorgaenge/{case_id}/einwilligungen")
def enter_consent(case_id: UUID, visit: Visited, sent: Sent) -> Response:
    """A new entry."""
    entry = _entry(visit, visit.ask(read_register, case_id=case_id), sent)
    if entry.fits:
        try:
            given, until = date.fromisoformat(entry["am"]), entry["bis"]
            visit.do(
                record_consent,
                case_id=case_id,
                purpose=entry["zweck"],
                scope=entry.all("umfang"),
                form=ConsentForm(entry["form"]),
                given_on=given,
                valid_until=date.fromisoformat(until) if until else None,
                language=entry["sprache"],
            )
        except ValueError:
            entry.refuse("am", visit.language.text("Geben Sie einen Tag an, zum Beispiel 2026-12-01."))
        except NotFound:
            raise
        except Refusal as refusal:
            entry.take(refusal, {})
        else:
            return go(f"/vorgaenge/{case_id}/einwilligungen", "consent-recorded")
    return _page(visit, case_id, entry)


@router.post("/einwilligungen/{consent_id}/widerrufen")
def revoke(consent_id: UUID, visit: Visited) -> Response:
    """The person has revoked it."""
    case_id = visit.do(revoke_consent, consent_id=consent_id)
    return go(f"/vorgaenge/{case_id}/einwilligungen", "consent-revoked")


def _page(visit: Visit, case_id: UUID, entry: Entry | None = None) -> Response:
    register = visit.ask(read_register, case_id=case_id)
    entry = entry or _entry(visit, register)
    return visit.page(
        "consents.html",
        status=200 if entry.fits else 422,
        nav="/vorgaenge",
        case=visit.ask(read_case, case_id=case_id),
        register=register,
        entry=entry,
        said=dict(_choices(visit.language, register)),
        languages={key: visit.language.text(name) for key, name in LANGUAGES.items()},
    )


def _choices(language: Language, register: RegisterOut) -> list[tuple[str, str]]:
    """What can be consented to, in words."""
    found = [(EVERYTHING, language.text("alles, was nur mit Einwilligung weitergegeben wird"))]
    for choice in register.choices:
        receiver = word(language, choice.receiver, "unit")
        what = choice.title if choice.field else language.text("Übergabe %(rule)s") % {"rule": choice.scope}
        found.append((choice.scope, f"{what} → {receiver}"))
    return found


def _entry(visit: Visit, register: RegisterOut, sent: Sent | None = None) -> Entry:
    say = visit.language.text
    today = local(visit.now).date().isoformat()
    fields = [
        Field(name="zweck", widget="text", label=say("Zweck"), required=True, limits={"maxLength": MAX_TEXT}),
        Field(
            name="umfang",
            widget="checkboxes",
            label=say("Was an wen weitergegeben werden darf"),
            required=True,
            options=_choices(visit.language, register),
        ),
        Field(
            name="form",
            widget="radio",
            label=say("Form der Einwilligung"),
            required=True,
            options=[(key.value, say(name)) for key, name in FORMS.items()],
        ),
        Field(name="am", widget="date", label=say("Erteilt am"), required=True, value=today),
        Field(name="bis", widget="date", label=say("Gilt bis"), help=say("Ohne Angabe zwölf Monate")),
        Field(
            name="sprache",
            widget="select",
            label=say("Sprachfassung"),
            options=[(key, say(name)) for key, name in LANGUAGES.items()],
        ),
    ]
    return Entry(fields, visit.language, sent)
