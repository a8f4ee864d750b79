"""The Begleitheft of a case, made to be printed: German, and beside it what the person reads."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from staffel.api.booklets.schemas import BookletLanguage
from staffel.api.booklets.service import read_booklet
from staffel.engine.library.booklet import LANGUAGES, day_in, direction
from staffel.ui.visit import Visited

router = APIRouter(include_in_schema=False)
BESIDE = {language.value: LANGUAGES[language.value] for language in BookletLanguage}


@router.get("/vorgaenge/{case_id}/begleitheft")
def show_booklet(case_id: UUID, visit: Visited, sprache: Annotated[list[str], Query()] = []) -> Response:  # noqa: B006 - FastAPI copies it
    """A sheet in German and each language that is chosen; without a choice one in German only."""
    chosen = [language for language in BESIDE if language in sprache]
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
