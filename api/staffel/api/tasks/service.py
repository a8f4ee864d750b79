"""A task with all that is needed to do it."""

from __future__ import annotations

from uuid import UUID

from staffel.api.cases.values import form_of, values_for_task, values_of_proposal
from staffel.api.tasks.queries import find_task
from staffel.api.tasks.schemas import Form, TaskDetail
from staffel.engine.actor import Actor
from staffel.engine.cases.tasks import read_draft
from staffel.engine.store import Transaction


def read_task(tx: Transaction, *, actor: Actor, task_id: UUID) -> TaskDetail:
    """The task with its form, the values of the form's fields, the own draft and the rules' proposal. Raises `NotFound`."""
    task, case, summary = find_task(tx, actor=actor, task_id=task_id)
    form = form_of(tx, case, task)
    return TaskDetail(
        **summary.model_dump(),
        due=task.due,
        form=Form(schema=dict(form.schema), ui=form.ui) if form else None,
        values=values_for_task(case, task, form),
        draft=read_draft(tx, actor=actor, task_id=task_id),
        proposal=values_of_proposal(tx, task),
    )
