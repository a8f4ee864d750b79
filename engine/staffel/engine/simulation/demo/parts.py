"""The cases of the demo in two parts that know nothing of each other: side by side on SQLite, else one after another."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec

from staffel.engine.actor import Actor
from staffel.engine.analysis.clocks import WorkingClock
from staffel.engine.simulation.demo.speeds import HINTS, PROFILES
from staffel.engine.simulation.driver import Driver
from staffel.engine.simulation.stored import StoredWorld
from staffel.engine.simulation.values import ValueMaker
from staffel.engine.simulation.world import Arrival
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import METADATA

Started = Callable[[int], None]
"""Told how many cases of the parts have begun."""

_ACTS = 1500
"""Acts per transaction."""
_CACHE_KIB = 300_000
"""The whole file fits: nothing is read twice while it is written."""
WORTH_A_PROCESS = 1000
"""Cases from which on a second process saves more time than its start takes."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What a part needs. `keys` are the process keys by folder."""

    seed: str
    arrivals: Sequence[Arrival]
    staff: Mapping[UUID, Sequence[Actor]]
    competences: Mapping[tuple[str, str], UUID]
    keys: Mapping[str, str]
    clock: WorkingClock
    until: datetime


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a part."""

    started: int
    ended: int
    acts: int
    refused: int


class Process:
    """A second process, made ready while the first still creates Stellen and models."""

    def __init__(self, pool: ProcessPoolExecutor, count: Any) -> None:
        self._pool, self._count = pool, count
        pool.submit(_ready)

    def submit(self, path: str, part: Part) -> Future[Played]:
        """Play the part in the SQLite file at `path`."""
        return self._pool.submit(_play_copy, path, part)

    @property
    def started(self) -> int:
        """How many cases have begun there."""
        return int(self._count.value)


@contextmanager
def second_process(database: Database, cases: int) -> Iterator[Process | None]:
    """A second process where it saves time: on SQLite, for many cases."""
    if not database.is_sqlite or cases < WORTH_A_PROCESS:
        yield None
        return
    context = get_context("spawn")
    count = context.Value("i", 0)
    with ProcessPoolExecutor(1, context, initializer=_share, initargs=(count,)) as pool:
        yield Process(pool, count)


def play_parts(
    database: Database, process: Process | None, parts: tuple[Part, Part], started: Started
) -> list[Played]:
    """Play both parts in the database; the second on a copy where there is a process, for one alone may write."""
    first, second = parts
    path = database.url.database
    if process is None or path is None:
        played = play(database, first, started)
        return [played, play(database, second, lambda number: started(played.started + number))]
    with TemporaryDirectory(prefix="staffel-", dir=Path(path).parent) as folder:
        copy = str(Path(folder) / "part.db")
        _copy(path, copy)
        future = process.submit(copy, second)
        played = play(database, first, lambda number: started(number + process.started))
        result = [played, future.result()]
        _take_over(path, copy)
    return result


def play(database: Database, part: Part, started: Started) -> Played:
    """Play the cases of a part to its end."""
    random = Random(part.seed)  # noqa: S311 - made-up cases need no secrets
    world = StoredWorld(staff=part.staff, competences=part.competences, random=random)
    driver = Driver(
        world,
        arrivals=part.arrivals,
        profiles=PROFILES,
        values={key: ValueMaker(random, HINTS.get(name)) for name, key in part.keys.items()},
        clock=part.clock,
        random=random,
    )
    with _unwatched(database):
        while database.run(_Batch(world, driver, part.until)):
            started(driver.started)
    return Played(started=driver.started, ended=driver.ended, acts=driver.acts, refused=driver.refused)


@contextmanager
def _unwatched(database: Database) -> Iterator[None]:
    """SQLite looks up what a row refers to after all rows are written, instead of at each, and does not wait for the disk.

    Only a failure of the machine could spoil the file meanwhile. Raises `ValueError`.
    """
    if not database.is_sqlite:
        yield
        return
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA synchronous = FULL")
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        raise ValueError(f"Expected every row of the demo to refer to one that is there, found {lost[:3]}")


class _Batch:
    """Many acts in one transaction. It cannot be repeated: the driver has moved on in memory."""

    def __init__(self, world: StoredWorld, driver: Driver, until: datetime) -> None:
        self._world, self._driver, self._until = world, driver, until
        self._begun = False

    def __call__(self, tx: Transaction) -> bool:
        if self._begun:
            raise RuntimeError(
                "The database interrupted the demo being built. Remove its data and start again."
            )
        self._begun = True
        if tx.dialect == "sqlite":
            tx.driver.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._world.use(tx)
        return self._driver.advance(self._until, _ACTS)


_shared: list[Any] = []


def _share(count: Any) -> None:
    _shared.append(count)


def _ready() -> None:
    """Runs in the second process: to find it, all that a part needs is imported."""


def _play_copy(path: str, part: Part) -> Played:
    """Runs in the second process."""
    (count,) = _shared
    database = Database(f"sqlite:///{path}")
    try:
        return play(database, part, lambda number: setattr(count, "value", number))
    finally:
        database.close()


def _copy(path: str, copy: str) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _take_over(path: str, copy: str) -> None:
    """Add the rows of the copy that are new in it. Two rows that exclude each other end in sqlite3's `IntegrityError`."""
    with closing(sqlite3.connect(path)) as target:
        target.execute("ATTACH ? AS part", (copy,))
        target.execute(f"PRAGMA main.cache_size = -{_CACHE_KIB}")
        target.execute("PRAGMA main.synchronous = OFF")
        with target:
            for table in METADATA.sorted_tables:
                same = " AND ".join(f'old."{key.name}" = new."{key.name}"' for key in table.primary_key)
                target.execute(
                    f'INSERT INTO main."{table.name}" SELECT * FROM part."{table.name}" AS new'  # noqa: S608 - our names
                    f' WHERE NOT EXISTS (SELECT 1 FROM main."{table.name}" AS old WHERE {same})'
                )
