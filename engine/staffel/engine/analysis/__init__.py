"""How long cases and their steps take, compared between municipalities. Nothing here is about employees."""

from __future__ import annotations

from staffel.engine.analysis.breaking_points import BreakingPoints, breaking_points
from staffel.engine.analysis.clocks import ClockKind, ClocksDiffer
from staffel.engine.analysis.comparison import compare
from staffel.engine.analysis.disclosure import Quantiles, Share, Shown
from staffel.engine.analysis.export import comparison_csv, step_log_csv
from staffel.engine.analysis.figures import Comparison
from staffel.engine.analysis.periods import Period
from staffel.engine.analysis.statistics import Estimate

__all__ = [
    "BreakingPoints",
    "ClockKind",
    "ClocksDiffer",
    "Comparison",
    "Estimate",
    "Period",
    "Quantiles",
    "Share",
    "Shown",
    "breaking_points",
    "compare",
    "comparison_csv",
    "step_log_csv",
]
