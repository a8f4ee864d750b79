"""ISO 8601 dates, durations and repetitions, as text or FEEL values, and the moment a timer is due."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from staffel.engine.bpmn.model import TimerKind
from staffel.engine.feel.values import DayTimeDuration, YearMonthDuration, literal
from staffel.engine.kernel.incidents import Code, Stuck

LOCAL = ZoneInfo("Europe/Berlin")
"""Where dates and times without a zone are meant."""

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,7})D)?"
    r"(?:T(?=.)(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,11})(?:[.,](\d{1,9}))?S)?)?"
)
_CYCLE = re.compile(r"R(\d{0,9})/(.+)")
ENDLESS = -1
DURATION_KIND = TimerKind.DURATION
EXPECTED = {
    TimerKind.DATE: ("ein Zeitpunkt (2026-05-01T08:00:00)", "a date (2026-05-01T08:00:00)"),
    TimerKind.DURATION: ("eine Dauer (P14D)", "a duration (P14D)"),
    TimerKind.CYCLE: ("eine Wiederholung (R3/P1D)", "a repetition (R3/P1D)"),
}
"""What each kind of timer holds, German and English."""
ANY_KIND = ("ein Zeitpunkt, eine Dauer oder eine Wiederholung", "a date, duration or repetition")


class Length(NamedTuple):
    """A duration: whole months and a span."""

    months: int
    span: timedelta

    def after(self, start: datetime) -> datetime:
        """The moment that much later; the day is the month's last where the month is shorter (§ 188(3) BGB)."""
        if self.months:
            local = start.astimezone(LOCAL)
            years, month = divmod(local.month - 1 + self.months, 12)
            year = local.year + years
            day = min(local.day, monthrange(year, month + 1)[1])
            start = local.replace(year=year, month=month + 1, day=day).astimezone(UTC)
        return start + self.span

    def __bool__(self) -> bool:
        return bool(self.months) or bool(self.span)


class Cycle(NamedTuple):
    """A repetition: `times` further ones after the first (-1: endless), `interval` apart, from `start` until `end`."""

    times: int
    interval: Length
    start: datetime | None = None
    end: datetime | None = None


@lru_cache(maxsize=1_024)
def parse_length(text: str) -> Length | None:
    """An ISO 8601 duration (`P1Y2M3DT4H5M6.7S`, `P2W`); None when the text is none."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups()[:7])
    micros = int((match[8] or "0").ljust(6, "0")[:6])
    try:
        span = timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micros
        )
    except OverflowError:
        return None
    return Length(years * 12 + months, span)


def parse_moment(text: str) -> datetime | None:
    """An ISO 8601 date or date-time, in UTC; without zone it is German local time, a bare date its first moment."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return _utc(found)


@lru_cache(maxsize=1_024)
def parse_cycle(text: str) -> Cycle | None:
    """`R3/PT10H`, `R/start/PT1H`, `R5/PT1H/end`, `R2/start/end`; None when the text is none. R0 does not repeat."""
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        return None
    times = max(int(match[1]) - 1, 0) if match[1] else ENDLESS
    parts = match[2].split("/")
    lengths = [parse_length(part) for part in parts]
    moments = [parse_moment(part) for part in parts]
    interval = next((each for each in lengths if each), None)
    if len(parts) > 2 or any(one is None and two is None for one, two in zip(lengths, moments, strict=True)):
        return None
    if interval is None:
        if len(parts) != 2 or moments[0] is None or moments[1] is None or moments[1] <= moments[0]:
            return None
        interval = Length(0, moments[1] - moments[0])
        return Cycle(times, interval, moments[0])
    start = moments[0] if len(parts) == 2 and moments[0] is not None else None
    end = moments[1] if len(parts) == 2 and start is None else None
    return Cycle(times, interval, start, end)


def moment_of(value: Any, now: datetime) -> datetime | None:
    """The moment a value of any of the forms means, first firing of repetitions included; None when it means none."""
    cycle = cycle_of(value)
    if cycle is not None:
        return cycle.start or cycle.interval.after(now)
    length = length_of(value)
    if length is not None:
        return length.after(now)
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, date):
        return _utc(datetime(value.year, value.month, value.day, tzinfo=LOCAL))
    return parse_moment(value) if isinstance(value, str) else None


def length_of(value: Any) -> Length | None:
    """The value as a duration, not below zero."""
    match value:
        case YearMonthDuration() if value.months >= 0:
            return Length(value.months, timedelta())
        case DayTimeDuration() if value.nanos >= 0:
            return Length(0, timedelta(microseconds=value.nanos // 1_000))
        case str():
            return parse_length(value)
        case _:
            return None


def cycle_of(value: Any) -> Cycle | None:
    """The value as a repetition, when it is one."""
    return parse_cycle(value) if isinstance(value, str) else None


def fits(kind: TimerKind, value: Any) -> bool:
    """Whether the value is of the kind that the timer names (BPMN 2.0.2 §10.5.5, table 10.101)."""
    match kind:
        case TimerKind.CYCLE:
            return cycle_of(value) is not None
        case TimerKind.DURATION:
            return length_of(value) is not None
        case TimerKind.DATE:
            return isinstance(value, date) or (isinstance(value, str) and parse_moment(value) is not None)


def bad_timer(expression: str, value: Any, expected: tuple[str, str] = ANY_KIND) -> Stuck:
    """The incident of a timer whose expression gave something else than `expected`."""
    return Stuck(
        Code.BAD_TIMER,
        expression=expression,
        found=literal(value),
        expected_de=expected[0],
        expected_en=expected[1],
    )


def checked_moment(value: Any, now: datetime, expression: str) -> datetime:
    """The moment, in UTC. Raises `Stuck` when the value means none or lies beyond the calendar."""
    try:
        found = moment_of(value, now)
    except (OverflowError, ValueError):
        found = None
    if found is None:
        raise bad_timer(expression, value)
    return found


def moment_after(length: Length, now: datetime, expression: str) -> datetime:
    """The moment so much later. Raises `Stuck` when it lies beyond the calendar."""
    try:
        return length.after(now)
    except (OverflowError, ValueError) as error:
        raise bad_timer(expression, expression.strip('"')) from error


def following(cycle: Cycle, due: datetime) -> datetime | None:
    """The firing after the one at `due`; None beyond the repetition's end."""
    try:
        moment = cycle.interval.after(due)
    except (OverflowError, ValueError):
        return None
    return None if cycle.end is not None and moment > cycle.end else moment


def _utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=LOCAL)).astimezone(UTC)
