"""Changing the Stellen of one's own municipality."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from staffel.api.municipalities.queries import list_units
from staffel.api.municipalities.schemas import CompetenceOut, Contact, UnitOut
from staffel.api.references import UnitRef
from staffel.engine import agreements
from staffel.engine.accounts import administration, contacts
from staffel.engine.actor import Actor, Role
from staffel.engine.errors import NotAllowed
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Unit


def create_unit(
    tx: Transaction, *, actor: Actor, now: datetime, ags: str, kind: str, name: str, short_name: str
) -> UnitOut:
    """Make a Stelle. Raises `NotAllowed`."""
    _need_own(actor, ags)
    unit_id = administration.create_unit_as(
        tx, actor=actor, now=now, kind=kind, name=name, short_name=short_name
    )
    return UnitOut.model_validate(tx.session.get_one(Unit, unit_id))


def set_contact(
    tx: Transaction, *, actor: Actor, now: datetime, ags: str, unit_id: UUID, contact: Contact
) -> UnitOut:
    """Say how a Stelle is reached. Raises `NotAllowed`, `NotFound`, `ContactMalformed`."""
    _need_own(actor, ags)
    contacts.set_contact(tx, actor=actor, now=now, unit_id=unit_id, **contact.model_dump())
    return next(unit for unit in list_units(tx, ags=ags) if unit.id == unit_id)


def set_competence(
    tx: Transaction, *, actor: Actor, now: datetime, ags: str, kind: str, unit_id: UUID
) -> CompetenceOut:
    """Let a Stelle serve the municipality. Raises `NotAllowed`, `NotFound` (no such Stelle of this kind)."""
    _need_own(actor, ags)
    administration.set_competence_as(tx, actor=actor, now=now, kind=kind, unit_id=unit_id)
    return CompetenceOut(kind=kind, unit=UnitRef.model_validate(tx.session.get_one(Unit, unit_id)))


def set_agreements_needed(tx: Transaction, *, actor: Actor, now: datetime, ags: str, needed: bool) -> None:
    """Say whether cases wait for signatures. Raises `NotAllowed`."""
    _need_own(actor, ags)
    agreements.set_needed(tx, actor=actor, now=now, needed=needed)


def _need_own(actor: Actor, ags: str) -> None:
    """The directory of municipalities is open to everybody; changing it is for each one's own administration."""
    actor.need(Role.ADMINISTRATION)
    if ags != actor.municipality:
        raise NotAllowed(
            f"Expected your own municipality {actor.municipality}, found {ags}.",
            text_de=f"Ändern können Sie nur Ihre eigene Kommune {actor.municipality}, nicht {ags}.",
        )
