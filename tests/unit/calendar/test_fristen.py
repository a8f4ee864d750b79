"""Worked examples of Fristen, each with its paragraph; dates computed by hand with the calendars of 2024 to 2027."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from staffel.engine.calendar import Calendar, holiday_name

BERLIN = ZoneInfo("Europe/Berlin")
NRW = Calendar()
COLOGNE = Calendar(frozenset({date(2026, 2, 16)}))  # Rosenmontag


def last_day(
    start: date | datetime,
    length: str,
    kind: str = "gesetzlich",
    shift: bool | None = None,
    of: Calendar = NRW,
) -> date:
    return of.due(start, length, kind=kind, shift=shift)[0].astimezone(BERLIN).date()


MONTH_ENDS_AND_HOLIDAYS = [
    # start, length, last day, why
    (date(2026, 1, 15), "1M", date(2026, 2, 16), "§ 188(2) BGB: 15.02., a Sunday; § 31(3) VwVfG: Monday"),
    (date(2026, 1, 31), "1M", date(2026, 3, 2), "§ 188(3) BGB: 28.02., a Saturday; Monday 02.03."),
    (date(2024, 1, 31), "1M", date(2024, 2, 29), "§ 188(3) BGB: leap year, Thursday"),
    (date(2027, 1, 29), "1M", date(2027, 3, 1), "§ 188(3) BGB: 28.02.2027, a Sunday; Monday 01.03."),
    (
        date(2026, 2, 28),
        "1M",
        date(2026, 3, 30),
        "§ 188(2) BGB: 28.03., not the month's last; Saturday; Monday",
    ),
    (date(2026, 8, 31), "1M", date(2026, 9, 30), "§ 188(3) BGB: September has 30 days; Wednesday"),
    (date(2026, 3, 3), "1M", date(2026, 4, 7), "§ 26(3) SGB X: Karfreitag, weekend, Ostermontag; Tuesday"),
    (date(2026, 4, 1), "1M", date(2026, 5, 4), "1 May is a holiday on a Friday; Monday 04.05."),
    (date(2026, 4, 14), "1M", date(2026, 5, 15), "Christi Himmelfahrt 14.05.2026; Friday"),
    (date(2026, 4, 25), "1M", date(2026, 5, 26), "Pfingstmontag 25.05.2026; Tuesday"),
    (date(2026, 5, 4), "1M", date(2026, 6, 5), "Fronleichnam 04.06.2026; Friday"),
    (date(2026, 9, 3), "1M", date(2026, 10, 5), "3 October, a Saturday anyway; Monday"),
    (date(2026, 10, 1), "1M", date(2026, 11, 2), "Allerheiligen on a Sunday; Monday"),
    (date(2026, 11, 25), "1M", date(2026, 12, 28), "two days of Christmas, then the weekend; Monday 28.12."),
    (date(2026, 12, 1), "1M", date(2027, 1, 4), "Neujahr on a Friday; Monday 04.01.2027"),
    (date(2026, 11, 24), "1M", date(2026, 12, 24), "24 December is no public holiday: Thursday, no shift"),
    (date(2026, 3, 20), "2W", date(2026, 4, 7), "§ 188(2) BGB: same weekday, Karfreitag 03.04.; Tuesday"),
    (date(2026, 3, 24), "10T", date(2026, 4, 7), "§ 188(1) BGB: 03.04. is Karfreitag; Tuesday"),
    (
        date(2026, 3, 27),
        "14T",
        date(2026, 4, 10),
        "§ 188(1) BGB: holidays inside a count of days do not matter",
    ),
    (date(2024, 2, 29), "1J", date(2025, 2, 28), "§ 188(3) BGB: no 29.02.2025; Friday"),
    (date(2026, 5, 13), "3M", date(2026, 8, 13), "§ 75 VwGO: three months; Thursday"),
    (date(2026, 5, 15), "6M", date(2026, 11, 16), "§ 88(1) SGG: six months, 15.11. a Sunday; Monday"),
    (date(2026, 3, 27), "5AT", date(2026, 4, 7), "working days 30, 31, 01, 02, then 07.04. past Easter"),
    (date(2026, 12, 23), "3AT", date(2026, 12, 29), "24.12., then past Christmas 28.12., 29.12."),
    (date(2026, 6, 30), "-20AT", date(2026, 6, 1), "29.06. back to 01.06., Fronleichnam left out"),
    (
        date(2026, 5, 31),
        "-10AT",
        date(2026, 5, 15),
        "before a Sunday: 29.05. is the first, Pfingstmontag left out",
    ),
    (date(2026, 7, 31), "-1M", date(2026, 6, 30), "backwards too the month's last where the day is missing"),
    (
        date(2026, 6, 16),
        "-10T",
        date(2026, 6, 5),
        "06.06. is a Saturday: backwards to Friday, or the time is cut",
    ),
]


@pytest.mark.parametrize(("start", "length", "expected", "why"), MONTH_ENDS_AND_HOLIDAYS, ids=str)
def test_table_of_month_ends_and_holidays(start: date, length: str, expected: date, why: str) -> None:
    assert last_day(start, length) == expected, why


def test_day_of_the_event_does_not_count_187_1_bgb() -> None:
    assert last_day(datetime(2026, 6, 8, 9, 0, tzinfo=BERLIN), "1T") == date(2026, 6, 9)
    assert last_day(datetime(2026, 6, 8, 23, 59, tzinfo=BERLIN), "1T") == date(2026, 6, 9)


def test_event_late_in_the_evening_in_utc_belongs_to_the_next_german_day() -> None:
    assert last_day(datetime(2026, 6, 8, 22, 30, tzinfo=UTC), "1T") == date(2026, 6, 10)


def test_announcement_is_deemed_on_the_fourth_day_41_2_vwvfg() -> None:
    # posted on Karfreitag 03.04.2026: Bekanntgabe 07.04.; § 70 VwGO: one month to 07.05.
    at, steps = NRW.due(date(2026, 4, 3), "Bekanntgabe+1M", kind="gesetzlich")
    assert at.astimezone(BERLIN).date() == date(2026, 5, 7)
    assert steps == (
        "Bekanntgabe 4. Tag: 07.04.2026 (§ 41 Abs. 2 VwVfG, § 37 Abs. 2 SGB X)",
        "Monatsfrist ab 07.04.2026 endet 07.05.2026 (§ 188 Abs. 2 BGB)",
    )


def test_deemed_announcement_itself_does_not_shift_but_the_end_does() -> None:
    # BSG B 14 AS 12/09 R: the fiction holds on a Sunday too. Posted 10.04.2026, deemed Tuesday 14.04.; 14.05. is a holiday.
    at, steps = NRW.due(date(2026, 4, 10), "Bekanntgabe+1M", kind="gesetzlich")
    assert at.astimezone(BERLIN).date() == date(2026, 5, 15)
    assert steps[-1] == (
        "14.05.2026 ist Feiertag (Christi Himmelfahrt), also 15.05.2026 (§ 31 Abs. 3 VwVfG, § 26 Abs. 3 SGB X)"
    )
    assert NRW.due(date(2026, 6, 10), "Bekanntgabe+1M", kind="gesetzlich")[1][0].startswith(
        "Bekanntgabe 4. Tag: 14.06.2026"
    )


def test_benefit_period_does_not_shift_26_4_sgb_x() -> None:
    assert last_day(date(2026, 4, 30), "1M", shift=False) == date(2026, 5, 30)  # a Saturday
    # § 41(3) SGB II: a year from 01.06.2025 ends on Sunday 31.05.2026
    assert NRW.period_end(date(2025, 6, 1), "1J") == date(2026, 5, 31)
    assert NRW.period_end(date(2026, 3, 1), "6M") == date(2026, 8, 31)


@pytest.mark.parametrize(
    ("first", "length", "last"),
    [
        (date(2026, 1, 15), "1M", date(2026, 2, 14)),
        (date(2026, 1, 31), "1M", date(2026, 2, 28)),
        (date(2026, 1, 30), "1M", date(2026, 2, 28)),
        (date(2026, 1, 29), "1M", date(2026, 2, 28)),
        (date(2024, 2, 29), "1J", date(2025, 2, 28)),
        (date(2026, 6, 8), "2W", date(2026, 6, 21)),
        (date(2026, 6, 8), "10T", date(2026, 6, 17)),
    ],
)
def test_period_whose_first_day_counts_187_2_188_bgb(first: date, length: str, last: date) -> None:
    assert NRW.period_end(first, length) == last


@pytest.mark.parametrize("kind", ["vereinbart", "intern"])
def test_closing_days_count_for_what_the_agencies_set_themselves(kind: str) -> None:
    assert last_day(date(2026, 2, 13), "1AT", kind, of=COLOGNE) == date(2026, 2, 17)
    assert last_day(date(2026, 2, 6), "10T", kind, of=COLOGNE) == date(2026, 2, 17)


@pytest.mark.parametrize("kind", ["gesetzlich", "soll", "person"])
def test_closing_days_do_not_lengthen_what_the_law_sets(kind: str) -> None:
    assert holiday_name(date(2026, 2, 16)) is None
    assert last_day(date(2026, 2, 13), "1AT", kind, of=COLOGNE) == date(2026, 2, 16)
    assert last_day(date(2026, 2, 6), "10T", kind, of=COLOGNE) == date(2026, 2, 16)


def test_end_is_the_last_moment_of_the_day_in_summer_and_in_winter() -> None:
    summer, _ = NRW.due(date(2026, 7, 1), "1T", kind="intern")
    winter, _ = NRW.due(date(2026, 12, 1), "1T", kind="intern")
    assert summer == datetime(2026, 7, 2, 21, 59, 59, 999999, tzinfo=UTC)
    assert winter == datetime(2026, 12, 2, 22, 59, 59, 999999, tzinfo=UTC)


def test_change_of_the_clocks_lies_inside_the_frist() -> None:
    # summer time begins 29.03.2026
    assert NRW.due(date(2026, 3, 27), "3T", kind="gesetzlich")[0] == datetime(
        2026, 3, 30, 21, 59, 59, 999999, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("iso", "short"), [("P14D", "14T"), ("P2W", "2W"), ("P3M", "3M"), ("P1Y", "1J"), ("-P10D", "-10T")]
)
def test_iso_durations_mean_the_same_as_short_lengths(iso: str, short: str) -> None:
    start = date(2026, 4, 14)
    assert NRW.due(start, iso, kind="soll") == NRW.due(start, short, kind="soll")


def test_iso_duration_counts_months_before_days() -> None:
    assert last_day(date(2026, 1, 30), "P1M1D") == date(2026, 3, 2)  # 28.02. + 1 = 01.03., Sunday; Monday


def test_length_in_hours_is_exact_over_the_change_of_the_clocks() -> None:
    at, _ = NRW.due(datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN), "PT4H", kind="intern")
    assert at == datetime(2026, 3, 29, 3, 30, tzinfo=UTC)
    at, steps = NRW.due(datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN), "P1DT1H", kind="intern")
    assert at == datetime(2026, 3, 29, 11, 0, tzinfo=UTC)
    assert steps == ("1 Tag 1 Stunde nach dem 28.03.2026, 12:00 Uhr",)


def test_computation_names_the_holidays_it_left_out() -> None:
    assert NRW.due(date(2026, 3, 31), "5AT", kind="vereinbart")[1] == (
        "5 Arbeitstage nach dem 31.03.2026: 09.04.2026, ohne Karfreitag 03.04., Ostermontag 06.04. (§ 187 Abs. 1 BGB)",
    )
    assert NRW.due(date(2026, 6, 30), "-20AT", kind="vereinbart")[1] == (
        "20 Arbeitstage vor dem 30.06.2026: 01.06.2026, ohne Fronleichnam 04.06.",
    )


def test_computation_names_the_missing_day() -> None:
    steps = NRW.due(date(2026, 1, 31), "1M", kind="gesetzlich")[1]
    assert steps[0] == "Monatsfrist ab 31.01.2026 endet 28.02.2026 (§ 188 Abs. 3 BGB: Monatsletzter)"
    assert steps[1].startswith("28.02.2026 ist Samstag, also 02.03.2026")


@pytest.mark.parametrize(
    "length", ["", "5", "AT", "5X", "1.5M", "P", "PT", "fünf", "Bekanntgabe+-1M", "9" * 400 + "T"]
)
def test_length_that_cannot_be_read_is_refused(length: str) -> None:
    with pytest.raises(ValueError, match=r"Expected|Frist"):
        NRW.due(date(2026, 1, 1), length, kind="gesetzlich")


def test_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"gesetzlich, soll, vereinbart, intern, person.*'irgendwie'"):
        NRW.due(date(2026, 1, 1), "1M", kind="irgendwie")


def test_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        NRW.due(datetime(2026, 1, 1, 12), "1M", kind="gesetzlich")


@pytest.mark.parametrize("length", ["9999J", "-9999J", "9999AT", "Bekanntgabe+9999M"])
def test_frist_beyond_the_calendar_is_refused_quickly(length: str) -> None:
    with pytest.raises(ValueError, match="leaves the calendar"):
        NRW.due(date(9990, 1, 1) if length[0] != "-" else date(20, 1, 1), length, kind="gesetzlich")


def test_period_refuses_what_is_no_period() -> None:
    with pytest.raises(ValueError, match="Expected a period"):
        NRW.period_end(date(2026, 1, 1), "5AT")
