"""A correction that was told is acknowledged on the page of its case."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.engine.cases import acknowledge_correction
from staffel.ui.rendering import go
from staffel.ui.visit import Visited

router = APIRouter(include_in_schema=False)


@router.post("/berichtigungen/{correction_id}/bestaetigen")
def acknowledge(correction_id: UUID, visit: Visited) -> Response:
    """The own data are corrected, too."""
    case_id = visit.do(acknowledge_correction, correction_id=correction_id)
    return go(f"/vorgaenge/{case_id}", "correction-acknowledged")
