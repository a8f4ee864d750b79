"""Kaplan-Meier: how long something takes when part of it is still going on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import exp, log, sqrt
from typing import TypeAlias

import msgspec

from staffel.engine.analysis.statistics.distributions import normal_quantile, normal_tails

Observation: TypeAlias = tuple[float, bool]
"""How long it has taken so far, and whether it has ended (False: censored)."""

_SAME = 1e-9
"""Shares closer than this are one: products of fractions miss 0.5 by their last digits."""


class Estimate(msgspec.Struct, frozen=True):
    """A figure with its confidence interval. None = not reached: too much is still open to tell."""

    value: float | None
    lower: float | None
    upper: float | None


class Curve(msgspec.Struct, frozen=True):
    """The share that is still open after each time at which something ended.

    `variance_terms` are Greenwood's d / (n (n - d)); where the last one ends, n = d, and the term is 0 as S is.
    """

    total: int
    last: float
    level: float
    times: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    survival: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    variance_terms: tuple[float, ...]

    def at(self, time: float) -> Estimate:
        """The share still open after `time`; not known beyond the last observation while something is open."""
        index = bisect_right(self.times, time) - 1
        if time > self.last and not (self.survival and self.survival[-1] == 0):
            return Estimate(None, None, None)
        if index < 0:
            return Estimate(1.0, 1.0, 1.0)
        return Estimate(self.survival[index], self.lower[index], self.upper[index])

    def quantile(self, share: float) -> Estimate:
        """The time after which `share` has ended, with the interval of Brookmeyer and Crowley.

        The interval inverts the band (Biometrics 38, 1982, 29-41). Where the curve runs level at the
        quantile, its middle is taken, as R's survival package does.
        """
        open_share = 1 - share
        return Estimate(
            *(_crossing(self.times, part, open_share) for part in (self.survival, self.lower, self.upper))
        )

    def mean_until(self, horizon: float) -> Estimate:
        """The restricted mean: the mean duration when none is counted beyond `horizon` (RMST).

        Area under the curve with Greenwood's variance (Klein, Moeschberger: Survival Analysis, 2nd ed., §4.5).
        """
        value, variance = self._area(horizon)
        half = normal_quantile(self.level) * sqrt(variance)
        return Estimate(value, max(0.0, value - half), min(horizon, value + half))

    def _area(self, horizon: float) -> tuple[float, float]:
        steps = bisect_right(self.times, horizon)
        edges = (*self.times[:steps], horizon)
        rest = variance = 0.0
        for index in range(steps - 1, -1, -1):
            rest += self.survival[index] * (edges[index + 1] - edges[index])
            variance += rest * rest * self.variance_terms[index]
        return rest + edges[0], variance


def kaplan_meier(observations: Iterable[Observation], level: float = 0.95) -> Curve:
    """The Kaplan-Meier curve (JASA 53, 1958, 457-481) with a log-log band.

    Greenwood's variance, band S^exp(+-z s / log S) (Kalbfleisch, Prentice: The Statistical Analysis of Failure Time
    Data, 2nd ed., §1.4). Where S is 0 the band is not defined; the upper bound before is kept.
    """
    ordered = sorted(observations)
    times, at_risk, events = _table(ordered)
    z = normal_quantile(level)
    share, spread = 1.0, 0.0
    survival: list[float] = []
    lower: list[float] = []
    upper: list[float] = []
    terms: list[float] = []
    for risk, ended in zip(at_risk, events, strict=True):
        share *= (risk - ended) / risk
        term = ended / (risk * (risk - ended)) if risk > ended else 0.0
        spread += term
        low, high = _band(share, spread, z) if share > 0 else (0.0, upper[-1] if upper else 1.0)
        survival.append(share)
        lower.append(low)
        upper.append(high)
        terms.append(term)
    return Curve(
        len(ordered), ordered[-1][0] if ordered else 0.0, level, tuple(times), tuple(at_risk), tuple(events),
        tuple(survival), tuple(lower), tuple(upper), tuple(terms),
    )  # fmt: skip


def common_horizon(curves: Sequence[Curve], wish: float) -> float:
    """How far restricted means of all curves can reach: `wish`, or the shortest follow-up if that is less.

    A curve that has come down to 0 is known for ever.
    """
    return min([wish, *(curve.last for curve in curves if not curve.survival or curve.survival[-1] > 0)])


def mean_difference(first: Curve, second: Curve, horizon: float) -> tuple[Estimate, float]:
    """The difference of the restricted means, first minus second, and its two-sided p-value.

    Royston, Parmar: BMC Med. Res. Methodol. 13:152, 2013.
    """
    (one, one_variance), (two, two_variance) = first._area(horizon), second._area(horizon)
    error = sqrt(one_variance + two_variance)
    half = normal_quantile(first.level) * error
    p_value = normal_tails((one - two) / error) if error else float(one == two)
    return Estimate(one - two, one - two - half, one - two + half), p_value


def _table(ordered: Sequence[Observation]) -> tuple[list[float], list[int], list[int]]:
    """Per distinct time at which something ended: the time, how many were open just before, how many ended."""
    times: list[float] = []
    at_risk: list[int] = []
    events: list[int] = []
    begin = 0
    for index, (time, ended) in enumerate(ordered):
        if time != ordered[begin][0]:
            begin = index
        if ended and times and times[-1] == time:
            events[-1] += 1
        elif ended:
            times.append(time)
            at_risk.append(len(ordered) - begin)
            events.append(1)
    return times, at_risk, events


def _band(share: float, spread: float, z: float) -> tuple[float, float]:
    if share >= 1:
        return 1.0, 1.0
    width = exp(z * sqrt(spread) / -log(share))
    return share**width, share ** (1 / width)


def _crossing(times: Sequence[float], shares: Sequence[float], target: float) -> float | None:
    """The first time at which the falling `shares` are at or below `target`; the middle of a level stretch at it."""
    for index, share in enumerate(shares):
        if share < target - _SAME:
            return times[index]
        if share <= target + _SAME:
            later = next((i for i in range(index + 1, len(shares)) if shares[i] < target - _SAME), None)
            return times[index] if later is None else (times[index] + times[later]) / 2
    return None
