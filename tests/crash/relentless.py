"""Works cases one after the other and says each step when it is committed, until it is killed.

Called as a program: `relentless.py DATABASE_URL ACCOUNT UNIT MUNICIPALITY PREFIX`.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import col, select

from staffel.engine import cases
from staffel.engine.actor import Actor, Role
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import Task


def open_task(tx: Transaction, case_id: UUID) -> UUID | None:
    return tx.session.exec(
        select(Task.id).where(Task.case_id == case_id, col(Task.closed_at).is_(None))
    ).first()


def main(url: str, account: str, unit: str, municipality: str, prefix: str) -> None:
    database = Database(url)
    role = frozenset({Role.SACHBEARBEITUNG})
    actor = Actor(
        name="A", municipality=municipality, account=UUID(account), units={UUID(unit): role}, roles=role
    )
    number = 0
    while True:
        number += 1
        now = datetime.now(UTC)
        case = database.run(
            cases.start_case, actor=actor, now=now, process_key="p", reference=f"{prefix}-{number}"
        )
        print("case", case, flush=True)
        while task := database.read(open_task, case):
            database.run(cases.claim_task, actor=actor, now=now, task_id=task)
            print("claimed", task, flush=True)
            database.run(cases.complete_task, actor=actor, now=now, task_id=task)
            print("completed", task, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
