"""Working time is counted as the calendar counts it; clocks that differ do not mix."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest

from staffel.engine.analysis.clocks import CalendarClock, ClocksDiffer, WorkingClock
from staffel.engine.analysis.durations import Durations, Measure
from staffel.engine.calendar import ZONE, Calendar
from staffel.engine.store.types import to_microseconds


def at(text: str) -> int:
    return to_microseconds(datetime.fromisoformat(text).replace(tzinfo=ZONE))


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        ("2026-03-02T09:00", "2026-03-02T11:00", 2),
        ("2026-03-06T15:00", "2026-03-09T09:00", 2),  # over a weekend
        ("2026-04-02T15:30", "2026-04-07T08:30", 1),  # over Easter
        ("2026-03-27T12:00", "2026-03-30T12:00", 8),  # over the night that loses an hour
        ("2026-03-01T10:00", "2026-03-01T18:00", 0),  # on a Sunday
    ],
)
def test_working_time_counts_office_hours_only(begin: str, end: str, hours: float):
    assert WorkingClock(first=2025, last=2027).seconds(at(begin), at(end)) == hours * 3600


def test_calendar_time_counts_the_night_that_loses_an_hour():
    assert CalendarClock().seconds(at("2026-03-28T12:00"), at("2026-03-29T12:00")) == 23 * 3600


def test_working_time_equals_the_calendars_to_the_second():
    clock, calendar, random = WorkingClock(first=2024, last=2027), Calendar(), Random(3)
    base = datetime(2024, 6, 1, tzinfo=ZONE)
    for _ in range(300):
        begin = base + timedelta(seconds=random.randrange(60_000_000))
        end = begin + timedelta(seconds=random.randrange(20_000_000))
        expected = calendar.working_seconds_between(begin, end)
        assert clock.seconds(to_microseconds(begin), to_microseconds(end)) == pytest.approx(expected)


def test_a_time_before_the_table_is_refused():
    with pytest.raises(ValueError, match="years of this clock"):
        WorkingClock(first=2025, last=2026).seconds(at("2024-01-02T10:00"), at("2025-01-02T10:00"))


def test_the_clock_names_its_calendar_and_its_day():
    clock = WorkingClock(first=2025, last=2026)

    assert (clock.id, clock.day) == ("arbeitszeit:NW:40h", 8 * 3600)
    closed = Calendar(closing_days=frozenset({datetime(2026, 2, 16).date()}))
    assert WorkingClock(first=2025, last=2026, calendar=closed).id != clock.id


def test_durations_of_different_clocks_refuse_to_be_compared():
    lived = Durations(Measure.LIEGEZEIT, CalendarClock().id)
    worked = Durations(Measure.LIEGEZEIT, WorkingClock(first=2025, last=2026).id)

    with pytest.raises(ClocksDiffer):
        lived.with_same_clock(worked)


def test_the_moment_after_some_working_time_is_within_office_hours():
    clock, random = WorkingClock(first=2025, last=2027), Random(9)
    base = datetime(2025, 3, 1, tzinfo=ZONE)
    for _ in range(300):
        begin = to_microseconds(base + timedelta(seconds=random.randrange(30_000_000)))
        seconds = random.uniform(0, 400_000)
        end = clock.after(begin, seconds)
        assert clock.seconds(begin, end) == pytest.approx(seconds, abs=1e-3)
        assert clock.seconds(end - 1, end + 1) > 0
