"""How long a Frist is: `5AT`, `10T`, `2W`, `3M`, `1J`, before an anchor with a minus, or ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

ANNOUNCEMENT = "Bekanntgabe+"
"""Prefix: the start is the day of posting or sending; the Frist begins with the Bekanntgabe on the fourth day."""


class Unit(StrEnum):
    """What a length counts."""

    WORKING_DAYS = "AT"
    DAYS = "T"
    WEEKS = "W"
    MONTHS = "M"
    YEARS = "J"
    SECONDS = "S"


_WORDS = {
    Unit.WORKING_DAYS: ("Arbeitstag", "Arbeitstage"),
    Unit.DAYS: ("Tag", "Tage"),
    Unit.WEEKS: ("Woche", "Wochen"),
    Unit.MONTHS: ("Monat", "Monate"),
    Unit.YEARS: ("Jahr", "Jahre"),
}
_SHORT = re.compile(r"([+-]?)(\d{1,4})\s*(AT|T|W|M|J)")
_ISO = re.compile(
    r"([+-]?)P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?"
)


@dataclass(frozen=True, slots=True)
class Length:
    """`parts` are counted one after another, largest unit first; `back` counts before the anchor.

    `announced` tells that the Bekanntgabe on the fourth day comes first (§ 41(2) VwVfG, § 37(2) SGB X).
    """

    parts: tuple[tuple[int, Unit], ...]
    back: bool = False
    announced: bool = False

    @property
    def exact(self) -> bool:
        """Whether it ends at a time of day instead of the end of a day (`PT4H`)."""
        return any(unit is Unit.SECONDS for _, unit in self.parts)

    def __str__(self) -> str:
        """`1 Monat`, `20 Arbeitstage`: as people say it."""
        return " ".join(_said(count, unit) for count, unit in self.parts)


def _said(count: int, unit: Unit) -> str:
    if unit is not Unit.SECONDS:
        return f"{count} {_WORDS[unit][count != 1]}"
    hours, minutes, seconds = count // 3600, count // 60 % 60, count % 60
    named = ((hours, "Stunde"), (minutes, "Minute"), (seconds, "Sekunde"))
    return " ".join(f"{number} {word}{'n' * (number != 1)}" for number, word in named if number)


@lru_cache(maxsize=1024)
def parse_length(text: str) -> Length:
    """Read a length. Raises `ValueError` that says what was expected."""
    stripped = text.strip()
    announced = stripped.startswith(ANNOUNCEMENT)
    body = stripped.removeprefix(ANNOUNCEMENT)
    if short := _SHORT.fullmatch(body):
        parts: tuple[tuple[int, Unit], ...] = ((int(short[2]), Unit(short[3])),)
        sign = short[1]
    elif iso := _ISO.fullmatch(body):
        parts, sign = _iso_parts(iso), iso[1]
    else:
        raise ValueError(
            f"Expected a length such as 5AT, 10T, 2W, 3M, 1J, -20AT, {ANNOUNCEMENT}1M or P14D, found '{text}'."
        )
    if announced and sign == "-":
        raise ValueError(f"A Frist that begins with the Bekanntgabe cannot run backwards: '{text}'.")
    return Length(parts, sign == "-", announced)


def _iso_parts(match: re.Match[str]) -> tuple[tuple[int, Unit], ...]:
    years, months, weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups()[1:])
    units = ((years, Unit.YEARS), (months, Unit.MONTHS), (weeks, Unit.WEEKS), (days, Unit.DAYS))
    parts = tuple((count, unit) for count, unit in units if count)
    if any(match.groups()[5:]):
        return (*parts, (hours * 3600 + minutes * 60 + seconds, Unit.SECONDS))
    return parts or ((0, Unit.DAYS),)
