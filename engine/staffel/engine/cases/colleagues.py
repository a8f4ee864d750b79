"""Who does casework in a Stelle."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select

from staffel.engine.actor import CASEWORK
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Account, Membership


class Colleague(NamedTuple):
    """Somebody who does casework in a Stelle."""

    unit_id: UUID
    account_id: UUID
    name: str


def colleagues(tx: Transaction, *, units: Collection[UUID]) -> list[Colleague]:
    """Who does casework in the Stellen, by name."""
    query = (
        select(Membership.unit_id, Account.id, Account.name)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(
            col(Membership.unit_id).in_(units),
            col(Membership.role).in_(CASEWORK),
            col(Account.ended_at).is_(None),
        )
        .distinct()
        .order_by(col(Account.name), col(Account.id))
    )
    return [
        Colleague(unit, account, name) for unit, account, name in tx.session.exec(query) if unit is not None
    ]
