"""German and English: texts stand in German in the code and the templates, the catalogue has the English ones.

The catalogue is read from its `.po` file when the process starts; nothing has to be compiled.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from fastapi import Request

FOLDER = Path(__file__).parent / "locale"
COOKIE = "staffel-language"


class Language(StrEnum):
    """A language of the pages."""

    DE = "de"
    EN = "en"

    @property
    def locale(self) -> str:
        """The locale for dates and numbers: British dates, because German offices write the day first."""
        return "de_DE" if self is Language.DE else "en_GB"

    def text(self, message: str, /, **values: object) -> str:
        """The message in this language, with `%(name)s` filled in."""
        translated = translations(self).gettext(message)
        return translated % values if values else translated

    def plural(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The message for `number`, which is also the value `%(num)s`."""
        return translations(self).ngettext(one, many, number) % {"num": number, **values}


def language_of(request: Request) -> Language:
    """What the reader chose; German for everybody who has not chosen."""
    chosen = request.cookies.get(COOKIE, "")
    return Language(chosen) if chosen in set(Language) else Language.DE


@cache
def translations(language: Language) -> NullTranslations:
    """The catalogue of a language; German needs none."""
    if language is Language.DE:
        return NullTranslations()
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def marked(message: str) -> str:
    """Mark a text of a table for the catalogue; it is translated where it is shown."""
    return message
