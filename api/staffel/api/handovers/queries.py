"""What people see of handovers: those that their Stelle sends or receives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from staffel.api.handovers.schemas import Direction, HandoverSummary
from staffel.api.paging import behind, cut, encode_cursor
from staffel.api.references import CaseRef, UnitRef
from staffel.api.schemas import Page
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.errors import NotFound
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Handover, HandoverStatus, Process, Unit

_Sender, _Receiver = aliased(Unit), aliased(Unit)


@dataclass(frozen=True, kw_only=True)
class HandoverFilter:
    """What to list. Everything that is given must hold."""

    direction: Direction | None = None
    status: HandoverStatus | None = None
    unit: UUID | None = None
    overdue: bool = False
    reference: str | None = None


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Handovers to or from the Stellen in which the actor does casework."""
    units = actor.units_as(*CASEWORK)
    return or_(col(Handover.sender_unit).in_(units), col(Handover.receiver_unit).in_(units))


def list_handovers(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    wanted: HandoverFilter,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[HandoverSummary]:
    """Handovers, the oldest offer first. Without a `status`, those that are still open or wait to be offered again."""
    statement = _with_context().where(visible_to(actor), *_conditions(actor, wanted, now))
    if cursor:
        statement = statement.where(behind(cursor, col(Handover.offered_at), col(Handover.id)))
    statement = statement.order_by(col(Handover.offered_at), col(Handover.id)).limit(limit + 1)
    rows, more = cut(tx.session.execute(statement).all(), limit)
    last = rows[-1][0] if rows else None
    return Page(
        items=[_summary(actor, row, now) for row in rows],
        next=encode_cursor((last.offered_at, last.id)) if more and last else None,
    )


def count_incoming(tx: Transaction, *, actor: Actor, now: datetime) -> dict[str, int]:
    """How many handovers wait for the actor's Stellen, and how many of these are overdue."""
    statement = select(func.count(), func.count().filter(_is_overdue(now))).where(
        col(Handover.receiver_unit).in_(actor.units_as(*CASEWORK)), col(Handover.closed_at).is_(None)
    )
    waiting, late = tx.session.execute(statement).one()
    return {"incoming": waiting, "overdue": late}


def count_outgoing(tx: Transaction, *, actor: Actor) -> int:
    """How many handovers of the actor's Stellen wait for others, or to be offered again."""
    statement = select(func.count()).where(
        col(Handover.sender_unit).in_(actor.units_as(*CASEWORK)),
        or_(col(Handover.closed_at).is_(None), col(Handover.waits)),
    )
    return int(tx.session.execute(statement).scalar_one())


def find_handover(
    tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID
) -> tuple[Handover, Case, HandoverSummary]:
    """A handover that the actor may see. Raises `NotFound`."""
    statement = _with_context().where(visible_to(actor), col(Handover.id) == handover_id)
    row = tx.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], _summary(actor, row, now)


def handovers_of_case(
    tx: Transaction, *, actor: Actor, now: datetime, case_id: UUID
) -> list[HandoverSummary]:
    """All handovers of a case that the actor may see, in the order of their offers."""
    statement = _with_context().where(visible_to(actor), col(Handover.case_id) == case_id)
    rows = tx.session.execute(statement.order_by(col(Handover.offered_at), col(Handover.id))).all()
    return [_summary(actor, row, now) for row in rows]


def _with_context() -> Select[Any]:
    columns: tuple[Any, ...] = (Handover, Case, Process.key, Process.name, _Sender, _Receiver)
    return (
        select(*columns)
        .join(Case, col(Case.id) == col(Handover.case_id))
        .join(Process, col(Process.id) == col(Case.process_id))
        .join(_Sender, col(_Sender.id) == col(Handover.sender_unit))
        .join(_Receiver, col(_Receiver.id) == col(Handover.receiver_unit))
    )


def _conditions(actor: Actor, wanted: HandoverFilter, now: datetime) -> list[ColumnElement[bool]]:
    units = actor.units_as(*CASEWORK)
    found = [
        col(Handover.status) == wanted.status
        if wanted.status
        else or_(col(Handover.closed_at).is_(None), col(Handover.waits))
    ]
    match wanted.direction:
        case Direction.INCOMING:
            found.append(col(Handover.receiver_unit).in_(units))
        case Direction.OUTGOING:
            found.append(col(Handover.sender_unit).in_(units))
    if wanted.unit:
        found.append(
            or_(col(Handover.sender_unit) == wanted.unit, col(Handover.receiver_unit) == wanted.unit)
        )
    if wanted.overdue:
        found.append(_is_overdue(now))
    if wanted.reference:
        found.append(func.lower(col(Case.reference)).contains(wanted.reference.lower(), autoescape=True))
    return found


def _is_overdue(now: datetime) -> ColumnElement[bool]:
    unconfirmed = and_(col(Handover.acknowledged_at).is_(None), col(Handover.acknowledge_by) < now)
    unsettled = and_(col(Handover.missing).is_(None), col(Handover.accept_by) < now)
    return and_(col(Handover.closed_at).is_(None), or_(unconfirmed, unsettled))


def _overdue(handover: Handover, now: datetime) -> bool:
    if handover.closed_at is not None:
        return False
    unconfirmed = handover.acknowledged_at is None and handover.acknowledge_by
    unsettled = handover.missing is None and handover.accept_by
    return any(by < now for by in (unconfirmed, unsettled) if by)


def _summary(actor: Actor, row: Any, now: datetime) -> HandoverSummary:
    handover, case, process, process_name, sender, receiver = row
    return HandoverSummary(
        id=handover.id,
        case=CaseRef(id=case.id, reference=case.reference, process=process, process_name=process_name),
        sender=UnitRef.model_validate(sender),
        receiver=UnitRef.model_validate(receiver),
        flow=handover.flow,
        element=handover.element,
        kind=handover.kind,
        rule=handover.rule,
        attempt=handover.attempt,
        status=HandoverStatus(handover.status),
        offered_at=handover.offered_at,
        acknowledge_by=handover.acknowledge_by,
        accept_by=handover.accept_by,
        acknowledged_at=handover.acknowledged_at,
        accepted_at=handover.accepted_at,
        closed_at=handover.closed_at,
        is_overdue=_overdue(handover, now),
        direction=Direction.INCOMING if actor.works_in(handover.receiver_unit) else Direction.OUTGOING,
    )
