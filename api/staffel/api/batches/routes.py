"""Sammelstart: many cases from one table."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, UploadFile, status
from starlette.responses import Response

from staffel.api.batches import queries, service
from staffel.api.batches.schemas import BatchOut, BatchRowOut
from staffel.api.dependencies import Asked
from staffel.api.downloads import csv_file
from staffel.api.schemas import Cursor, Id, Limit, Page
from staffel.engine import cases
from staffel.engine.store.tables import BatchRowStatus

router = APIRouter(prefix="/batches", tags=["batches"])
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
Process = Annotated[str, Query(min_length=1, max_length=200, description="Key of the process")]


@router.get("", summary="List batches")
def list_batches(asked: Asked, *, cursor: Cursor = None, limit: Limit = 50) -> Page[BatchOut]:
    """Those of my own Stellen, the youngest first."""
    return asked.database.read(queries.list_batches, actor=asked.actor, cursor=cursor, limit=limit)


@router.post("", status_code=status.HTTP_202_ACCEPTED, summary="Start many cases from a table")
def plan_batch(
    asked: Asked,
    *,
    files: Annotated[UploadFile, File(description="A CSV file with the column `aktenzeichen`")],
    process: Annotated[str, Form(min_length=1, max_length=200, description="Key of the process")],
    unit: Annotated[UUID | None, Form(description="The Stelle that starts; for who has several")] = None,
) -> BatchOut:
    """Keeps the rows (10,000 at most); the worker starts a case for each, none twice. Look at the batch for the rest."""
    batch_id = service.plan(
        asked.database,
        actor=asked.actor,
        now=asked.now,
        process=process,
        name=files.filename or "",
        data=files.file.read(),
        unit=unit,
    )
    return get_batch(batch_id, asked)


@router.get("/template.csv", summary="Get an empty table", responses=CSV, response_class=Response)
def get_template(asked: Asked, process: Process) -> Response:
    """With the columns of the start form of the version in force."""
    text = asked.database.read(service.empty_table, actor=asked.actor, now=asked.now, process=process)
    return csv_file(text, "sammelstart.csv")


@router.get("/{batch_id}", summary="Get a batch")
def get_batch(batch_id: Id, asked: Asked) -> BatchOut:
    """How far it has come."""
    return asked.database.read(queries.find_batch, actor=asked.actor, batch_id=batch_id)


@router.get("/{batch_id}/rows", summary="List the rows of a batch")
def list_batch_rows(
    batch_id: Id,
    asked: Asked,
    *,
    status: BatchRowStatus | None = None,
    after: Annotated[int, Query(ge=0, description="Line of the last row that is known")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[BatchRowOut]:
    """What became of each, in the order of the file."""
    return asked.database.read(
        queries.list_rows, actor=asked.actor, batch_id=batch_id, status=status, after=after, limit=limit
    )


@router.get("/{batch_id}/refused.csv", summary="Get the refused rows", responses=CSV, response_class=Response)
def get_refused_rows(batch_id: Id, asked: Asked) -> Response:
    """With the reason in the column `hinweis`, to be corrected and sent again."""
    text = asked.database.read(queries.refused_csv, actor=asked.actor, batch_id=batch_id)
    return csv_file(text, "abgelehnte-zeilen.csv")


@router.post("/{batch_id}/cancel", summary="Cancel a batch")
def cancel_batch(batch_id: Id, asked: Asked) -> BatchOut:
    """No further row is started; cases that have begun go on."""
    asked.database.run(cases.cancel_batch, actor=asked.actor, now=asked.now, batch_id=batch_id)
    return get_batch(batch_id, asked)
