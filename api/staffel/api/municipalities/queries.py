"""Municipalities, Stellen and competences."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from staffel.api.municipalities.schemas import CompetenceOut, MunicipalityOut, UnitOut
from staffel.api.references import UnitRef
from staffel.engine.errors import NotFound
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Competence, Municipality, Unit


def list_municipalities(tx: Transaction) -> list[MunicipalityOut]:
    """All municipalities by name."""
    rows = tx.session.execute(select(Municipality).order_by(col(Municipality.name))).scalars()
    return [MunicipalityOut.model_validate(row) for row in rows]


def list_units(tx: Transaction, *, ags: str) -> list[UnitOut]:
    """The Stellen of a municipality by name. Raises `NotFound`."""
    _check_exists(tx, ags)
    statement = select(Unit).where(col(Unit.municipality) == ags).order_by(col(Unit.name))
    return [UnitOut.model_validate(row) for row in tx.session.execute(statement).scalars()]


def list_competences(tx: Transaction, *, ags: str) -> list[CompetenceOut]:
    """Which Stelle serves the municipality for what. Raises `NotFound`."""
    _check_exists(tx, ags)
    statement = (
        select(Competence, Unit)
        .join(Unit, col(Unit.id) == col(Competence.unit_id))
        .where(col(Competence.municipality) == ags)
        .order_by(col(Competence.kind))
    )
    return [
        CompetenceOut(kind=competence.kind, unit=UnitRef.model_validate(unit))
        for competence, unit in tx.session.execute(statement)
    ]


def _check_exists(tx: Transaction, ags: str) -> None:
    if tx.session.get(Municipality, ags) is None:
        raise NotFound
