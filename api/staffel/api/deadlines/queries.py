"""The Fristen of a case as the Stelle sees them whose steps they belong to; those of others are not shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlmodel import col, select

from staffel.api.cases.queries import find_case, tasks_of_case, unit_of, units_by_id
from staffel.api.deadlines.handovers import handover_deadlines
from staffel.api.deadlines.schemas import DeadlineChange, DeadlineOut, DeadlineState, PauseOut
from staffel.api.deadlines.states import can_be_resumed, is_covered
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.bpmn.model import DeadlineExtension
from staffel.engine.calendar import NEVER, runs_in_days
from staffel.engine.cases.record import read_event
from staffel.engine.cases.running import model_of
from staffel.engine.errors import NotFound
from staffel.engine.kernel import Program
from staffel.engine.kernel.events import Closing, DeadlineChanged, DeadlinePassed
from staffel.engine.kernel.program import Element
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, CaseStatus, Event, StepDeadline, Task, TaskStatus, Timer

_OPEN = {TaskStatus.OPEN, TaskStatus.CLAIMED, TaskStatus.CHECKING}


class _Held(NamedTuple):
    """A Frist with what it belongs to; `ended_at` is when its step ended, `done` whether it was carried out.

    Those of timers are not kept when the timer is gone: an `ended_at` says there that the Frist has passed.
    """

    key: int
    element: Element
    unit: UUID
    frist: Mapping[str, Any]
    task: UUID | None = None
    ended_at: datetime | None = None
    done: bool = False
    timer: bool = False


def list_deadlines(tx: Transaction, *, actor: Actor, now: datetime, case_id: UUID) -> list[DeadlineOut]:
    """The Fristen of the actor's Stellen in the case, those that run before those of steps that ended. Raises `NotFound`."""
    case, _ = find_case(tx, actor=actor, case_id=case_id)
    program = model_of(tx, case).program
    mine = actor.units_as(*CASEWORK)
    told = _changes(tx, case_id)
    held = [
        *_of_tasks(program, tasks_of_case(tx, actor=actor, case_id=case_id)),
        *_of_steps(tx, case, program, mine),
        *(each for each in _of_timers(tx, case, program, told) if each.unit in mine),
    ]
    units = units_by_id(tx, {each.unit for each in held})
    running = case.status == CaseStatus.RUNNING
    found = [_out(each, told, now, running) | {"unit": units[each.unit]} for each in held]
    late = NEVER
    return sorted(
        (DeadlineOut(**each) for each in found),
        key=lambda each: (each.state in _ENDED, each.due_at or late, each.key, each.place),
    )


def deadlines_of_case(tx: Transaction, *, actor: Actor, now: datetime, case_id: UUID) -> list[DeadlineOut]:
    """Those of steps, then those of the handovers that the actor's Stellen send or receive. Raises `NotFound`."""
    case, _ = find_case(tx, actor=actor, case_id=case_id)
    own = list_deadlines(tx, actor=actor, now=now, case_id=case_id)
    return own + handover_deadlines(tx, actor=actor, now=now, case=case)


def find_deadline(
    tx: Transaction, *, actor: Actor, now: datetime, case_id: UUID, key: int, place: int
) -> DeadlineOut:
    """One of them. Raises `NotFound`."""
    for each in deadlines_of_case(tx, actor=actor, now=now, case_id=case_id):
        if (each.key, each.place) == (key, place):
            return each
    raise NotFound


def _of_tasks(program: Program, tasks: list[Task]) -> Iterator[_Held]:
    for task in tasks:
        for frist in (task.due or {}).get("fristen", ()):
            yield _Held(
                task.key, program.elements[task.element], task.unit_id, frist, task.id,
                None if task.status in _OPEN else task.closed_at, task.status == TaskStatus.DONE,
            )  # fmt: skip


def _of_steps(tx: Transaction, case: Case, program: Program, mine: Collection[UUID]) -> Iterator[_Held]:
    """The Fristen of steps that wait without a task of people."""
    query = select(StepDeadline).where(
        col(StepDeadline.case_id) == case.id, col(StepDeadline.unit_id).in_(mine)
    )
    for step in tx.session.exec(query):
        for frist in step.due["fristen"]:
            yield _Held(
                step.key, program.elements[step.element], step.unit_id, frist,
                ended_at=step.closed_at, done=step.closing == Closing.DONE,
            )  # fmt: skip


def _of_timers(tx: Transaction, case: Case, program: Program, told: _Told) -> Iterator[_Held]:
    """The Fristen of running timers, and those that have passed."""
    query = select(Timer).where(col(Timer.case_id) == case.id, col(Timer.deadline).is_not(None))
    for timer in tx.session.exec(query):
        element = program.elements[timer.element]
        if timer.deadline:
            yield _Held(timer.key, element, unit_of(case, element), timer.deadline, timer=True)
    for key, (at, passed) in told.passed.items():
        element, due = program.elements[passed.element], passed.due
        names = ("kind", "legal_basis", "steps", "place", "name", "at", "begin", "extension")
        frist = {name: getattr(due, name) for name in names} | {
            "pauses": [msgspec.structs.asdict(each) for each in due.pauses]
        }
        yield _Held(key, element, unit_of(case, element), frist, ended_at=at, timer=True)


class _Told(NamedTuple):
    """What the history tells of Fristen: changes by key and place, and timers whose Frist has passed, by key."""

    changes: dict[tuple[int, int], list[DeadlineChange]]
    passed: dict[int, tuple[datetime, DeadlinePassed]]


def _changes(tx: Transaction, case_id: UUID) -> _Told:
    kinds = (DeadlineChanged.__name__, DeadlinePassed.__name__)
    query = select(Event).where(col(Event.case_id) == case_id, col(Event.type).in_(kinds))
    told = _Told(defaultdict(list), {})
    for row in tx.session.exec(query.order_by(col(Event.seq))):
        event = read_event(row.type, row.data)
        if isinstance(event, DeadlineChanged):
            change = DeadlineChange(
                at=row.at, change=event.change, reason=event.reason, legal_basis=event.legal_basis
            )
            told.changes[event.key, event.place].append(change)
        elif isinstance(event, DeadlinePassed):
            told.passed[event.key] = row.at, event
            word = "consent" if event.consent else "passed"
            change = DeadlineChange(at=row.at, change=word, reason="", legal_basis=event.due.legal_basis)
            told.changes[event.key, event.due.place].append(change)
    return told


_ENDED = frozenset((DeadlineState.KEPT, DeadlineState.MISSED, DeadlineState.DROPPED))


def _out(held: _Held, told: _Told, now: datetime, running: bool) -> dict[str, Any]:
    frist, element = held.frist, held.element
    pauses = [PauseOut(**each) for each in frist["pauses"]]
    at = _moment(frist["at"])
    state = _state(held, at, pauses, now)
    deadline = _model(element, frist["place"], timer=held.timer)
    runs = running and state not in _ENDED and deadline is not None and runs_in_days(deadline.length)
    late = state is DeadlineState.OVERDUE and frist["kind"] != "person"
    extendable = runs and not frist["extension"] and at is not None and not late
    step = element.attached_to or element
    return {
        "key": held.key,
        "place": frist["place"],
        "task": held.task,
        "handover": None,
        "element": element.id,
        "step": step.id,
        "step_name": step.name or step.id,
        "name": frist["name"] or (element.name if held.timer else ""),
        "kind": frist["kind"],
        "legal_basis": frist["legal_basis"],
        "state": state,
        "due_at": at,
        "begins_at": _moment(frist["begin"]),
        "steps": list(frist["steps"]),
        "pauses": pauses,
        "extension": frist["extension"],
        "can_be_suspended": runs and all(each.until is not None or each.automatic for each in pauses),
        "can_be_resumed": runs and can_be_resumed(pauses, now),
        "can_be_extended_by": (deadline.extend or "") if extendable and deadline is not None else "",
        "changes": told.changes.get((held.key, frist["place"]), []),
    }


def _model(element: Element, place: int, *, timer: bool) -> DeadlineExtension | None:
    """What the model says of the Frist; None for a due date by expression."""
    if timer:
        return next((each.timer.deadline for each in element.triggers if each.timer is not None), None)
    return element.deadlines[place][0] if place < len(element.deadlines) else None


def _state(held: _Held, at: datetime | None, pauses: list[PauseOut], now: datetime) -> DeadlineState:
    if held.ended_at is not None and held.timer:
        return DeadlineState.MISSED
    if held.ended_at is not None:
        if not held.done:
            return DeadlineState.DROPPED
        return DeadlineState.KEPT if at is None or held.ended_at <= at else DeadlineState.MISSED
    if at is None:
        return DeadlineState.SUSPENDED
    if at < now:
        return DeadlineState.OVERDUE
    return DeadlineState.SUSPENDED if is_covered(pauses, now) else DeadlineState.RUNNING


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
