"""What a list of tasks is narrowed to, and in which order it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select
from sqlmodel import col

from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases.substitution import is_to_take_over
from staffel.engine.store.tables import (
    Account,
    AddedTask,
    Case,
    Membership,
    Municipality,
    Process,
    Task,
    TaskStatus,
    Team,
)

OPEN = (TaskStatus.OPEN, TaskStatus.CLAIMED, TaskStatus.CHECKING)
DEADLINES = ("gesetzlich", "soll", "vereinbart", "intern", "person")
"""The kinds of Fristen, the most binding first."""


class Order(StrEnum):
    """How the inbox is ordered; what is equal stands by due date."""

    DUE = "due"
    NEWEST = "newest"
    REFERENCE = "reference"
    STEP = "step"
    PROCESS = "process"
    DEADLINE = "deadline"
    PERSON = "person"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True, kw_only=True)
class InboxFilter:
    """What to list. Everything that is given must hold.

    `name` is a part of the step's name, `deadline` the kind of Frist, `claimed` whether somebody has taken it, `person` who,
    `added` whether somebody added it beside the model, `municipality` the AGS whose case it is.
    `team` lists what was added for a team, and what somebody of the team has claimed.
    `to_take_over` lists what people whom the actor substitutes have claimed.
    Tasks put off until later (Wiedervorlage) are listed with `postponed` only, and then nothing else.
    """

    unit: UUID | None = None
    team: UUID | None = None
    municipality: str | None = None
    process: str | None = None
    element: str | None = None
    reference: str | None = None
    status: TaskStatus | None = None
    mine: bool = False
    due_before: datetime | None = None
    name: str | None = None
    deadline: str | None = None
    claimed: bool | None = None
    person: UUID | None = None
    added: bool | None = None
    postponed: bool = False
    to_take_over: bool = False
    order: Order = Order.DUE


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Tasks of the Stellen in which the actor does casework."""
    return col(Task.unit_id).in_(actor.units_as(*CASEWORK))


def is_postponed(now: datetime) -> ColumnElement[bool]:
    """Whether a task is put off until later."""
    return and_(col(Task.follow_up_at).is_not(None), col(Task.follow_up_at) > now)


def is_mine(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor has an open task in hand; what waits for a second person is in nobody's."""
    return and_(col(Task.account_id) == actor.account, col(Task.status) != TaskStatus.CHECKING)


def in_context(statement: Select[Any]) -> Select[Any]:
    """With the case and its process, which `conditions` and `narrowing` speak of."""
    return statement.join(Case, col(Case.id) == col(Task.case_id)).join(
        Process, col(Process.id) == col(Case.process_id)
    )


def spoken_of(statement: Select[Any], wanted: InboxFilter) -> Select[Any]:
    """With those tables that the filter and the order speak of: without others a database is sure to read along its index."""
    by_case = {Order.REFERENCE, Order.PROCESS, Order.MUNICIPALITY}
    if wanted.municipality or wanted.process or wanted.reference or wanted.order in by_case:
        statement = in_context(statement)
    if wanted.order is Order.MUNICIPALITY:
        statement = statement.join(Municipality, col(Municipality.ags) == col(Case.municipality))
    if wanted.order is Order.PERSON:
        statement = statement.outerjoin(Account, col(Account.id) == col(Task.account_id))
    return statement


def conditions(actor: Actor, wanted: InboxFilter, now: datetime) -> list[ColumnElement[bool]]:
    """All that is asked for."""
    found = narrowing(wanted)
    found.append(col(Task.status) == wanted.status if wanted.status else col(Task.closed_at).is_(None))
    if wanted.mine:
        found.append(col(Task.account_id) == actor.account if wanted.status else is_mine(actor))
    if wanted.to_take_over:
        found.append(is_to_take_over(actor, now))
    if wanted.due_before:
        found.append(col(Task.sort_at) < wanted.due_before)
    if wanted.postponed:
        found.append(is_postponed(now))
    elif wanted.status in {None, TaskStatus.OPEN, TaskStatus.CLAIMED}:
        found.append(not_(is_postponed(now)))
    return found


def narrowing(wanted: InboxFilter) -> list[ColumnElement[bool]]:
    """What is asked for beside the view: the same filter narrows every view."""
    equal: tuple[tuple[Any, Any], ...] = (
        (col(Task.unit_id), wanted.unit),
        (col(Case.municipality), wanted.municipality),
        (col(Process.key), wanted.process),
        (col(Task.element), wanted.element),
        (col(Task.account_id), wanted.person),
        (col(Task.due)["kind"].as_string(), wanted.deadline),
    )
    parts = ((col(Case.reference), wanted.reference), (col(Task.name), wanted.name))
    found: list[ColumnElement[bool]] = [column == value for column, value in equal if value]
    found += [func.lower(column).contains(part.lower(), autoescape=True) for column, part in parts if part]
    if wanted.team:
        found.append(_is_of(wanted.team))
    if wanted.claimed is not None:
        found.append(col(Task.account_id).is_not(None) if wanted.claimed else col(Task.account_id).is_(None))
    if wanted.added is not None:
        found.append(col(Task.key) < 0 if wanted.added else col(Task.key) > 0)
    return found


def text_of(order: Order) -> ColumnElement[str] | None:
    """The text that comes first in the order; None where a moment does."""
    if order is Order.DEADLINE:
        ranks = {each: str(rank) for rank, each in enumerate(DEADLINES)}
        return case(ranks, value=col(Task.due)["kind"].as_string(), else_=str(len(ranks)))
    texts: dict[Order, Any] = {
        Order.REFERENCE: col(Case.reference),
        Order.STEP: col(Task.name),
        Order.PROCESS: col(Process.name),
        Order.PERSON: func.coalesce(col(Account.name), ""),
        Order.MUNICIPALITY: col(Municipality.name),
    }
    return func.lower(texts[order]) if order in texts else None


def _is_of(team: UUID) -> ColumnElement[bool]:
    unit = select(col(Team.unit_id)).where(col(Team.id) == team)
    added = select(col(AddedTask.task_id)).where(col(AddedTask.team_id) == team)
    members = select(col(Membership.account_id)).where(col(Membership.team_id) == team)
    return and_(col(Task.unit_id).in_(unit), or_(col(Task.id).in_(added), col(Task.account_id).in_(members)))
