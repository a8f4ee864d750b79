"""Comments at a case."""

from __future__ import annotations

from fastapi import APIRouter, status

from staffel.api.comments.queries import read_comments
from staffel.api.comments.schemas import CommentsOut, NewComment
from staffel.api.dependencies import Asked
from staffel.api.schemas import Id
from staffel.engine import cases

router = APIRouter(tags=["comments"])


@router.get("/cases/{case_id}/comments", summary="Get the comments of my Stellen at a case")
def get_comments(case_id: Id, asked: Asked) -> CommentsOut:
    """No other Stelle sees them, but for notes on a handover to it."""
    return asked.database.read(read_comments, actor=asked.actor, case_id=case_id)


@router.post(
    "/cases/{case_id}/comments", status_code=status.HTTP_201_CREATED, summary="Write a comment or a note"
)
def write_comment(case_id: Id, body: NewComment, asked: Asked) -> CommentsOut:
    """For every Stelle with which the case has to do. `for_unit` makes it a note to the next Stelle."""
    asked.database.run(
        cases.write_comment, actor=asked.actor, now=asked.now, case_id=case_id, **body.model_dump()
    )
    return get_comments(case_id, asked)
