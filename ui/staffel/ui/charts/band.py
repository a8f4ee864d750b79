"""The band of a case: who held it when, a stretch per Stelle, coloured and patterned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from staffel.ui.charts import svg

WIDTH, HEIGHT, TOP, BAR = 960.0, 72.0, 8.0, 36.0
NARROW = 36.0


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A stretch of time with one holder. `begin` and `end` are seconds since the case began, `note` its length in words."""

    holder: str
    begin: float
    end: float
    note: str


def holders(stretches: Sequence[Stretch]) -> list[str]:
    """Everybody on the band in order of appearance: the legend, and which series each one is."""
    return list(dict.fromkeys(stretch.holder for stretch in stretches))


def band(
    stretches: Sequence[Stretch], *, title: str, description: str, begin: str, end: str, key: str = "band"
) -> Markup:
    """The drawing. `begin` and `end` are the labels under its ends."""
    last = max((stretch.end for stretch in stretches), default=0) or 1
    names = holders(stretches)
    parts = [pattern(index, f"{key}-muster-{index}") for index in range(len(names))]
    for stretch in stretches:
        x = WIDTH * stretch.begin / last
        width = max(WIDTH * (stretch.end - stretch.begin) / last, 2.0)
        index = names.index(stretch.holder)
        parts.append(
            svg.element(
                "g",
                svg.element("title", f"{stretch.holder}: {stretch.note}"),
                svg.element(
                    "rect", x=x, y=TOP, width=width, height=BAR, class_=f"st-fill {svg.series_class(index)}"
                ),
                svg.element("rect", x=x, y=TOP, width=width, height=BAR, fill=f"url(#{key}-muster-{index})"),
            )
        )
        if x > 0:
            parts.append(svg.line(x, TOP - 4, x, TOP + BAR + 4, "st-axis"))
    parts.append(svg.text(begin, 0, TOP + BAR + 18, "st-soft"))
    parts.append(svg.text(end, WIDTH, TOP + BAR + 18, "st-soft", "end"))
    return svg.drawing(WIDTH, HEIGHT, title, description, key, *parts)


def pattern(index: int, key: str) -> Markup:
    """The pattern of a holder, laid over the colour: plain, slanted, dotted, upright, crossed, level."""
    shapes = (
        (),
        (svg.path([(-2, 10), (10, -2)], "st-hatch"),),
        (svg.element("circle", cx=4, cy=4, r=1.6, class_="st-hatch--dot"),),
        (svg.line(4, 0, 4, 8, "st-hatch"),),
        (svg.line(0, 0, 8, 8, "st-hatch"), svg.line(8, 0, 0, 8, "st-hatch")),
        (svg.line(0, 4, 8, 4, "st-hatch"),),
    )
    return svg.element(
        "pattern", *shapes[index % svg.SERIES], id=key, width=8, height=8, patternUnits="userSpaceOnUse"
    )


def swatch(index: int, key: str) -> Markup:
    """A small piece of the band for the legend."""
    return svg.element(
        "svg",
        pattern(index, key),
        svg.element("rect", width=32, height=16, class_=f"st-fill {svg.series_class(index)}"),
        svg.element("rect", width=32, height=16, fill=f"url(#{key})"),
        viewBox="0 0 32 16",
        class_="st-chart",
        aria_hidden="true",
        focusable="false",
    )
