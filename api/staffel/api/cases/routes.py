"""Cases (Vorgänge)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from starlette.responses import Response

from staffel.api.cases import queries
from staffel.api.cases.linking import begin_linked
from staffel.api.cases.queries import CaseFilter
from staffel.api.cases.schemas import (
    Cancel,
    CaseDetail,
    CaseEvent,
    CaseSummary,
    NewVariables,
    Start,
    StartLinked,
    TimelineEntry,
)
from staffel.api.cases.service import read_case, read_events, read_timeline
from staffel.api.dependencies import Asked
from staffel.api.schemas import Cursor, Id, Limit, Page
from staffel.engine import cases
from staffel.engine.store.tables import CaseStatus

router = APIRouter(prefix="/cases", tags=["cases"])


@router.get("", summary="List cases")
def list_cases(
    asked: Asked,
    *,
    process: Annotated[str | None, Query(max_length=200, description="Key of the process")] = None,
    status: CaseStatus | None = None,
    reference: Annotated[str | None, Query(max_length=200, description="Part of the Aktenzeichen")] = None,
    unit: Annotated[UUID | None, Query(description="Held by this Stelle")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[CaseSummary]:
    """Cases with which my Stellen have or had something to do, the youngest first."""
    wanted = CaseFilter(process=process, status=status, reference=reference, unit=unit)
    return asked.database.read(
        queries.list_cases, actor=asked.actor, wanted=wanted, cursor=cursor, limit=limit
    )


@router.post("", status_code=status.HTTP_201_CREATED, summary="Start a case")
def start_case(body: Start, asked: Asked, response: Response) -> CaseDetail:
    """On the version in force. The same `idempotency_key` again gives the case that it started first."""
    case_id = asked.database.run(
        cases.start_case,
        actor=asked.actor,
        now=asked.now,
        process_key=body.process,
        reference=body.reference,
        values=body.variables,
        confirmed=body.confirmed,
        unit_id=body.unit,
        element=body.element,
        idempotency_key=body.idempotency_key,
    )
    response.headers["location"] = f"/api/v1/cases/{case_id}"
    return get_case(case_id, asked)


@router.get("/{case_id}", summary="Get a case")
def get_case(case_id: Id, asked: Asked) -> CaseDetail:
    """The case with the data of my own Stellen."""
    return asked.database.read(read_case, actor=asked.actor, case_id=case_id)


@router.get("/{case_id}/timeline", summary="Get the timeline of a case")
def get_timeline(case_id: Id, asked: Asked) -> list[TimelineEntry]:
    """Tasks and handovers of my own Stellen; of the others who held the case and when."""
    return asked.database.read(read_timeline, actor=asked.actor, case_id=case_id)


@router.get("/{case_id}/events", summary="List the events of a case")
def list_case_events(
    case_id: Id,
    asked: Asked,
    after: Annotated[int, Query(ge=0, description="Sequence number of the last event that is known")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[CaseEvent]:
    """The facts that concern my own Stellen, without values, in order."""
    return asked.database.read(read_events, actor=asked.actor, case_id=case_id, after=after, limit=limit)


@router.post(
    "/{case_id}/linked", status_code=status.HTTP_201_CREATED, summary="Start a linked case from a case"
)
def start_linked_case(case_id: Id, body: StartLinked, asked: Asked, response: Response) -> CaseDetail:
    """For the Stelle that holds the case, say a Fallkonferenz. The new case has its own reference and its own data."""
    linked = asked.database.run(
        begin_linked, actor=asked.actor, now=asked.now, case_id=case_id, **body.model_dump()
    )
    response.headers["location"] = f"/api/v1/cases/{linked}"
    return get_case(linked, asked)


@router.post("/{case_id}/cancel", summary="Cancel a case")
def cancel_case(case_id: Id, body: Cancel, asked: Asked) -> CaseDetail:
    """For the Stelle that holds the case, while no other Stelle works on it."""
    asked.database.run(
        cases.cancel_case, actor=asked.actor, now=asked.now, case_id=case_id, reason=body.reason
    )
    return get_case(case_id, asked)


@router.post("/{case_id}/variables", summary="Correct values of a case")
def set_case_variables(case_id: Id, body: NewVariables, asked: Asked) -> CaseDetail:
    """For the team lead of the Stelle that holds the case; the reason is kept."""
    asked.database.run(
        cases.set_variables,
        actor=asked.actor,
        now=asked.now,
        case_id=case_id,
        values=body.variables,
        reason=body.reason,
    )
    return get_case(case_id, asked)
