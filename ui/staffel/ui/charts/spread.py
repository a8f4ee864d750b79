"""Median and spread of several groups on one scale: a box from P25 to P75, a line to P90, a sign at the median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from staffel.ui.charts import svg

WIDTH, LEFT, RIGHT, ROW, BOTTOM = 760.0, 176.0, 24.0, 44.0, 44.0


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A group's figures in days; None where too much is open or the group is too small."""

    name: str
    p25: float | None
    median: float | None
    p75: float | None
    p90: float | None
    note: str


def spread(
    intervals: Sequence[Interval], *, title: str, description: str, axis: str, key: str = "streuung"
) -> Markup:
    """The drawing; `axis` is the label under the days."""
    figures = [v for i in intervals for v in (i.p25, i.median, i.p75, i.p90) if v is not None]
    across = svg.Scale.to(max(figures, default=1), LEFT, WIDTH - RIGHT, 6)
    floor = ROW * len(intervals) + 8
    parts = []
    for day in across.ticks():
        parts.append(svg.line(across(day), 4, across(day), floor, "st-grid"))
        parts.append(svg.text(f"{day:g}", across(day), floor + 18, "st-soft", "middle"))
    parts.append(svg.text(axis, WIDTH - RIGHT, floor + 36, "st-soft", "end"))
    for index, interval in enumerate(intervals):
        parts += _row(interval, index, across)
    return svg.drawing(WIDTH, floor + BOTTOM, title, description, key, *parts)


def _row(interval: Interval, index: int, across: svg.Scale) -> list[Markup]:
    y = ROW * index + ROW / 2 + 4
    group = svg.series_class(index)
    parts = [svg.text(interval.name, LEFT - 12, y + 4, "st-strong", "end")]
    begin = interval.p25 if interval.p25 is not None else interval.median
    if begin is not None:
        reach = max(v for v in (begin, interval.median, interval.p75, interval.p90) if v is not None)
        parts.append(svg.line(across(begin), y, across(reach), y, f"st-whisker {group}"))
        if interval.p90 is not None:
            parts.append(svg.line(across(reach), y - 6, across(reach), y + 6, f"st-whisker {group}"))
    if interval.p25 is not None and interval.p75 is not None:
        box = across(interval.p75) - across(interval.p25)
        parts.append(
            svg.element(
                "rect", x=across(interval.p25), y=y - 10, width=box, height=20, class_=f"st-box {group}"
            )
        )
    if interval.median is not None:
        parts.append(svg.marker(index, across(interval.median), y))
    else:
        parts.append(svg.text(interval.note, LEFT + 8, y + 4, "st-soft"))
    return [svg.element("g", svg.element("title", f"{interval.name}: {interval.note}"), *parts)]
