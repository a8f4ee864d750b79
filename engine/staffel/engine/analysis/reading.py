"""Reads what comparison needs: times of cases, tasks and handovers. Never who did anything.

The statements name no account column, so no figure per employee can come of them (DOMAIN §3.6).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, String, cast, func, select, type_coerce
from sqlalchemy import case as case_when
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from staffel.engine.errors import NotFound
from staffel.engine.kernel.events import Closing
from staffel.engine.kernel.handover_rule import FRISTEN
from staffel.engine.store.database import Transaction
from staffel.engine.store.tables import (
    Case,
    CaseStatus,
    Handover,
    HandoverStatus,
    Process,
    StepDeadline,
    Task,
)
from staffel.engine.store.types import to_microseconds

Micros = int | None
"""Microseconds since 1970 UTC."""


class CaseRow(NamedTuple):
    """A case: `ended` None while it runs."""

    case: str
    municipality: str
    version: UUID
    status: str
    started: int
    ended: Micros


class TaskRow(NamedTuple):
    """A task of a case; `closed` is when it left the inbox, however that came about."""

    case: str
    element: str
    available: int
    claimed: Micros
    begun: Micros
    completed: Micros
    closed: Micros


class HandoverRow(NamedTuple):
    """One offer of a handover on a flow; `element` is the sequence flow's target."""

    case: str
    flow: str
    element: str
    status: str
    offered: int
    acknowledged: Micros
    accepted: Micros
    closed: Micros


class FristRow(NamedTuple):
    """A Frist of a task or step: `end` None while it stands still, `done` when the step was carried out.

    `pauses` are first and last days on which it stood still (last None: until further notice, or until `closed`).
    """

    case: str
    kind: str
    end: Micros
    done: Micros
    dropped: bool
    pauses: tuple[tuple[date, date | None], ...] = ()
    closed: Micros = None


class OfferRow(NamedTuple):
    """One offer of a handover with its Fristen; `due` has their kinds, `stopped` tells that the case was cancelled."""

    case: str
    flow: str
    sender: str
    receiver: str
    status: str
    offered: int
    acknowledged: Micros
    accepted: Micros
    closed: Micros
    ends: tuple[Micros, Micros, Micros]
    due: Mapping[str, Any]
    asked: bool
    case_ended: Micros
    stopped: bool


def find_process(tx: Transaction, process_key: str) -> tuple[UUID, str]:
    """Id and name of a process. Raises `NotFound`."""
    row = tx.connection.execute(
        select(col(Process.id), col(Process.name)).where(col(Process.key) == process_key)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no process {process_key!r}.")
    return row[0], row[1]


def read_cases(tx: Transaction, process: UUID, municipalities: Sequence[str]) -> list[CaseRow]:
    """Every case of the process in the municipalities."""
    micros = Stored(tx)
    statement = (
        select(
            micros.key(col(Case.id)), col(Case.municipality), col(Case.version_id), col(Case.status),
            micros(col(Case.started_at)), micros(col(Case.ended_at)),
        )
        .where(col(Case.process_id) == process, col(Case.municipality).in_(municipalities))
        .order_by(col(Case.municipality), col(Case.started_at), col(Case.id))
    )  # fmt: skip
    return [CaseRow(*row) for row in tx.connection.execute(statement)]


def read_tasks(tx: Transaction, process: UUID, municipalities: Sequence[str]) -> list[TaskRow]:
    """Every task of those cases that belongs to a step of the model."""
    micros = Stored(tx)
    statement = (
        select(
            micros.key(col(Task.case_id)), col(Task.element), micros(col(Task.available_at)),
            micros(col(Task.claimed_at)), micros(col(Task.begun_at)), micros(col(Task.completed_at)),
            micros(col(Task.closed_at)),
        )
        .join(Case, col(Case.id) == col(Task.case_id))
        .where(col(Case.process_id) == process, col(Case.municipality).in_(municipalities), col(Task.key) > 0)
    )  # fmt: skip
    return [TaskRow(*row) for row in tx.connection.execute(statement)]


def read_added_to(tx: Transaction, process: UUID, municipalities: Sequence[str]) -> set[str]:
    """The cases to which somebody has added a task beside the model."""
    micros = Stored(tx)
    statement = (
        select(micros.key(col(Task.case_id)))
        .join(Case, col(Case.id) == col(Task.case_id))
        .where(col(Case.process_id) == process, col(Case.municipality).in_(municipalities), col(Task.key) < 0)
    )
    return set(tx.connection.execute(statement.distinct()).scalars())


def read_handovers(tx: Transaction, process: UUID, municipalities: Sequence[str]) -> list[HandoverRow]:
    """Every handover of those cases that waits for an answer (kind `information` does not)."""
    micros = Stored(tx)
    statement = (
        select(
            micros.key(col(Handover.case_id)), col(Handover.flow), col(Handover.element), col(Handover.status),
            micros(col(Handover.offered_at)), micros(col(Handover.acknowledged_at)),
            micros(col(Handover.accepted_at)), micros(col(Handover.closed_at)),
        )
        .join(Case, col(Case.id) == col(Handover.case_id))
        .where(
            col(Case.process_id) == process,
            col(Case.municipality).in_(municipalities),
            col(Handover.kind) != "information",
        )
    )  # fmt: skip
    return [HandoverRow(*row) for row in tx.connection.execute(statement)]


def read_offers(tx: Transaction, process: UUID, municipalities: Sequence[str]) -> Iterator[OfferRow]:
    """Every handover of those cases with its Fristen as they end now, case by case in the order of the offers."""
    micros = Stored(tx)
    statement = (
        select(
            micros.key(col(Handover.case_id)), col(Handover.flow), micros.key(col(Handover.sender_unit)),
            micros.key(col(Handover.receiver_unit)), col(Handover.status), micros(col(Handover.offered_at)),
            micros(col(Handover.acknowledged_at)), micros(col(Handover.accepted_at)),
            micros(col(Handover.closed_at)), *(micros(getattr(Handover, name)) for name in FRISTEN),
            col(Handover.due), col(Handover.missing), micros(col(Case.ended_at)), col(Case.status),
        )
        .join(Case, col(Case.id) == col(Handover.case_id))
        .where(col(Case.process_id) == process, col(Case.municipality).in_(municipalities))
        .order_by(col(Handover.case_id), col(Handover.offered_at), col(Handover.id))
    )  # fmt: skip
    for row in tx.connection.execute(statement):
        due, missing, ended, status = row[12:]
        stopped = status == CaseStatus.CANCELLED
        yield OfferRow._make((*row[:9], tuple(row[9:12]), due or {}, missing is not None, ended, stopped))


def read_fristen(tx: Transaction, process: UUID, municipalities: Sequence[str]) -> Iterator[FristRow]:
    """Every Frist of tasks and steps of those cases, as it ends now."""
    micros = Stored(tx)
    for case_id, due, done, closed in (
        (Task.case_id, Task.due, Task.completed_at, Task.closed_at),
        (StepDeadline.case_id, StepDeadline.due, _DONE_AT, StepDeadline.closed_at),
    ):
        statement = (
            select(micros.key(col(case_id)), col(due), micros(done), micros(closed))
            .join(Case, col(Case.id) == col(case_id))
            .where(
                col(Case.process_id) == process,
                col(Case.municipality).in_(municipalities),
                col(due).is_not(None),
            )
        )
        for case, held, done_at, closed_at in tx.connection.execute(statement):
            dropped = closed_at is not None and done_at is None
            for frist in held.get("fristen", ()):
                end = to_microseconds(datetime.fromisoformat(frist["at"])) if frist["at"] else None
                pauses = tuple((_day(each["since"]), _day(each["until"])) for each in frist.get("pauses", ()))
                yield FristRow(case, frist["kind"], end, done_at, dropped, pauses, closed_at)


def _day(text: str | None) -> Any:
    return None if text is None else date.fromisoformat(text)


_DONE_AT = case_when((col(StepDeadline.closing) == Closing.DONE.value, col(StepDeadline.closed_at)))
RETURNED = HandoverStatus.RETURNED.value


class Stored:
    """Reads times as integers and ids as plain keys, without an object per value."""

    def __init__(self, tx: Transaction) -> None:
        self._native = tx.dialect == "sqlite"

    def __call__(self, column: Any) -> ColumnElement[Any]:
        if self._native:
            return type_coerce(column, BigInteger)
        return cast(func.extract("epoch", column) * 1_000_000, BigInteger)

    def key(self, column: Any) -> ColumnElement[Any]:
        return type_coerce(column, String) if self._native else cast(column, String)
