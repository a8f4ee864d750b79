"""Durations and the comparison of municipalities; never of people."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from starlette.responses import Response

from staffel.api.analysis import service
from staffel.api.dependencies import Asked
from staffel.api.downloads import csv_file
from staffel.engine.analysis import ClockKind

router = APIRouter(prefix="/analysis", tags=["analysis"])
Process = Annotated[str, Query(min_length=1, max_length=200, description="Key of the process")]
Municipalities = Annotated[
    list[str], Query(alias="municipality", min_length=1, max_length=400, description="AGS; may be repeated")
]
First = Annotated[
    date, Query(alias="from", description="Cases that started in the month of this day or later")
]
Last = Annotated[date, Query(alias="until", description="… and up to the month of this day")]
CLOCK = Query(description="Every hour, or office hours; only figures of the same clock compare")
Clock = Annotated[ClockKind, CLOCK]
JSON: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Comparison"}}}}
}
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("/comparison", summary="Compare municipalities", responses=JSON, response_class=Response)
def compare_municipalities(
    asked: Asked,
    *,
    process: Process,
    municipalities: Municipalities,
    first: First,
    last: Last,
    clock: Clock = ClockKind.CALENDAR,
) -> Response:
    """How long cases and their steps take, open cases counted as censored. Groups below 5 cases are not shown."""
    comparison = asked.database.read(
        service.read_comparison,
        actor=asked.actor,
        now=asked.now,
        process=process,
        municipalities=municipalities,
        first=first,
        last=last,
        clock=clock,
    )
    return Response(msgspec.json.encode(comparison), media_type="application/json")


@router.get(
    "/comparison.csv", summary="Compare municipalities as a table", responses=CSV, response_class=Response
)
def compare_municipalities_csv(
    asked: Asked,
    *,
    process: Process,
    municipalities: Municipalities,
    first: First,
    last: Last,
    clock: Clock = ClockKind.CALENDAR,
) -> Response:
    """The same figures for a spreadsheet: UTF-8, semicolons."""
    text = asked.database.read(
        service.read_comparison_csv,
        actor=asked.actor,
        now=asked.now,
        process=process,
        municipalities=municipalities,
        first=first,
        last=last,
        clock=clock,
    )
    return csv_file(text, "vergleich.csv")


@router.get("/steps.csv", summary="Get the log of steps", responses=CSV, response_class=Response)
def export_steps(asked: Asked, *, process: Process, first: First, last: Last) -> Response:
    """A row per task and handover of one's own municipality, under case numbers that tell nothing outside the file."""
    text = asked.database.read(
        service.read_step_log,
        actor=asked.actor,
        now=asked.now,
        process=process,
        first=first,
        last=last,
    )
    return csv_file(text, "schritte.csv")
