"""What people see of added tasks: those of their own Stellen."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from staffel.api.added_tasks.schemas import AddedTasksOut, TeamRef
from staffel.api.cases.queries import find_case, units_by_id
from staffel.api.tasks.filters import visible_to
from staffel.api.tasks.queries import tasks_by_id
from staffel.engine.actor import Actor
from staffel.engine.cases.added_tasks import teams_of
from staffel.engine.cases.comments import own_units_at
from staffel.engine.store import Transaction
from staffel.engine.store.tables import CaseStatus, Task


def read_added_tasks(tx: Transaction, *, actor: Actor, case_id: UUID) -> AddedTasksOut:
    """Those of a case, and for whom one may be added. Raises `NotFound`."""
    case, _ = find_case(tx, actor=actor, case_id=case_id)
    units = own_units_at(tx, actor, case)
    query = select(Task.id).where(Task.case_id == case_id, col(Task.key) < 0, visible_to(actor))
    tasks = tasks_by_id(tx, actor=actor, ids=tx.session.exec(query).all())
    return AddedTasksOut(
        tasks=sorted(tasks, key=lambda task: (task.available_at, task.id)),
        units=sorted(units_by_id(tx, units).values(), key=lambda unit: unit.name),
        teams=[TeamRef.model_validate(team) for team in teams_of(tx, units=units)],
        may_add=bool(units) and case.status == CaseStatus.RUNNING,
    )
