"""The inbox with very many open cases: each of its pages with 30,000 beside the same with 300, on both databases."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from staffel.api.cases.queries import CaseFilter, list_cases
from staffel.api.cases.service import read_case
from staffel.api.changes.marks import mark_of
from staffel.api.search.queries import search
from staffel.api.tasks.choices import municipalities_with_tasks, processes_with_tasks
from staffel.api.tasks.counts import SOON, count_tasks
from staffel.api.tasks.filters import InboxFilter, Order
from staffel.api.tasks.queries import inbox
from staffel.engine import cases
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import Case, Task, TaskStatus
from tools.bench.human_case import NOW, PROCESS, Stored, on_postgresql, on_sqlite

FEW = 300
PAGE = 25
BATCH = 2_000
KINDS = ("gesetzlich", "soll", "vereinbart", "intern", "person")


def measure_inbox(many: int, rounds: int, few: int = FEW) -> dict[str, Any]:
    """Milliseconds of each page by database with `many` open cases, and how many times those with `few` that is."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases = {
            "sqlite": stack.enter_context(on_sqlite(folder))[0],
            "postgresql": stack.enter_context(on_postgresql(folder))[0],
        }
        return {name: _measure(stored, few, many, rounds) for name, stored in databases.items()}


def _measure(stored: Stored, few: int, many: int, rounds: int) -> dict[str, dict[str, float]]:
    first = stored.database.run(
        cases.start_case, actor=stored.actor, now=NOW, process_key=PROCESS, reference="A-0"
    )
    found: dict[int, dict[str, float]] = {}
    below = 1
    for number in (few, many):
        for start in range(below, number, BATCH):
            numbers = range(start, min(start + BATCH, number))
            stored.database.run(_copy, case_id=first, numbers=numbers, account=stored.actor.account)
        below = number
        _refresh_statistics(stored)
        found[number] = {name: _median(read, rounds) for name, read in _pages(stored, first).items()}
    return {
        name: {"ms": round(ms * 1e3, 1), "vs_few": round(ms / found[few][name], 1)}
        for name, ms in found[many].items()
    }


def _copy(tx: Transaction, *, case_id: UUID, numbers: range, account: UUID | None) -> None:
    """Cases as the first one, each with its open task; a tenth is claimed, a twentieth put off, all due on other days."""
    case_table, task_table = (table.metadata.tables[str(table.__tablename__)] for table in (Case, Task))
    case = dict(tx.session.execute(select(case_table).where(case_table.c.id == case_id)).one()._mapping)
    task = dict(tx.session.execute(select(task_table).where(task_table.c.case_id == case_id)).one()._mapping)
    rows = [_row(case, task, number, account) for number in numbers]
    tx.session.execute(insert(case_table), [each for each, _ in rows])
    tx.session.execute(insert(task_table), [each for _, each in rows])


def _row(
    case: Mapping[str, Any], task: Mapping[str, Any], number: int, account: UUID | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    came, due = NOW - timedelta(minutes=number), NOW + timedelta(minutes=7 * (number % 9_000) - 9_000)
    copy = {**case, "id": new_id(came), "reference": f"A-{number * 7919 % 1_000_003}", "started_at": came}
    copy["idempotency_key"] = None
    claimed = number % 10 == 0
    return copy, {
        **task,
        "id": new_id(came),
        "case_id": copy["id"],
        "name": f"{task['name']} {number % 12}",
        "available_at": came,
        "due_at": due,
        "sort_at": due,
        "due": {"kind": KINDS[number % len(KINDS)], "fristen": []},
        "status": TaskStatus.CLAIMED if claimed else TaskStatus.OPEN,
        "account_id": account if claimed else None,
        "claimed_at": came if claimed else None,
        "follow_up_at": NOW + timedelta(days=3) if number % 20 == 1 else None,
    }


def _refresh_statistics(stored: Stored) -> None:
    with stored.database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _pages(stored: Stored, case_id: UUID) -> dict[str, Callable[[], Any]]:
    """What the pages read, each by itself."""

    def listed(wanted: InboxFilter, pages: int = 1) -> Callable[[], Any]:
        def read() -> Any:
            cursor = None
            for _ in range(pages):
                page = stored.database.read(
                    inbox, actor=stored.actor, now=NOW, wanted=wanted, cursor=cursor, limit=PAGE
                )
                cursor = page.next
            return page

        return read

    def reading(work: Callable[..., Any], **more: Any) -> Callable[[], Any]:
        return lambda: stored.database.read(work, actor=stored.actor, **more)

    return {
        **{f"tab {name}": listed(wanted) for name, wanted in _tabs()},
        **{f"filter {name}": listed(wanted) for name, wanted in _filters(stored)},
        **{f"order {order}": listed(InboxFilter(order=order)) for order in Order},
        "ten pages by due date": listed(InboxFilter(), pages=10),
        "ten pages by reference": listed(InboxFilter(order=Order.REFERENCE), pages=10),
        "counts": reading(count_tasks, now=NOW, wanted=InboxFilter()),
        "counts of a filter": reading(count_tasks, now=NOW, wanted=InboxFilter(name="1", process=PROCESS)),
        "choice of processes": reading(processes_with_tasks),
        "choice of municipalities": reading(municipalities_with_tasks),
        "mark of live updates": reading(mark_of),
        "search": reading(search, now=NOW, text="A-99", limit=10),
        "list of cases": reading(list_cases, wanted=CaseFilter(), limit=PAGE),
        "a case": reading(read_case, case_id=case_id),
    }


def _tabs() -> Iterator[tuple[str, InboxFilter]]:
    yield "open", InboxFilter()
    yield "due", InboxFilter(due_before=NOW + SOON)
    yield "overdue", InboxFilter(due_before=NOW)
    yield "new", InboxFilter(status=TaskStatus.OPEN)
    yield "mine", InboxFilter(mine=True)
    yield "checking", InboxFilter(status=TaskStatus.CHECKING)
    yield "postponed", InboxFilter(postponed=True)
    yield "to take over", InboxFilter(to_take_over=True)


def _filters(stored: Stored) -> Iterator[tuple[str, InboxFilter]]:
    nothing = UUID(int=0)
    yield "reference", InboxFilter(reference="A-99")
    yield "reference, nothing found", InboxFilter(reference="nowhere")
    yield "process", InboxFilter(process=PROCESS)
    yield "step", InboxFilter(name="11")
    yield "deadline", InboxFilter(deadline="intern")
    yield "claimed", InboxFilter(claimed=True)
    yield "person", InboxFilter(person=stored.actor.account)
    yield "team, nothing found", InboxFilter(team=nothing)
    yield "unit", InboxFilter(unit=next(iter(stored.actor.units)))
    yield "municipality", InboxFilter(municipality=stored.actor.municipality)
    yield "added, nothing found", InboxFilter(added=True)


def _median(read: Callable[[], Any], rounds: int) -> float:
    """Seconds; the first reading warms up."""
    taken = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        read()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken[1:])
