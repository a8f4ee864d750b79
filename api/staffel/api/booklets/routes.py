"""The Begleitheft of a case."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from staffel.api.booklets.printing import print_booklet
from staffel.api.booklets.schemas import BookletLanguage, BookletOut
from staffel.api.booklets.service import read_booklet
from staffel.api.dependencies import Asked
from staffel.api.downloads import PDF, pdf_file
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


@router.get(".pdf", summary="Print the Begleitheft of a case", response_class=Response, responses=PDF)
def get_booklet_pdf(case_id: Id, asked: Asked, language: Wanted = []) -> Response:  # noqa: B006 - FastAPI copies it
    """The same as PDF/UA: a sheet in German and each language, or one in German only."""
    made = print_booklet(
        asked.database, actor=asked.actor, now=asked.now, case_id=case_id, languages=language
    )
    return pdf_file(made, "begleitheft.pdf")
