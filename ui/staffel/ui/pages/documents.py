"""Documents of a case: put there from its page, and deleted again."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from staffel.api.documents.service import add_document
from staffel.engine.cases import remove_document
from staffel.engine.errors import NotFound, Refusal
from staffel.ui.language import Language
from staffel.ui.pages.cases import FailedUpload, case_page
from staffel.ui.rendering import go, go_by_script
from staffel.ui.visit import Visited

router = APIRouter(include_in_schema=False)


@router.post("/vorgaenge/{case_id}/unterlagen")
def add(
    case_id: UUID,
    visit: Visited,
    *,
    files: Annotated[UploadFile, File()],
    art: Annotated[str, Form()],
    stelle: Annotated[str, Form()] = "",
) -> Response:
    """Keep the file; when it is not taken, the page comes back and says why."""
    try:
        unit_id = UUID(stelle) if stelle else None
    except ValueError as err:
        raise NotFound from err
    try:
        add_document(
            visit.inquiry.database,
            visit.request.app.state.documents,
            actor=visit.actor,
            now=visit.now,
            case_id=case_id,
            name=files.filename or "",
            content=files.file.read(),
            kind=art,
            unit_id=unit_id,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        fault = refusal.message_de if visit.language is Language.DE else str(refusal)
        return case_page(visit, case_id, upload=FailedUpload(kind=art, unit=stelle, fault=fault))
    path = f"/vorgaenge/{case_id}"
    return (go_by_script if visit.request.headers.get("x-upload") else go)(path, "document-kept")


@router.post("/unterlagen/{document_id}/loeschen")
def delete(document_id: UUID, visit: Visited) -> Response:
    """Delete what was put there by mistake."""
    case_id = visit.do(remove_document, document_id=document_id)
    return go(f"/vorgaenge/{case_id}", "document-removed")
