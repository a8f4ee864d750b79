"""The floor's statements on PostgreSQL: what a programmer would write by hand, a statement per kind of row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from staffel.engine.store.hot import CaseChange
from staffel.engine.store.hot.shapes import WRITES

BEGIN = "BEGIN"
_CASE_UPDATE = (
    'UPDATE "case" SET row_version = row_version + 1, status = %s, responsible_unit = %s, ended_at = %s,'
    " end_element = %s, seq = %s, state = %s WHERE id = %s AND row_version = %s"
)
_EVENT_INSERT = (
    'INSERT INTO event (case_id, seq, at, type, element, "key", data) VALUES (%s, %s, %s, %s, %s, %s, %s)'
)


def _statement(name: str) -> str:
    write = WRITES[name]
    columns = ", ".join(f'"{column}"' for column in write.sets)
    where = " AND ".join(f'"{key}" = %s' for key in write.keys)
    if write.verb == "insert":
        return f'INSERT INTO "{write.table}" ({columns}) VALUES ({", ".join(["%s"] * len(write.sets))})'
    if write.verb == "update":
        sets = ", ".join(f'"{column}" = %s' for column in write.sets)
        return f'UPDATE "{write.table}" SET {sets} WHERE {where}'
    return f'DELETE FROM "{write.table}" WHERE {where}'


_STATEMENTS = {name: _statement(name) for name in WRITES}


def writes(change: CaseChange) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Each statement with its rows, as the driver takes them."""
    if change.opened is not None:
        yield _STATEMENTS["case_open"], [change.opened]
    else:
        row = (
            change.status, change.responsible_unit, change.ended_at, change.end_element, change.seq,
            change.state, change.case_id, change.row_version,
        )  # fmt: skip
        yield _CASE_UPDATE, [row]
    yield (
        _EVENT_INSERT,
        [(change.case_id, e.seq, e.at, e.type, e.element, e.key, e.data) for e in change.events],
    )
    for wave in change.waves:
        for name, rows in wave.items():
            keys = len(WRITES[name].keys)
            yield _STATEMENTS[name], [(*row[keys:], *row[:keys]) for row in rows]
