"""Report a breaking point from a task or a handover, with one click."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.engine.cases import report_breaking_point
from staffel.engine.cases.breaking_points import Trouble
from staffel.engine.errors import NotFound
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)


@router.post("/aufgaben/{task_id}/sollbruchstelle")
def at_task(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """At a step."""
    _report(visit, text(sent, "art"), task_id=task_id)
    return go(f"/aufgaben/{task_id}", "breaking-point-reported")


@router.post("/uebergaben/{handover_id}/sollbruchstelle")
def at_handover(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """At a handover."""
    _report(visit, text(sent, "art"), handover_id=handover_id)
    return go(f"/uebergaben/{handover_id}", "breaking-point-reported")


def _report(visit: Visit, trouble: str, **place: UUID) -> None:
    if trouble not in set(Trouble):
        raise NotFound
    visit.do(report_breaking_point, trouble=Trouble(trouble), **place)
