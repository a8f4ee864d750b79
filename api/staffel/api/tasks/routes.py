"""Tasks of one's own Stellen."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status
from pydantic import AwareDatetime

from staffel.api.dependencies import Asked
from staffel.api.schemas import Cursor, Id, Limit, Page
from staffel.api.tasks import counts, queries, service
from staffel.api.tasks.filters import InboxFilter, Order
from staffel.api.tasks.schemas import (
    BpmnErrorIn,
    Bulk,
    BulkResult,
    Completion,
    Countersignature,
    DraftIn,
    FilterIn,
    FilterOut,
    FollowUp,
    GivenBack,
    InboxCounts,
    TakeOver,
    TaskDetail,
    TaskSummary,
)
from staffel.api.tasks.service import read_task
from staffel.engine import cases
from staffel.engine.store.tables import TaskStatus

router = APIRouter(prefix="/tasks", tags=["tasks"])
Text = Annotated[str | None, Query(max_length=200)]


def wanted_tasks(
    *,
    unit: Annotated[UUID | None, Query(description="Of this Stelle")] = None,
    team: Annotated[
        UUID | None, Query(description="Added for this team, or claimed by somebody of it")
    ] = None,
    municipality: Annotated[
        str | None, Query(max_length=8, description="AGS of the municipality whose case it is")
    ] = None,
    process: Text = None,
    element: Text = None,
    reference: Annotated[str | None, Query(max_length=200, description="Part of the Aktenzeichen")] = None,
    status: TaskStatus | None = None,
    mine: Annotated[bool, Query(description="Only what I have claimed")] = False,
    due_before: AwareDatetime | None = None,
    name: Annotated[str | None, Query(max_length=200, description="Part of the step's name")] = None,
    deadline: Annotated[str | None, Query(max_length=40, description="Kind of Frist")] = None,
    claimed: Annotated[bool | None, Query(description="Whether somebody has taken it")] = None,
    person: Annotated[UUID | None, Query(description="Claimed by this colleague")] = None,
    added: Annotated[
        bool | None, Query(description="Only added tasks (Zusatzaufgaben), or only those of the model")
    ] = None,
    postponed: Annotated[bool, Query(description="Those put off until later (Wiedervorlage)")] = False,
    to_take_over: Annotated[
        bool, Query(description="What people whom I substitute today have claimed")
    ] = False,
    order: Order = Order.DUE,
) -> InboxFilter:
    """Dependency: what the address asks for."""
    return InboxFilter(
        unit=unit,
        team=team,
        municipality=municipality,
        process=process,
        element=element,
        reference=reference,
        status=status,
        mine=mine,
        due_before=due_before,
        name=name,
        deadline=deadline,
        claimed=claimed,
        person=person,
        added=added,
        postponed=postponed,
        to_take_over=to_take_over,
        order=order,
    )


Wanted = Annotated[InboxFilter, Depends(wanted_tasks)]


@router.get("", summary="List tasks")
def list_tasks(asked: Asked, wanted: Wanted, cursor: Cursor = None, limit: Limit = 50) -> Page[TaskSummary]:
    """The inbox: tasks of my Stellen by due date. Without `status`, what is still to be done."""
    return asked.database.read(
        queries.inbox, actor=asked.actor, now=asked.now, wanted=wanted, cursor=cursor, limit=limit
    )


@router.get("/counts", summary="Count tasks")
def count_tasks(asked: Asked, wanted: Wanted) -> InboxCounts:
    """How many tasks each view of the inbox has; `status` and what else makes a view is left out of account."""
    return asked.database.read(counts.count_tasks, actor=asked.actor, now=asked.now, wanted=wanted)


@router.post("/bulk", summary="Do the same to many tasks")
def do_to_tasks(body: Bulk, asked: Asked) -> list[BulkResult]:
    """Each in a transaction of its own; what is refused is told beside those that were done."""
    return service.do_to_many(
        asked.database,
        actor=asked.actor,
        now=asked.now,
        action=body.action,
        tasks=body.tasks,
        until=body.until,
    )


@router.get("/filters", summary="List filters of the inbox")
def list_filters(asked: Asked) -> list[FilterOut]:
    """One's own, and those shared with one's Stellen."""
    return asked.database.read(service.list_filters, actor=asked.actor)


@router.post("/filters", status_code=status.HTTP_201_CREATED, summary="Keep a filter of the inbox")
def save_filter(body: FilterIn, asked: Asked) -> FilterOut:
    """For oneself, or for everybody of a Stelle of one's own."""
    kept = asked.database.run(
        cases.save_filter,
        actor=asked.actor,
        now=asked.now,
        name=body.name,
        query=body.query.model_dump(exclude_none=True),
        unit_id=body.unit,
    )
    return FilterOut(id=kept, name=body.name, unit=body.unit, is_mine=True, query=body.query)


@router.post("/filters/{filter_id}/delete", status_code=status.HTTP_204_NO_CONTENT, summary="Delete a filter")
def delete_filter(filter_id: Id, asked: Asked) -> None:
    """One of one's own."""
    asked.database.run(cases.delete_filter, actor=asked.actor, now=asked.now, filter_id=filter_id)


@router.get("/{task_id}", summary="Get a task")
def get_task(task_id: Id, asked: Asked) -> TaskDetail:
    """The task with its form and the values that the form needs."""
    return asked.database.read(read_task, actor=asked.actor, now=asked.now, task_id=task_id)


@router.post("/{task_id}/claim", summary="Claim a task")
def claim_task(task_id: Id, asked: Asked) -> TaskDetail:
    """Take the task. Of many who try at once exactly one succeeds (409 for the others)."""
    asked.database.run(cases.claim_task, actor=asked.actor, now=asked.now, task_id=task_id)
    return get_task(task_id, asked)


@router.post("/{task_id}/take-over", summary="Take over a task as a substitute")
def take_over_task(task_id: Id, body: TakeOver, asked: Asked) -> TaskDetail:
    """What somebody has claimed whom I substitute today; its clocks run on."""
    asked.database.run(
        cases.take_over_task, actor=asked.actor, now=asked.now, task_id=task_id, text=body.text
    )
    return get_task(task_id, asked)


@router.post("/{task_id}/release", summary="Give a task back")
def release_task(task_id: Id, asked: Asked) -> TaskDetail:
    """It returns to the inbox of the Stelle. A team lead may give back what others have claimed."""
    asked.database.run(cases.release_task, actor=asked.actor, now=asked.now, task_id=task_id)
    return get_task(task_id, asked)


@router.post("/{task_id}/follow-up", summary="Put a task off until a day")
def postpone_task(task_id: Id, body: FollowUp, asked: Asked) -> TaskDetail:
    """Wiedervorlage: it is not in the inbox before. Its Frist runs on."""
    asked.database.run(
        cases.postpone_task, actor=asked.actor, now=asked.now, task_id=task_id, until=body.until
    )
    return get_task(task_id, asked)


@router.post("/{task_id}/begin", summary="Begin a task")
def begin_task(task_id: Id, asked: Asked) -> TaskDetail:
    """Notes that work on the claimed task begins; beginning again changes nothing."""
    asked.database.run(cases.begin_task, actor=asked.actor, now=asked.now, task_id=task_id)
    return get_task(task_id, asked)


@router.put("/{task_id}/draft", status_code=status.HTTP_204_NO_CONTENT, summary="Keep what is typed")
def save_task_draft(task_id: Id, body: DraftIn, asked: Asked) -> None:
    """Only the person who typed it sees it; nothing is checked."""
    asked.database.run(
        cases.save_draft, actor=asked.actor, now=asked.now, task_id=task_id, values=body.values
    )


@router.post("/{task_id}/complete", summary="Complete a task")
def complete_task(task_id: Id, body: Completion, asked: Asked) -> TaskDetail:
    """The values are checked against the form (422 `values-refused`; 409 `values-doubtful` for what is unusual and not
    `confirmed`); then the case goes on, or
    the task waits for a second person (`checking`) where the model asks for four eyes (409 `no-second-person`).
    """
    asked.database.run(
        cases.complete_task,
        actor=asked.actor,
        now=asked.now,
        task_id=task_id,
        values=body.variables,
        confirmed=body.confirmed,
        idempotency_key=body.idempotency_key,
    )
    return get_task(task_id, asked)


@router.post("/{task_id}/confirm", summary="Countersign a task")
def confirm_task(task_id: Id, body: Countersignature, asked: Asked) -> TaskDetail:
    """Four eyes: another person of the Stelle confirms what was filled in (409 `not-second-person`); the case goes on.

    409 `check-moved-on`: it has been taken back and given again since `check`.
    """
    asked.database.run(
        cases.confirm_task,
        actor=asked.actor,
        now=asked.now,
        task_id=task_id,
        check_id=body.check,
        idempotency_key=body.idempotency_key,
    )
    return get_task(task_id, asked)


@router.post("/{task_id}/give-back", summary="Give a task back after the second check")
def give_task_back(task_id: Id, body: GivenBack, asked: Asked) -> TaskDetail:
    """It returns with a reason to who filled it in, as it was typed; that person may also take it back."""
    asked.database.run(
        cases.give_task_back,
        actor=asked.actor,
        now=asked.now,
        task_id=task_id,
        reason=body.reason,
        idempotency_key=body.idempotency_key,
    )
    return get_task(task_id, asked)


@router.post("/{task_id}/drop", summary="Drop an added task")
def drop_task(task_id: Id, asked: Asked) -> TaskDetail:
    """Only what somebody of the Stelle added can be dropped (409 `task-not-added`); the case stays where it is."""
    asked.database.run(cases.drop_task, actor=asked.actor, now=asked.now, task_id=task_id)
    return get_task(task_id, asked)


@router.post("/{task_id}/error", summary="Report a BPMN error")
def report_task_error(task_id: Id, body: BpmnErrorIn, asked: Asked) -> TaskDetail:
    """The nearest event of the model that catches the code takes it; without one it becomes an incident."""
    asked.database.run(
        cases.throw_task_error,
        actor=asked.actor,
        now=asked.now,
        task_id=task_id,
        code=body.code,
        values=body.variables,
    )
    return get_task(task_id, asked)
