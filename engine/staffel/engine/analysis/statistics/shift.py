"""How much two groups differ: Hodges-Lehmann shift and Cliff's delta, for open observations too."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from math import sqrt

import msgspec

from staffel.engine.analysis.statistics.distributions import normal_quantile, normal_tails
from staffel.engine.analysis.statistics.survival import Estimate, Observation

_STEPS = 60
_EXACTNESS = 1e-6
"""The shift is found to this part of the range of all values."""


class Shift(msgspec.Struct, frozen=True):
    """By how much the first group is longer: the shift with interval, Cliff's delta (-1 to 1), and the p-value."""

    shift: Estimate
    delta: float
    p_value: float


def shift(first: Sequence[Observation], second: Sequence[Observation], level: float = 0.95) -> Shift:
    """Compare two groups by all pairs whose order is known.

    Without open observations this is the Hodges-Lehmann shift with the interval of the Mann-Whitney test (Hollander,
    Wolfe: Nonparametric Statistical Methods, §4.2-4.3) and Cliff's delta (Psychol. Bull. 114, 1993, 494-509). With
    open ones the same inversion is done with Gehan's test (Biometrika 52, 1965, 203-223): a pair counts when it is
    certain which of the two takes longer; the variance is Mantel's (Biometrics 23, 1967, 65-78), which supposes that
    observations stay open for the same reason in both groups.
    """
    pairs = _Pairs(first, second)
    spread = normal_quantile(level) * sqrt(pairs.variance(0.0))
    middle = _middle(pairs)
    if middle is not None:
        spread = normal_quantile(level) * sqrt(pairs.variance(middle))
    lower = pairs.solve(lambda balance: balance <= spread)
    upper = pairs.solve(lambda balance: balance < -spread)
    variance = pairs.variance(0.0)
    balance = pairs.balance(0.0)
    return Shift(
        Estimate(middle, lower, upper),
        balance / (len(first) * len(second)),
        normal_tails(balance / sqrt(variance)) if variance else 1.0,
    )


def _middle(pairs: _Pairs) -> float | None:
    """Where as many known pairs lie above as below: between the two ends of the level stretch at 0."""
    begin = pairs.solve(lambda balance: balance <= 0)
    end = pairs.solve(lambda balance: balance < 0)
    return None if begin is None or end is None else (begin + end) / 2


class _Pairs:
    """All pairs of the two groups. `balance(d)` falls with d: known pairs with first - second above d minus below.

    An open observation outlasts one that ended at the same time.
    """

    def __init__(self, first: Sequence[Observation], second: Sequence[Observation]) -> None:
        if not first or not second:
            raise ValueError("Expected observations in both groups")
        self.first, self.second = first, second
        self.first_ended, self.first_open = _split(first)
        self.second_ended, self.second_open = _split(second)
        self.lowest = min(first)[0] - max(second)[0]
        self.highest = max(first)[0] - min(second)[0]

    def balance(self, by: float) -> int:
        ended, still = self.second_ended, self.second_open
        above = sum([bisect_left(ended, time - by) for time in self.first_ended])
        above += sum([bisect_right(ended, time - by) for time in self.first_open])
        not_below = sum([bisect_right(ended, time - by) for time in self.first_ended])
        not_below += sum([bisect_left(still, time - by) for time in self.first_ended]) if still else 0
        return above - (len(self.second) * len(self.first_ended) - not_below)

    def variance(self, by: float) -> float:
        """The permutation variance of the balance at shift `by`."""
        pooled = [*((time - by, ended) for time, ended in self.first), *self.second]
        ended, still = _split(pooled)
        total = 0
        for time, done in pooled:
            if done:
                shorter = bisect_left(ended, time)
                longer = len(pooled) - bisect_right(ended, time) - bisect_left(still, time)
            else:
                shorter, longer = bisect_right(ended, time), 0
            total += (shorter - longer) ** 2
        size = len(pooled)
        return len(self.first) * len(self.second) * total / (size * (size - 1))

    def solve(self, holds: Callable[[int], bool]) -> float | None:
        """The least shift at which the balance fulfils `holds`, a condition that stays true; None if it never does."""
        low, high = self.lowest, self.highest
        margin = (high - low or 1.0) * _EXACTNESS
        low, high = low - margin, high + margin
        if holds(self.balance(low)) or not holds(self.balance(high)):
            return None
        for _ in range(_STEPS):
            if high - low <= margin:
                break
            middle = (low + high) / 2
            low, high = (low, middle) if holds(self.balance(middle)) else (middle, high)
        return (low + high) / 2


def _split(observations: Sequence[Observation]) -> tuple[list[float], list[float]]:
    """The times that ended and those still open, ascending."""
    return sorted(time for time, ended in observations if ended), sorted(
        time for time, ended in observations if not ended
    )
