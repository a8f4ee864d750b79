"""The calendar under FEEL's dates: days since 1970 for any year, text to value, arithmetic on whole months.

Dates are proleptic Gregorian (ISO 8601) from year -999,999,999 to 999,999,999.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from staffel.engine.feel.values import (
    DAY_NANOS,
    MAX_YEAR,
    NANOS,
    Date,
    DateTime,
    DayTimeDuration,
    FeelTime,
    WideDate,
    WideDateTime,
    YearMonthDuration,
    fixed_zone,
    nanosecond,
)

UTC = timezone.utc  # noqa: UP017
_EPOCH = date(1970, 1, 1).toordinal()
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MAX_OFFSET = 18 * 3600

_DATE = r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
_ZONE = r"(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+/-]+)?"
_DATE_TEXT = re.compile(_DATE, re.ASCII)
_TIME_TEXT = re.compile(f"T?{_TIME}{_ZONE}", re.ASCII)
_DATETIME_TEXT = re.compile(f"{_DATE}T{_TIME}{_ZONE}", re.ASCII)
_YEARS_MONTHS = re.compile(r"(-)?P(?=[0-9])(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-)?P(?=[0-9]|T[0-9])(?:([0-9]{1,18})D)?"
    r"(?:T(?=[0-9.])(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18}(?:\.[0-9]*)?)S)?)?",
    re.ASCII,
)


def is_leap(year: int) -> bool:
    """Whether the year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_days(year: int, month: int) -> int:
    """How many days the month has."""
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


def make_date(year: int, month: int, day: int) -> Date | None:
    """The date, or None where there is no such day."""
    if not (-MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= month_days(year, month)):
        return None
    return date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)


def make_time(hour: int, minute: int, second: int, nanos: int, zone: tzinfo | None) -> FeelTime | None:
    """The time of day, or None where there is none such."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return None
    return FeelTime(hour, minute, second, nanos, zone)


def make_datetime(day: Date | DateTime, time: FeelTime | DateTime) -> DateTime:
    """The date of `day` at the time and in the zone of `time`."""
    nanos = time.nanosecond if isinstance(time, FeelTime) else nanosecond(time)
    clock = (time.hour, time.minute, time.second)
    if 1 <= day.year <= 9999 and nanos % 1_000 == 0:
        return datetime(  # noqa: DTZ001 - FEEL has local date-times
            day.year, day.month, day.day, *clock, nanos // 1_000, time.tzinfo
        )
    return WideDateTime(day.year, day.month, day.day, *clock, nanos, time.tzinfo)


def midnight(day: Date, zone: tzinfo | None = None) -> DateTime:
    """The start of the day."""
    return make_datetime(day, FeelTime(0, 0, 0, 0, zone))


def date_of(value: Date | DateTime) -> Date:
    """The date part."""
    if isinstance(value, datetime):
        return value.date()
    return WideDate(value.year, value.month, value.day) if isinstance(value, WideDateTime) else value


def time_of(value: DateTime) -> FeelTime:
    """The time part, with the zone."""
    return FeelTime(value.hour, value.minute, value.second, nanosecond(value), value.tzinfo)


def days_of(value: Date | DateTime) -> int:
    """Days since 1970-01-01."""
    if isinstance(value, date):
        return value.toordinal() - _EPOCH
    year = value.year - (value.month <= 2)
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (value.month + (-3 if value.month > 2 else 9)) + 2) // 5 + value.day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def date_from_days(days: int) -> Date | None:
    """The date so many days after 1970-01-01."""
    if -719_162 <= days <= 2_932_896:
        return date.fromordinal(days + _EPOCH)
    era, day = divmod(days + 719_468, 146_097)
    year_of_era = (day - day // 1_460 + day // 36_524 - day // 146_096) // 365
    day_of_year = day - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * day_of_year + 2) // 153
    month_day = day_of_year - (153 * month + 2) // 5 + 1
    month += 3 if month < 10 else -9
    return make_date(year_of_era + era * 400 + (month <= 2), month, month_day)


def offset_seconds(zone: tzinfo, at: Date | DateTime | None = None) -> int:
    """The offset of the zone, for a named zone at the given local time (or in January 1970)."""
    moment = datetime(1970, 1, 1)  # noqa: DTZ001 - a local time, its zone is asked for
    if isinstance(at, datetime):
        moment = at.replace(tzinfo=None)
    offset = zone.utcoffset(moment if isinstance(zone, ZoneInfo) else None)
    return int(offset.total_seconds()) if offset is not None else 0


def clock_nanos(value: FeelTime | DateTime) -> int:
    """Nanoseconds since midnight, local."""
    nanos = value.nanosecond if isinstance(value, FeelTime) else nanosecond(value)
    return (value.hour * 3600 + value.minute * 60 + value.second) * NANOS + nanos


def instant(value: Date | DateTime) -> int:
    """Nanoseconds since 1970-01-01T00:00:00; of a value without zone as if it were UTC."""
    nanos = days_of(value) * DAY_NANOS
    if isinstance(value, (datetime, WideDateTime)):
        nanos += clock_nanos(value)
        if value.tzinfo is not None:
            nanos -= offset_seconds(value.tzinfo, value) * NANOS
    return nanos


def from_instant(nanos: int, zone: tzinfo | None) -> DateTime | None:
    """The date and time of an instant in a zone (without zone: in UTC, then local)."""
    shift = 0
    if zone is not None:
        shift = offset_seconds(zone)
        if (
            isinstance(zone, ZoneInfo)
            and -62_135_596_800 + 86_400 < nanos // NANOS < 253_402_300_799 - 86_400
        ):
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=nanos // NANOS)
            local = moment.astimezone(zone).utcoffset()
            shift = int(local.total_seconds()) if local is not None else 0
    days, clock = divmod(nanos + shift * NANOS, DAY_NANOS)
    day = date_from_days(days)
    return None if day is None else make_datetime(day, time_from_nanos(clock, zone))


def time_from_nanos(nanos: int, zone: tzinfo | None) -> FeelTime:
    """The time of day so many nanoseconds after midnight; whole days drop out."""
    seconds, fraction = divmod(nanos % DAY_NANOS, NANOS)
    return FeelTime(seconds // 3600, seconds // 60 % 60, seconds % 60, fraction, zone)


def add_months(value: Date | DateTime, months: int) -> Date | DateTime | None:
    """So many months later; a day that the month does not have becomes its last."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not -MAX_YEAR <= year <= MAX_YEAR:
        return None
    day = make_date(year, month + 1, min(value.day, month_days(year, month + 1)))
    if day is None or not isinstance(value, (datetime, WideDateTime)):
        return day
    return make_datetime(day, value)


def months_between(start: Date | DateTime, end: Date | DateTime) -> int:
    """Whole months from `start` to `end`, towards zero."""
    months = (end.year - start.year) * 12 + end.month - start.month

    def rest(value: Date | DateTime) -> tuple[int, int]:
        clock = clock_nanos(value) if isinstance(value, (datetime, WideDateTime)) else 0
        return value.day, clock

    if months > 0 and rest(end) < rest(start):
        return months - 1
    return months + 1 if months < 0 and rest(end) > rest(start) else months


@lru_cache(maxsize=4096)
def parse_date(text: str) -> Date | None:
    """`YYYY-MM-DD`, or None."""
    found = _DATE_TEXT.fullmatch(text)
    return make_date(*(int(part) for part in found.groups())) if found else None


def parse_time(text: str) -> FeelTime | None:
    """`HH:MM:SS` with fraction and zone, or None."""
    found = _TIME_TEXT.fullmatch(text)
    return _time(*found.groups()) if found else None


def parse_datetime(text: str) -> DateTime | None:
    """`YYYY-MM-DDTHH:MM:SS` with fraction and zone, or None. A date alone is not taken."""
    found = _DATETIME_TEXT.fullmatch(text)
    if not found:
        return None
    year, month, day, *clock = found.groups()
    moment = make_date(int(year), int(month), int(day))
    next_day = clock[:3] == ["24", "00", "00"] and not (clock[3] or "").strip("0")
    time = _time(*(["00", *clock[1:]] if next_day else clock))
    if moment is None or time is None:
        return None
    if next_day:
        moment = date_from_days(days_of(moment) + 1)
    return None if moment is None else make_datetime(moment, time)


def _time(hour: str, minute: str, second: str, fraction: str | None, zone: str | None) -> FeelTime | None:
    tz = parse_zone(zone) if zone else None
    if zone and tz is None:
        return None
    nanos = int((fraction or "0")[:9].ljust(9, "0"))
    return make_time(int(hour), int(minute), int(second), nanos, tz)


@lru_cache(maxsize=512)
def parse_zone(text: str) -> tzinfo | None:
    """`Z`, `+01:00` or `@Europe/Berlin`; None where there is no such zone."""
    if text in {"Z", "z"}:
        return UTC
    if text.startswith("@"):
        try:
            return ZoneInfo(text[1:])
        except (KeyError, ValueError, OSError):
            return None
    hours, minutes, *rest = (int(part) for part in text[1:].split(":"))
    seconds = hours * 3600 + minutes * 60 + (rest[0] if rest else 0)
    if minutes > 59 or (rest and rest[0] > 59) or seconds > _MAX_OFFSET:
        return None
    return fixed_zone(-seconds if text[0] == "-" else seconds)


def parse_duration(text: str) -> YearMonthDuration | DayTimeDuration | None:
    """`P1Y2M` or `P1DT2H`, or None."""
    if found := _YEARS_MONTHS.fullmatch(text):
        sign, years, months = found.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return YearMonthDuration(-total if sign else total)
    if not (found := _DAYS_TIME.fullmatch(text)):
        return None
    sign, days, hours, minutes, seconds = found.groups()
    whole = int(days or 0) * 86_400 + int(hours or 0) * 3_600 + int(minutes or 0) * 60
    nanos = whole * NANOS + int(Decimal(seconds or 0) * NANOS)
    return DayTimeDuration(-nanos if sign else nanos)
