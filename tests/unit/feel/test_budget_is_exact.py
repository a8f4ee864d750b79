"""A budget is no rough guide: what is counted is never more than it, and no step hides much work.

Work is counted by the calls that Python makes and receives while evaluating, so that the result is the same on every
machine; they are the clock of the limit in seconds, too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from staffel.engine.feel import Budget, FeelBudgetExceeded, parse
from staffel.engine.feel.run import Run

BIG = [Decimal(number) for number in range(1_000)]
SCOPE: dict[str, Any] = {"big": BIG, "long": "a" * 2_000, "texts": ["x"] * 1_000, "nested": [BIG] * 20}
HUNGRY = [
    "for i in 1..100000, j in 1..100000 return i",
    "every i in 1..1000000 satisfies i > 0",
    "some i in 1..1000000 satisfies i < 0",
    "sort(for i in 1..50000 return 50000 - i, function(a, b) a < b)",
    "for i in 1..1000 return (for j in 1..400 return j)[item > 399]",
    "for i in 1..100000 return count(partial)",
    *(
        f"for i in 1..50000 return {body}"
        for body in (
            "distinct values(big)",
            'replace(long, "a", "b")',
            'split(long, "a")',
            'matches(long, "(a*)*b")',
            "list contains(big, i)",
            "big[item = i]",
            "sum(big)",
            'string join(texts, ",")',
            "union(big, big)",
            "flatten([big, big])",
            "sort(big)",
            "mode(big)",
            "reverse(big)",
            "big = big",
            "{a: big} = {a: big}",
            "stddev(big)",
            "upper case(long)",
            "string(big)",
            "string(nested)",
            "string({a: nested})",
            "long + long",
            "sublist(big, 2)",
            "remove(big, 2)",
            "index of(big, 2)",
            "context merge([{a: 1}, {b: 2}])",
            "big.x",
            "number(long)",
        )
    ),
]
STEPS = 20_000
MOST_CALLS_PER_STEP = 80


class Work:
    """The calls made so far."""

    def __init__(self) -> None:
        self.calls = 0

    def clock(self) -> float:
        return float(self.calls)

    def note(self, *_: object) -> None:
        self.calls += 1


@contextmanager
def counted(work: Work) -> Iterator[None]:
    before = sys.getprofile()
    sys.setprofile(work.note)
    try:
        yield
    finally:
        sys.setprofile(before)


@pytest.fixture
def granted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many steps the budget has granted."""
    steps = [0]
    tick = Run.tick

    def noting(self: Run, wanted: int, at: int = 0) -> None:
        tick(self, wanted, at)
        steps[0] += wanted

    monkeypatch.setattr(Run, "tick", noting)
    return lambda: steps[0]


@pytest.mark.parametrize("text", HUNGRY)
def test_no_more_steps_are_granted_and_none_hides_much_work(text: str, granted: Callable[[], int]) -> None:
    expression = parse(text, names=SCOPE)
    work = Work()
    with counted(work), pytest.raises(FeelBudgetExceeded) as caught:
        expression.evaluate(SCOPE, budget=Budget(steps=STEPS))
    assert caught.value.limit == "steps"
    assert 0 < granted() <= STEPS
    assert work.calls <= STEPS * MOST_CALLS_PER_STEP


@pytest.mark.parametrize("text", HUNGRY)
def test_time_is_overrun_by_less_than_a_tenth(text: str) -> None:
    expression = parse(text, names=SCOPE)
    allowed, work = 300_000, Work()
    budget = Budget(steps=10**9, size=10**9, seconds=allowed, clock=work.clock)
    with counted(work), pytest.raises(FeelBudgetExceeded) as caught:
        expression.evaluate(SCOPE, budget=budget)
    assert caught.value.limit == "seconds"
    assert work.calls <= allowed * 1.1
