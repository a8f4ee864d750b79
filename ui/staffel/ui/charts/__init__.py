"""Charts as SVG made on the server: classes instead of styles, shape beside colour, a title and a description."""

from __future__ import annotations

from staffel.ui.charts.band import Stretch, band
from staffel.ui.charts.spread import Interval, spread
from staffel.ui.charts.survival import Line, survival

__all__ = ["Interval", "Line", "Stretch", "band", "spread", "survival"]
