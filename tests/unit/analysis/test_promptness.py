"""Fristquote: what is kept, missed or not decided, by kind; small groups are not shown."""

from __future__ import annotations

from uuid import UUID

from staffel.engine.analysis.disclosure import Shown
from staffel.engine.analysis.promptness import kept_shares
from staffel.engine.analysis.reading import CaseRow, FristRow

NOW = 1_000
VERSION = UUID(int=1)


def shares(rows: list[FristRow], cases: int = 200) -> dict[str, float | None]:
    groups = {"05315000": [CaseRow(f"c{at}", "05315000", VERSION, "running", 0, None) for at in range(cases)]}
    return {kind: found.value for kind, found in kept_shares(groups, rows, NOW)["05315000"].items()}


def frist(
    at: int, *, end: int | None, done: int | None = None, dropped: bool = False, kind: str = "gesetzlich"
) -> FristRow:
    return FristRow(f"c{at}", kind, end, done, dropped)


def test_kept_on_the_last_moment_missed_after_it_and_while_it_waits() -> None:
    kept = [frist(at, end=500, done=500) for at in range(90)]
    late = [frist(at, end=500, done=501) for at in range(90, 110)]
    waits = [frist(at, end=500) for at in range(110, 120)]

    assert shares(kept + late + waits)["gesetzlich"] == 90 / 120


def test_what_runs_stands_still_or_was_dropped_is_not_counted() -> None:
    kept = [frist(at, end=500, done=400) for at in range(90)]
    late = [frist(at, end=500, done=600) for at in range(90, 120)]
    open_ones = [frist(120, end=2_000), frist(121, end=None), frist(122, end=500, dropped=True)]

    assert shares(kept + late + open_ones) == shares(kept + late)


def test_each_kind_counts_on_its_own_and_internal_and_the_persons_not_at_all() -> None:
    agreed = [frist(at, end=500, done=400 if at < 60 else 600, kind="vereinbart") for at in range(120)]
    others = [frist(at, end=500, done=600, kind=kind) for at in range(120) for kind in ("intern", "person")]

    assert shares(agreed + others) == {"gesetzlich": None, "soll": None, "vereinbart": 0.5}


def test_fewer_than_five_cases_on_either_side_are_not_shown() -> None:
    rows = [frist(at, end=500, done=400 if at < 116 else 600) for at in range(120)]
    groups = {"05315000": [CaseRow(f"c{at}", "05315000", VERSION, "running", 0, None) for at in range(120)]}

    assert kept_shares(groups, rows, NOW)["05315000"]["gesetzlich"].shown is Shown.SUPPRESSED
