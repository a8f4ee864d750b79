"""Fristen of steps that wait for others: outside work, a message, what goes on inside; no task of people shows them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from staffel.api.deadlines.schemas import WaitingDeadline
from staffel.api.paging import behind, cut, encode_cursor
from staffel.api.references import CaseRef, UnitRef
from staffel.api.schemas import Page
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.calendar import NEVER
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, CaseStatus, Process, StepDeadline, Unit


def list_waiting(
    tx: Transaction, *, actor: Actor, now: datetime, cursor: str | None = None, limit: int = 50
) -> Page[WaitingDeadline]:
    """The first Frist of each such step of the actor's Stellen, by its end; suspended ones come last."""
    statement = (
        select(StepDeadline, Case, Process, Unit)
        .join(Case, col(Case.id) == col(StepDeadline.case_id))
        .join(Process, col(Process.id) == col(Case.process_id))
        .join(Unit, col(Unit.id) == col(StepDeadline.unit_id))
        .where(*_running(actor))
    )
    sort_at, row_id = col(StepDeadline.sort_at), col(StepDeadline.id)
    if cursor:
        statement = statement.where(behind(cursor, sort_at, row_id))
    rows, more = cut(tx.session.execute(statement.order_by(sort_at, row_id).limit(limit + 1)).all(), limit)
    last = rows[-1][0] if rows else None
    return Page(
        items=[_out(step, case, process, unit, now) for step, case, process, unit in rows],
        next=encode_cursor((last.sort_at, last.id)) if more and last else None,
    )


def count_waiting(tx: Transaction, *, actor: Actor, now: datetime) -> tuple[int, int]:
    """How many there are, and how many of them are overdue."""
    late = func.count().filter(col(StepDeadline.sort_at) < now)
    statement = select(func.count(), late).join(Case, col(Case.id) == col(StepDeadline.case_id))
    total, overdue = tx.session.execute(statement.where(*_running(actor))).one()
    return total, overdue


def _running(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        col(StepDeadline.unit_id).in_(actor.units_as(*CASEWORK)),
        col(StepDeadline.closed_at).is_(None),
        col(Case.status) == CaseStatus.RUNNING,
    )


def _out(step: StepDeadline, case: Case, process: Process, unit: Unit, now: datetime) -> WaitingDeadline:
    first = step.due["fristen"][0]
    return WaitingDeadline(
        case=CaseRef(id=case.id, reference=case.reference, process=process.key, process_name=process.name),
        key=step.key,
        place=first["place"],
        step=step.element,
        step_name=step.name or step.element,
        unit=UnitRef.model_validate(unit),
        name=first["name"],
        kind=first["kind"],
        due_at=None if step.sort_at == NEVER else step.sort_at,
        overdue=step.sort_at < now,
    )
