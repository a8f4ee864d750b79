"""What people see of tasks: those of the Stellen in which they do casework, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, select
from sqlmodel import col

from staffel.api.paging import behind, cut, encode_cursor
from staffel.api.references import CaseRef, UnitRef
from staffel.api.schemas import Page
from staffel.api.tasks.filters import (
    InboxFilter,
    Order,
    conditions,
    in_context,
    spoken_of,
    text_of,
    visible_to,
)
from staffel.api.tasks.schemas import TaskSummary
from staffel.engine.actor import Actor
from staffel.engine.cases.added_tasks import is_added
from staffel.engine.cases.substitution import is_to_take_over
from staffel.engine.errors import NotFound
from staffel.engine.store import Transaction
from staffel.engine.store.tables import (
    Account,
    AddedTask,
    Case,
    Municipality,
    Process,
    Task,
    TaskStatus,
    Team,
    Unit,
)


def inbox(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    wanted: InboxFilter,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TaskSummary]:
    """Tasks in the wanted order, within it by due date (those without one come last). Without a `status`, what is to be done."""
    under, newest = text_of(wanted.order), wanted.order is Order.NEWEST
    moment = col(Task.available_at) if newest else col(Task.sort_at)
    columns: tuple[Any, ...] = (Task.id, moment, literal("") if under is None else under)
    statement = spoken_of(select(*columns), wanted)
    statement = statement.where(visible_to(actor), *conditions(actor, wanted, now))
    if cursor:
        statement = statement.where(behind(cursor, moment, col(Task.id), descending=newest, under=under))
    keys = (moment.desc(), col(Task.id).desc()) if newest else (moment, col(Task.id))
    statement = statement.order_by(*(() if under is None else (under,)), *keys).limit(limit + 1)
    rows, more = cut(tx.session.execute(statement).all(), limit)
    following = None
    if more:
        last, at, beginning = rows[-1]
        following = encode_cursor((at, last), under=beginning)
    found = {each.id: each for each in tasks_by_id(tx, actor=actor, ids=[row[0] for row in rows])}
    return Page(items=[found[row[0]] for row in rows if row[0] in found], next=following)


def matching(actor: Actor, wanted: InboxFilter, now: datetime) -> Select[Any]:
    """The ids of all tasks of a list, in no order, for further conditions."""
    return spoken_of(select(col(Task.id)), wanted).where(visible_to(actor), *conditions(actor, wanted, now))


def tasks_by_id(tx: Transaction, *, actor: Actor, ids: Sequence[UUID]) -> list[TaskSummary]:
    """Those of the tasks that the actor may see."""
    statement = _with_context().where(visible_to(actor), col(Task.id).in_(ids))
    return [_summary(actor, row) for row in tx.session.execute(statement).all()]


def find_task(tx: Transaction, *, actor: Actor, task_id: UUID) -> tuple[Task, Case, TaskSummary]:
    """A task that the actor may see. Raises `NotFound`."""
    row = tx.session.execute(_with_context().where(visible_to(actor), col(Task.id) == task_id)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], _summary(actor, row)


def may_take_over(tx: Transaction, *, actor: Actor, now: datetime, task_id: UUID) -> bool:
    """Whether the actor substitutes the person who has claimed the task."""
    statement = select(col(Task.id)).where(
        col(Task.id) == task_id, visible_to(actor), is_to_take_over(actor, now)
    )
    return tx.session.execute(statement).first() is not None


def _with_context() -> Select[Any]:
    columns: tuple[Any, ...] = (Task, Case, Process.key, Process.name, Unit, Account.name, Team.name,
                                Municipality.name)  # fmt: skip
    return (
        in_context(select(*columns))
        .join(Unit, col(Unit.id) == col(Task.unit_id))
        .join(Municipality, col(Municipality.ags) == col(Case.municipality))
        .outerjoin(Account, col(Account.id) == col(Task.account_id))
        .outerjoin(AddedTask, col(AddedTask.task_id) == col(Task.id))
        .outerjoin(Team, col(Team.id) == col(AddedTask.team_id))
    )


def _summary(actor: Actor, row: Any) -> TaskSummary:
    task, case, process, process_name, unit, claimed_by, team, municipality = row
    return TaskSummary(
        id=task.id,
        case=CaseRef(id=case.id, reference=case.reference, process=process, process_name=process_name),
        unit=UnitRef.model_validate(unit),
        element=task.element,
        name=task.name,
        status=TaskStatus(task.status),
        municipality=municipality,
        priority=task.priority,
        deadline=task.due["kind"] if task.due else None,
        due_at=task.due_at,
        follow_up_at=task.follow_up_at,
        available_at=task.available_at,
        claimed_at=task.claimed_at,
        begun_at=task.begun_at,
        completed_at=task.completed_at,
        claimed_by=claimed_by,
        is_mine=actor.account is not None and task.account_id == actor.account,
        added=is_added(task),
        team=team,
    )
