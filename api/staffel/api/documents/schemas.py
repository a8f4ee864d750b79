"""Shapes of documents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from staffel.api.references import UnitRef
from staffel.api.schemas import Output


class DocumentOut(Output):
    """A document that one's own Stelle holds. Its content is at `/documents/{id}/content`."""

    id: UUID
    kind: str = Field(description="One that handover rules name, or `sonstiges`", examples=["mietvertrag"])
    title: str = Field(description="What people call the kind")
    name: str
    media_type: str
    size: int = Field(description="Bytes")
    sha256: str
    unit: UnitRef = Field(description="The Stelle that put it there")
    uploaded_at: datetime
    may_delete: bool = Field(description="Whether it is of one's own Stelle and was not handed over")


class KindOut(Output):
    """A kind of document that a handover rule names, or `sonstiges`, which stays in the own Stelle."""

    kind: str
    title: str


class DocumentsOut(Output):
    """The documents of a case that one's own Stellen hold, the oldest first, and what can be added."""

    documents: list[DocumentOut]
    kinds: list[KindOut]
    units: list[UnitRef] = Field(description="The own Stellen for which one can add a document")
    types: list[str] = Field(description="Ends of the names of files that are taken")
    may_upload: bool = Field(description="Whether the case still runs")
