"""The values of FEEL and how they are written.

None, bool, Decimal (int is taken as well), str, date, `FeelTime`, datetime, `YearMonthDuration`, `DayTimeDuration`,
`Range`, list, dict (a context) and `Function`. Dates and date-times that Python cannot hold (years beyond 1–9999,
fractions below a microsecond) are `WideDate` and `WideDateTime`; both have the same fields as Python's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

Value: TypeAlias = Any
"""A FEEL value. FEEL is dynamically typed; `staffel.engine.feel.types` says what a value is."""

MATH = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
"""Decimal arithmetic as IEEE 754 decimal128, what DMN 1.5 §10.3.2.3.1 asks for."""

NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS
MAX_YEAR = 999_999_999


@dataclass(frozen=True, slots=True, order=True)
class YearMonthDuration:
    """A duration in months (`P1Y2M`)."""

    months: int

    def __str__(self) -> str:
        sign = "-" if self.months < 0 else ""
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{sign}P{text or '0M'}"


@dataclass(frozen=True, slots=True, order=True)
class DayTimeDuration:
    """A duration in nanoseconds (`P1DT2H`)."""

    nanos: int

    @classmethod
    def of(cls, delta: timedelta) -> DayTimeDuration:
        """The duration of a Python timedelta."""
        return cls((delta.days * 86_400 + delta.seconds) * NANOS + delta.microseconds * 1_000)

    def __str__(self) -> str:
        sign = "-" if self.nanos < 0 else ""
        seconds, nanos = divmod(abs(self.nanos), NANOS)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
        clock = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "")
        if second or nanos:
            clock += f"{second}{fraction}S"
        text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return f"{sign}P{text or 'T0S'}"


@dataclass(frozen=True, slots=True)
class FeelTime:
    """A time of day, with or without an offset or a zone."""

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    tzinfo: tzinfo | None = None

    def __str__(self) -> str:
        return clock_text(self.hour, self.minute, self.second, self.nanosecond) + zone_text(self.tzinfo)


@dataclass(frozen=True, slots=True, order=True)
class WideDate:
    """A date beyond the years 1–9999."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return date_text(self)


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date and time that Python's datetime cannot hold."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    tzinfo: tzinfo | None = None

    def __str__(self) -> str:
        return datetime_text(self)


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an absent (None) bound that is not included is open without end (`(>= 5)`).

    `form` is `=` or `!=` for `(= x)` and `(!= x)`, `..` where a bound was written and turned out to be null.
    """

    low: Value
    high: Value
    low_included: bool = True
    high_included: bool = True
    form: str = ""

    def __str__(self) -> str:
        if self.form in {"=", "!="}:
            return f"({self.form}{literal(self.low)})"
        low = "" if self.low is None else literal(self.low)
        high = "" if self.high is None else literal(self.high)
        return f"{'[' if self.low_included else '('}{low}..{high}{']' if self.high_included else ')'}"


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of a model or of FEEL. `call(run, arguments)` runs it; `None` stands for an absent argument."""

    name: str
    parameters: tuple[str, ...]
    call: Callable[[Any, Sequence[Value]], Value]
    parameter_types: tuple[Any, ...] = ()
    result_type: Any = None
    builtin: Any = None

    def __str__(self) -> str:
        return f"function({', '.join(self.parameters)})"


Date: TypeAlias = date | WideDate
DateTime: TypeAlias = datetime | WideDateTime
NUMBERS = frozenset((Decimal, int))
DATES = frozenset((date, WideDate))
DATETIMES = frozenset((datetime, WideDateTime))


def zone_text(zone: tzinfo | None) -> str:
    """`Z`, `+01:00`, `@Europe/Berlin` or nothing."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None)
    seconds = int(offset.total_seconds()) if offset is not None else 0
    if not seconds:
        return "Z"
    minutes, second = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if second else text


def clock_text(hour: int, minute: int, second: int, nanos: int) -> str:
    """`HH:MM:SS`, with a fraction where there is one."""
    fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
    return f"{hour:02d}:{minute:02d}:{second:02d}{fraction}"


def date_text(value: Date | DateTime) -> str:
    """`YYYY-MM-DD`, years below zero with a minus sign."""
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def nanosecond(value: DateTime) -> int:
    """The fraction of a second in nanoseconds."""
    return value.microsecond * 1_000 if isinstance(value, datetime) else value.nanosecond


def datetime_text(value: DateTime) -> str:
    """`YYYY-MM-DDTHH:MM:SS` with fraction and zone where there are any."""
    clock = clock_text(value.hour, value.minute, value.second, nanosecond(value))
    return f"{date_text(value)}T{clock}{zone_text(value.tzinfo)}"


def fixed_zone(seconds: int) -> timezone:
    """The zone of an offset in seconds; zero is UTC."""
    return timezone(timedelta(seconds=seconds)) if seconds else timezone.utc  # noqa: UP017


def is_whole(number: Decimal | int) -> bool:
    """Whether there is nothing behind the point, whatever the size of the number."""
    return isinstance(number, int) or number == number.to_integral_value()


def number_text(value: Decimal | int) -> str:
    """A number without exponent and trailing zeros."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


MAX_TEXT = 1_000_000
"""How long the text of a value may become; longer ones end with an ellipsis."""


def plain_text(value: Value, tick: Callable[[int], object] | None = None) -> str:
    """The value as `string()` gives it: text itself, everything else as its literal."""
    return value if isinstance(value, str) else literal(value, tick)


def literal(value: Value, tick: Callable[[int], object] | None = None) -> str:
    """The value in FEEL's notation. `tick` is told of every item as one step, and may end it."""
    written = list[str]()
    _write(value, written, [MAX_TEXT], 0, tick)
    return "".join(written)


def _write(
    value: Value, written: list[str], left: list[int], depth: int, tick: Callable[[int], object] | None
) -> None:
    """Append the pieces of a literal; one value may stand in many places, so that length and depth are bounded."""
    if left[0] <= 0 or depth > 100:
        written.append("…")
        return
    start = len(written)
    if isinstance(value, list):
        for index, item in enumerate(value):
            if tick is not None:
                tick(1)
            written.append(", " if index else "[")
            left[0] -= 2
            _write(item, written, left, depth + 1, tick)
            if left[0] <= 0:
                break
        written.append("]" if value else "[]")
    elif isinstance(value, dict):
        for index, (key, item) in enumerate(value.items()):
            if tick is not None:
                tick(1)
            written.append(f"{', ' if index else '{'}{_key(str(key))}: ")
            left[0] -= len(written[-1])
            _write(item, written, left, depth + 1, tick)
            if left[0] <= 0:
                break
        written.append("}" if value else "{}")
    else:
        written.append(_scalar(value))
        left[0] -= len(written[start])


def _scalar(value: Value) -> str:  # noqa: PLR0911 - a line per kind of value
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case Decimal() | int():
            return number_text(value)
        case datetime() | WideDateTime():
            return datetime_text(value)
        case date() | WideDate():
            return date_text(value)
    return str(value)


def _key(name: str) -> str:
    return name if name.replace(" ", "").replace("_", "").isalnum() else literal(name)
