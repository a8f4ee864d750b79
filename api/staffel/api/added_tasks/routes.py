"""Tasks that people add to a case for their own Stelle."""

from __future__ import annotations

from fastapi import APIRouter, status

from staffel.api.added_tasks.queries import read_added_tasks
from staffel.api.added_tasks.schemas import AddedTaskIn, AddedTasksOut
from staffel.api.dependencies import Asked
from staffel.api.schemas import Id
from staffel.engine import cases

router = APIRouter(tags=["tasks"])


@router.get("/cases/{case_id}/added-tasks", summary="List added tasks of a case")
def list_added_tasks(case_id: Id, asked: Asked) -> AddedTasksOut:
    """Those of my Stellen; no other Stelle sees them."""
    return asked.database.read(read_added_tasks, actor=asked.actor, case_id=case_id)


@router.post(
    "/cases/{case_id}/added-tasks", status_code=status.HTTP_201_CREATED, summary="Add a task to a case"
)
def add_task(case_id: Id, body: AddedTaskIn, asked: Asked) -> AddedTasksOut:
    """For the own Stelle, beside the model: it is claimed and completed as all tasks are, or dropped (`/tasks/{task_id}/drop`)."""
    asked.database.run(cases.add_task, actor=asked.actor, now=asked.now, case_id=case_id, **body.model_dump())
    return list_added_tasks(case_id, asked)
