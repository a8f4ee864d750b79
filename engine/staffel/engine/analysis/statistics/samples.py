"""Figures of complete samples: quantiles and shares."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, sqrt

from staffel.engine.analysis.statistics.distributions import normal_quantile


def quantile(ordered: Sequence[float], share: float) -> float:
    """The quantile of ascending values, type 7 of Hyndman and Fan (Am. Statist. 50, 1996, 361-365).

    That is the default of R, NumPy and Excel's QUANTIL.INKL: linear between the two neighbours.
    """
    if not ordered:
        raise ValueError("Expected at least one value")
    position = (len(ordered) - 1) * share
    below = floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def wilson(hits: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of a share (Wilson, JASA 22, 1927, 209-212), which stays within 0 and 1 for small numbers too."""
    z = normal_quantile(level)
    share, extra = hits / total, z * z / total
    centre = (share + extra / 2) / (1 + extra)
    half = z / (1 + extra) * sqrt(share * (1 - share) / total + extra / (4 * total))
    return max(0.0, centre - half), min(1.0, centre + half)
