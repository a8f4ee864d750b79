"""Statements that both databases understand, but for how a parameter is written."""

from __future__ import annotations

from staffel.engine.store.hot.shapes import CaseHead, HandoverHead, IncidentHead, TaskHead, WorkHead

TABLES: dict[type, str] = {
    TaskHead: "task",
    HandoverHead: "handover",
    WorkHead: "work",
    IncidentHead: "incident",
}
DUE_TIMERS = "SELECT id FROM timer WHERE due <= {} ORDER BY due, id LIMIT {}"
CLOSING_DAYS = "SELECT day FROM closing_day WHERE unit_id = {}"
CASE_COLUMNS = CaseHead._fields
CASE_ROOM = len(CASE_COLUMNS)


PLACES = ("timer", "subscription")
"""Tables of places where a case waits for something from outside, or a version for its start (`case_id` null)."""


def select_place(table: str, parameter: str) -> str:
    """Where something waits: case and key, by id."""
    return f'SELECT case_id, "key" FROM {table} WHERE id = {parameter}'  # noqa: S608 - names are ours


def select_case(columns: str, parameter: str) -> str:
    """One case by id."""
    return f'SELECT {columns} FROM "case" c WHERE c.id = {parameter}'  # noqa: S608 - names are ours


def select_found(head: type, columns: str, parameter: str) -> str:
    """A waiting place and its case, by the id of the waiting place."""
    own = ", ".join(f"r.{name}" for name in head._fields)  # type: ignore[attr-defined]
    table = TABLES[head]
    return (
        f'SELECT {columns}, {own} FROM {table} r JOIN "case" c ON c.id = r.case_id '  # noqa: S608 - names are ours
        f"WHERE r.id = {parameter}"
    )
