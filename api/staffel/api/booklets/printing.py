"""The Begleitheft on paper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from staffel.api.booklets.schemas import BookletItem, BookletOut, Texts
from staffel.api.booklets.service import read_booklet
from staffel.engine.actor import Actor
from staffel.engine.library.booklet import GERMAN, RIGHT_TO_LEFT, day_in
from staffel.engine.printing import Template, typeset
from staffel.engine.store import Database


def print_booklet(
    database: Database, *, actor: Actor, now: datetime, case_id: UUID, languages: Collection[str] = ()
) -> bytes:
    """The PDF: a sheet in German and each of the languages, or one in German only. Raises `NotFound`."""
    booklet = database.read(read_booklet, actor=actor, now=now, case_id=case_id, languages=languages)
    beside = [language for language in booklet.languages if language != GERMAN]
    sheets: list[list[str]] = [[GERMAN, language] for language in beside] or [[GERMAN]]
    data = {
        "title": f"{booklet.title[GERMAN]} {booklet.reference}",
        "foot": f"{booklet.reference} · {day_in(booklet.day, GERMAN)}",
        "sheets": [_sheet(booklet, each) for each in sheets],
    }
    return typeset(Template.BOOKLET, data, at=now)


def _sheet(booklet: BookletOut, languages: Sequence[str]) -> dict[str, Any]:
    closing = [[texts[to] for to in languages] for texts in booklet.closing[: len(languages)]]
    return {
        "columns": [{"lang": to, "rtl": to in RIGHT_TO_LEFT} for to in languages],
        "title": [booklet.title[to] for to in languages],
        "sections": [
            {
                "title": [section.title[to] for to in languages],
                "lines": [[_cell(booklet, item, to) for to in languages] for item in section.items],
            }
            for section in booklet.sections
        ],
        "closing": closing,
    }


def _cell(booklet: BookletOut, item: BookletItem, language: str) -> dict[str, Any]:
    def say(texts: Texts | None) -> dict[str, str] | None:
        if texts is None:
            return None
        if language in texts:
            return {"text": texts[language], "mark": ""}
        return {"text": texts[GERMAN], "mark": booklet.untranslated[language]}

    return {
        "strong": say(item.text),
        "label": say(item.label),
        "value": item.value,
        "blank": item.label is not None and item.value is None and item.day is None,
        "day": day_in(item.day, language) if item.day else None,
        "detail": say(item.detail),
    }
