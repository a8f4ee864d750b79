"""Second checks of tasks (four eyes), for those who see the tasks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from staffel.api.tasks.schemas import CheckOut
from staffel.engine.cases.second_check import checks_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Account, CheckOutcome


def checks_out(tx: Transaction, *, task_ids: Sequence[UUID]) -> list[tuple[UUID, CheckOut]]:
    """Each with its task, the oldest first. The tasks must be such as the actor may see."""
    checks = checks_of(tx, task_ids=task_ids)
    people = {each for check in checks for each in (check.first_id, check.second_id) if each}
    names = dict(tx.session.exec(select(Account.id, Account.name).where(col(Account.id).in_(people))).all())
    return [
        (
            check.task_id,
            CheckOut(
                id=check.id,
                asked_at=check.asked_at,
                first=names.get(check.first_id) if check.first_id else None,
                decided_at=check.decided_at,
                second=names.get(check.second_id) if check.second_id else None,
                outcome=CheckOutcome(check.outcome) if check.outcome else None,
                reason=check.reason,
            ),
        )
        for check in checks
    ]
