"""Documents of a case."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, UploadFile, status
from starlette.responses import Response

from staffel.api.dependencies import Asked
from staffel.api.documents.queries import read_documents
from staffel.api.documents.schemas import DocumentsOut
from staffel.api.documents.service import add_document, content_of
from staffel.api.schemas import Id
from staffel.engine import cases
from staffel.engine.cases.documents import OTHER

router = APIRouter(tags=["documents"])
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/cases/{case_id}/documents", summary="Get the documents of a case that my Stellen hold")
def get_documents(case_id: Id, asked: Asked) -> DocumentsOut:
    """Those that they have put there, and those that came along with handovers to them."""
    return asked.database.read(read_documents, actor=asked.actor, case_id=case_id)


@router.post(
    "/cases/{case_id}/documents", status_code=status.HTTP_201_CREATED, summary="Put a document to a case"
)
def upload_document(
    case_id: Id,
    request: Request,
    asked: Asked,
    *,
    files: Annotated[UploadFile, File(description="The file; its content must be what its name says")],
    kind: Annotated[
        str,
        Form(
            max_length=200,
            description="One of `kinds`, or `field:NAME` for a field of a form whose `format` is `document`: its id is then the value",
        ),
    ] = OTHER,
    unit_id: Annotated[
        UUID | None, Form(description="For whom, if several of your Stellen take part")
    ] = None,
) -> DocumentsOut:
    """Seen by my Stelle only; what a handover rule names by its kind goes along. The same file again is there once."""
    add_document(
        asked.database,
        request.app.state.documents,
        actor=asked.actor,
        now=asked.now,
        case_id=case_id,
        name=files.filename or "",
        content=files.file.read(),
        kind=kind,
        unit_id=unit_id,
    )
    return get_documents(case_id, asked)


@router.get(
    "/documents/{document_id}/content",
    summary="Get the content of a document",
    responses=CONTENT,
    response_class=Response,
)
def get_document_content(document_id: Id, request: Request, asked: Asked) -> Response:
    """As an attachment, byte for byte as it was sent."""
    return content_of(asked.database, request.app.state.documents, actor=asked.actor, document_id=document_id)


@router.post("/documents/{document_id}/delete", summary="Delete a document")
def delete_document(document_id: Id, asked: Asked) -> DocumentsOut:
    """By the Stelle that put it there, as long as it has not been handed over (409)."""
    case_id = asked.database.run(
        cases.remove_document, actor=asked.actor, now=asked.now, document_id=document_id
    )
    return get_documents(case_id, asked)
