"""Working days and working time against a plain count, day by day and minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffel.engine.calendar import OFFICE_HOURS, Calendar, OfficeHours, holiday_name

BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = Calendar(frozenset({date(2026, 2, 16), date(2026, 12, 24)}))
LUNCH = OfficeHours(
    (((time(8), time(12)), (time(13), time(16, 30))),) * 4 + (((time(8), time(12)),),) + ((), ())
)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
moments = st.datetimes(datetime(2025, 11, 1), datetime(2026, 4, 30), timezones=st.just(UTC))


def test_nrw_has_eleven_holidays_in_2026() -> None:
    found = [day for n in range(365) if holiday_name(day := date(2026, 1, 1) + timedelta(days=n))]
    assert [f"{day:%d.%m.}" for day in found] == [
        "01.01.", "03.04.", "06.04.", "01.05.", "14.05.", "25.05.", "04.06.", "03.10.", "01.11.", "25.12.", "26.12.",
    ]  # fmt: skip


def test_holidays_have_german_names() -> None:
    assert holiday_name(date(2026, 6, 4)) == "Fronleichnam"


def test_closing_days_are_working_days_for_the_law_only() -> None:
    assert not CALENDAR.is_working_day(date(2026, 2, 16))
    assert CALENDAR.is_working_day(date(2026, 2, 16), local=False)


@given(days, days)
def test_working_days_between_equals_a_plain_count(one: date, two: date) -> None:
    first, last = min(one, two), max(one, two)
    plain = sum(CALENDAR.is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    assert CALENDAR.working_days_between(first, last) == plain
    assert CALENDAR.working_days_between(last, first) == -plain


@given(days, st.integers(-60, 60).filter(bool))
def test_adding_working_days_lands_on_the_day_that_the_count_says(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.is_working_day(end)
    if count > 0:
        assert CALENDAR.working_days_between(start, end) == count


def test_working_time_of_a_week_with_a_holiday() -> None:
    # Fronleichnam: Mon, Tue, Wed, Fri
    start, end = datetime(2026, 6, 1, tzinfo=BERLIN), datetime(2026, 6, 8, tzinfo=BERLIN)
    assert CALENDAR.working_seconds_between(start, end) == 4 * 8 * 3600


def test_working_time_counts_parts_of_days_and_not_nights() -> None:
    start, end = datetime(2026, 6, 1, 15, 30, tzinfo=BERLIN), datetime(2026, 6, 2, 8, 15, tzinfo=BERLIN)
    assert CALENDAR.working_seconds_between(start, end, OFFICE_HOURS) == 45 * 60


def test_night_shift_over_the_change_of_the_clocks_is_counted_as_lived() -> None:
    always = OfficeHours((((time(0), time(6)),),) * 7)
    # 2026-03-30 is the Monday after the change; a Sunday is never worked, so only whole days here
    start, end = datetime(2026, 3, 27, 12, tzinfo=BERLIN), datetime(2026, 3, 30, 6, tzinfo=BERLIN)
    assert Calendar().working_seconds_between(start, end, always) == 6 * 3600


@given(moments, moments)
def test_working_seconds_equal_a_plain_count_of_minutes(one: datetime, two: datetime) -> None:
    first, last = (
        min(one, two).replace(second=0, microsecond=0),
        max(one, two).replace(second=0, microsecond=0),
    )
    last = min(last, first + timedelta(days=4))
    assert CALENDAR.working_seconds_between(first, last, LUNCH) == 60 * _open_minutes(first, last)
    assert CALENDAR.working_seconds_between(last, first, LUNCH) == -60 * _open_minutes(first, last)


@given(moments, moments, moments)
def test_working_seconds_add_up(one: datetime, two: datetime, three: datetime) -> None:
    seconds = CALENDAR.working_seconds_between
    assert seconds(one, two) + seconds(two, three) == pytest.approx(seconds(one, three), abs=1e-5)


def _open_minutes(first: datetime, last: datetime) -> int:
    count, moment = 0, first
    while moment < last:
        local = moment.astimezone(BERLIN)
        hours = LUNCH.week[local.weekday()] if CALENDAR.is_working_day(local.date()) else ()
        count += any(opens <= local.time() < closes for opens, closes in hours)
        moment += timedelta(minutes=1)
    return count


def test_opening_times_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="without overlap"):
        OfficeHours((((time(12), time(8)),), (), (), (), (), (), ()))


def test_moments_without_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.working_seconds_between(datetime(2026, 1, 1), datetime(2026, 1, 2))
