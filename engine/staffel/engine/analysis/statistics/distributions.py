"""The two distributions that the tests refer to: normal and chi-squared."""

from __future__ import annotations

from functools import lru_cache
from math import erfc, exp, inf, lgamma, log, sqrt
from statistics import NormalDist

_PRECISION = 1e-15
_TINY = 1e-300


@lru_cache(maxsize=64)
def normal_quantile(level: float) -> float:
    """The two-sided standard normal quantile of a confidence level: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


def normal_tails(z: float) -> float:
    """The probability of a standard normal value at least as far from 0 as `z`, on either side."""
    return erfc(abs(z) / sqrt(2))


def chi_squared_tail(value: float, degrees: int) -> float:
    """The probability that chi-squared with `degrees` degrees of freedom exceeds `value`.

    The regularized upper incomplete gamma function, by its series below and its continued fraction above the
    bend (Press et al., Numerical Recipes, 3rd ed., §6.2).
    """
    if value <= 0:
        return 1.0
    if value == inf:
        return 0.0
    shape, at = degrees / 2, value / 2
    factor = exp(shape * log(at) - at - lgamma(shape))
    if at < shape + 1:
        return max(0.0, 1 - factor * _series(shape, at))
    return factor * _fraction(shape, at)


def _series(shape: float, at: float) -> float:
    term = total = 1 / shape
    while abs(term) > abs(total) * _PRECISION:
        shape += 1
        term *= at / shape
        total += term
    return total


def _fraction(shape: float, at: float) -> float:
    """Lentz's algorithm."""
    b = at + 1 - shape
    c = 1 / _TINY
    d = 1 / b
    result = d
    step = 0
    change = inf
    while abs(change - 1) > _PRECISION and step < 10_000:
        step += 1
        a = -step * (step - shape)
        b += 2
        d = 1 / ((a * d + b) or _TINY)
        c = (b + a / c) or _TINY
        change = c * d
        result *= change
    return result
