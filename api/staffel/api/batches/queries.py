"""What people see of batches: those of the Stellen they do casework in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import col

from staffel.api.batches.schemas import BatchOut, BatchRowOut
from staffel.api.paging import behind, cut, encode_cursor
from staffel.api.references import UnitRef
from staffel.api.schemas import Page
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.errors import NotFound
from staffel.engine.library.sheets import REFERENCE, REMARK, cells_of, write_sheet
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Batch, BatchRow, BatchRowStatus, Process, Unit


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Batches of the Stellen in which the actor does casework."""
    return col(Batch.unit_id).in_(actor.units_as(*CASEWORK))


def list_batches(
    tx: Transaction, *, actor: Actor, cursor: str | None = None, limit: int = 50
) -> Page[BatchOut]:
    """The youngest first."""
    statement = _with_counts().where(visible_to(actor))
    if cursor:
        statement = statement.where(behind(cursor, col(Batch.created_at), col(Batch.id), descending=True))
    statement = statement.order_by(col(Batch.created_at).desc(), col(Batch.id).desc()).limit(limit + 1)
    rows, more = cut(tx.session.execute(statement).all(), limit)
    last = rows[-1][0] if rows else None
    return Page(
        items=[_out(row) for row in rows],
        next=encode_cursor((last.created_at, last.id)) if more and last else None,
    )


def find_batch(tx: Transaction, *, actor: Actor, batch_id: UUID) -> BatchOut:
    """A batch with its counts. Raises `NotFound`."""
    row = tx.session.execute(_with_counts().where(visible_to(actor), col(Batch.id) == batch_id)).one_or_none()
    if row is None:
        raise NotFound
    return _out(row)


def list_rows(
    tx: Transaction,
    *,
    actor: Actor,
    batch_id: UUID,
    status: BatchRowStatus | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[BatchRowOut]:
    """Rows behind line `after`, in the order of the file. Raises `NotFound`."""
    find_batch(tx, actor=actor, batch_id=batch_id)
    statement = select(BatchRow).where(col(BatchRow.batch_id) == batch_id, col(BatchRow.line) > after)
    if status is not None:
        statement = statement.where(col(BatchRow.status) == status)
    rows = tx.session.execute(statement.order_by(col(BatchRow.line)).limit(limit)).scalars()
    return [BatchRowOut.model_validate(row) for row in rows]


def refused_csv(tx: Transaction, *, actor: Actor, batch_id: UUID) -> str:
    """The refused rows with what each was refused for, to be corrected and sent again. Raises `NotFound`."""
    find_batch(tx, actor=actor, batch_id=batch_id)
    statement = select(BatchRow).where(
        col(BatchRow.batch_id) == batch_id, col(BatchRow.status) == BatchRowStatus.REFUSED
    )
    rows = list(tx.session.execute(statement.order_by(col(BatchRow.line))).scalars())
    cells = [(row, cells_of(row.values)) for row in rows]
    columns = list(dict.fromkeys(name for _, each in cells for name in each))
    return write_sheet(
        [REFERENCE, *columns, REMARK],
        ([row.reference, *(each.get(name, "") for name in columns), _reason(row)] for row, each in cells),
    )


def _reason(row: BatchRow) -> str:
    return " ".join(f"{fault['field']}: {fault['text_de']}".removeprefix(": ") for fault in row.faults)


def _with_counts() -> Select[Any]:
    counts = [
        func.count().filter(col(BatchRow.status) == status).label(status.value) for status in BatchRowStatus
    ]
    rows = (
        select(col(BatchRow.batch_id).label("batch_id"), func.count().label("total"))
        .add_columns(*counts)
        .group_by(col(BatchRow.batch_id))
        .subquery()
    )
    return (
        select(Batch, Unit, col(Process.name))
        .add_columns(*rows.c)
        .join(Unit, col(Unit.id) == col(Batch.unit_id))
        .join(Process, col(Process.key) == col(Batch.process_key))
        .join(rows, rows.c.batch_id == col(Batch.id))
    )


def _out(row: Any) -> BatchOut:
    batch, unit = row[0], row[1]
    return BatchOut(
        id=batch.id,
        process=batch.process_key,
        process_name=row[2],
        file=batch.file,
        unit=UnitRef.model_validate(unit),
        created_at=batch.created_at,
        total=row.total,
        **{status.value: getattr(row, status.value) for status in BatchRowStatus},
    )
