"""The floor's statements on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from staffel.engine.store.hot import CaseChange
from staffel.engine.store.hot.sqlite import _CASE_UPDATE, _EVENT_INSERT, _WRITES, _out

BEGIN = "BEGIN IMMEDIATE"


def writes(change: CaseChange) -> Iterator[tuple[str, list[list[Any]]]]:
    """Each statement with its rows, as the driver takes them."""
    if change.opened is not None:
        yield _WRITES["case_open"], [[_out(value) for value in change.opened]]
    else:
        row = (
            change.status, change.responsible_unit, change.ended_at, change.end_element, change.seq,
            change.state, change.case_id, change.row_version,
        )  # fmt: skip
        yield _CASE_UPDATE, [[_out(value) for value in row]]
    rows = [(change.case_id, e.seq, e.at, e.type, e.element, e.key, e.data) for e in change.events]
    yield _EVENT_INSERT, [[_out(value) for value in row] for row in rows]
    for wave in change.waves:
        for name, parameters in wave.items():
            yield _WRITES[name], [[_out(value) for value in row] for row in parameters]
