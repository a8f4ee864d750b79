"""A task with all that is needed to do it; the same for many tasks; kept filters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from staffel.api.cases.values import (
    form_of,
    values_for_task,
    values_of_check,
    values_of_decision,
    values_of_proposal,
)
from staffel.api.tasks.checks import checks_out
from staffel.api.tasks.queries import find_task
from staffel.api.tasks.schemas import BulkAction, BulkResult, FilterOut, Form, InboxQuery, TaskDetail
from staffel.engine import cases
from staffel.engine.actor import Actor
from staffel.engine.cases.running import model_of
from staffel.engine.cases.second_check import checks_of, may_confirm, second_people
from staffel.engine.cases.tasks import read_draft
from staffel.engine.errors import Refusal
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import Account, AddedTask, TaskStatus


def read_task(tx: Transaction, *, actor: Actor, now: datetime, task_id: UUID) -> TaskDetail:
    """The task with its form, the values of the form's fields, the own draft, the rules' proposal and what became of it, and
    its second checks. Raises `NotFound`.
    """
    task, case, summary = find_task(tx, actor=actor, task_id=task_id)
    form = form_of(tx, case, task)
    said = tx.session.get(AddedTask, task_id) if summary.added else None
    author = tx.session.get(Account, said.added_by) if said and said.added_by else None
    four_eyes = said is None and model_of(tx, case).program.elements[task.element].node.extension.four_eyes
    waiting = checks_of(tx, task_ids=[task_id])[-1] if task.status == TaskStatus.CHECKING else None
    return TaskDetail(
        **summary.model_dump(),
        due=task.due,
        form=Form(schema=dict(form.schema), ui=form.ui, rules=form.rules) if form else None,
        values=values_for_task(case, task, form),
        filled=values_of_check(waiting) if waiting else None,
        note=said.note if said else "",
        added_by=author.name if author else None,
        draft=read_draft(tx, actor=actor, task_id=task_id),
        proposal=values_of_proposal(tx, task),
        decided=values_of_decision(tx, case, task, waiting),
        four_eyes=four_eyes,
        has_second_person=four_eyes
        and bool(second_people(tx, unit_id=task.unit_id, first_id=actor.account, now=now)),
        may_confirm=waiting is not None
        and may_confirm(tx, actor=actor, check=waiting, unit_id=task.unit_id, now=now),
        checks=[check for _, check in checks_out(tx, task_ids=[task_id])],
    )


def do_to_many(
    database: Database,
    *,
    actor: Actor,
    now: datetime,
    action: BulkAction,
    tasks: Sequence[UUID],
    until: datetime | None = None,
) -> list[BulkResult]:
    """The same to each of the tasks, one transaction each; a refusal stops none of the others."""
    change: Any = {
        BulkAction.CLAIM: cases.claim_task,
        BulkAction.RELEASE: cases.release_task,
        BulkAction.POSTPONE: cases.postpone_task,
        BulkAction.TAKE_OVER: cases.take_over_task,
    }[action]
    more = {"until": until} if action is BulkAction.POSTPONE else {}
    results = []
    for task_id in dict.fromkeys(tasks):
        try:
            database.run(change, actor=actor, now=now, task_id=task_id, **more)
            results.append(BulkResult(id=task_id, done=True))
        except Refusal as refusal:
            results.append(
                BulkResult(
                    id=task_id,
                    done=False,
                    code=refusal.code,
                    text_de=refusal.message_de,
                    text_en=str(refusal),
                )
            )
    return results


def list_filters(tx: Transaction, *, actor: Actor) -> list[FilterOut]:
    """Kept filters that the actor may use."""
    return [
        FilterOut(
            id=each.id,
            name=each.name,
            unit=each.unit_id,
            is_mine=each.account_id == actor.account,
            query=InboxQuery.model_validate(each.query),
        )
        for each in cases.filters_of(tx, actor=actor)
    ]
