"""Marks: short texts that are others as soon as what a person sees has changed, and say nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from staffel.api.cases.queries import tasks_of_case
from staffel.api.cases.service import read_case, read_timeline
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Comment, Handover, Task, TaskStatus


def mark_of(tx: Transaction, *, actor: Actor, case_id: UUID | None = None) -> str:
    """The mark of the actor's inbox, or of a case as the actor sees it. Raises `NotFound`."""
    if case_id is not None:
        return _mark_of_case(tx, actor, case_id)
    return combined(unit_prints(tx, units=actor.units_as(*CASEWORK)))


def combined(prints: Mapping[UUID, str]) -> str:
    """The mark of several Stellen together."""
    return _digest(f"{unit}={prints[unit]}" for unit in sorted(prints))


def unit_prints(tx: Transaction, *, units: Collection[UUID]) -> dict[UUID, str]:
    """For each Stelle a text that differs when a task or an offered handover came, went, was claimed, checked or was put off."""
    tasks = select(
        col(Task.unit_id),
        func.count(),
        func.count(col(Task.account_id)),
        func.max(col(Task.available_at)),
        func.max(col(Task.claimed_at)),
        func.count(col(Task.follow_up_at)),
        func.max(col(Task.follow_up_at)),
        func.count().filter(col(Task.status) == TaskStatus.CHECKING),
    ).where(col(Task.unit_id).in_(units), col(Task.closed_at).is_(None))
    offers = select(
        col(Handover.receiver_unit),
        func.count(),
        func.count(col(Handover.acknowledged_at)),
        func.max(col(Handover.offered_at)),
    ).where(col(Handover.receiver_unit).in_(units), col(Handover.closed_at).is_(None))
    found = dict.fromkeys(units, "")
    for statement in (tasks.group_by(col(Task.unit_id)), offers.group_by(col(Handover.receiver_unit))):
        for unit, *figures in tx.session.execute(statement):
            found[unit] += f"{figures}"
    return found


def case_prints(tx: Transaction, *, cases: Collection[UUID]) -> dict[UUID, str]:
    """For each case a text that differs after every change of it, whoever made it: for the server's own use."""
    notes = select(func.count()).where(col(Comment.case_id) == col(Case.id)).scalar_subquery()
    statement = select(col(Case.id), col(Case.row_version), notes).where(col(Case.id).in_(cases))
    return {case: f"{version}/{written}" for case, version, written in tx.session.execute(statement)}


def _mark_of_case(tx: Transaction, actor: Actor, case_id: UUID) -> str:
    """Only of what the actor sees, so that it tells nothing of when another Stelle works."""
    case = read_case(tx, actor=actor, case_id=case_id)
    timeline = read_timeline(tx, actor=actor, case_id=case_id)
    tasks = tasks_of_case(tx, actor=actor, case_id=case_id)
    return _digest(
        [each.model_dump_json() for each in (case, *timeline)]
        + [f"{task.id} {task.status} {task.account_id} {task.due_at} {task.follow_up_at}" for task in tasks]
    )


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
