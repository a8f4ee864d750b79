"""Documents (Unterlagen) of cases; their contents lie in the storage of `engine.documents`."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql

from staffel.engine.store.tables.base import UUID, Row, datetime, id_column, link, moment, text


class Document(Row, table=True):
    """A document that the Stelle `unit_id` has put to a case.

    `kind` is one that a handover rule of the model names, and then goes along, or `sonstiges`. At `remove_at` the worker
    deletes content and row: soon where an upload broke off or somebody deleted it; None is to be kept.
    """

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_remove_at", "remove_at", sqlite_where=sql("remove_at IS NOT NULL"),
              postgresql_where=sql("remove_at IS NOT NULL")),
    )  # fmt: skip
    id: UUID = id_column()
    case_id: UUID = link("case.id", index=True)
    unit_id: UUID = link("unit.id")
    account_id: UUID | None = link("account.id", default=None)
    kind: str = text()
    name: str = text()
    media_type: str = text()
    size: int
    sha256: str = text()
    uploaded_at: datetime = moment()
    remove_at: datetime | None = moment(default=None)
