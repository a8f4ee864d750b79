"""Which Stellen have signed which model version with its handover rules."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql

from staffel.engine.store.tables.base import UUID, Row, datetime, id_column, link, moment, text


class Signature(Row, table=True):
    """A Stelle has signed a version for the work of a municipality (DOMAIN §3.5). It counts until it is withdrawn.

    `signatory` is the name and office under which it was signed, as it stands on the agreement.
    """

    __tablename__ = "signature"
    __table_args__ = (
        Index(
            "uq_signature_open",
            "version_id",
            "municipality",
            "unit_id",
            unique=True,
            sqlite_where=sql("withdrawn_at IS NULL"),
            postgresql_where=sql("withdrawn_at IS NULL"),
        ),
    )
    id: UUID = id_column()
    version_id: UUID = link("model_version.id")
    municipality: str = text(foreign_key="municipality.ags")
    unit_id: UUID = link("unit.id")
    signatory: str = text()
    signed_at: datetime = moment()
    signed_by: UUID | None = link("account.id", default=None)
    withdrawn_at: datetime | None = moment(default=None)
    withdrawn_by: UUID | None = link("account.id", default=None)
    reason: str = text(default="")
