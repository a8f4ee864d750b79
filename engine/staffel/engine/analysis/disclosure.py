"""What a group is large enough to show, so that no figure is one person's.

Below 5 cases nothing is shown, below 30 an interval only, below 100 no ranking (ANALYSIS: small groups are noise too).
Differences must not tell more: parts of a shown total are hidden together, counts of steps are rounded, totals
add up shown municipalities only, and periods begin and end where at least 5 cases lie between (`periods`).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from staffel.engine.analysis.statistics import Curve, Estimate, wilson

MINIMUM = 5
MEDIAN_FROM = 30
RANKING_FROM = 100
_STEP = 5


class Shown(StrEnum):
    """How much a group shows."""

    SUPPRESSED = "suppressed"
    INTERVAL = "interval"
    MEDIAN = "median"
    FULL = "full"


class Quantiles(msgspec.Struct, frozen=True, kw_only=True):
    """Kaplan-Meier quantiles in seconds of the comparison's clock; what is not shown is None.

    `cases` is rounded to fives. An Estimate with value None and `shown` above `interval` is not reached yet: too
    many are still open.
    """

    shown: Shown
    cases: int | None = None
    median: Estimate | None = None
    p25: Estimate | None = None
    p75: Estimate | None = None
    p90: Estimate | None = None


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A share with its interval (Wilson); None when it would single out fewer than 5 cases."""

    shown: Shown
    value: float | None = None
    lower: float | None = None
    upper: float | None = None


NOT_SHOWN = Quantiles(shown=Shown.SUPPRESSED)


def shown(cases: int) -> Shown:
    """How much a group of so many cases shows."""
    if cases < MINIMUM:
        return Shown.SUPPRESSED
    if cases < MEDIAN_FROM:
        return Shown.INTERVAL
    return Shown.MEDIAN if cases < RANKING_FROM else Shown.FULL


def rounded(cases: int) -> int:
    """A count to the nearest five, so that the difference of two counts names no single case."""
    return _STEP * round(cases / _STEP)


def hide_parts(parts: Sequence[int]) -> tuple[int | None, ...]:
    """The parts of a total that is shown: small ones hidden, and as many others as keep them from being computed."""
    hidden = {index for index, part in enumerate(parts) if 0 < part < MINIMUM}
    rest = sorted((part, index) for index, part in enumerate(parts) if part >= MINIMUM)
    while hidden and (len(hidden) < 2 or sum(parts[index] for index in hidden) < MINIMUM) and rest:
        hidden.add(rest.pop(0)[1])
    return tuple(None if index in hidden else part for index, part in enumerate(parts))


def quantiles(curve: Curve, cases: int) -> Quantiles:
    """The quantiles of a curve as far as a group of so many cases shows them."""
    level = shown(cases)
    if level is Shown.SUPPRESSED:
        return NOT_SHOWN
    median = curve.quantile(0.5)
    if level is Shown.INTERVAL:
        interval = Estimate(None, median.lower, median.upper)
        return Quantiles(shown=level, cases=rounded(cases), median=interval)
    return Quantiles(
        shown=level,
        cases=rounded(cases),
        median=median,
        p25=curve.quantile(0.25),
        p75=curve.quantile(0.75),
        p90=curve.quantile(0.9),
    )


def share(hits: int, total: int, hit_cases: int, cases: int) -> Share:
    """A share as far as it may be shown; the cases on either side of it are groups too."""
    level = shown(cases)
    if level is Shown.SUPPRESSED or any(0 < part < MINIMUM for part in (hit_cases, cases - hit_cases)):
        return Share(shown=Shown.SUPPRESSED)
    lower, upper = wilson(hits, total)
    return Share(
        shown=level, value=None if level is Shown.INTERVAL else hits / total, lower=lower, upper=upper
    )
