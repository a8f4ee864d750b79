"""Added tasks (Zusatzaufgaben): what a Stelle sets itself in a case beside the model. No other Stelle ever sees them.

They stand in the inbox as all tasks do. Their keys are negative, for the kernel counts its own from 1; they change
nothing in the course of the case, and end with it at the latest.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlmodel import col, func, select

from staffel.engine.actor import Actor
from staffel.engine.calendar import NEVER, ZONE
from staffel.engine.cases.comments import own_unit, own_units_at
from staffel.engine.cases.facts import AddedTaskEnded, TaskAdded
from staffel.engine.cases.running import Row, find_case, need_running, note
from staffel.engine.errors import Refusal
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.hot import Found, TaskHead
from staffel.engine.store.tables import AddedTask, Task, TaskStatus, Team

ELEMENT = "zusatz:"
"""How the elements of added tasks begin; an id of a model has no colon. The task's own id follows."""
LONGEST_TITLE, LONGEST_NOTE = 200, 4000
FURTHEST = timedelta(days=366)


class TaskTitle(Refusal):
    """Expected a title of 1 to 200 characters and a note of at most 4000."""

    status, code = 422, "task-title"
    text_de = (
        "Geben Sie einen Titel von höchstens 200 Zeichen an; die Notiz darf höchstens 4000 Zeichen lang sein."
    )


class DueDay(Refusal):
    """The task is due today or later, at most a year ahead."""

    status, code = 422, "due-day"
    text_de = "Fällig ist die Aufgabe heute oder später, höchstens ein Jahr voraus."


class TeamUnknown(Refusal):
    """Expected a team of the Stelle for which the task is; the list of added tasks names them."""

    status, code = 422, "team-unknown"
    text_de = "Wählen Sie ein Team der Stelle, für die die Aufgabe ist."


class NotAdded(Refusal):
    """The task belongs to the model: it is completed, not dropped. Only added tasks can be dropped."""

    code = "task-not-added"
    text_de = (
        "Diese Aufgabe gehört zum Verfahren und lässt sich nicht streichen; das geht nur mit Zusatzaufgaben."
    )


class NotOfModel(Refusal):
    """The task was added by hand and the model knows nothing of it: complete or drop it."""

    code = "task-added"
    text_de = "Die Zusatzaufgabe gehört nicht zum Verfahren: Sie lässt sich erledigen oder streichen."


def is_added(task: Task | TaskHead) -> bool:
    """Whether a person added the task."""
    return task.key < 0


def add_task(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    title: str,
    text: str = "",
    due: date | None = None,
    unit_id: UUID | None = None,
    team_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> UUID:
    """Add a task for the own Stelle (`unit_id` where one works in several), for one of its teams if given.

    Raises `NotFound`, `CaseClosed`, `TaskTitle`, `DueDay`, `TeamUnknown`. The same `idempotency_key` of the same person again
    gives the task that there is.
    """
    case = find_case(tx, case_id)
    unit = own_unit(own_units_at(tx, actor, case), unit_id)
    again = _again(tx, actor, case_id, idempotency_key)
    if again is not None:
        return again
    need_running(case)
    name, text = title.strip(), text.strip()
    if not 0 < len(name) <= LONGEST_TITLE or len(text) > LONGEST_NOTE:
        raise TaskTitle(found=len(name))
    if team_id is not None and team_id not in {team.id for team in teams_of(tx, units={unit})}:
        raise TeamUnknown
    task_id, ends = new_id(now), _end_of(due, now)
    lowest = tx.session.exec(select(func.min(Task.key)).where(Task.case_id == case_id)).one()
    task = Task(
        id=task_id, case_id=case_id, key=min(lowest or 0, 0) - 1, element=f"{ELEMENT}{task_id}", name=name,
        unit_id=unit, due_at=ends, sort_at=ends or NEVER, available_at=now,
        due={"kind": "intern", "legal_basis": None, "steps": []} if ends else None,
    )  # fmt: skip
    tx.session.add(task)
    tx.flush()
    added = AddedTask(
        task_id=task_id, note=text, team_id=team_id, added_by=actor.account, idempotency_key=idempotency_key
    )
    tx.session.add(added)
    record(tx, actor=actor, now=now, action="task.add", subject=case_id, task=str(task_id))
    tx.flush()
    note(tx, case=case, facts=(TaskAdded(key=task.key, element=task.element),), rows=(), now=now)
    return task_id


def end_added_task(
    tx: Transaction,
    *,
    now: datetime,
    found: Found[TaskHead],
    cancelled: bool = False,
    idempotency_key: str | None = None,
) -> None:
    """The added task is done, or dropped; the case stays where it is."""
    case, task = found
    status = TaskStatus.CANCELLED if cancelled else TaskStatus.DONE
    rows: list[Row] = [
        ("task_close", task.key, (case.id, task.key, status.value, None if cancelled else now, now)),
        ("draft_forget", task.key, (task.id,)),
    ]
    if idempotency_key is not None:
        rows.append(("task_key", task.key, (task.id, idempotency_key)))
    fact = AddedTaskEnded(key=task.key, element=task.element, cancelled=cancelled)
    note(tx, case=case, facts=(fact,), rows=rows, now=now)


def teams_of(tx: Transaction, *, units: set[UUID]) -> list[Team]:
    """The teams of Stellen, by name."""
    query = select(Team).where(col(Team.unit_id).in_(units))
    return list(tx.session.exec(query.order_by(col(Team.name), col(Team.id))))


def _again(tx: Transaction, actor: Actor, case_id: UUID, key: str | None) -> UUID | None:
    if key is None:
        return None
    query = select(Task.id).where(
        Task.case_id == case_id,
        AddedTask.task_id == Task.id,
        AddedTask.idempotency_key == key,
        AddedTask.added_by == actor.account,
    )
    return tx.session.exec(query).first()


def _end_of(due: date | None, now: datetime) -> datetime | None:
    if due is None:
        return None
    today = now.astimezone(ZONE).date()
    if not today <= due <= today + FURTHEST:
        raise DueDay
    return datetime.combine(due, time.max, ZONE).astimezone(UTC)
