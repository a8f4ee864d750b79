"""Kaplan-Meier curves: the share still open after so many days, one line a group, with its confidence band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from staffel.ui.charts import svg

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760.0, 380.0, 52.0, 16.0, 12.0, 44.0
MARKS = 6


@dataclass(frozen=True, kw_only=True)
class Line:
    """The curve of a group: from each day on, the share still open with its limits; `last` is the longest observation.

    Without `share` only the band is drawn: the group is too small for more.
    """

    name: str
    days: Sequence[float]
    share: Sequence[float] | None
    lower: Sequence[float]
    upper: Sequence[float]
    last: float


def survival(lines: Sequence[Line], *, title: str, description: str, axis: str, key: str = "kurve") -> Markup:
    """The drawing; `axis` is the label under the days."""
    across = svg.Scale.to(max((line.last for line in lines), default=1), LEFT, WIDTH - RIGHT, 8)
    up = svg.Scale(1.0, HEIGHT - BOTTOM, TOP, 0.25)
    parts = _axes(across, up, axis)
    for index, line in enumerate(lines):
        parts.append(_band(line, index, across, up))
    for index, line in enumerate(lines):
        if line.share is None:
            continue
        steps = _steps(line.days, line.share, line.last)
        drawn = [(across(day), up(share)) for day, share in steps]
        parts.append(svg.path(drawn, f"st-line {svg.series_class(index)}"))
        parts += [svg.marker(index, *_on(drawn, part / MARKS)) for part in range(1, MARKS + 1)]
    return svg.drawing(WIDTH, HEIGHT, title, description, key, *parts)


def _axes(across: svg.Scale, up: svg.Scale, axis: str) -> list[Markup]:
    floor = HEIGHT - BOTTOM
    parts = []
    for share in up.ticks():
        parts.append(svg.line(LEFT, up(share), WIDTH - RIGHT, up(share), "st-grid"))
        parts.append(svg.text(f"{share * 100:.0f} %", LEFT - 8, up(share) + 4, "st-soft", "end"))
    for day in across.ticks():
        parts.append(svg.line(across(day), floor, across(day), floor + 5, "st-axis"))
        parts.append(svg.text(f"{day:g}", across(day), floor + 20, "st-soft", "middle"))
    parts.append(svg.line(LEFT, floor, WIDTH - RIGHT, floor, "st-axis"))
    parts.append(svg.text(axis, WIDTH - RIGHT, HEIGHT - 6, "st-soft", "end"))
    return parts


def _steps(days: Sequence[float], shares: Sequence[float], last: float) -> list[tuple[float, float]]:
    """The corners of the staircase from (0, 1) to the last observation."""
    points, current = [(0.0, 1.0)], 1.0
    for day, share in zip(days, shares, strict=True):
        points += [(day, current), (day, share)]
        current = share
    return [*points, (max(last, points[-1][0]), current)]


def _band(line: Line, index: int, across: svg.Scale, up: svg.Scale) -> Markup:
    over = [(across(day), up(share)) for day, share in _steps(line.days, line.upper, line.last)]
    under = [(across(day), up(share)) for day, share in _steps(line.days, line.lower, line.last)]
    return svg.path([*over, *reversed(under)], f"st-area {svg.series_class(index)}", closed=True)


def _on(points: Sequence[tuple[float, float]], part: float) -> tuple[float, float]:
    """The point of the staircase at a part of its width."""
    wanted = points[0][0] + (points[-1][0] - points[0][0]) * part
    return max(
        (point for point in points if point[0] <= wanted + 1e-9),
        key=lambda point: point[0],
        default=points[0],
    )
