"""A rejected data set is deleted at the receiver after the agreed time (DOMAIN §3.3); the log of the handover stays."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from staffel.engine.cases.corrections import forget_corrections
from staffel.engine.cases.facts import HandoverDataDeleted
from staffel.engine.cases.running import note
from staffel.engine.feel.codec import encode_values
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, CaseStatus, Handover


def due_deletions(tx: Transaction, *, now: datetime, limit: int = 100) -> list[UUID]:
    """Rejected handovers whose data set has to go, the longest due first."""
    query = select(Handover.id).where(col(Handover.delete_data_at) <= now)
    return list(tx.session.exec(query.order_by(col(Handover.delete_data_at), col(Handover.id)).limit(limit)))


def delete_rejected_data(tx: Transaction, *, now: datetime, handover_id: UUID) -> bool:
    """Delete the data set and note it, in an ended case as well. False when the case is busy or it is done."""
    row = tx.session.get(Handover, handover_id)
    if row is None:
        return False
    case_id = row.case_id
    case = tx.hot.free_case(case_id)
    tx.forget()
    row, head = tx.session.get(Handover, handover_id), tx.session.get(Case, case_id)
    if case is None or head is None or row is None or row.delete_data_at is None or row.delete_data_at > now:
        return False
    ended = None if case.status == CaseStatus.RUNNING else (head.ended_at, head.end_element)
    fact = HandoverDataDeleted(key=row.key, element=row.flow)
    change = ("handover_forget", row.key, (case.id, row.key, encode_values({}), None))
    forget_corrections(tx, handover_id)
    note(tx, case=case, facts=(fact,), rows=(change,), now=now, ended=ended)
    return True
