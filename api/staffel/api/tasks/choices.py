"""What there is to choose from in the filters of the inbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from staffel.api.tasks.filters import visible_to
from staffel.engine.actor import Actor
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Municipality, Process, Task


def processes_with_tasks(tx: Transaction, *, actor: Actor) -> list[tuple[str, str]]:
    """The processes of which one's Stellen have open tasks: key and name."""
    having = select(col(Process.key), col(Process.name)).where(
        col(Process.id).in_(_of_open_tasks(actor, col(Case.process_id)))
    )
    return [(key, name) for key, name in tx.session.execute(having.order_by(col(Process.name)))]


def municipalities_with_tasks(tx: Transaction, *, actor: Actor) -> list[tuple[str, str]]:
    """The municipalities for whose cases one's Stellen have open tasks: AGS and name."""
    having = select(col(Municipality.ags), col(Municipality.name)).where(
        col(Municipality.ags).in_(_of_open_tasks(actor, col(Case.municipality)))
    )
    return [(ags, name) for ags, name in tx.session.execute(having.order_by(col(Municipality.name)))]


def _of_open_tasks(actor: Actor, column: Any) -> Select[Any]:
    return (
        select(column)
        .join(Task, col(Task.case_id) == col(Case.id))
        .where(visible_to(actor), col(Task.closed_at).is_(None))
    )
