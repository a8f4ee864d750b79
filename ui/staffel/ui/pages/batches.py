"""Sammelstart: send a table, watch its rows become cases, get back those that were refused."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from staffel.api.batches.queries import find_batch, list_batches, list_rows
from staffel.api.batches.service import plan
from staffel.engine.cases import cancel_batch
from staffel.engine.errors import Refusal
from staffel.engine.store.tables import BatchRowStatus
from staffel.ui.language import Language
from staffel.ui.pages.cases import own_units, startable
from staffel.ui.rendering import go
from staffel.ui.visit import Visit, Visited

router = APIRouter(include_in_schema=False)
PAGE = 25
FAULTS = 100


@router.get("/sammelstart")
def show_batches(visit: Visited, prozess: str = "", weiter: str | None = None) -> Response:
    """The form for a table, and the tables of one's Stellen."""
    return _page(visit, process=prozess, cursor=weiter)


@router.post("/sammelstart")
def send_table(
    visit: Visited,
    *,
    files: Annotated[UploadFile, File()],
    prozess: Annotated[str, Form()] = "",
    stelle: Annotated[str, Form()] = "",
) -> Response:
    """Keep the table; what is wrong with it as a whole is said at once."""
    units = {str(unit.id): unit.id for unit in visit.ask(own_units)}
    try:
        batch_id = plan(
            visit.inquiry.database,
            actor=visit.actor,
            now=visit.now,
            process=prozess,
            name=files.filename or "",
            data=files.file.read(),
            unit=units.get(stelle),
        )
    except Refusal as refusal:
        fault = refusal.message_de if visit.language is Language.DE else str(refusal)
        return _page(visit, process=prozess, fault=fault)
    return go(f"/sammelstart/{batch_id}", "batch-planned")


@router.get("/sammelstart/{batch_id}")
def show_batch(batch_id: UUID, visit: Visited) -> Response:
    """How far it has come; the part that changes asks again until it is done."""
    return visit.page(
        "batch.html",
        nav="/vorgaenge",
        batch=visit.ask(find_batch, batch_id=batch_id),
        refused=visit.ask(list_rows, batch_id=batch_id, status=BatchRowStatus.REFUSED, limit=FAULTS),
        started=visit.ask(list_rows, batch_id=batch_id, status=BatchRowStatus.STARTED, limit=PAGE),
        most=FAULTS,
    )


@router.post("/sammelstart/{batch_id}/abbrechen")
def stop_batch(batch_id: UUID, visit: Visited) -> Response:
    """Start no further row."""
    visit.do(cancel_batch, batch_id=batch_id)
    return go(f"/sammelstart/{batch_id}", "batch-cancelled")


def _page(visit: Visit, *, process: str, cursor: str | None = None, fault: str = "") -> Response:
    found = visit.ask(list_batches, cursor=cursor, limit=PAGE)
    return visit.page(
        "batches.html",
        status=422 if fault else 200,
        nav="/vorgaenge",
        processes=visit.ask(startable, now=visit.now),
        process=process,
        units=visit.ask(own_units),
        batches=found,
        fault=fault,
        more=f"/sammelstart?weiter={found.next}" if found.next else "",
    )
