"""What the people of a Stelle note down at a case, for themselves or for the Stelle that comes next."""

from __future__ import annotations

from staffel.engine.store.tables.base import UUID, Row, datetime, id_column, link, moment, text


class Comment(Row, table=True):
    """A comment (Vermerk) at a case. Only the Stelle that wrote it sees it, and `for_unit` on a handover that it is offered."""

    __tablename__ = "comment"
    id: UUID = id_column()
    case_id: UUID = link("case.id", index=True)
    unit_id: UUID = link("unit.id")
    account_id: UUID | None = link("account.id", default=None)
    for_unit: UUID | None = link("unit.id", default=None)
    text: str = text()
    written_at: datetime = moment()
