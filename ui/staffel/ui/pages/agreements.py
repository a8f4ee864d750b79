"""Agreements: who hands over to whom by which rules, who has signed, and the annex to print."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.api.agreements.annex import print_annex, read_decisions
from staffel.api.agreements.annex_words import AnnexLanguage
from staffel.api.cases.values import field_titles
from staffel.api.downloads import pdf_file
from staffel.api.models.queries import find_version
from staffel.engine import agreements
from staffel.engine.actor import Actor, Role
from staffel.engine.agreements import Agreement
from staffel.engine.agreements.signing import MAX_TEXT
from staffel.engine.agreements.wording import FIELDS
from staffel.engine.calendar.lengths import parse_length
from staffel.engine.errors import Refusal
from staffel.engine.library import deployed
from staffel.engine.store import Transaction
from staffel.ui.forms import Field
from staffel.ui.forms.entry import Entry
from staffel.ui.language import Language
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(prefix="/vereinbarungen", include_in_schema=False)


@router.get("")
def show_agreements(visit: Visited) -> Response:
    """Those of the own municipality, and of others that a Stelle of the reader serves."""
    return visit.page(
        "agreements.html",
        agreements=visit.ask(agreements.list_agreements),
        needed=visit.inquiry.database.read(agreements.are_needed, municipality=visit.actor.municipality),
        may_say=visit.actor.has(Role.ADMINISTRATION),
    )


@router.post("/pflicht")
def say_needed(visit: Visited, sent: Sent) -> Response:
    """Let cases of the municipality wait for signatures, or not."""
    visit.do(agreements.set_needed, needed=text(sent, "pflicht") == "ja")
    return go("/vereinbarungen", "agreements-needed")


@router.get("/{version_id}")
def show_agreement(version_id: UUID, visit: Visited, kommune: str = "") -> Response:
    """One agreement with its rules; signing for the own Stelle."""
    return _page(visit, version_id, kommune)


@router.get("/{version_id}/anlage")
def show_annex(version_id: UUID, visit: Visited, kommune: str = "") -> Response:
    """The annex to the Kooperationsvereinbarung: diagram, rules, decision tables, and room to sign (DOMAIN §3.5)."""
    agreement = _read(visit, version_id, kommune)
    return visit.page(
        "agreement_annex.html",
        nav="/vereinbarungen",
        agreement=agreement,
        version=visit.ask(_version, version_id=version_id),
        decisions=visit.ask(read_decisions, version_id=version_id),
        lengths=_lengths(agreement, visit.language),
        titles=visit.ask(_titles, version_id=version_id),
        field_terms=FIELDS,
    )


@router.get("/{version_id}/anlage.pdf")
def show_annex_file(version_id: UUID, visit: Visited, kommune: str = "") -> Response:
    """The annex as a file, in the language of the page."""
    made = print_annex(
        visit.inquiry.database,
        actor=visit.actor,
        now=visit.now,
        version_id=version_id,
        municipality=kommune or visit.actor.municipality,
        language=AnnexLanguage.DE if visit.language is Language.DE else AnnexLanguage.EN,
    )
    return pdf_file(made, "anlage.pdf")


@router.post("/{version_id}/zeichnen")
def sign(version_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Sign for a Stelle that the person leads."""
    entry = _signing(visit, sent)
    return _carry_out(visit, version_id, sent, entry, "agreement-signed")


@router.post("/{version_id}/zuruecknehmen")
def withdraw(version_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Withdraw the signature of a Stelle that the person leads."""
    entry = _withdrawing(visit, sent)
    return _carry_out(visit, version_id, sent, entry, "agreement-withdrawn")


def _carry_out(visit: Visit, version_id: UUID, sent: Sent, entry: Entry, notice: str) -> Response:
    kommune = text(sent, "kommune") or visit.actor.municipality
    signing = notice == "agreement-signed"
    if entry.fits:
        change = agreements.sign if signing else agreements.withdraw
        said = {"signatory": entry["zeichnend"]} if signing else {"reason": entry["grund"]}
        try:
            visit.do(change, version_id=version_id, municipality=kommune, unit_id=_unit(sent), **said)
        except Refusal as refusal:
            entry.take(refusal, {"signatory-missing": "zeichnend", "reason-missing": "grund"})
        else:
            return go(f"/vereinbarungen/{version_id}?kommune={kommune}", notice)
    return _page(
        visit,
        version_id,
        kommune,
        signing=entry if signing else None,
        withdrawing=None if signing else entry,
    )


def _unit(sent: Sent) -> UUID:
    try:
        return UUID(text(sent, "stelle"))
    except ValueError:
        raise agreements.NoParty from None


def _page(
    visit: Visit,
    version_id: UUID,
    municipality: str,
    *,
    signing: Entry | None = None,
    withdrawing: Entry | None = None,
) -> Response:
    agreement = _read(visit, version_id, municipality)
    signing, withdrawing = signing or _signing(visit), withdrawing or _withdrawing(visit)
    return visit.page(
        "agreement.html",
        status=200 if signing.fits and withdrawing.fits else 422,
        nav="/vereinbarungen",
        agreement=agreement,
        unsigned=next((each for each in agreement.parties if each.may_sign and not each.signed_at), None),
        signed=next((each for each in agreement.parties if each.may_sign and each.signed_at), None),
        signing=signing,
        withdrawing=withdrawing,
        lengths=_lengths(agreement, visit.language),
        titles=visit.ask(_titles, version_id=version_id),
        field_terms=FIELDS,
    )


def _read(visit: Visit, version_id: UUID, municipality: str) -> Agreement:
    return visit.ask(
        agreements.read_agreement,
        version_id=version_id,
        municipality=municipality or visit.actor.municipality,
    )


def _signing(visit: Visit, sent: Sent | None = None) -> Entry:
    say = visit.language.text
    field = Field(
        name="zeichnend",
        widget="text",
        label=say("Name und Funktion"),
        help=say("Steht so auf der Vereinbarung"),
        required=True,
        limits={"maxLength": MAX_TEXT},
    )
    return Entry([field], visit.language, sent)


def _withdrawing(visit: Visit, sent: Sent | None = None) -> Entry:
    say = visit.language.text
    field = Field(
        name="grund",
        widget="textarea",
        label=say("Grund der Rücknahme"),
        help=say("Lesen die anderen Stellen"),
        required=True,
        limits={"maxLength": MAX_TEXT},
    )
    return Entry([field], visit.language, sent)


def _lengths(agreement: Agreement, language: Language) -> dict[str, str]:
    """The lengths of the rules in words; English readers get the short form."""
    found = {
        length
        for rule in agreement.rules
        for length in (
            rule.acknowledge_within,
            rule.complete_within,
            rule.delete_after,
            *rule.extend.values(),
            rule.result_within,
            *(level.after for level in rule.escalation),
        )
        if length
    }
    return {each: str(parse_length(each)) if language is Language.DE else each for each in found}


def _version(tx: Transaction, *, actor: Actor, version_id: UUID) -> object:
    return find_version(tx, actor=actor, version_id=version_id)[0]


def _titles(tx: Transaction, *, actor: Actor, version_id: UUID) -> Mapping[str, str]:
    """What the fields are called."""
    find_version(tx, actor=actor, version_id=version_id)
    return field_titles(deployed(tx, version_id))
