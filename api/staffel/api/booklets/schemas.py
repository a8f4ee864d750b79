"""Shapes of the Begleitheft. Texts are by language; where a language is missing, German is meant to be shown and marked."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from staffel.api.schemas import Output

Texts = dict[str, str]


class BookletLanguage(StrEnum):
    """A language beside German."""

    EN = "en"
    AR = "ar"
    UK = "uk"
    TR = "tr"
    FA = "fa"


class BookletItem(Output):
    """A line. `label` with `day` or `value`; with neither it is filled in by hand on paper."""

    text: Texts | None = Field(
        default=None, examples=[{"de": "Ihr Antrag beim Jobcenter", "tr": "Jobcenter başvurunuz"}]
    )
    detail: Texts | None = None
    label: Texts | None = None
    day: date | None = None
    value: str | None = Field(
        default=None, description="A name, a number or an address; it is the same in every language"
    )


class BookletSection(Output):
    """A section with at least one line."""

    key: str = Field(examples=["now"])
    title: Texts
    items: list[BookletItem]


class BookletOut(Output):
    """The Begleitheft of a case today, as one Stelle may print it. It names no person."""

    case_id: UUID
    reference: str = Field(description="Aktenzeichen")
    process_name: str
    day: date = Field(description="The day that it tells of")
    languages: list[str] = Field(description="German and those asked for")
    title: Texts
    sections: list[BookletSection]
    closing: list[Texts] = Field(description="What the sheet is not, and where its translations come from")
    untranslated: Texts = Field(description="The mark beside a text that is missing in a language")
