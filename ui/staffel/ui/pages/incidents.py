"""Incidents: where cases stand still, and trying again."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.api.incidents.queries import find_incident, list_incidents
from staffel.api.incidents.schemas import IncidentOut
from staffel.engine.actor import CASEWORK, Actor, Role
from staffel.engine.cases import retry_incident
from staffel.engine.library.forms import ValuesRefused
from staffel.engine.store import Transaction
from staffel.ui.pages.tasks import errors_of
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)
PAGE = 25
READERS = (*CASEWORK, Role.KOORDINATION, Role.PROZESSDESIGN)


@router.get("/stoerungen")
def show_incidents(visit: Visited, weiter: str | None = None) -> Response:
    """The open incidents, the youngest first."""
    visit.actor.need(*READERS)
    found = visit.ask(list_incidents, cursor=weiter, limit=PAGE)
    more = f"/stoerungen?{urlencode({'weiter': found.next})}" if found.next else ""
    return visit.page("incidents.html", incidents=found, more=more)


@router.get("/stoerungen/{incident_id}")
def show_incident(incident_id: UUID, visit: Visited) -> Response:
    """One incident, with its values when the case is ours."""
    return _page(visit, incident_id)


@router.post("/stoerungen/{incident_id}/wiederholen")
def retry(incident_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Do again what failed, with corrected values where some were given."""
    incident = visit.ask(_incident, incident_id=incident_id)
    typed = {
        name.removeprefix("wert:"): value for name, value in sent.multi_items() if name.startswith("wert:")
    }
    before = {name: as_input(value) for name, value in values_of(incident).items()}
    changed = {
        name: value for name, value in typed.items() if isinstance(value, str) and before.get(name) != value
    }
    if name := text(sent, "name"):
        changed[name] = text(sent, "wert")
    try:
        values = {name: json.loads(value) for name, value in changed.items()}
    except ValueError:
        fault = visit.language.text(
            'Ein Wert ist nicht lesbar. Texte stehen in Anführungszeichen: "ja"; Zahlen und true, false, null ohne.'
        )
        return _page(visit, incident_id, fault=fault)
    try:
        visit.do(retry_incident, incident_id=incident_id, values=values)
    except ValuesRefused as refusal:
        return _page(visit, incident_id, fault=" ".join(errors_of(refusal, visit.language).values()))
    return go("/stoerungen", "incident-retried")


def values_of(incident: IncidentOut) -> dict[str, Any]:
    """The values at the incident, when the reader may see them."""
    found = (incident.details or {}).get("values")
    return dict(found) if isinstance(found, dict) else {}


def as_input(value: Any) -> str:
    """A value as it stands in the input: JSON."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _incident(tx: Transaction, *, actor: Actor, incident_id: UUID) -> IncidentOut:
    return find_incident(tx, actor=actor, incident_id=incident_id)[2]


def _page(visit: Visit, incident_id: UUID, *, fault: str = "") -> Response:
    incident = visit.ask(_incident, incident_id=incident_id)
    return visit.page(
        "incident.html",
        status=422 if fault else 200,
        nav="/stoerungen",
        incident=incident,
        values={name: as_input(value) for name, value in values_of(incident).items()},
        other={name: value for name, value in (incident.details or {}).items() if name != "values"},
        may_change=incident.details is not None,
        fault=fault,
    )
