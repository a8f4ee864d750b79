"""The clocks by which durations are counted: lived time or office hours. Times are microseconds since 1970 UTC."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from staffel.engine.calendar import OFFICE_HOURS, ZONE, Calendar, OfficeHours
from staffel.engine.errors import Refusal
from staffel.engine.store.types import to_microseconds

_SECOND = 1_000_000
_DAY = 86_400


class ClockKind(StrEnum):
    """What a duration counts: every hour, or the hours in which offices work."""

    CALENDAR = "kalenderzeit"
    WORKING = "arbeitszeit"


class ClocksDiffer(Refusal):
    """Durations of different clocks or calendars cannot be compared; compute both with the same clock."""

    code = "clocks-differ"
    text_de = "Zeiten nach verschiedenen Uhren oder Kalendern sind nicht vergleichbar; bitte beide gleich berechnen."


class Clock(Protocol):
    """Counts seconds. `id` names clock and calendar: only durations with the same `id` are comparable."""

    @property
    def id(self) -> str:
        """Clock and calendar, stable: `kalenderzeit`, `arbeitszeit:NW:40h`."""

    @property
    def day(self) -> int:
        """How many of its seconds make a day for people: 86,400, or the working day."""

    def seconds(self, begin: int, end: int) -> float:
        """The seconds from `begin` to `end`."""


class CalendarClock:
    """Every second counts, also at night and on Sundays."""

    id = ClockKind.CALENDAR.value
    day = _DAY

    def seconds(self, begin: int, end: int) -> float:
        """The seconds from `begin` to `end`."""
        return (end - begin) / _SECOND


class WorkingClock:
    """Only office hours on working days count, by a table of running totals from `first` to `last` year.

    The calendar is the one comparison of several municipalities shares: NRW's holidays, without local closing days.
    """

    def __init__(
        self, *, first: int, last: int, calendar: Calendar | None = None, hours: OfficeHours = OFFICE_HOURS
    ) -> None:
        self._begins: list[int] = [to_microseconds(datetime(first, 1, 1, tzinfo=ZONE))]
        self._lengths: list[int] = [0]
        self._totals: list[int] = [0]
        self.day = round(max(_open_seconds(pairs) for pairs in hours.week))
        week = round(sum(_open_seconds(pairs) for pairs in hours.week) / 3600)
        closing = len(calendar.closing_days) if calendar else 0
        self.id = f"{ClockKind.WORKING}:NW:{week}h" + (f":{closing} Schließtage" if closing else "")
        self._fill(date(first, 1, 1), date(last, 12, 31), calendar or Calendar(), hours)

    def _fill(self, day: date, last: date, calendar: Calendar, hours: OfficeHours) -> None:
        total = 0
        while day <= last:
            if calendar.is_working_day(day):
                for opens, closes in hours.week[day.weekday()]:
                    begin = to_microseconds(datetime.combine(day, opens, ZONE))
                    length = to_microseconds(datetime.combine(day, closes, ZONE)) - begin
                    self._begins.append(begin)
                    self._lengths.append(length)
                    self._totals.append(total)
                    total += length
            day += timedelta(days=1)

    def seconds(self, begin: int, end: int) -> float:
        """The working seconds from `begin` to `end`."""
        return (self._position(end) - self._position(begin)) / _SECOND

    def after(self, begin: int, seconds: float) -> int:
        """The moment when `seconds` of office hours have passed since `begin`: always within office hours.

        Raises `ValueError` beyond the table's last year.
        """
        position = self._position(begin) + round(seconds * _SECOND)
        index = bisect_right(self._totals, position) - 1
        late = position - self._totals[index]
        if late > self._lengths[index]:
            raise ValueError("Expected an end within the years of this clock")
        return max(begin, self._begins[index] + late)

    def _position(self, moment: int) -> int:
        index = bisect_right(self._begins, moment) - 1
        if index < 0:
            raise ValueError(f"Expected a time in the years of this clock, found {moment} µs since 1970")
        return self._totals[index] + min(moment - self._begins[index], self._lengths[index])


@lru_cache(maxsize=8)
def clock_for(kind: ClockKind, first: int, last: int) -> Clock:
    """The clock of a kind for the years `first` to `last`; its table is built once."""
    return CalendarClock() if kind is ClockKind.CALENDAR else WorkingClock(first=first, last=last)


def _open_seconds(pairs: tuple[tuple[time, time], ...]) -> float:
    monday = date(2000, 1, 3)
    return sum(
        (datetime.combine(monday, closes) - datetime.combine(monday, opens)).total_seconds()
        for opens, closes in pairs
    )
