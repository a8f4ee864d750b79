"""One command on one case: load, advance, project, save. Every change of a case goes through here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from sqlmodel import col, delete, select, update

from staffel.engine.cases.calendars import calendars_of
from staffel.engine.cases.facts import AddedTaskEnded, Fact
from staffel.engine.cases.handover_fristen import follow_case
from staffel.engine.cases.projection import Projection
from staffel.engine.cases.record import write_events
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.kernel import Command, Step, advance, decode_state, encode_state
from staffel.engine.kernel.events import Closing, TaskClosed
from staffel.engine.library import Deployed, deployed
from staffel.engine.store import Transaction
from staffel.engine.store.hot import (
    CaseChange,
    CaseHead,
    Found,
    HandoverHead,
    IncidentHead,
    TaskHead,
    WorkHead,
)
from staffel.engine.store.tables import Case, CaseStatus, Draft, Task, TaskCheck, TaskStatus

Head = TypeVar("Head", TaskHead, HandoverHead, WorkHead, IncidentHead)
Row = tuple[str, int, tuple[Any, ...]]
"""A further row to write: statement of `store.hot.WRITES`, key of the waiting place, all parameters."""


class Opening(NamedTuple):
    """A case begins: its row is inserted."""

    idempotency_key: str | None = None


class CaseClosed(Refusal):
    """The case has ended; nothing in it can be changed any more."""

    code = "case-closed"
    text_de = "Der Vorgang ist beendet; daran lässt sich nichts mehr ändern."


class KeyUsed(Refusal):
    """This idempotency key was sent before with something else; make a new key for every new request."""

    code = "key-used"
    text_de = (
        "Dieser Schlüssel wurde schon für etwas anderes verwendet; jede neue Anfrage braucht einen neuen."
    )


def find(tx: Transaction, head: type[Head], row_id: UUID) -> Found[Head]:
    """A waiting place with its case, locked. Raises `NotFound`."""
    found = tx.hot.found(head, row_id)
    if found is None:
        raise NotFound
    return found


def find_case(tx: Transaction, case_id: UUID) -> CaseHead:
    """A case, locked. Raises `NotFound`."""
    case = tx.hot.case(case_id)
    if case is None:
        raise NotFound
    return case


def need_running(case: Case | CaseHead) -> None:
    """Raise `CaseClosed` unless the case runs."""
    if case.status != CaseStatus.RUNNING:
        raise CaseClosed(status=case.status)


def model_of(tx: Transaction, case: Case | CaseHead) -> Deployed:
    """The model version that the case runs on."""
    calls = case.calls if isinstance(case, CaseHead) else msgspec.json.encode(case.calls).decode()
    return deployed(tx, case.version_id, calls)


def carry_out(
    tx: Transaction,
    *,
    case: CaseHead,
    command: Command,
    now: datetime,
    rows: Iterable[Row] = (),
    facts: Sequence[Fact] = (),
) -> Step:
    """Advance the case by the command and write what follows, after the `facts` that led to it.

    Raises `CommandRefused`, `VersionConflict`.
    """
    need_running(case)
    program = model_of(tx, case).program
    state = decode_state(case.state)
    step = advance(program, state, command, now, calendars_of(tx, case), in_place=True)
    facts = (*facts, *follow_case(tx, case, program, step, now))
    save_step(tx, case=case, step=step, now=now, rows=rows, facts=facts)
    return step


def save_step(
    tx: Transaction,
    *,
    case: CaseHead,
    step: Step,
    now: datetime,
    rows: Iterable[Row] = (),
    facts: Sequence[Fact] = (),
    opening: Opening | None = None,
) -> None:
    """Write facts, events and rows of a step; `opening` says that the case begins with it."""
    projection = Projection(case, now)
    projection.run(step.events)
    for name, key, row in rows:
        projection.add(name, key, row)
    state = encode_state(step.state)
    dropped = _drop_added(tx, case, projection) if projection.ended_at is not None and opening is None else ()
    recorded = (*facts, *step.events, *dropped)
    seq = case.seq + len(recorded)
    opened: tuple[Any, ...] | None = None
    if opening is not None:
        opened = (
            case.id, case.reference, case.municipality, case.process_id, case.version_id, projection.status, now,
            projection.ended_at, case.starter_unit, projection.responsible_unit, case.row_version, seq, state,
            case.units, case.calls, projection.end_element, opening.idempotency_key,
        )  # fmt: skip
    tx.hot.save(
        CaseChange(
            case_id=case.id,
            row_version=case.row_version,
            status=projection.status,
            responsible_unit=projection.responsible_unit,
            ended_at=projection.ended_at,
            end_element=projection.end_element,
            seq=seq,
            state=state,
            events=write_events(recorded, case.seq + 1, now),
            waves=projection.waves,
            opened=opened,
            stays=(projection.status, projection.responsible_unit) == (case.status, case.responsible_unit),
        )
    )
    if dropped or any(
        isinstance(event, TaskClosed) and event.closing is not Closing.DONE for event in step.events
    ):
        _forget_typed(tx, case)


def _drop_added(tx: Transaction, case: CaseHead, projection: Projection) -> tuple[Fact, ...]:
    """With the case end the tasks that people added to it."""
    query = select(Task.key, Task.element).where(
        Task.case_id == case.id, Task.key < 0, col(Task.closed_at).is_(None)
    )
    facts = []
    for key, element in tx.session.exec(query):
        projection.write("task_close", key, TaskStatus.CANCELLED.value, None, projection.now)
        facts.append(AddedTaskEnded(key=key, element=element, cancelled=True))
    return tuple(facts)


def _forget_typed(tx: Transaction, case: CaseHead) -> None:
    """What people have typed at tasks that are not to be done any more."""
    closed = select(Task.id).where(Task.case_id == case.id, col(Task.closed_at).is_not(None))
    tx.session.execute(delete(Draft).where(col(Draft.task_id).in_(closed)))
    tx.session.execute(update(TaskCheck).where(col(TaskCheck.task_id).in_(closed)).values(values=None))


def note(
    tx: Transaction,
    *,
    case: CaseHead,
    facts: Sequence[Fact],
    rows: Iterable[Row],
    now: datetime,
    ended: tuple[datetime | None, str | None] | None = None,
) -> None:
    """Write facts and rows that leave the kernel's state as it is; of an ended case only what `ended` says."""
    if ended is None:
        need_running(case)
    projection = Projection(case, now)
    for name, key, row in rows:
        projection.add(name, key, row)
    tx.hot.save(
        CaseChange(
            case_id=case.id,
            row_version=case.row_version,
            status=case.status,
            responsible_unit=case.responsible_unit,
            ended_at=ended[0] if ended else None,
            end_element=ended[1] if ended else None,
            seq=case.seq + len(facts),
            state=case.state,
            events=write_events(facts, case.seq + 1, now),
            waves=projection.waves,
            stays=ended is None,
        )
    )
