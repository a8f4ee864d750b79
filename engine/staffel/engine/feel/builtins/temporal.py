"""FEEL's functions that make and read dates, times and durations (DMN 1.5 Tables 70, 77)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from staffel.engine.feel.builtins.signature import Nothing, builtin
from staffel.engine.feel.dates import (
    UTC,
    date_of,
    days_of,
    make_date,
    make_datetime,
    make_time,
    midnight,
    months_between,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
    parse_zone,
    time_of,
)
from staffel.engine.feel.properties import weekday
from staffel.engine.feel.run import Run
from staffel.engine.feel.types import kind_of
from staffel.engine.feel.values import (
    DATES,
    DATETIMES,
    MATH,
    NANOS,
    DayTimeDuration,
    FeelTime,
    Value,
    YearMonthDuration,
    fixed_zone,
    is_whole,
    zone_text,
)

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _found(value: Value, name: str, *given: Value) -> Value:
    if value is None:
        raise Nothing("argument-value", name, ", ".join(map(str, given)))
    return value


def _whole(name: str, *numbers: Value) -> list[int]:
    if not all(map(is_whole, numbers)):
        raise Nothing("argument-value", name, ", ".join(map(str, numbers)))
    return [int(number) for number in numbers]


def _date(_run: Run, given: Value) -> Value:
    if type(given) is str:
        return _found(parse_date(given), "date", given)
    return date_of(given)


def _date_of_parts(_run: Run, year: Value, month: Value, day: Value) -> Value:
    return _found(make_date(*_whole("date", year, month, day)), "date", year, month, day)


def _time(_run: Run, given: Value) -> Value:
    if type(given) is str:
        return _found(parse_time(given), "time", given)
    if type(given) is FeelTime:
        return given
    return time_of(midnight(given, UTC) if type(given) in DATES else given)


def _time_of_parts(_run: Run, hour: Value, minute: Value, second: Value, offset: Value = None) -> Value:
    hours, minutes = _whole("time", hour, minute)
    seconds, nanos = divmod(int(MATH.multiply(second, NANOS)), NANOS)
    zone = None
    if offset is not None:
        shift = int(offset.nanos / NANOS)
        if abs(shift) > 18 * 3600:
            raise Nothing("argument-value", "time", offset)
        zone = fixed_zone(shift)
    return _found(make_time(hours, minutes, seconds, nanos, zone), "time", hour, minute, second)


def _datetime(_run: Run, given: Value) -> Value:
    if type(given) is str:
        day = parse_date(given)
        return _found(parse_datetime(given) if day is None else midnight(day), "date and time", given)
    return midnight(given) if type(given) in DATES else given


def _datetime_of(_run: Run, day: Value, time: Value) -> Value:
    return make_datetime(day, time)


def _datetime_of_parts(  # noqa: PLR0917 - FEEL's own parameters
    run: Run,
    year: Value,
    month: Value,
    day: Value,
    hour: Value,
    minute: Value,
    second: Value,
    zone: Value = None,
) -> Value:
    offset = zone if type(zone) is DayTimeDuration else None
    moment = make_datetime(
        _date_of_parts(run, year, month, day), _time_of_parts(run, hour, minute, second, offset)
    )
    if type(zone) is not str:
        return moment
    place = _found(parse_zone(zone if zone[:1] in {"+", "-", "Z"} else f"@{zone}"), "date and time", zone)
    return moment.replace(tzinfo=place) if isinstance(moment, datetime) else moment


def _duration(_run: Run, given: Value) -> Value:
    return _found(parse_duration(given), "duration", given) if type(given) is str else given


def _years_and_months(_run: Run, start: Value, end: Value) -> Value:
    return YearMonthDuration(months_between(start, end))


def _now(run: Run) -> datetime:
    if run.now is None:
        raise Nothing("no-clock")
    return run.now


def _today(run: Run) -> date:
    return _now(run).date()


def _day_of_year(_run: Run, day: Value) -> Decimal:
    first = make_date(day.year, 1, 1)
    return Decimal(days_of(day) - days_of(first) + 1 if first else 0)


def _week_of_year(_run: Run, day: Value) -> Decimal:
    """ISO 8601: the week that holds the year's first Thursday is week 1."""
    thursday = days_of(day) - weekday(day) + 4
    year = day.year
    for candidate in (year + 1, year, year - 1):
        first = make_date(candidate, 1, 1)
        if first is not None and days_of(first) <= thursday:
            return Decimal((thursday - days_of(first)) // 7 + 1)
    raise Nothing("date-range")


def _is(_run: Run, one: Value, two: Value) -> bool:
    """The same value of the same kind, written the same way: times with their zones."""
    if kind_of(one) != kind_of(two):
        return False
    if type(one) in DATETIMES or type(one) is FeelTime:
        return zone_text(one.tzinfo) == zone_text(two.tzinfo) and bool(_local(one) == _local(two))
    return bool(one == two)


def _local(value: Value) -> Value:
    parts = (value.hour, value.minute, value.second)
    nanos = value.microsecond * 1000 if isinstance(value, datetime) else value.nanosecond
    day = () if type(value) is FeelTime else (value.year, value.month, value.day)
    return (*day, *parts, nanos)


_DAY = "date: date or date and time"
TEMPORAL = (
    builtin(
        "date",
        ("from: string|date or date and time", _date),
        ("year: number, month: number, day: number", _date_of_parts),
    ),
    builtin(
        "time",
        ("from: string|time|date or date and time", _time),
        ("hour: number, minute: number, second: number, offset: days and time duration?", _time_of_parts),
    ),
    builtin(
        "date and time",
        ("from: string|date or date and time", _datetime),
        ("date: date or date and time, time: time", _datetime_of),
        (
            "year: number, month: number, day: number, hour: number, minute: number, second: number, "
            "offset: days and time duration?",
            _datetime_of_parts,
        ),
        (
            "year: number, month: number, day: number, hour: number, minute: number, second: number, "
            "timezone: string?",
            _datetime_of_parts,
        ),
    ),
    builtin("duration", ("from: string|duration", _duration)),
    builtin(
        "years and months duration",
        ("from: date or date and time, to: date or date and time", _years_and_months),
    ),
    builtin("now", ("", _now)),
    builtin("today", ("", _today)),
    builtin("day of year", (_DAY, _day_of_year)),
    builtin("day of week", (_DAY, lambda _run, day: _WEEKDAYS[weekday(day) - 1])),
    builtin("month of year", (_DAY, lambda _run, day: _MONTHS[day.month - 1])),
    builtin("week of year", (_DAY, _week_of_year)),
    builtin("is", ("value1: any, value2: any", _is)),
)
