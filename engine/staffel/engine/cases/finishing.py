"""A person's task is done: the case goes on, and a consent that came with it is entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from staffel.engine.actor import Actor
from staffel.engine.cases.consents import LANGUAGE, note_consent
from staffel.engine.cases.facts import Fact
from staffel.engine.cases.running import Row, carry_out, model_of
from staffel.engine.kernel import CompleteTask
from staffel.engine.kernel.handover_data import CONSENT
from staffel.engine.store import Transaction
from staffel.engine.store.hot import Found, TaskHead


def finish_task(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    found: Found[TaskHead],
    variables: Mapping[str, Any],
    rows: Sequence[Row] = (),
    facts: Sequence[Fact] = (),
) -> None:
    """Complete the task with FEEL values that were checked already; drafts are forgotten."""
    case, task = found
    command = CompleteTask(key=task.key, variables=variables)
    forget: Row = ("draft_forget", task.key, (task.id,))
    carry_out(tx, case=case, command=command, now=now, rows=(forget, *rows), facts=facts)
    if CONSENT in variables:
        note_consent(
            tx,
            actor=actor,
            now=now,
            case_id=case.id,
            unit_id=task.unit_id,
            purpose=model_of(tx, case).program.elements[task.element].name,
            given=variables[CONSENT],
            language=str(variables.get(LANGUAGE) or ""),
        )
