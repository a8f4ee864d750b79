"""No figure is one person's, and no difference of figures either."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from random import Random

import pytest

from staffel.engine.analysis.disclosure import Shown, hide_parts, quantiles, rounded, share, shown
from staffel.engine.analysis.periods import Period, month_of, months_counted
from staffel.engine.analysis.statistics import kaplan_meier
from staffel.engine.library.sheets import write_sheet
from staffel.engine.store.types import to_microseconds


@pytest.mark.parametrize(
    ("cases", "level"),
    [(0, Shown.SUPPRESSED), (4, Shown.SUPPRESSED), (5, Shown.INTERVAL), (29, Shown.INTERVAL),
     (30, Shown.MEDIAN), (99, Shown.MEDIAN), (100, Shown.FULL)],
)  # fmt: skip
def test_a_group_shows_what_its_size_allows(cases: int, level: Shown):
    assert shown(cases) is level


def test_below_five_cases_nothing_is_shown():
    figures = quantiles(kaplan_meier([(1, True)] * 4), 4)

    assert (figures.cases, figures.median, figures.p90) == (None, None, None)


def test_below_thirty_cases_only_an_interval_is_shown():
    figures = quantiles(kaplan_meier([(day, True) for day in range(20)]), 20)

    assert figures.median.value is None
    assert figures.median.lower < 10 < figures.median.upper
    assert figures.p25 is None


def test_from_thirty_cases_on_the_median_is_shown_with_its_interval():
    figures = quantiles(kaplan_meier([(day, True) for day in range(41)]), 41)

    assert figures.median.value == 20
    assert figures.cases == 40


def test_a_small_part_is_hidden_together_with_another():
    assert hide_parts([200, 3, 40]) == (200, None, None)
    assert hide_parts([200, 3, 0]) == (None, None, 0)
    assert hide_parts([200, 0, 0]) == (200, 0, 0)
    assert hide_parts([2, 3, 50]) == (None, None, 50)


@pytest.mark.parametrize("seed", range(50))
def test_no_hidden_part_follows_from_the_total(seed: int):
    random = Random(seed)
    parts = [random.choice([0, 1, 3, 4, 5, 9, 60]) for _ in range(3)]

    hidden = [index for index, part in enumerate(hide_parts(parts)) if part is None]

    assert all(not 0 < part < 5 or index in hidden for index, part in enumerate(parts))
    if hidden and sum(parts) >= 5:
        assert len(hidden) > 1
        assert sum(parts[index] for index in hidden) >= 5


def test_counts_of_steps_are_rounded_so_that_their_difference_names_no_case():
    assert (rounded(98), rounded(101)) == (100, 100)


def test_a_share_that_would_single_out_few_cases_is_hidden():
    assert share(2, 200, 2, 190).shown is Shown.SUPPRESSED
    assert share(198, 200, 198, 200).shown is Shown.SUPPRESSED
    assert share(0, 200, 0, 190).value == 0
    assert share(30, 200, 28, 190).value == 0.15
    assert share(10, 20, 8, 18).value is None


def moments(seed: int) -> list[int]:
    random = Random(seed)
    begin = datetime(2025, 1, 15, tzinfo=UTC)
    return [
        to_microseconds(begin + timedelta(days=random.randrange(400)))
        for _ in range(random.choice([3, 20, 60]))
    ]


@pytest.mark.parametrize("seed", range(20))
def test_any_two_periods_differ_by_five_cases_or_by_none(seed: int):
    starts = moments(seed)
    months = [date(2025 + n // 12, n % 12 + 1, 1) for n in range(14)]
    counted = {
        months_counted(starts, Period(first, last)) for first in months for last in months if first <= last
    }

    sizes = {group: sum(month_of(start) in group for start in starts) for group in counted}
    for one, two in combinations(counted, 2):
        if one < two and len(starts) >= 5:
            assert sizes[two] - sizes[one] >= 5


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends after it begins"):
        Period(date(2026, 2, 1), date(2026, 1, 1))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(text: str):
    assert write_sheet(["name"], [[text, -5]]).splitlines()[1].replace('"', "").startswith("'")
