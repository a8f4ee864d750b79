"""How many tasks each view of the inbox has."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, not_, select
from sqlmodel import col

from staffel.api.tasks.filters import (
    InboxFilter,
    in_context,
    is_mine,
    is_postponed,
    narrowing,
    visible_to,
)
from staffel.api.tasks.schemas import InboxCounts
from staffel.engine.actor import Actor
from staffel.engine.cases.substitution import is_to_take_over
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Task, TaskStatus

SOON = timedelta(days=7)


def count_tasks(tx: Transaction, *, actor: Actor, now: datetime, wanted: InboxFilter) -> InboxCounts:
    """How many tasks of the filter each view has, in one statement."""
    shown, narrow = not_(is_postponed(now)), narrowing(wanted)
    columns: tuple[Any, ...] = (
        func.count().filter(shown).label("open"),
        func.count().filter(shown, col(Task.sort_at) < now + SOON).label("due"),
        func.count().filter(shown, col(Task.sort_at) < now).label("overdue"),
        func.count().filter(shown, col(Task.status) == TaskStatus.OPEN).label("new"),
        func.count().filter(shown, is_mine(actor)).label("mine"),
        func.count().filter(col(Task.status) == TaskStatus.CHECKING).label("checking"),
        func.count().filter(is_postponed(now)).label("postponed"),
        func.count().filter(shown, is_to_take_over(actor, now)).label("to_take_over"),
    )
    statement = select(*columns).where(visible_to(actor), col(Task.closed_at).is_(None), *narrow)
    row = tx.session.execute(in_context(statement) if narrow else statement).one()
    return InboxCounts.model_validate(row._mapping)
