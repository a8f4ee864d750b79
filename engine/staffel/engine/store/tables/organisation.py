"""Municipalities, their Stellen, and which Stelle is competent for what."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from staffel.engine.store.tables.base import UUID, Any, Row, datetime, id_column, json, link, moment, text


class Municipality(Row, table=True):
    """A Kommune by its AGS. `kind`: `kreisfrei`, `kreis`, `kreisangehoerig`; `parent_ags` is the Kreis of a town."""

    __tablename__ = "municipality"
    ags: str = text(primary_key=True)
    name: str = text()
    kind: str = text(default="")
    parent_ags: str | None = text(default=None, foreign_key="municipality.ags")
    settings: dict[str, Any] = json(default_factory=dict)


class Unit(Row, table=True):
    """A Stelle: controller of its data (§ 67(4) SGB X), therefore the data boundary. `kind` is what lanes are bound to."""

    __tablename__ = "unit"
    id: UUID = id_column()
    municipality: str = text(foreign_key="municipality.ags", index=True)
    kind: str = text()
    name: str = text()
    short_name: str = text(default="")
    created_at: datetime = moment()


class UnitContact(Row, table=True):
    """How people reach a Stelle: the office, never a person of it. What is not known is empty."""

    __tablename__ = "unit_contact"
    unit_id: UUID = link("unit.id", primary_key=True)
    address: str = text(default="")
    phone: str = text(default="")
    mail: str = text(default="")
    opening_hours: str = text(default="")
    changed_at: datetime = moment()


class ClosingDay(Row, table=True):
    """A working day on which a Stelle is closed (Rosenmontag, Betriebsausflug). Counts for its own and agreed Fristen only."""

    __tablename__ = "closing_day"
    unit_id: UUID = link("unit.id", primary_key=True)
    day: date = Field(primary_key=True)
    name: str = text()


class Competence(Row, table=True):
    """The Stelle that serves a municipality for a kind of work; it may belong to another AGS (a town and its Kreis)."""

    __tablename__ = "competence"
    municipality: str = text(foreign_key="municipality.ags", primary_key=True)
    kind: str = text(primary_key=True)
    unit_id: UUID = link("unit.id", index=True)


class Team(Row, table=True):
    """A team inside a Stelle."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)
    id: UUID = id_column()
    unit_id: UUID = link("unit.id")
    name: str = text()
