"""What a test begins with: built once per process and kind of database by the engine, then written as the same rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import METADATA

Result = TypeVar("Result")

_kept: dict[tuple[Callable[..., Any], str], tuple[Any, list[tuple[str, Any]]]] = {}


def found(database: Database, build: Callable[[Transaction], Result]) -> Result:
    """Fill an empty database as `build` does; the result, ids included, is the same every time."""
    key = build, database.url.get_backend_name()
    if key not in _kept:
        _kept[key] = database.run(build), database.read(_rows)
    else:
        database.run(_write, _kept[key][1])
    result: Result = _kept[key][0]
    return result


def _rows(tx: Transaction) -> list[tuple[str, Any]]:
    """Every row as the database itself writes it, tables in an order in which they can be filled."""
    kept: list[tuple[str, Any]] = []
    for table in METADATA.sorted_tables:
        if tx.dialect == "sqlite":
            found = tx.driver.execute(f'SELECT * FROM "{table.name}"').fetchall()
        else:
            with tx.driver.cursor().copy(f'COPY "{table.name}" TO STDOUT') as lines:
                found = b"".join(lines)
        if found:
            kept.append((table.name, found))
    return kept


def _write(tx: Transaction, kept: list[tuple[str, Any]]) -> None:
    for name, rows in kept:
        if tx.dialect == "sqlite":
            places = ", ".join("?" * len(rows[0]))
            tx.driver.executemany(f'INSERT INTO "{name}" VALUES ({places})', rows)
        else:
            with tx.driver.cursor().copy(f'COPY "{name}" FROM STDIN') as lines:
                lines.write(rows)
