"""Service tasks for outside programs: fetch and lock. For tokens with the scope `work`."""

from __future__ import annotations

from fastapi import APIRouter, status

from staffel.api.dependencies import Asked
from staffel.api.schemas import Id
from staffel.api.work.schemas import (
    Extended,
    Extension,
    Fetch,
    WorkError,
    WorkFailure,
    WorkItemOut,
    WorkResult,
)
from staffel.engine import cases

router = APIRouter(prefix="/work", tags=["work"])


@router.post("/fetch", summary="Fetch work")
def fetch_work(body: Fetch, asked: Asked) -> list[WorkItemOut]:
    """Leases work of the topics; whoever else asks meanwhile gets other work. After the lease it is offered again."""
    items = asked.database.run(
        cases.fetch_work,
        actor=asked.actor,
        now=asked.now,
        topics=body.topics,
        worker=body.worker,
        lease=body.lease,
        limit=body.limit,
    )
    return [WorkItemOut.model_validate(item) for item in items]


@router.post("/{work_id}/extend", summary="Extend a lease")
def extend_work(work_id: Id, body: Extension, asked: Asked) -> Extended:
    """The lease ends `lease` from now."""
    until = asked.database.run(
        cases.extend_work,
        actor=asked.actor,
        now=asked.now,
        work_id=work_id,
        worker=body.worker,
        lease=body.lease,
    )
    return Extended(lease_until=until)


@router.post("/{work_id}/complete", status_code=status.HTTP_204_NO_CONTENT, summary="Complete work")
def complete_work(work_id: Id, body: WorkResult, asked: Asked) -> None:
    """The results go into the case, and it goes on."""
    asked.database.run(
        cases.complete_work,
        actor=asked.actor,
        now=asked.now,
        work_id=work_id,
        worker=body.worker,
        values=body.variables,
    )


@router.post("/{work_id}/fail", status_code=status.HTTP_204_NO_CONTENT, summary="Report a failure")
def fail_work(work_id: Id, body: WorkFailure, asked: Asked) -> None:
    """It is offered again after a pause; without retries left an incident stands."""
    asked.database.run(
        cases.fail_work,
        actor=asked.actor,
        now=asked.now,
        work_id=work_id,
        worker=body.worker,
        message=body.message,
        retries=body.retries,
        retry_in=body.retry_in,
    )


@router.post("/{work_id}/error", status_code=status.HTTP_204_NO_CONTENT, summary="Report a BPMN error")
def report_work_error(work_id: Id, body: WorkError, asked: Asked) -> None:
    """The nearest event of the model that catches the code takes it."""
    asked.database.run(
        cases.throw_work_error,
        actor=asked.actor,
        now=asked.now,
        work_id=work_id,
        worker=body.worker,
        code=body.code,
        values=body.variables,
    )
