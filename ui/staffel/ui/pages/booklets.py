"""The Begleitheft of a case, made to be printed: German, and beside it what the person reads."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from staffel.api.booklets.printing import print_booklet
from staffel.api.booklets.schemas import BookletLanguage
from staffel.api.booklets.service import read_booklet
from staffel.api.downloads import pdf_file
from staffel.engine.library.booklet import LANGUAGES, day_in, direction
from staffel.ui.visit import Visited

router = APIRouter(include_in_schema=False)
BESIDE = {language.value: LANGUAGES[language.value] for language in BookletLanguage}
Chosen = Annotated[list[str], Query()]


@router.get("/vorgaenge/{case_id}/begleitheft")
def show_booklet(case_id: UUID, visit: Visited, sprache: Chosen = []) -> Response:  # noqa: B006 - FastAPI copies it
    """A sheet in German and each language that is chosen; without a choice one in German only."""
    chosen = _chosen(sprache)
    return visit.page(
        "booklet.html",
        nav="/vorgaenge",
        booklet=visit.ask(read_booklet, now=visit.now, case_id=case_id, languages=chosen),
        beside=BESIDE,
        chosen=chosen,
        sheets=[("de", language) for language in chosen] or [("de",)],
        direction=direction,
        day_in=day_in,
    )


@router.get("/vorgaenge/{case_id}/begleitheft.pdf")
def print_sheets(case_id: UUID, visit: Visited, sprache: Chosen = []) -> Response:  # noqa: B006 - FastAPI copies it
    """The same sheets as a file."""
    made = print_booklet(
        visit.inquiry.database,
        actor=visit.actor,
        now=visit.now,
        case_id=case_id,
        languages=_chosen(sprache),
    )
    return pdf_file(made, "begleitheft.pdf")


def _chosen(languages: list[str]) -> list[str]:
    return [language for language in BESIDE if language in languages]
