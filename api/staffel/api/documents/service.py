"""Put a document into its storage, and give it out again: the content on one side, what it is about on the other."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response

from staffel.engine import cases
from staffel.engine.actor import Actor
from staffel.engine.cases.documents import find_document, key_of
from staffel.engine.documents import Storage
from staffel.engine.store import Database, Transaction

LOCKED = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""The policy of a content: should a browser show it in spite of all, nothing in it runs or loads."""


def add_document(
    database: Database,
    storage: Storage,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    name: str,
    content: bytes,
    kind: str,
    unit_id: UUID | None,
) -> UUID:
    """Room first, then the content, then the document is there: what breaks off in between is removed by the worker."""
    document_id, key = database.run(
        cases.reserve_document,
        actor=actor,
        now=now,
        case_id=case_id,
        name=name,
        content=content,
        kind=kind,
        unit_id=unit_id,
    )
    storage.put(key, content)
    database.run(cases.keep_document, actor=actor, now=now, document_id=document_id)
    return document_id


def content_of(database: Database, storage: Storage, *, actor: Actor, document_id: UUID) -> Response:
    """The content as a file to be kept, never shown. Raises `NotFound`, `ContentUnavailable`."""
    name, media_type, key = database.read(_place_of, actor=actor, document_id=document_id)
    return Response(
        storage.get(key),
        media_type=media_type,
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "content-security-policy": LOCKED,
        },
    )


def _place_of(tx: Transaction, *, actor: Actor, document_id: UUID) -> tuple[str, str, str]:
    document = find_document(tx, actor=actor, document_id=document_id)
    return document.name, document.media_type, key_of(document)
