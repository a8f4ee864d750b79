"""What the coordination sees: overdue handovers of its municipality, between whom and how late, and no values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from staffel.api.handovers.schemas import LateHandover
from staffel.api.handovers.service import path_of, rule_of
from staffel.api.paging import behind, cut, encode_cursor
from staffel.api.references import UnitRef
from staffel.api.schemas import Page
from staffel.engine.actor import Actor, Role
from staffel.engine.cases.escalation import watched_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, CaseStatus, Handover, HandoverStatus, Process, Unit

_Sender, _Receiver = aliased(Unit), aliased(Unit)


def late_handovers(
    tx: Transaction, *, actor: Actor, now: datetime, cursor: str | None = None, limit: int = 50
) -> Page[LateHandover]:
    """Overdue handovers, the oldest offer first. Raises `NotAllowed` for all but the coordination."""
    actor.need(Role.KOORDINATION)
    statement = _late(actor, now)
    if cursor:
        statement = statement.where(behind(cursor, col(Handover.offered_at), col(Handover.id)))
    statement = statement.order_by(col(Handover.offered_at), col(Handover.id)).limit(limit + 1)
    rows, more = cut(tx.session.execute(statement).all(), limit)
    last = rows[-1][0] if rows else None
    found = [late for row in rows if (late := _shown(tx, row, now)) is not None]
    return Page(items=found, next=encode_cursor((last.offered_at, last.id)) if more and last else None)


def _late(actor: Actor, now: datetime) -> Any:
    is_open = col(Handover.closed_at).is_(None)
    unconfirmed = and_(is_open, col(Handover.acknowledged_at).is_(None), col(Handover.acknowledge_by) < now)
    unsettled = and_(is_open, col(Handover.missing).is_(None), col(Handover.accept_by) < now)
    no_result = and_(col(Handover.status) == HandoverStatus.ACCEPTED, col(Handover.result_by) < now)
    columns: tuple[Any, ...] = (Handover, Case, Process.name, _Sender, _Receiver)
    return (
        select(*columns)
        .join(Case, col(Case.id) == col(Handover.case_id))
        .join(Process, col(Process.id) == col(Case.process_id))
        .join(_Sender, col(_Sender.id) == col(Handover.sender_unit))
        .join(_Receiver, col(_Receiver.id) == col(Handover.receiver_unit))
        .where(
            col(Case.municipality) == actor.municipality,
            col(Case.status) == CaseStatus.RUNNING,
            or_(unconfirmed, unsettled, no_result),
        )
    )


def _shown(tx: Transaction, row: Any, now: datetime) -> LateHandover | None:
    """As the coordination sees it; None when the result has come meanwhile."""
    handover, case, process, sender, receiver = row
    watched = watched_of(tx, handover)
    since: datetime | None = getattr(handover, watched) if watched else None
    if watched is None or since is None or since >= now:
        return None
    level = handover.escalation_level if handover.escalation_for == watched else 0
    path = path_of(rule_of(tx, case, handover), level)
    return LateHandover(
        id=handover.id,
        process_name=process,
        sender=UnitRef.model_validate(sender),
        receiver=UnitRef.model_validate(receiver),
        kind=handover.kind,
        deadline=watched,
        since=since,
        level=level,
        told=[each.to for each in path if each.told],
        next=next((each.to for each in path if not each.told), None),
    )
