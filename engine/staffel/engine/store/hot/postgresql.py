"""PostgreSQL: row locks (FOR UPDATE), one round trip to save: every write of a command is a part of one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Literal
from uuid import UUID

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from sqlalchemy import Dialect as SqlDialect
from sqlalchemy.dialects import postgresql

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
from staffel.engine.store.tables import METADATA

_DIALECT: SqlDialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
_AS_TEXT = {"units": "c.units::text", "calls": "c.calls::text"}
_COLUMNS = ", ".join(_AS_TEXT.get(name, f"c.{name}") for name in CASE_COLUMNS)
_CASE = select_case(_COLUMNS, "%s") + " FOR UPDATE"
_FREE_CASE = _CASE + " SKIP LOCKED"
_FOUND = {head: select_found(head, _COLUMNS, "%s") + " FOR UPDATE OF c, r" for head in TABLES}
"""The case is locked before the row: whoever waits for a row holds its case, so that nobody waits in a circle."""

_PLACE = {table: select_place(table, "%s") for table in PLACES}
_CASE_UPDATE = """
    case_update AS (
        UPDATE "case" SET row_version = row_version + 1, status = %s, responsible_unit = %s, ended_at = %s,
            end_element = %s, seq = %s, state = %s
        WHERE id = %s AND row_version = %s
        RETURNING 1)"""
_EVENT_INSERT = """
    event_insert AS (
        INSERT INTO event (case_id, seq, at, type, element, "key", data)
        SELECT %s::uuid, e.seq, %s::timestamptz, e.type, e.element, e."key", e.data
        FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[], %s::bytea[])
            AS e (seq, type, element, "key", data))"""
_WAITING_MESSAGES = """
    SELECT m.id, (
        SELECT s.id FROM subscription s
        WHERE s.kind = 'message' AND s.name = m.name AND s.municipality = m.municipality
            AND s.correlation = m.correlation AND s.case_id IS NOT NULL
        ORDER BY s.id LIMIT 1)
    FROM message m
    WHERE m.kind = 'message' AND m.received_at IS NULL AND (%s::uuid IS NULL OR m.id = %s) AND EXISTS (
        SELECT 1 FROM subscription s
        WHERE s.kind = 'message' AND s.name = m.name AND s.municipality = m.municipality
            AND s.correlation = m.correlation AND s.case_id IS NOT NULL)
    ORDER BY m.id LIMIT %s"""
_LEASE = """
    UPDATE work SET worker = %s, lease_until = %s
    WHERE id IN (
        SELECT id FROM work
        WHERE closed_at IS NULL AND municipality = %s AND topic = ANY(%s) AND available_at <= %s
            AND (lease_until IS NULL OR lease_until < %s)
        ORDER BY available_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING id"""


def _part(name: str, write: Write) -> str:
    """The statement as a part of `save`, over arrays: one for each of `keys` and `sets`."""
    table = METADATA.tables[write.table]
    columns = (*write.keys, *write.sets)
    types = [table.columns[column].type.compile(_DIALECT) for column in columns]
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    names = ", ".join(f'"{column}"' for column in columns)
    rows = f"unnest({arrays}) AS n ({names})"
    match = " AND ".join(f't."{key}" = n."{key}"' for key in write.keys)
    match_verb = {
        "insert": f'INSERT INTO "{write.table}" ({names}) SELECT * FROM {rows}',  # noqa: S608 - names are ours
        "update": f'UPDATE "{write.table}" t SET '  # noqa: S608 - names are ours
        + ", ".join(f'"{column}" = n."{column}"' for column in write.sets)
        + f" FROM {rows} WHERE {match}",
        "delete": f'DELETE FROM "{write.table}" t USING {rows} WHERE {match}',  # noqa: S608 - names are ours
    }
    return f"{name} AS ({match_verb[write.verb]})"


_PARTS = {name: _part(name, write) for name, write in WRITES.items()}


@cache
def _save(names: tuple[str, ...], opens: bool) -> str:
    """One statement for a command that touches the case, its events and `names`."""
    parts = [_PARTS["case_open"] if opens else _CASE_UPDATE, _EVENT_INSERT, *(_PARTS[name] for name in names)]
    answer = "SELECT 1" if opens else "SELECT count(*) FROM case_update"
    return f"WITH {', '.join(parts)} {answer}"


@cache
def _later(names: tuple[str, ...]) -> str:
    return f"WITH {', '.join(_PARTS[name] for name in names)} SELECT 1"


class PostgresqlHot(Hot):
    """The statements on PostgreSQL."""

    __slots__ = ()

    def _rows(self, statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        self.tx.flush()
        rows: list[tuple[Any, ...]] = self.driver.execute(statement, parameters).fetchall()
        return rows

    def case(self, case_id: UUID) -> CaseHead | None:
        """See `Hot`."""
        rows = self._rows(_CASE, (case_id,))
        return CaseHead(*rows[0]) if rows else None

    def found(self, head: type[Head], row_id: UUID) -> Found[Head] | None:
        """See `Hot`."""
        rows = self._rows(_FOUND[head], (row_id,))
        return Found(CaseHead(*rows[0][:CASE_ROOM]), head(*rows[0][CASE_ROOM:])) if rows else None

    def place(self, table: Literal["timer", "subscription"], row_id: UUID) -> tuple[UUID | None, int] | None:
        """See `Hot`."""
        rows = self._rows(_PLACE[table], (row_id,))
        return (rows[0][0], rows[0][1]) if rows else None

    def due_timers(self, now: datetime, limit: int) -> list[UUID]:
        """See `Hot`."""
        return [row[0] for row in self._rows(DUE_TIMERS.format("%s", "%s"), (now, limit))]

    def closing_days(self, unit_id: UUID) -> frozenset[date]:
        """See `Hot`."""
        return frozenset(row[0] for row in self._rows(CLOSING_DAYS.format("%s"), (unit_id,)))

    def save(self, change: CaseChange) -> None:
        """See `Hot`."""
        events = change.events
        parameters: list[Any] = (
            [[value] for value in change.opened]
            if change.opened is not None
            else [
                change.status, change.responsible_unit, change.ended_at, change.end_element, change.seq,
                change.state, change.case_id, change.row_version,
            ]
        )  # fmt: skip
        parameters += [
            change.case_id,
            events[0].at if events else None,
            [event.seq for event in events],
            [event.type for event in events],
            [event.element for event in events],
            [event.key for event in events],
            [event.data for event in events],
        ]
        waves = change.waves
        first = waves[0] if waves else {}
        for rows in first.values():
            parameters += map(list, zip(*rows, strict=True))
        statement = _save(tuple(first), change.opened is not None)
        if self.driver.execute(statement, parameters).fetchone()[0] != 1:
            raise VersionConflict
        for wave in waves[1:]:
            later = [column for rows in wave.values() for column in map(list, zip(*rows, strict=True))]
            self.driver.execute(_later(tuple(wave)), later)
        self.tx.forget()

    def free_case(self, case_id: UUID) -> CaseHead | None:
        """See `Hot`."""
        rows = self._rows(_FREE_CASE, (case_id,))
        return CaseHead(*rows[0]) if rows else None

    def waiting_messages(self, limit: int, message_id: UUID | None = None) -> list[tuple[UUID, UUID]]:
        """See `Hot`."""
        rows = self._rows(_WAITING_MESSAGES, (message_id, message_id, limit))
        return [(message, subscription) for message, subscription in rows]

    def lease_work(
        self, *, topics: list[str], municipality: str, worker: str, now: datetime, until: datetime, limit: int
    ) -> list[UUID]:
        """See `Hot`."""
        rows = self._rows(_LEASE, (worker, until, municipality, topics, now, now, limit))
        self.tx.forget()
        return sorted(row[0] for row in rows)


def _prepare(connection: psycopg.Connection[Any], _record: object) -> None:
    connection.prepare_threshold = 2


def _begin(connection: psycopg.Connection[Any]) -> None:
    connection.execute("BEGIN")


def _begin_reading(connection: psycopg.Connection[Any]) -> None:
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _end_reading(connection: psycopg.Connection[Any]) -> None:
    """Commit, which keeps nothing of a read-only transaction: at a ROLLBACK psycopg forgets every prepared statement."""
    connection.execute("COMMIT")


def _commit(connection: psycopg.Connection[Any]) -> None:
    connection.execute("COMMIT")


def _rollback(connection: psycopg.Connection[Any]) -> None:
    if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
        connection.execute("ROLLBACK")


_PASSING = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.UniqueViolation,
)


def _is_passing(error: BaseException | None) -> bool:
    """Locks pass; so does a unique value that another transaction took: the next try finds it and can refuse."""
    return isinstance(error, _PASSING)


def _is_lost(connection: psycopg.Connection[Any]) -> bool:
    return connection.closed


def _mark(connection: psycopg.Connection[Any]) -> str:
    """Which transactions that write are under way; one that ends is missing in the next answer."""
    return str(connection.execute("SELECT pg_current_snapshot()::text").fetchone()[0])  # type: ignore[index]  # one row


DIALECT = Dialect(
    PostgresqlHot,
    _prepare,
    _begin,
    _begin_reading,
    _end_reading,
    _commit,
    _rollback,
    _is_passing,
    _is_lost,
    _mark,
)
