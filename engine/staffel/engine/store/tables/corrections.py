"""Corrections (Berichtigungen) of what has travelled, for each Stelle that received it (Art. 19 DSGVO)."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql

from staffel.engine.store.tables.base import UUID, Row, data, datetime, id_column, link, moment


class Correction(Row, table=True):
    """What a receiver of a handover is told when fields of it are corrected; `data` holds the corrected fields only.

    `unit_id` is the receiver, `from_unit` the Stelle that corrected. It is told until `acknowledged_at`.
    """

    __tablename__ = "correction"
    __table_args__ = (
        Index("ix_correction_open", "unit_id", sqlite_where=sql("acknowledged_at IS NULL"),
              postgresql_where=sql("acknowledged_at IS NULL")),
    )  # fmt: skip
    id: UUID = id_column()
    case_id: UUID = link("case.id", index=True)
    handover_id: UUID = link("handover.id")
    unit_id: UUID = link("unit.id")
    from_unit: UUID = link("unit.id")
    data: bytes = data()
    corrected_at: datetime = moment()
    acknowledged_at: datetime | None = moment(default=None)
    acknowledged_by: UUID | None = link("account.id", default=None)
