"""What people see of cases: those with which their Stelle has or had something to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlmodel import col

from staffel.api.cases.schemas import CaseEvent, CaseLinkOut, CaseSummary
from staffel.api.paging import behind, cut, encode_cursor
from staffel.api.references import UnitRef
from staffel.api.schemas import Page
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.errors import NotFound
from staffel.engine.kernel.program import Element
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, CaseLink, CaseStatus, Event, Handover, Process, Task, Unit


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """What to list. Everything that is given must hold."""

    process: str | None = None
    status: CaseStatus | None = None
    reference: str | None = None
    unit: UUID | None = None


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Cases that a Stelle of the actor started or holds, or that a task or handover brought to it."""
    units = actor.units_as(*CASEWORK)
    handed = or_(col(Handover.sender_unit).in_(units), col(Handover.receiver_unit).in_(units))
    return or_(
        col(Case.starter_unit).in_(units),
        col(Case.responsible_unit).in_(units),
        exists().where(col(Task.case_id) == col(Case.id), col(Task.unit_id).in_(units)),
        exists().where(col(Handover.case_id) == col(Case.id), handed),
    )


def list_cases(
    tx: Transaction, *, actor: Actor, wanted: CaseFilter, cursor: str | None = None, limit: int = 50
) -> Page[CaseSummary]:
    """Cases, the youngest first."""
    statement = _with_context(actor).where(visible_to(actor), *_conditions(wanted))
    if cursor:
        statement = statement.where(behind(cursor, col(Case.started_at), col(Case.id), descending=True))
    statement = statement.order_by(col(Case.started_at).desc(), col(Case.id).desc()).limit(limit + 1)
    rows, more = cut(tx.session.execute(statement).all(), limit)
    last = rows[-1][0] if rows else None
    return Page(
        items=[_summary(row) for row in rows],
        next=encode_cursor((last.started_at, last.id)) if more and last else None,
    )


def find_case(tx: Transaction, *, actor: Actor, case_id: UUID) -> tuple[Case, CaseSummary]:
    """A case that the actor may see. Raises `NotFound`."""
    row = tx.session.execute(
        _with_context(actor).where(visible_to(actor), col(Case.id) == case_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], _summary(row)


def units_by_id(tx: Transaction, ids: set[UUID]) -> dict[UUID, UnitRef]:
    """Short forms of Stellen."""
    rows = tx.session.execute(select(Unit).where(col(Unit.id).in_(ids))).scalars()
    return {unit.id: UnitRef.model_validate(unit) for unit in rows}


def unit_of(case: Case, element: Element) -> UUID:
    """The Stelle to which an element belongs in a case."""
    kind = (element.attached_to or element).unit
    return UUID(case.units[kind]) if kind in case.units else case.starter_unit


def tasks_of_case(tx: Transaction, *, actor: Actor, case_id: UUID) -> list[Task]:
    """The tasks of a case that belong to the actor's Stellen, in the order in which they came."""
    statement = select(Task).where(
        col(Task.case_id) == case_id, col(Task.unit_id).in_(actor.units_as(*CASEWORK))
    )
    return list(tx.session.execute(statement.order_by(col(Task.available_at), col(Task.id))).scalars())


def links_of(tx: Transaction, *, actor: Actor, case_id: UUID) -> list[CaseLinkOut]:
    """The case that this one was started from and those started from it, as far as the actor may see them."""
    up = and_(col(CaseLink.case_id) == case_id, col(Case.id) == col(CaseLink.parent_id))
    down = and_(col(CaseLink.parent_id) == case_id, col(Case.id) == col(CaseLink.case_id))
    statement = (
        select(Case, col(Process.key), col(Process.name), CaseLink)
        .join(Process, col(Process.id) == col(Case.process_id))
        .join(CaseLink, or_(up, down))
        .where(visible_to(actor))
        .order_by(col(CaseLink.linked_at), col(Case.id))
    )
    return [
        CaseLinkOut(
            id=case.id,
            reference=case.reference,
            process=key,
            process_name=name,
            status=CaseStatus(case.status),
            is_parent=link.parent_id == case.id,
            reason=link.reason,
            linked_at=link.linked_at,
        )
        for case, key, name, link in tx.session.execute(statement)
    ]


def holdings(tx: Transaction, *, case_id: UUID) -> list[tuple[UUID, datetime | None]]:
    """Which Stelle took the case over, and when, in order; the starting Stelle is not among them.

    Who was only asked or told does not hold the case, and is nobody else's business.
    """
    statement = select(col(Handover.receiver_unit), col(Handover.accepted_at)).where(
        col(Handover.case_id) == case_id,
        col(Handover.accepted_at).is_not(None),
        col(Handover.moved),
    )
    rows = tx.session.execute(statement.order_by(col(Handover.accepted_at)))
    return [(unit, at) for unit, at in rows]


def events_of_case(
    tx: Transaction, *, actor: Actor, case_id: UUID, after: int = 0, limit: int = 200
) -> list[CaseEvent]:
    """Facts of the case that concern the actor's Stellen: its beginning and end, and the elements of their tasks."""
    units = actor.units_as(*CASEWORK)
    own = select(col(Task.element)).where(col(Task.case_id) == case_id, col(Task.unit_id).in_(units))
    handed = or_(col(Handover.sender_unit).in_(units), col(Handover.receiver_unit).in_(units))
    flows = select(col(Handover.flow)).where(col(Handover.case_id) == case_id, handed)
    statement = select(col(Event.seq), col(Event.at), col(Event.type), col(Event.element)).where(
        col(Event.case_id) == case_id,
        col(Event.seq) > after,
        or_(
            col(Event.type).in_(("CaseStarted", "CaseEnded")),
            col(Event.element).in_(own),
            col(Event.element).in_(flows),
        ),
    )
    rows = tx.session.execute(statement.order_by(col(Event.seq)).limit(limit)).mappings()
    return [CaseEvent.model_validate(dict(row)) for row in rows]


def _with_context(actor: Actor) -> Select[Any]:
    open_tasks = (
        select(func.count())
        .where(
            col(Task.case_id) == col(Case.id),
            col(Task.closed_at).is_(None),
            col(Task.unit_id).in_(actor.units_as(*CASEWORK)),
        )
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (Case, Process.key, Process.name, Unit, open_tasks)
    return (
        select(*columns)
        .join(Process, col(Process.id) == col(Case.process_id))
        .join(Unit, col(Unit.id) == col(Case.responsible_unit))
    )


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.process:
        found.append(col(Process.key) == wanted.process)
    if wanted.status:
        found.append(col(Case.status) == wanted.status)
    if wanted.reference:
        found.append(func.lower(col(Case.reference)).contains(wanted.reference.lower(), autoescape=True))
    if wanted.unit:
        found.append(col(Case.responsible_unit) == wanted.unit)
    return found


def _summary(row: Any) -> CaseSummary:
    case, process, process_name, responsible, open_tasks = row
    return CaseSummary(
        id=case.id,
        reference=case.reference,
        process=process,
        process_name=process_name,
        version_id=case.version_id,
        municipality=case.municipality,
        status=CaseStatus(case.status),
        started_at=case.started_at,
        ended_at=case.ended_at,
        responsible=UnitRef.model_validate(responsible),
        open_tasks=open_tasks,
    )
