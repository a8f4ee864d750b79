"""Address, telephone, mail and opening hours of the Stellen, kept by the administration of their municipality."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from staffel.engine.actor import Actor, Role
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.store import Transaction
from staffel.engine.store.audit import record
from staffel.engine.store.tables import Unit, UnitContact

MAX_TEXT = 500
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class ContactMalformed(Refusal):
    """Expected at most 500 characters each, and a mail address such as jobcenter@example.org or none."""

    status, code = 422, "contact-malformed"
    text_de = "Erwartet werden je Angabe höchstens 500 Zeichen und eine Mailadresse wie jobcenter@example.org oder keine."


def contacts_of(tx: Transaction, unit_ids: Collection[UUID]) -> dict[UUID, UnitContact]:
    """What is known of these Stellen. Open to everybody who is signed in, as the directory of Stellen is."""
    query = select(UnitContact).where(col(UnitContact.unit_id).in_(unit_ids))
    return {each.unit_id: each for each in tx.session.exec(query)}


def set_contact(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    unit_id: UUID,
    address: str = "",
    phone: str = "",
    mail: str = "",
    opening_hours: str = "",
) -> None:
    """Say how a Stelle of the own municipality is reached. Raises `NotAllowed`, `NotFound`, `ContactMalformed`."""
    actor.need(Role.ADMINISTRATION)
    unit = tx.session.get(Unit, unit_id)
    if unit is None or unit.municipality != actor.municipality:
        raise NotFound
    given = {"address": address, "phone": phone, "mail": mail, "opening_hours": opening_hours}
    kept = {name: "\n".join(value.strip().splitlines()) for name, value in given.items()}
    wrong = [name for name, value in kept.items() if len(value) > MAX_TEXT]
    if wrong or (kept["mail"] and not _MAIL.fullmatch(kept["mail"])):
        raise ContactMalformed(fields=wrong or ["mail"])
    tx.session.merge(UnitContact(unit_id=unit_id, changed_at=now, **kept))
    record(tx, actor=actor, now=now, action="unit.contact", subject=unit_id)
    tx.flush()


def on_one_line(text: str) -> str:
    """A text of several lines, for where there is one."""
    return ", ".join(line.strip() for line in text.splitlines() if line.strip())
