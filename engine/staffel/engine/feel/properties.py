"""What `value.name` gives: entries of contexts, parts of dates, times, durations and ranges (DMN 1.5 Table 53, 64)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from staffel.engine.feel.dates import days_of, offset_seconds
from staffel.engine.feel.run import Run
from staffel.engine.feel.scope import suggestion
from staffel.engine.feel.types import kind_of
from staffel.engine.feel.values import (
    NANOS,
    DayTimeDuration,
    FeelTime,
    Range,
    Value,
    WideDate,
    WideDateTime,
    YearMonthDuration,
    zone_text,
)

_Parts = Mapping[str, Callable[[Value], Value]]


def path_of(run: Run, at: int, value: Value, name: str) -> Value:
    """The entry or property; of a list, that of each element."""
    kind = type(value)
    if kind is list:
        run.tick(len(value), at)
        return [path_of(run, at, each, name) for each in value]
    if kind is dict:
        if name in value:
            return value[name]
        return run.null(at, "no-such-entry", name, *suggestion(name, value))
    if value is None:
        return None
    part = PROPERTIES.get(kind, {}).get(name)
    return part(value) if part else run.null(at, "no-such-property", name, kind_of(value))


def weekday(value: Value) -> int:
    """1 (Monday) to 7 (Sunday)."""
    return (days_of(value) + 3) % 7 + 1


def _second(value: Value) -> Decimal:
    return Decimal(value.second)


def _offset(value: Value) -> Value:
    if value.tzinfo is None:
        return None
    return DayTimeDuration(
        offset_seconds(value.tzinfo, value if type(value) is not FeelTime else None) * NANOS
    )


def _zone(value: Value) -> Value:
    text = zone_text(value.tzinfo)
    return text[1:] if text.startswith("@") else None


def _part(total: Value, unit: int, modulo: int) -> Decimal:
    parts = abs(total) // unit
    parts = parts % modulo if modulo else parts
    return Decimal(-parts if total < 0 else parts)


_DATE: _Parts = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(weekday(value)),
}
_TIME: _Parts = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": _second,
    "time offset": _offset,
    "timezone": _zone,
}
_RANGE: _Parts = {
    "start": lambda value: value.low,
    "end": lambda value: value.high,
    "start included": lambda value: value.low_included,
    "end included": lambda value: value.high_included,
}
PROPERTIES: Mapping[type, _Parts] = {
    date: _DATE,
    WideDate: _DATE,
    datetime: {**_DATE, **_TIME},
    WideDateTime: {**_DATE, **_TIME},
    FeelTime: _TIME,
    YearMonthDuration: {
        "years": lambda value: _part(value.months, 12, 0),
        "months": lambda value: _part(value.months, 1, 12),
    },
    DayTimeDuration: {
        "days": lambda value: _part(value.nanos, 86_400 * NANOS, 0),
        "hours": lambda value: _part(value.nanos, 3_600 * NANOS, 24),
        "minutes": lambda value: _part(value.nanos, 60 * NANOS, 60),
        "seconds": lambda value: _part(value.nanos, NANOS, 60),
    },
    Range: _RANGE,
}
