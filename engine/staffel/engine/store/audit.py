"""The audit log: who did what, for those who must be able to check later. Only ever appended to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from staffel.engine.actor import Actor
from staffel.engine.store.database import Transaction
from staffel.engine.store.ids import new_id
from staffel.engine.store.tables import Audit


def record(
    tx: Transaction, *, actor: Actor, now: datetime, action: str, subject: object = "", **details: Any
) -> None:
    """Note that `actor` did `action` (`account.create`) to `subject` (an id); `details` must be JSON, without case data."""
    tx.session.add(
        Audit(
            id=new_id(now),
            at=now,
            municipality=actor.municipality,
            account_id=actor.account,
            token_id=actor.token,
            action=action,
            subject=str(subject),
            details=details,
        )
    )
