"""The Begleitheft of a case."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from staffel.api.booklets.schemas import BookletLanguage, BookletOut
from staffel.api.booklets.service import read_booklet
from staffel.api.dependencies import Asked
from staffel.api.schemas import Id

router = APIRouter(prefix="/cases/{case_id}/booklet", tags=["booklets"])
Wanted = Annotated[list[BookletLanguage], Query(max_length=5, description="Languages beside German")]


@router.get("", summary="Get the Begleitheft of a case")
def get_booklet(case_id: Id, asked: Asked, language: Wanted = []) -> BookletOut:  # noqa: B006 - FastAPI copies it
    """What the person is told: where the case stands, what comes next, what to bring, whom to ask, which rights there are.

    Of the data of the case only what your own Stellen know; it names no person.
    """
    return asked.database.read(
        read_booklet, actor=asked.actor, now=asked.now, case_id=case_id, languages=language
    )
