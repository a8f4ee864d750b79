"""The daily work with many tasks: put one off until a day (Wiedervorlage), keep a filter, share it with the Stelle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases.facts import TaskPostponed
from staffel.engine.cases.running import note
from staffel.engine.cases.tasks import open_task
from staffel.engine.errors import NotAllowed, NotFound, Refusal
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import SavedFilter, Task

LONGEST = timedelta(days=366)
MOST_FILTERS = 50


class FollowUpDay(Refusal):
    """A follow-up date lies in the future, at most a year ahead."""

    status, code = 422, "follow-up-day"
    text_de = "Die Wiedervorlage liegt in der Zukunft, höchstens ein Jahr voraus."


class TooManyFilters(Refusal):
    """A person may keep 50 filters; delete one first."""

    code = "too-many-filters"
    text_de = "Höchstens 50 Filter lassen sich behalten; bitte zuerst einen löschen."


def postpone_task(
    tx: Transaction, *, actor: Actor, now: datetime, task_id: UUID, until: datetime | None
) -> None:
    """Keep a task of the own Stelle out of the inbox until a moment (None: show it again). Its Frist runs on."""
    case, head = open_task(tx, actor, task_id)
    if until is not None and not now < until <= now + LONGEST:
        raise FollowUpDay
    task = tx.session.get_one(Task, task_id)
    task.follow_up_at = until
    tx.session.add(task)
    tx.flush()
    note(
        tx,
        case=case,
        facts=(TaskPostponed(key=head.key, element=head.element, until=until),),
        rows=(),
        now=now,
    )


def save_filter(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    name: str,
    query: Mapping[str, Any],
    unit_id: UUID | None = None,
) -> UUID:
    """Keep a filter for oneself, or (`unit_id`) for everybody of the own Stelle."""
    if actor.account is None:
        raise NotAllowed("Filters belong to people.", text_de="Filter gehören zu Personen.")
    actor.need(*CASEWORK)
    if unit_id is not None and not actor.works_in(unit_id):
        raise NotFound
    own = select(func.count()).where(SavedFilter.account_id == actor.account)
    if tx.session.exec(own).one() >= MOST_FILTERS:
        raise TooManyFilters
    kept = SavedFilter(
        id=new_id(now),
        account_id=actor.account,
        unit_id=unit_id,
        name=name,
        query=dict(query),
        created_at=now,
    )
    tx.session.add(kept)
    return kept.id


def delete_filter(tx: Transaction, *, actor: Actor, now: datetime, filter_id: UUID) -> None:  # noqa: ARG001 - as all changes
    """Delete an own filter. Raises `NotFound`."""
    kept = tx.session.get(SavedFilter, filter_id)
    if kept is None or actor.account is None or kept.account_id != actor.account:
        raise NotFound
    tx.session.delete(kept)


def filters_of(tx: Transaction, *, actor: Actor) -> list[SavedFilter]:
    """One's own filters and those shared with one's Stellen, by name."""
    shared = col(SavedFilter.unit_id).in_(actor.units_as(*CASEWORK))
    query = select(SavedFilter).where((col(SavedFilter.account_id) == actor.account) | shared)
    return list(tx.session.exec(query.order_by(func.lower(SavedFilter.name), col(SavedFilter.id))))
