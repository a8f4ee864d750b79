"""Shapes of comments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.references import UnitRef
from staffel.api.schemas import Input, Output
from staffel.engine.cases.comments import MAX_TEXT


class NoteOut(Output):
    """What the sending Stelle notes for the receiving one."""

    text: str
    written_at: datetime


class CommentOut(Output):
    """A comment of one's own Stelle."""

    id: UUID
    text: str
    unit: UnitRef
    author: str | None = Field(description="Who wrote it; null for a machine")
    for_unit: UnitRef | None = Field(
        description="The next Stelle that sees it on a handover; null: nobody else"
    )
    written_at: datetime


class CommentsOut(Output):
    """The comments of one's own Stellen at a case, the oldest first, and to whom a note can be written."""

    comments: list[CommentOut]
    units: list[UnitRef] = Field(
        description="Own Stellen that have to do with the case; a comment says which, if there are several"
    )
    receivers: list[UnitRef] = Field(description="Stellen to which one's own can hand this case over")
    may_write: bool = Field(description="Whether the case still runs")


class NewComment(Input):
    """A comment; with `for_unit` also a note that the next Stelle sees on the handover to it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Rückruf zugesagt."}]})

    text: str = Field(max_length=MAX_TEXT)
    for_unit: UUID | None = None
    unit_id: UUID | None = Field(
        default=None, description="For whom, if several of your Stellen have to do with the case"
    )
