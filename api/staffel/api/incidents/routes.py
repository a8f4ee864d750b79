"""Cases that cannot go on by themselves."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from staffel.api.dependencies import Asked
from staffel.api.incidents.queries import find_incident, list_incidents
from staffel.api.incidents.schemas import IncidentOut, Retry
from staffel.api.schemas import Cursor, Id, Limit, Page
from staffel.engine import cases
from staffel.engine.actor import Actor
from staffel.engine.store import Transaction

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.get("", summary="List incidents")
def list_all_incidents(
    asked: Asked,
    include_closed: Annotated[bool, Query(description="Also those that were resolved")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[IncidentOut]:
    """The youngest first. Values are shown only to the Stelle that holds the case."""
    return asked.database.read(
        list_incidents, actor=asked.actor, include_closed=include_closed, cursor=cursor, limit=limit
    )


@router.get("/{incident_id}", summary="Get an incident")
def get_incident(incident_id: Id, asked: Asked) -> IncidentOut:
    """Where the case stands still, and why."""
    return asked.database.read(_read_incident, actor=asked.actor, incident_id=incident_id)


@router.post("/{incident_id}/retry", summary="Retry an incident")
def retry_incident(incident_id: Id, body: Retry, asked: Asked) -> IncidentOut:
    """Does again what failed. Values may be set by the Stelle that holds the case only, and with a reason."""
    asked.database.run(
        cases.retry_incident,
        actor=asked.actor,
        now=asked.now,
        incident_id=incident_id,
        values=body.variables,
        reason=body.reason,
    )
    return get_incident(incident_id, asked)


def _read_incident(tx: Transaction, *, actor: Actor, incident_id: UUID) -> IncidentOut:
    return find_incident(tx, actor=actor, incident_id=incident_id)[2]
