"""Whether something has changed, for programs; pages listen to a stream (`streams`) instead."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from staffel.api.changes.marks import mark_of
from staffel.api.changes.schemas import ChangesOut
from staffel.api.dependencies import Onlooking

router = APIRouter(tags=["tasks"])


@router.get("/changes", summary="Ask whether my inbox or a case has changed")
def read_changes(
    asked: Onlooking,
    since: Annotated[str, Query(max_length=100, description="`mark` of an earlier answer")] = "",
    case: Annotated[UUID | None, Query(description="This case; without it the inbox of my Stellen")] = None,
) -> ChangesOut:
    """Cheaper than reading the lists again. Asking does not count as using the session."""
    mark = asked.database.read(mark_of, actor=asked.actor, case_id=case)
    return ChangesOut(mark=mark, changed=mark != since)
