"""Durchlaufzeit net of Hemmung: each day once, within the case, and only where no single case is told of."""

from __future__ import annotations

from uuid import UUID

from staffel.engine.analysis.clocks import CalendarClock
from staffel.engine.analysis.disclosure import Quantiles, Shown
from staffel.engine.analysis.durations import Stopwatch
from staffel.engine.analysis.net import Still, net_figures
from staffel.engine.analysis.reading import CaseRow

DAY = 86_400_000_000
WATCH = Stopwatch(CalendarClock(), 100 * DAY)
TOWN = "05315000"


def net(stills: list[Still], cases: int = 40, ended: int | None = 50) -> Quantiles:
    end = None if ended is None else ended * DAY
    rows = [CaseRow(f"c{at}", TOWN, UUID(int=1), "completed", 10 * DAY, end) for at in range(cases)]
    return net_figures({TOWN: rows}, stills, WATCH)[TOWN]


def of_all(*spans: tuple[int, int | None], cases: int = 40) -> list[Still]:
    return [
        Still(f"c{at}", begin * DAY, None if end is None else end * DAY)
        for at in range(cases)
        for begin, end in spans
    ]


def days(found: Quantiles) -> float | None:
    return None if found.median is None or found.median.value is None else found.median.value / 86_400


def test_without_hemmung_net_is_gross() -> None:
    assert days(net([])) == 40


def test_days_of_several_fristen_are_taken_off_once() -> None:
    assert days(net(of_all((20, 25), (22, 30)))) == 30


def test_only_days_within_the_case_count_and_one_that_lasts_reaches_to_its_end() -> None:
    assert days(net(of_all((0, 15)))) == 35
    assert days(net(of_all((40, None)))) == 30
    assert days(net(of_all((60, 70)))) == 40


def test_fewer_than_five_suspended_cases_are_not_told_of() -> None:
    assert net(of_all((20, 25), cases=4)).shown is Shown.SUPPRESSED
    assert net(of_all((20, 25), cases=37)).shown is Shown.SUPPRESSED
    assert days(net(of_all((20, 25), cases=35))) == 35
