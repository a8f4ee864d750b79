"""Sammelstart: many cases from one table. Each row is started by the worker in a transaction of its own.

A row and its case are written together, so that nothing is started twice, whoever dies when; what a row is refused for
is kept with it. The rights are those that the sender has at the moment in which the row is started.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import col, delete, exists, select

from staffel.engine.accounts.sessions import actor_of_account
from staffel.engine.accounts.tokens import actor_of_token_id
from staffel.engine.actor import Actor
from staffel.engine.cases import policy
from staffel.engine.cases.starting import need_start, start_case
from staffel.engine.errors import NotAllowed, NotFound, Refusal
from staffel.engine.library import deployed, version_for
from staffel.engine.library.sheets import SheetRow
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.tables import Batch, BatchRow, BatchRowStatus

KEPT = timedelta(days=30)
"""How long the rows of a batch that is done stay readable; those refused hold personal data."""


def plan_batch(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    process_key: str,
    rows: Sequence[SheetRow],
    file: str,
    unit_id: UUID | None = None,
) -> UUID:
    """Keep the rows; the worker starts a case for each. Raises `NotAllowed`, `StartUnclear`, `NotFound` without a version in force."""
    unit = policy.start_for(actor, unit_id)
    version = version_for(tx, process_key=process_key, municipality=actor.municipality, key_date=now)
    need_start(deployed(tx, version), None)
    batch = Batch(
        id=new_id(now),
        municipality=actor.municipality,
        unit_id=unit,
        process_key=process_key,
        file=file,
        account_id=actor.account,
        token_id=actor.token,
        created_at=now,
    )
    tx.session.add(batch)
    tx.flush()
    waiting = BatchRowStatus.WAITING.value
    tx.session.execute(
        insert(BatchRow),
        [
            {
                "batch_id": batch.id,
                "line": row.line,
                "reference": row.reference,
                "values": dict(row.values),
                "status": waiting,
                "faults": [],
            }
            for row in rows
        ],
    )
    record(tx, actor=actor, now=now, action="batch.plan", subject=batch.id, rows=len(rows))
    return batch.id


def cancel_batch(tx: Transaction, *, actor: Actor, now: datetime, batch_id: UUID) -> None:
    """Start no further row. What has been started goes on. For the people of the Stelle it was sent for."""
    batch = tx.session.get(Batch, batch_id)
    if batch is None or not actor.works_in(batch.unit_id):
        raise NotFound
    tx.session.execute(
        update(BatchRow)
        .where(col(BatchRow.batch_id) == batch_id, col(BatchRow.status) == BatchRowStatus.WAITING)
        .values(status=BatchRowStatus.CANCELLED, values={}, done_at=now)
    )
    record(tx, actor=actor, now=now, action="batch.cancel", subject=batch_id)


def waiting_rows(tx: Transaction, *, limit: int = 100) -> list[tuple[UUID, int]]:
    """Rows that are still to be started, the oldest batch first."""
    query = (
        select(BatchRow.batch_id, BatchRow.line)
        .where(col(BatchRow.status) == BatchRowStatus.WAITING)
        .order_by(col(BatchRow.batch_id), col(BatchRow.line))
        .limit(limit)
    )
    return [(batch_id, line) for batch_id, line in tx.session.exec(query)]


def start_row(tx: Transaction, *, now: datetime, batch_id: UUID, line: int) -> bool:
    """Start the case of a row. False when it is done, or when somebody else is at it. Raises what refuses it."""
    row = _waiting(tx, batch_id, line)
    if row is None:
        return False
    batch = tx.session.get_one(Batch, batch_id)
    case_id = start_case(
        tx,
        actor=_sender(tx, batch, now),
        now=now,
        process_key=batch.process_key,
        reference=row.reference,
        values=row.values,
        unit_id=batch.unit_id,
        confirmed=True,
        idempotency_key=f"batch:{batch_id}:{line}",
    )
    row.status, row.case_id, row.values, row.done_at = BatchRowStatus.STARTED, case_id, {}, now
    tx.session.add(row)
    return True


def refuse_row(tx: Transaction, *, now: datetime, batch_id: UUID, line: int, refusal: Refusal) -> None:
    """Note why a row cannot be started."""
    row = _waiting(tx, batch_id, line)
    if row is None:
        return
    faults = refusal.details.get("fields")
    whole = {"field": "", "code": refusal.code, "text_de": refusal.message_de, "text_en": str(refusal)}
    row.faults = [dict(fault) for fault in faults] if faults else [whole]
    row.status, row.done_at = BatchRowStatus.REFUSED, now
    tx.session.add(row)


def forget_batches(tx: Transaction, *, now: datetime) -> None:
    """Delete batches that are `KEPT` old and have no row left to start; their cases stay."""
    unfinished = exists().where(
        col(BatchRow.batch_id) == col(Batch.id), col(BatchRow.status) == BatchRowStatus.WAITING
    )
    old = select(Batch.id).where(col(Batch.created_at) < now - KEPT, ~unfinished)
    ids = list(tx.session.exec(old))
    if ids:
        tx.session.execute(delete(BatchRow).where(col(BatchRow.batch_id).in_(ids)))
        tx.session.execute(delete(Batch).where(col(Batch.id).in_(ids)))


def _waiting(tx: Transaction, batch_id: UUID, line: int) -> BatchRow | None:
    query = select(BatchRow).where(
        BatchRow.batch_id == batch_id, BatchRow.line == line, BatchRow.status == BatchRowStatus.WAITING
    )
    locked = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return tx.session.exec(locked).first()


def _sender(tx: Transaction, batch: Batch, now: datetime) -> Actor:
    """Who sent the batch, with the rights of this moment."""
    if batch.account_id is not None:
        actor = actor_of_account(tx, account_id=batch.account_id)
    else:
        actor = actor_of_token_id(tx, now=now, token_id=batch.token_id)
    if actor is None:
        raise NotAllowed(
            "The access of whoever sent this table has ended; send the rest again.",
            text_de="Der Zugang dessen, der die Tabelle gesendet hat, ist beendet; bitte den Rest neu senden.",
        )
    return actor
