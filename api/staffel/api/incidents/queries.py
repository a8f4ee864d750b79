"""What people see of incidents: the Stelle that holds the case all of it, coordination and process design no values."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import col

from staffel.api.incidents.schemas import IncidentOut
from staffel.api.paging import behind, cut, encode_cursor
from staffel.api.references import CaseRef
from staffel.api.schemas import Page
from staffel.engine.actor import CASEWORK, Actor, Role
from staffel.engine.errors import NotFound
from staffel.engine.kernel.incidents import Code, texts_without_values
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Incident, Process

OPERATORS = frozenset({Role.KOORDINATION, Role.PROZESSDESIGN})


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Incidents of cases that the actor's Stellen hold; for coordination and process design those of their municipality."""
    held = col(Case.responsible_unit).in_(actor.units_as(*CASEWORK))
    if actor.has(*OPERATORS):
        return or_(held, col(Case.municipality) == actor.municipality)
    return held


def list_incidents(
    tx: Transaction, *, actor: Actor, include_closed: bool = False, cursor: str | None = None, limit: int = 50
) -> Page[IncidentOut]:
    """Incidents, the youngest first; without `include_closed` those that still stop a case."""
    statement = _with_context().where(visible_to(actor))
    if not include_closed:
        statement = statement.where(col(Incident.closed_at).is_(None))
    if cursor:
        statement = statement.where(
            behind(cursor, col(Incident.raised_at), col(Incident.id), descending=True)
        )
    statement = statement.order_by(col(Incident.raised_at).desc(), col(Incident.id).desc()).limit(limit + 1)
    rows, more = cut(tx.session.execute(statement).all(), limit)
    last = rows[-1][0] if rows else None
    return Page(
        items=[_shown(actor, row) for row in rows],
        next=encode_cursor((last.raised_at, last.id)) if more and last else None,
    )


def find_incident(tx: Transaction, *, actor: Actor, incident_id: UUID) -> tuple[Incident, Case, IncidentOut]:
    """An incident that the actor may see. Raises `NotFound`."""
    statement = _with_context().where(and_(visible_to(actor), col(Incident.id) == incident_id))
    row = tx.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], _shown(actor, row)


def _with_context() -> Select[Any]:
    columns: tuple[Any, ...] = (Incident, Case, Process.key, Process.name)
    return (
        select(*columns)
        .join(Case, col(Case.id) == col(Incident.case_id))
        .join(Process, col(Process.id) == col(Case.process_id))
    )


def _shown(actor: Actor, row: Any) -> IncidentOut:
    incident, case, process, process_name = row
    german, english, details = incident.text_de, incident.text_en, incident.details
    if not actor.works_in(case.responsible_unit):
        german, english = texts_without_values(Code(incident.code), incident.details, incident.element)
        details = None
    return IncidentOut(
        id=incident.id,
        case=CaseRef(id=case.id, reference=case.reference, process=process, process_name=process_name),
        element=incident.element,
        code=incident.code,
        text_de=german,
        text_en=english,
        details=details,
        raised_at=incident.raised_at,
        closed_at=incident.closed_at,
    )
