"""Cases that come in by the thousand: a table of rows, each of which starts a case."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field

from staffel.engine.store.tables.base import UUID, Any, Row, datetime, id_column, json, link, moment, text


class BatchRowStatus(StrEnum):
    """What became of a row of a batch."""

    WAITING = "waiting"
    STARTED = "started"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Batch(Row, table=True):
    """A Sammelstart: the rows of one file start cases of one process for one Stelle, as the person who sent it."""

    __tablename__ = "batch"
    __table_args__ = (Index(None, "unit_id", "created_at", "id"),)
    id: UUID = id_column()
    municipality: str = text(foreign_key="municipality.ags")
    unit_id: UUID = link("unit.id")
    process_key: str = text()
    file: str = text()
    account_id: UUID | None = link("account.id", default=None)
    token_id: UUID | None = link("token.id", default=None)
    created_at: datetime = moment(index=True)


class BatchRow(Row, table=True):
    """One row: `line` is its line in the file, `values` what it says (emptied once its case has begun)."""

    __tablename__ = "batch_row"
    __table_args__ = (
        Index("ix_batch_row_waiting", "batch_id", "line", sqlite_where=sql("status = 'waiting'"),
              postgresql_where=sql("status = 'waiting'")),
    )  # fmt: skip
    batch_id: UUID = link("batch.id", primary_key=True)
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reference: str = text()
    values: dict[str, Any] = json(default_factory=dict)
    status: str = text(default=BatchRowStatus.WAITING)
    case_id: UUID | None = link("case.id", default=None)
    faults: list[dict[str, str]] = json(default_factory=list)
    done_at: datetime | None = moment(default=None)
