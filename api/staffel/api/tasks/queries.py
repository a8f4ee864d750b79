"""What people see of tasks: those of the Stellen in which they do casework, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, select
from sqlmodel import col

from staffel.api.paging import behind, cut, encode_cursor
from staffel.api.references import CaseRef, UnitRef
from staffel.api.schemas import Page
from staffel.api.tasks.schemas import TaskSummary
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases.added_tasks import is_added
from staffel.engine.cases.substitution import is_to_take_over
from staffel.engine.errors import NotFound
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Account, AddedTask, Case, Process, Task, TaskStatus, Team, Unit

OPEN = (TaskStatus.OPEN, TaskStatus.CLAIMED, TaskStatus.CHECKING)


class Order(StrEnum):
    """How the inbox is ordered."""

    DUE = "due"
    NEWEST = "newest"


@dataclass(frozen=True, kw_only=True)
class InboxFilter:
    """What to list. Everything that is given must hold.

    `name` is a part of the step's name, `deadline` the kind of Frist, `claimed` whether somebody has taken it,
    `added` whether somebody added it beside the model.
    `to_take_over` lists what people whom the actor substitutes have claimed.
    Tasks put off until later (Wiedervorlage) are listed with `postponed` only, and then nothing else.
    """

    unit: UUID | None = None
    process: str | None = None
    element: str | None = None
    reference: str | None = None
    status: TaskStatus | None = None
    mine: bool = False
    due_before: datetime | None = None
    name: str | None = None
    deadline: str | None = None
    claimed: bool | None = None
    added: bool | None = None
    postponed: bool = False
    to_take_over: bool = False
    order: Order = Order.DUE


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Tasks of the Stellen in which the actor does casework."""
    return col(Task.unit_id).in_(actor.units_as(*CASEWORK))


def inbox(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    wanted: InboxFilter,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TaskSummary]:
    """Tasks by due date (those without one come last) or the newest first. Without a `status`, what is to be done."""
    statement = _with_context().where(visible_to(actor), *_conditions(actor, wanted, now))
    newest = wanted.order is Order.NEWEST
    moment = col(Task.available_at) if newest else col(Task.sort_at)
    if cursor:
        statement = statement.where(behind(cursor, moment, col(Task.id), descending=newest))
    keys = (moment.desc(), col(Task.id).desc()) if newest else (moment, col(Task.id))
    rows, more = cut(tx.session.execute(statement.order_by(*keys).limit(limit + 1)).all(), limit)
    last = rows[-1][0] if rows else None
    return Page(
        items=[_summary(actor, row) for row in rows],
        next=encode_cursor((last.available_at if newest else last.sort_at, last.id))
        if more and last
        else None,
    )


def matching(actor: Actor, wanted: InboxFilter, now: datetime) -> Select[Any]:
    """The ids of all tasks of a list, in no order, for further conditions."""
    return (
        select(col(Task.id))
        .join(Case, col(Case.id) == col(Task.case_id))
        .join(Process, col(Process.id) == col(Case.process_id))
        .where(visible_to(actor), *_conditions(actor, wanted, now))
    )


def is_postponed(now: datetime) -> ColumnElement[bool]:
    """Whether a task is put off until later."""
    return and_(col(Task.follow_up_at).is_not(None), col(Task.follow_up_at) > now)


def is_mine(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor has an open task in hand; what waits for a second person is in nobody's."""
    return and_(col(Task.account_id) == actor.account, col(Task.status) != TaskStatus.CHECKING)


def tasks_by_id(tx: Transaction, *, actor: Actor, ids: Sequence[UUID]) -> list[TaskSummary]:
    """Those of the tasks that the actor may see."""
    statement = _with_context().where(visible_to(actor), col(Task.id).in_(ids))
    return [_summary(actor, row) for row in tx.session.execute(statement).all()]


def count_open(tx: Transaction, *, actor: Actor, now: datetime) -> dict[str, int]:
    """How many tasks are `open`, `mine` and `overdue`."""
    overdue, mine = col(Task.sort_at) < now, is_mine(actor)
    statement = select(
        func.count(),
        func.count().filter(mine),
        func.count().filter(overdue),
    ).where(visible_to(actor), col(Task.closed_at).is_(None), not_(is_postponed(now)))
    total, own, late = tx.session.execute(statement).one()
    return {"open": total, "mine": own, "overdue": late}


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
    columns: tuple[Any, ...] = (Task, Case, Process.key, Process.name, Unit, Account.name, Team.name)
    return (
        select(*columns)
        .join(Case, col(Case.id) == col(Task.case_id))
        .join(Process, col(Process.id) == col(Case.process_id))
        .join(Unit, col(Unit.id) == col(Task.unit_id))
        .outerjoin(Account, col(Account.id) == col(Task.account_id))
        .outerjoin(AddedTask, col(AddedTask.task_id) == col(Task.id))
        .outerjoin(Team, col(Team.id) == col(AddedTask.team_id))
    )


def _conditions(actor: Actor, wanted: InboxFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        col(Task.status) == wanted.status if wanted.status else col(Task.closed_at).is_(None)
    ]
    if wanted.unit:
        found.append(col(Task.unit_id) == wanted.unit)
    if wanted.process:
        found.append(col(Process.key) == wanted.process)
    if wanted.element:
        found.append(col(Task.element) == wanted.element)
    if wanted.reference:
        found.append(func.lower(col(Case.reference)).contains(wanted.reference.lower(), autoescape=True))
    if wanted.mine:
        found.append(col(Task.account_id) == actor.account if wanted.status else is_mine(actor))
    if wanted.to_take_over:
        found.append(is_to_take_over(actor, now))
    if wanted.due_before:
        found.append(col(Task.sort_at) < wanted.due_before)
    if wanted.name:
        found.append(func.lower(col(Task.name)).contains(wanted.name.lower(), autoescape=True))
    if wanted.deadline:
        found.append(col(Task.due)["kind"].as_string() == wanted.deadline)
    if wanted.claimed is not None:
        found.append(col(Task.account_id).is_not(None) if wanted.claimed else col(Task.account_id).is_(None))
    if wanted.added is not None:
        found.append(col(Task.key) < 0 if wanted.added else col(Task.key) > 0)
    if wanted.status is None or wanted.postponed:
        found.append(is_postponed(now) if wanted.postponed else not_(is_postponed(now)))
    return found


def _summary(actor: Actor, row: Any) -> TaskSummary:
    task, case, process, process_name, unit, claimed_by, team = row
    return TaskSummary(
        id=task.id,
        case=CaseRef(id=case.id, reference=case.reference, process=process, process_name=process_name),
        unit=UnitRef.model_validate(unit),
        element=task.element,
        name=task.name,
        status=TaskStatus(task.status),
        priority=task.priority,
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
