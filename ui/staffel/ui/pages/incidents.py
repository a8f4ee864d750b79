"""Incidents: where cases stand still, and trying again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from staffel.api.cases.queries import tasks_of_case
from staffel.api.cases.service import read_case
from staffel.api.cases.values import field_titles, form_of
from staffel.api.incidents.queries import find_incident, list_incidents, visible_to
from staffel.api.incidents.schemas import IncidentOut
from staffel.engine.actor import CASEWORK, Actor, Role
from staffel.engine.cases import retry_incident
from staffel.engine.cases.running import model_of
from staffel.engine.kernel.formulas import Formula
from staffel.engine.library.forms import ValuesRefused
from staffel.engine.library.typed import Raw, raw_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Incident
from staffel.ui.forms import Field
from staffel.ui.forms.corrections import Corrections
from staffel.ui.forms.entry import Entry
from staffel.ui.forms.fields import faults_of
from staffel.ui.forms.filling import ADD, REMOVE, errors_of
from staffel.ui.language import Language
from staffel.ui.language import marked as _
from staffel.ui.pages.repairs import may_repair
from staffel.ui.rendering import go
from staffel.ui.steps import labels
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(prefix="/stoerungen", include_in_schema=False)
PAGE = 25
READERS = (*CASEWORK, Role.KOORDINATION, Role.PROZESSDESIGN)
FACTS = {
    "expression": _("Ausdruck"),
    "found": _("Ergebnis"),
    "message": _("Meldung"),
    "error": _("Fehlercode"),
    "decision": _("Entscheidung"),
    "receiver": _("Empfangende Stelle"),
    "limit": _("Grenze"),
}
"""What the details of an incident are called; conditions and values are shown in places of their own."""
GIVEN = frozenset({"case", "loopCounter"})
"""Names that every expression may read and nobody sets."""


@dataclass(frozen=True, kw_only=True)
class Standstill:
    """An incident with what the reader may know; `corrections` only where the case is one's own.

    `needed` of them, the first, are what the step reads.
    """

    incident: IncidentOut
    step: str
    facts: tuple[tuple[str, str], ...]
    conditions: tuple[tuple[str, str], ...]
    values: Mapping[str, Any]
    reasons: tuple[str, ...]
    titles: Mapping[str, str]
    corrections: Corrections | None
    needed: int


@router.get("")
def show_incidents(visit: Visited, stand: str = "offen", weiter: str | None = None) -> Response:
    """Incidents, the youngest first; those that were resolved when asked for."""
    visit.actor.need(*READERS)
    everything = stand == "alle"
    found = visit.ask(list_incidents, include_closed=everything, cursor=weiter, limit=PAGE)
    query = {"stand": "alle"} if everything else {}
    more = f"/stoerungen?{urlencode(query | {'weiter': found.next})}" if found.next else ""
    return visit.page("incidents.html", incidents=found, everything=everything, more=more)


@router.get("/{incident_id}")
def show_incident(incident_id: UUID, visit: Visited, wieder: bool = False) -> Response:
    """One incident, with its values when the case is ours; `wieder`: a retry has just led here again."""
    found = visit.ask(_standstill, incident_id=incident_id, language=visit.language)
    return _page(visit, found, Entry(_about(visit), visit.language), again=wieder)


@router.post("/{incident_id}/wiederholen")
def retry(incident_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Do again what failed, with corrected values where some were given, and then with a reason."""
    found = visit.ask(_standstill, incident_id=incident_id, language=visit.language)
    raw = found.corrections.typed(sent) if found.corrections else raw_of(sent.multi_items())
    entry = Entry(_about(visit), visit.language, sent)
    if (rows := text(sent, ADD)) or text(sent, REMOVE):
        return _page(visit, found, Entry(_about(visit), visit.language), raw=raw, rows=rows)
    values, errors = found.corrections.read(raw) if found.corrections else ({}, {})
    if values and not entry["_grund"]:
        entry.refuse("_grund", visit.language.text("Nennen Sie den Grund der Berichtigung."))
    if errors or not entry.fits:
        return _page(visit, found, entry, raw=raw, errors=errors)
    try:
        visit.do(retry_incident, incident_id=incident_id, values=values, reason=entry["_grund"])
    except ValuesRefused as refusal:
        return _page(visit, found, entry, raw=raw, errors=errors_of(refusal, visit.language))
    again = visit.ask(_next_incident, incident=found.incident)
    return go(f"/stoerungen/{again}?wieder=true") if again else go("/stoerungen", "incident-retried")


def _reasons(details: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    """Why parts of the expression are null; incidents of before this was kept in German have it in English."""
    english = details.get("reasons", ())
    return tuple(details.get("reasons_de", english) if language is Language.DE else english)


def _standstill(tx: Transaction, *, actor: Actor, incident_id: UUID, language: Language) -> Standstill:
    """Raises `NotFound`."""
    _, case, incident = find_incident(tx, actor=actor, incident_id=incident_id)
    model = model_of(tx, case)
    details = incident.details or {}
    names = labels(model.program)
    values = {name: value for name, value in details.get("values", {}).items() if name not in GIVEN}
    needed = [*dict.fromkeys((*values, *_read_by(details)))]
    corrections = None
    if incident.details is not None and incident.closed_at is None:
        stored = read_case(tx, actor=actor, case_id=case.id).variables | values
        tasks = tasks_of_case(tx, actor=actor, case_id=case.id)
        asked = (name for task in tasks if (form := form_of(tx, case, task)) for name in form.names)
        corrections = Corrections(
            (*needed, *stored, *asked), forms=model.forms.values(), stored=stored, language=language
        )
    return Standstill(
        incident=incident,
        step=names.get(incident.element, incident.element),
        facts=tuple((language.text(FACTS[key]), str(details[key])) for key in FACTS if key in details),
        conditions=tuple(
            (names.get(flow, flow), told) for flow, told in details.get("conditions", {}).items()
        ),
        values=values,
        reasons=_reasons(details, language),
        titles=field_titles(model),
        corrections=corrections,
        needed=len(needed),
    )


def _read_by(details: Mapping[str, Any]) -> Iterator[str]:
    """The variables that the expressions of an incident read, and those that it says are missing."""
    yield from details.get("missing", ())
    for expression in (details.get("expression", ""), *details.get("conditions", {}).values()):
        yield from (name for name in Formula(expression).reads if name not in GIVEN)


def _next_incident(tx: Transaction, *, actor: Actor, incident: IncidentOut) -> UUID | None:
    """The incident that the same step has run into again."""
    wanted = (
        select(Incident.id)
        .join(Case, col(Case.id) == col(Incident.case_id))
        .where(visible_to(actor), Incident.case_id == incident.case.id, Incident.element == incident.element)
        .where(col(Incident.closed_at).is_(None))
    )
    return tx.session.exec(wanted.order_by(col(Incident.id).desc())).first()


def _about(visit: Visit) -> list[Field]:
    say = visit.language.text
    advice = say("Nötig, wenn Sie Angaben berichtigen; bleibt im Protokoll")
    limits = {"maxLength": 2000}
    return [Field(name="_grund", widget="textarea", label=say("Grund"), help=advice, limits=limits)]


def _page(
    visit: Visit,
    found: Standstill,
    entry: Entry,
    *,
    again: bool = False,
    raw: Raw | None = None,
    errors: Mapping[str, str] | None = None,
    rows: str = "",
) -> Response:
    parts = found.corrections.parts(raw=raw, errors=errors, rows=rows) if found.corrections else []
    faults = [*faults_of(parts), *entry.faults]
    shown = {fault.name for fault in faults}
    return visit.page(
        "incident.html",
        status=422 if faults else 200,
        nav="/stoerungen",
        found=found,
        incident=found.incident,
        needed=parts[: found.needed],
        others=parts[found.needed :],
        open_others=not found.needed or raw is not None,
        faults=faults,
        general=" ".join(message for name, message in (errors or {}).items() if name not in shown),
        entry=entry,
        again=again,
        repairable=not found.incident.closed_at and visit.ask(may_repair, case_id=found.incident.case.id),
    )
