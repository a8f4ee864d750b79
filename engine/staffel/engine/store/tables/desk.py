"""What people keep for their daily work: filters of the inbox."""

from __future__ import annotations

from sqlalchemy import Index

from staffel.engine.store.tables.base import UUID, Any, Row, datetime, id_column, json, link, moment, text


class SavedFilter(Row, table=True):
    """A filter of the inbox under a name: a person's own, or (with `unit_id`) shared with the Stelle.

    `query` holds names and values of the closed grammar `InboxQuery`; nothing in it is ever evaluated.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (Index(None, "unit_id"),)
    id: UUID = id_column()
    account_id: UUID = link("account.id", index=True)
    unit_id: UUID | None = link("unit.id", default=None)
    name: str = text()
    query: dict[str, Any] = json(default_factory=dict)
    created_at: datetime = moment()
