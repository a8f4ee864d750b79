"""Which case was started from which."""

from __future__ import annotations

from staffel.engine.store.tables.base import UUID, Row, datetime, link, moment, text


class CaseLink(Row, table=True):
    """The case `case_id` was started from `parent_id`, say a Fallkonferenz; each keeps its own reference and data."""

    __tablename__ = "case_link"
    case_id: UUID = link("case.id", primary_key=True)
    parent_id: UUID = link("case.id", index=True)
    reason: str = text()
    linked_at: datetime = moment()
