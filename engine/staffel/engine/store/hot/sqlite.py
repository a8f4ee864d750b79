"""SQLite: one writer at a time (BEGIN IMMEDIATE), write-ahead log, ids as hex text, times as microseconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

import msgspec

from staffel.engine.store.hot.dialect import Dialect
from staffel.engine.store.hot.shapes import (
    WRITES,
    CaseChange,
    CaseHead,
    Found,
    Head,
    Hot,
    VersionConflict,
    Write,
)
from staffel.engine.store.hot.statements import (
    CASE_COLUMNS,
    CASE_ROOM,
    CLOSING_DAYS,
    DUE_TIMERS,
    PLACES,
    TABLES,
    select_case,
    select_found,
    select_place,
)
from staffel.engine.store.types import from_microseconds, to_microseconds

BUSY_MILLISECONDS = 15_000

_CASE = select_case(", ".join(f"c.{name}" for name in CASE_COLUMNS), "?")
_FOUND = {head: select_found(head, ", ".join(f"c.{name}" for name in CASE_COLUMNS), "?") for head in TABLES}
_PLACE = {table: select_place(table, "?") for table in PLACES}
_CASE_UPDATE = """
    UPDATE "case" SET row_version = row_version + 1, status = ?, responsible_unit = ?, ended_at = ?,
        end_element = ?, seq = ?, state = ?
    WHERE id = ? AND row_version = ?"""
_CASE_STAYS = """
    UPDATE "case" SET row_version = row_version + 1, seq = ?, state = ?
    WHERE id = ? AND row_version = ?"""
"""Touches no index: SQLite writes those of every column that is set, changed or not."""
_EVENT_INSERT = (
    'INSERT INTO event (case_id, seq, at, type, element, "key", data) VALUES (?, ?, ?, ?, ?, ?, ?)'
)
_WAITING_MESSAGES = """
    SELECT m.id, min(s.id) FROM message m JOIN subscription s
        ON s.kind = 'message' AND s.name = m.name AND s.municipality = m.municipality
        AND s.correlation = m.correlation AND s.case_id IS NOT NULL
    WHERE m.kind = 'message' AND m.received_at IS NULL AND (? IS NULL OR m.id = ?)
    GROUP BY m.id ORDER BY m.id LIMIT ?"""
_LEASE = """
    UPDATE work SET worker = ?, lease_until = ?
    WHERE id IN (
        SELECT id FROM work
        WHERE closed_at IS NULL AND municipality = ? AND topic IN ({topics}) AND available_at <= ?
            AND (lease_until IS NULL OR lease_until < ?)
        ORDER BY available_at, id LIMIT ?)
    RETURNING id"""


def _sql(write: Write) -> str:
    names = {name: f'"{name}"' for name in (*write.sets, *write.keys)}
    where = " AND ".join(f"{names[key]} = ?" for key in write.keys)
    match write.verb:
        case "insert":
            columns = ", ".join(names[name] for name in write.sets)
            return f'INSERT INTO "{write.table}" ({columns}) VALUES ({", ".join("?" * len(write.sets))})'  # noqa: S608 - names are ours
        case "update":
            sets = ", ".join(
                f"{names[name]} = ?{place}" for place, name in enumerate(write.sets, len(write.keys) + 1)
            )
            keys = " AND ".join(f"{names[key]} = ?{place}" for place, key in enumerate(write.keys, 1))
            return f'UPDATE "{write.table}" SET {sets} WHERE {keys}'  # noqa: S608 - names are ours
        case _:
            return f'DELETE FROM "{write.table}" WHERE {where}'  # noqa: S608 - names are ours


_WRITES = {name: _sql(write) for name, write in WRITES.items()}


def _out(value: Any) -> Any:
    kind = type(value)
    if kind is UUID:
        return value.hex
    if kind is datetime:
        return to_microseconds(value)
    return value


def _case(row: Sequence[Any]) -> CaseHead:
    return CaseHead(
        _uuid(row[0]),
        row[1],
        row[2],
        _uuid(row[3]),
        _uuid(row[4]),
        row[5],
        _uuid(row[6]),
        _uuid(row[7]),
        *row[8:CASE_ROOM],
    )


_uuid: Callable[[str], UUID] = partial(msgspec.convert, type=UUID)
"""Quicker than the class itself, and every command reads about ten."""


def _same(value: Any) -> Any:
    return value


def _id(value: str | None) -> UUID | None:
    return _uuid(value) if value is not None else None


def _time(value: int | None) -> datetime | None:
    return from_microseconds(value) if value is not None else None


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("id", "unit_id", "account_id", "sender_unit", "receiver_unit"), _id),
    **dict.fromkeys(("begun_at", "lease_until", "closed_at"), _time),
    "waits": bool,
}
_READING = {head: tuple(_READERS.get(name, _same) for name in head._fields) for head in TABLES}  # type: ignore[attr-defined]


class SqliteHot(Hot):
    """The statements on SQLite."""

    __slots__ = ()

    def case(self, case_id: UUID) -> CaseHead | None:
        """See `Hot`; BEGIN IMMEDIATE has locked it already."""
        self.tx.flush()
        row = self.driver.execute(_CASE, (case_id.hex,)).fetchone()
        return _case(row) if row else None

    def found(self, head: type[Head], row_id: UUID) -> Found[Head] | None:
        """See `Hot`."""
        self.tx.flush()
        row = self.driver.execute(_FOUND[head], (row_id.hex,)).fetchone()
        if row is None:
            return None
        own = [read(value) for read, value in zip(_READING[head], row[CASE_ROOM:], strict=True)]
        return Found(_case(row), head._make(own))

    def place(self, table: Literal["timer", "subscription"], row_id: UUID) -> tuple[UUID | None, int] | None:
        """See `Hot`."""
        self.tx.flush()
        row = self.driver.execute(_PLACE[table], (row_id.hex,)).fetchone()
        return (_id(row[0]), row[1]) if row else None

    def due_timers(self, now: datetime, limit: int) -> list[UUID]:
        """See `Hot`."""
        self.tx.flush()
        rows = self.driver.execute(DUE_TIMERS.format("?", "?"), (to_microseconds(now), limit))
        return [_uuid(row[0]) for row in rows]

    def save(self, change: CaseChange) -> None:
        """See `Hot`."""
        execute, executemany = self.driver.execute, self.driver.executemany
        case_id = change.case_id.hex
        if change.opened is not None:
            execute(_WRITES["case_open"], [_out(value) for value in change.opened])
        else:
            moved = () if change.stays else (
                change.status, change.responsible_unit.hex, _out(change.ended_at), change.end_element
            )  # fmt: skip
            found = execute(
                _CASE_STAYS if change.stays else _CASE_UPDATE,
                (*moved, change.seq, change.state, case_id, change.row_version),
            )
            if found.rowcount != 1:
                raise VersionConflict
        if change.events:
            at = to_microseconds(change.events[0].at)
            executemany(
                _EVENT_INSERT, [(case_id, e.seq, at, e.type, e.element, e.key, e.data) for e in change.events]
            )
        for wave in change.waves:
            for name, rows in wave.items():
                values = [[_out(value) for value in row] for row in rows]
                if len(values) == 1:  # the usual number, and `execute` is quicker
                    execute(_WRITES[name], values[0])
                else:
                    executemany(_WRITES[name], values)
        self.tx.forget()

    def closing_days(self, unit_id: UUID) -> frozenset[date]:
        """See `Hot`."""
        self.tx.flush()
        rows = self.driver.execute(CLOSING_DAYS.format("?"), (unit_id.hex,))
        return frozenset(date.fromisoformat(row[0]) for row in rows)

    def free_case(self, case_id: UUID) -> CaseHead | None:
        """See `Hot`."""
        return self.case(case_id)

    def waiting_messages(self, limit: int, message_id: UUID | None = None) -> list[tuple[UUID, UUID]]:
        """See `Hot`."""
        self.tx.flush()
        wanted = message_id.hex if message_id else None
        rows = self.driver.execute(_WAITING_MESSAGES, (wanted, wanted, limit))
        return [(_uuid(message), _uuid(subscription)) for message, subscription in rows]

    def lease_work(
        self, *, topics: list[str], municipality: str, worker: str, now: datetime, until: datetime, limit: int
    ) -> list[UUID]:
        """See `Hot`."""
        self.tx.flush()
        moment = to_microseconds(now)
        statement = _LEASE.format(topics=", ".join("?" * len(topics)))
        rows = self.driver.execute(
            statement, (worker, to_microseconds(until), municipality, *topics, moment, moment, limit)
        ).fetchall()
        self.tx.forget()
        return sorted(_uuid(row[0]) for row in rows)


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "cache_size = -20000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")


def _begin_reading(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")


def _commit(connection: sqlite3.Connection) -> None:
    connection.execute("COMMIT")


def _rollback(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}


def _is_passing(error: BaseException | None) -> bool:
    """Locks pass; so does a unique value that another transaction took: the next try finds it and can refuse."""
    if not isinstance(error, sqlite3.Error):
        return False
    code = error.sqlite_errorcode
    return code & 0xFF in _PASSING or code in _UNIQUE


def _mark(connection: sqlite3.Connection) -> str:
    """It counts what other connections have committed, whatever their process."""
    return str(connection.execute("PRAGMA data_version").fetchone()[0])


DIALECT = Dialect(
    SqliteHot,
    _prepare,
    _begin,
    _begin_reading,
    _rollback,
    _commit,
    _rollback,
    _is_passing,
    lambda _: False,
    _mark,
)
