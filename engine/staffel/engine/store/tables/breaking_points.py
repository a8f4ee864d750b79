"""Reports of breaking points (Sollbruchstellen): what the steering groups count. Nothing leads from one to a case or a person."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field

from staffel.engine.store.tables.base import UUID, Row, id_column, link, text


class BreakingPoint(Row, table=True):
    """One report: at which element of a process it broke, between which kinds of Stellen, what the trouble was.

    `month` is its first day. The id is made of that day and chance, so that it tells no hour.
    """

    __tablename__ = "breaking_point"
    __table_args__ = (Index(None, "process_id", "municipality", "month"),)
    id: UUID = id_column()
    municipality: str = text(foreign_key="municipality.ags")
    process_id: UUID = link("process.id")
    element: str = text()
    name: str = text()
    unit_kind: str = text()
    other_kind: str = text(default="")
    trouble: str = text()
    month: date = Field()
