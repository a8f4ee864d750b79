"""The period of a comparison: whole months in which cases started, closed against differencing.

Two periods that differ by a month would tell that month's cases by subtraction. Months are therefore joined into
blocks of at least 5 cases, and a block is counted as a whole or not at all: any difference is 5 cases or more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from staffel.engine.analysis.disclosure import MINIMUM
from staffel.engine.calendar import ZONE
from staffel.engine.store.types import from_microseconds


class Period(msgspec.Struct, frozen=True):
    """Whole months, first and last included, of which the given days are part; by the start of cases."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(
                f"Expected a period that ends after it begins, found {self.first} to {self.last}"
            )

    def months(self) -> range:
        """The months as running numbers."""
        return range(_number(self.first), _number(self.last) + 1)


def months_counted(starts: Sequence[int], period: Period) -> frozenset[int]:
    """Which months of the period may be counted, given the starts (microseconds) of all cases of the group."""
    wanted = period.months()
    return frozenset(
        month
        for block in _blocks(Counter(month_of(start) for start in starts))
        if block[0] in wanted and block[-1] in wanted
        for month in block
    )


def month_of(moment: int) -> int:
    """The month of a time in microseconds, as a running number; local time decides."""
    return _number(from_microseconds(moment).astimezone(ZONE))


def month_name(month: int) -> str:
    """`2026-03`."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def _number(day: date | datetime) -> int:
    return day.year * 12 + day.month - 1


def _blocks(counts: Counter[int]) -> list[list[int]]:
    blocks: list[list[int]] = []
    current: list[int] = []
    size = 0
    for month in sorted(counts):
        current.append(month)
        size += counts[month]
        if size >= MINIMUM:
            blocks.append(current)
            current, size = [], 0
    if current and blocks:
        blocks[-1] += current
    elif current:
        blocks.append(current)
    return blocks
