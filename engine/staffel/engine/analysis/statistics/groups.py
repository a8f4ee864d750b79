"""Whether several groups differ in how long something takes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from staffel.engine.analysis.statistics.distributions import chi_squared_tail
from staffel.engine.analysis.statistics.survival import Observation


class LogRank(msgspec.Struct, frozen=True):
    """The log-rank test: observed and expected ends per group, chi-squared, degrees of freedom, p-value."""

    observed: tuple[int, ...]
    expected: tuple[float, ...]
    statistic: float
    degrees: int
    p_value: float


def log_rank(groups: Sequence[Sequence[Observation]]) -> LogRank:
    """The log-rank test of k groups (Mantel 1966; Peto, Peto: JRSS A 135, 1972, 185-207), hypergeometric variance.

    As in Klein, Moeschberger §7.3. Groups without observations are left out of the test.
    """
    filled = [index for index, group in enumerate(groups) if group]
    observed, expected, covariance = _sums([groups[index] for index in filled])
    statistic, degrees = 0.0, max(len(filled) - 1, 0)
    if degrees and any(covariance[i][i] > 0 for i in range(degrees)):
        excess = [observed[i] - expected[i] for i in range(degrees)]
        weights, degrees = _solve([row[:degrees] for row in covariance[:degrees]], excess)
        statistic = sum(e * w for e, w in zip(excess, weights, strict=True))
    all_observed, all_expected = [0] * len(groups), [0.0] * len(groups)
    for place, index in enumerate(filled):
        all_observed[index], all_expected[index] = observed[place], expected[place]
    p_value = chi_squared_tail(statistic, degrees) if degrees else 1.0
    return LogRank(tuple(all_observed), tuple(all_expected), statistic, degrees, p_value)


def _sums(groups: Sequence[Sequence[Observation]]) -> tuple[list[int], list[float], list[list[float]]]:
    size = len(groups)
    risk = [len(group) for group in groups]
    observed, expected = [0] * size, [0.0] * size
    covariance = [[0.0] * size for _ in range(size)]
    merged = sorted((time, index, ended) for index, group in enumerate(groups) for time, ended in group)
    at = 0
    while at < len(merged):
        time, ends, leaving = merged[at][0], [0] * size, [0] * size
        while at < len(merged) and merged[at][0] == time:
            leaving[merged[at][1]] += 1
            ends[merged[at][1]] += merged[at][2]
            at += 1
        _add_time(ends, risk, observed, expected, covariance)
        risk = [n - gone for n, gone in zip(risk, leaving, strict=True)]
    return observed, expected, covariance


def _add_time(
    ends: list[int],
    risk: list[int],
    observed: list[int],
    expected: list[float],
    covariance: list[list[float]],
) -> None:
    d, n = sum(ends), sum(risk)
    if not d:
        return
    factor = d * (n - d) / (n - 1) if n > 1 else 0.0
    shares = [r / n for r in risk]
    for i, share in enumerate(shares):
        observed[i] += ends[i]
        expected[i] += d * share
        if factor and share:
            row = covariance[i]
            row[i] += factor * share
            for j, other in enumerate(shares):
                row[j] -= factor * share * other


def _solve(matrix: list[list[float]], right: list[float]) -> tuple[list[float], int]:
    """Solve a symmetric positive semi-definite system by elimination; also its rank.

    A dependent row (a group that was never at risk together with another) gets the solution 0.
    """
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    scale = max(abs(matrix[i][i]) for i in range(size))
    pivots = []
    for i in range(size):
        if abs(rows[i][i]) <= scale * 1e-12:
            continue
        pivots.append(i)
        for j in range(size):
            if j != i and rows[j][i]:
                ratio = rows[j][i] / rows[i][i]
                rows[j] = [a - ratio * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [rows[i][size] / rows[i][i] if i in pivots else 0.0 for i in range(size)], len(pivots)
