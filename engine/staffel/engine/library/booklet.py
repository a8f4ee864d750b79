"""The Begleitheft: what a person is told about the own case, in six languages, from text blocks that stand beside the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml
from babel.dates import format_date

Words = Mapping[str, str]
"""A text by language (`de`, `ar`, …). German is always there; a language that is missing is shown in German."""

GERMAN: Final = "de"
RIGHT_TO_LEFT: Final = frozenset({"ar", "fa"})
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        GERMAN: "Deutsch",
        "en": "English",
        "ar": "العربية",
        "uk": "Українська",
        "tr": "Türkçe",
        "fa": "فارسی",
    }
)
"""The languages of the Begleitheft and what they call themselves."""


@dataclass(frozen=True, slots=True)
class StepWords:
    """What a person is told of a step: a name that fits before and after it, what happens, what to bring."""

    name: Words
    text: Words | None = None
    bring: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Booklet:
    """`begleitheft.yaml`. `steps` by element id: a step without words is none of the person's business."""

    about: Words | None = None
    steps: Mapping[str, StepWords] = field(default_factory=dict)
    rights: tuple[Words, ...] = ()

    def step(self, element: str) -> StepWords | None:
        """The words for an element; inside a called process those of the call."""
        return self.steps.get(element) or self.steps.get(element.partition("/")[0])


def direction(language: str) -> str:
    """`rtl` or `ltr`, as HTML names it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@cache
def general_words() -> Mapping[str, Any]:
    """What stands in every Begleitheft: `titles`, `labels` and `texts` by key, and `rights` as a list of `Words`."""
    found: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("booklet.yaml").read_text("utf-8"))
    return found


def day_in(day: date, language: str) -> str:
    """A day in words of the language, in digits that German letters have: `24. November 2026`, `24 листопада 2026 р.`."""
    return format_date(day, "long", locale="en_GB" if language == "en" else language)
