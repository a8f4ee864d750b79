"""How many statements one completion sends, begin and commit included."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from staffel.engine import cases
from tools.bench.human_case import NOW, PROCESS, VALUES, Stored, _next_task


def statements_per_completion(stored: Stored) -> float:
    """The mean over one case."""
    arguments: dict[str, Any] = {"actor": stored.actor, "now": NOW}
    case_id = stored.database.run(
        cases.start_case, process_key=PROCESS, reference=f"B-{next(stored.numbers)}", **arguments
    )
    sent = completions = 0
    while (task_id := stored.database.read(_next_task, case_id=case_id)) is not None:
        stored.database.run(cases.claim_task, task_id=task_id, **arguments)
        with _counting(stored) as statements:
            stored.database.run(cases.complete_task, task_id=task_id, values=VALUES, **arguments)
        sent += len(statements)
        completions += 1
    return round(sent / completions, 1)


@contextmanager
def _counting(stored: Stored) -> Iterator[list[str]]:
    statements: list[str] = []
    if stored.database.is_sqlite:
        stored.database.run(lambda tx: tx.driver.set_trace_callback(statements.append))
        del statements[:]  # of the COMMIT
        yield statements
        stored.database.run(lambda tx: tx.driver.set_trace_callback(None))
        del statements[-1]  # its BEGIN
        return
    execute = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        statements.append(str(query))
        return execute(self, query, *args, **kwargs)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign]
    try:
        yield statements
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]
