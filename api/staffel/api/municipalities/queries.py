"""Municipalities, Stellen and competences."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from staffel.api.municipalities.schemas import CompetenceOut, MunicipalityOut, UnitOut
from staffel.api.references import ContactOut, UnitRef
from staffel.engine.accounts.contacts import contacts_of
from staffel.engine.errors import NotFound
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Competence, Municipality, Unit, UnitContact


def list_municipalities(tx: Transaction) -> list[MunicipalityOut]:
    """All municipalities by name."""
    rows = tx.session.execute(select(Municipality).order_by(col(Municipality.name))).scalars()
    return [MunicipalityOut.model_validate(row) for row in rows]


def list_units(tx: Transaction, *, ags: str) -> list[UnitOut]:
    """The Stellen of a municipality by name. Raises `NotFound`."""
    _check_exists(tx, ags)
    statement = select(Unit).where(col(Unit.municipality) == ags).order_by(col(Unit.name))
    units = list(tx.session.execute(statement).scalars())
    known = contacts_of(tx, [unit.id for unit in units])
    return [
        UnitOut(
            **UnitOut.model_validate(unit).model_dump(exclude={"contact"}),
            contact=contact_out(known.get(unit.id)),
        )
        for unit in units
    ]


def contact_out(contact: UnitContact | None) -> ContactOut | None:
    """How the Stelle is reached; None where nothing was entered."""
    return None if contact is None else ContactOut.model_validate(contact)


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
