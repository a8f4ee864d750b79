"""Which days are worked and how many working seconds lie between two moments, by tables of running totals."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from holidays import country_holidays

ZONE: Final = ZoneInfo("Europe/Berlin")
_SATURDAY: Final = 5
_WEEKDAYS: Final = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
Days = frozenset[date]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Opening times by weekday (Monday first), local wall clock; a day may have several, in order of time."""

    week: tuple[tuple[tuple[time, time], ...], ...]

    def __post_init__(self) -> None:
        if len(self.week) != len(_WEEKDAYS):
            raise ValueError(f"Expected opening times for 7 weekdays, found {len(self.week)}.")
        for hours in self.week:
            edges = [edge for pair in hours for edge in pair]
            if edges != sorted(edges):
                raise ValueError(f"Expected opening times in order without overlap, found {hours}.")


_DAY: Final = ((time(8), time(16)),)
OFFICE_HOURS: Final = OfficeHours((_DAY, _DAY, _DAY, _DAY, _DAY, (), ()))
"""Monday to Friday from 8 to 16 o'clock."""


@lru_cache(maxsize=512)
def _holidays(year: int) -> dict[date, str]:
    return dict(country_holidays("DE", subdiv="NW", years=year, language="de").items())


def holiday_name(day: date) -> str | None:
    """The public holiday in North Rhine-Westphalia (Feiertagsgesetz NW), None on other days."""
    return _holidays(day.year).get(day)


def why_free(day: date, closing_days: Days) -> str | None:
    """Why nobody works: `Karfreitag`, `Samstag`, `Schließtag`; None on a working day."""
    name = holiday_name(day)
    if name is not None:
        return f"Feiertag ({name})"
    if day.weekday() >= _SATURDAY:
        return _WEEKDAYS[day.weekday()]
    return "Schließtag" if day in closing_days else None


@lru_cache(maxsize=512)
def _year_days(year: int, closing_days: Days) -> tuple[date, ...]:
    day, found = date(year, 1, 1), []
    while day.year == year:
        if why_free(day, closing_days) is None:
            found.append(day)
        if day == date.max:
            break
        day += timedelta(days=1)
    return tuple(found)


def step_working_days(start: date, count: int, closing_days: Days) -> date:
    """The `count`-th working day after `start`; before it when negative. Zero gives `start` itself."""
    step = timedelta(days=1 if count > 0 else -1)
    day, left = start, abs(count)
    while left:
        day += step
        left -= why_free(day, closing_days) is None
    return day


def count_working_days(after: date, until: date, closing_days: Days) -> int:
    """Working days later than `after`, up to and including `until`; negative when `until` comes first."""
    if until < after:
        return -count_working_days(until, after, closing_days)
    whole = sum(len(_year_days(year, closing_days)) for year in range(after.year, until.year))
    next_after, next_until = after + timedelta(days=1), until + timedelta(days=1)
    before_start = _rank(after.year, next_after, closing_days)
    return whole + _rank(until.year, next_until, closing_days) - before_start


def _rank(year: int, day: date, closing_days: Days) -> int:
    return bisect_left(_year_days(year, closing_days), day)


@lru_cache(maxsize=256)
def _table(
    year: int, closing_days: Days, hours: OfficeHours
) -> tuple[tuple[datetime, ...], tuple[float, ...]]:
    """Moments where opening hours begin or end, and the working seconds from the year's start until each."""
    moments, totals, total = [], [], 0.0
    for day in _year_days(year, closing_days):
        for opens, closes in hours.week[day.weekday()]:
            begin = datetime.combine(day, opens, ZONE).astimezone(UTC)
            end = datetime.combine(day, closes, ZONE).astimezone(UTC)
            moments += [begin, end]
            totals += [total, total + (end - begin).total_seconds()]
            total = totals[-1]
    return tuple(moments), tuple(totals)


def _seconds_into_year(year: int, moment: datetime, closing_days: Days, hours: OfficeHours) -> float:
    moments, totals = _table(year, closing_days, hours)
    place = bisect_left(moments, moment)
    if place == 0:
        return 0.0
    open_now = place % 2 == 1
    extra = (moment - moments[place - 1]).total_seconds() if open_now else 0.0
    return totals[place - 1] + extra


def count_working_seconds(start: datetime, end: datetime, closing_days: Days, hours: OfficeHours) -> float:
    """Working seconds from `start` to `end` (both aware); negative when `end` comes first."""
    if end < start:
        return -count_working_seconds(end, start, closing_days, hours)
    first, last = start.astimezone(ZONE).year, end.astimezone(ZONE).year
    whole = 0.0
    for year in range(first, last):
        totals = _table(year, closing_days, hours)[1]
        whole += totals[-1] if totals else 0.0
    return (
        whole
        + _seconds_into_year(last, end.astimezone(UTC), closing_days, hours)
        - _seconds_into_year(first, start.astimezone(UTC), closing_days, hours)
    )
