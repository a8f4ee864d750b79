"""Statistics for durations of which some are still going on. Every method names its source."""

from __future__ import annotations

from staffel.engine.analysis.statistics.distributions import chi_squared_tail, normal_quantile, normal_tails
from staffel.engine.analysis.statistics.groups import LogRank, log_rank
from staffel.engine.analysis.statistics.multiplicity import benjamini_hochberg, holm
from staffel.engine.analysis.statistics.samples import quantile, wilson
from staffel.engine.analysis.statistics.shift import Shift, shift
from staffel.engine.analysis.statistics.survival import (
    Curve,
    Estimate,
    Observation,
    common_horizon,
    kaplan_meier,
    mean_difference,
)

__all__ = [
    "Curve",
    "Estimate",
    "LogRank",
    "Observation",
    "Shift",
    "benjamini_hochberg",
    "chi_squared_tail",
    "common_horizon",
    "holm",
    "kaplan_meier",
    "log_rank",
    "mean_difference",
    "normal_quantile",
    "normal_tails",
    "quantile",
    "shift",
    "wilson",
]
