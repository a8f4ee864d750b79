"""A new comment or note, written on the page of its case."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.engine.cases import write_comment
from staffel.engine.errors import NotFound, Refusal
from staffel.ui.language import Language
from staffel.ui.pages.cases import Attempt, case_page
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visited, text

router = APIRouter(include_in_schema=False)


@router.post("/vorgaenge/{case_id}/vermerke")
def write(case_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Keep the comment; when it does not fit, the page comes back with what was typed."""
    written, receiver, unit = text(sent, "text"), text(sent, "an"), text(sent, "stelle")
    try:
        for_unit, unit_id = (UUID(each) if each else None for each in (receiver, unit))
    except ValueError as err:
        raise NotFound from err
    try:
        visit.do(write_comment, case_id=case_id, text=written, for_unit=for_unit, unit_id=unit_id)
    except NotFound:
        raise
    except Refusal as refusal:
        fault = refusal.message_de if visit.language is Language.DE else str(refusal)
        return case_page(visit, case_id, Attempt(text=written, receiver=receiver, unit=unit, fault=fault))
    return go(f"/vorgaenge/{case_id}", "comment-written")
