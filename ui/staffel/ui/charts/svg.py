"""Writing SVG: escaped, without style attributes, with rounded coordinates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape

SERIES = 6
"""How many series have a colour, dash and marker of their own; the seventh looks like the first."""


def series_class(index: int) -> str:
    """The class of a series, which gives it its colour and its dash."""
    return f"st-s{index % SERIES + 1}"


def element(name: str, *children: Markup | str, **attributes: object) -> Markup:
    """An element; `class_` is `class`, an underscore in any other name a hyphen. Text children are escaped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>")  # noqa: S704 - every part was escaped above


def _plain(value: object) -> object:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def drawing(width: float, height: float, title: str, description: str, key: str, *parts: Markup) -> Markup:
    """A whole chart; `key` makes the ids of title and description unique in the page."""
    return element(
        "svg",
        element("title", title, id=f"{key}-titel"),
        element("desc", description, id=f"{key}-text"),
        *parts,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        class_="st-chart",
        role="img",
        aria_labelledby=f"{key}-titel {key}-text",
    )


def text(content: str, x: float, y: float, class_: str = "", anchor: str = "start") -> Markup:
    """A line of text."""
    return element("text", content, x=x, y=y, class_=class_ or None, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def path(points: Sequence[tuple[float, float]], class_: str, *, closed: bool = False) -> Markup:
    """A line through points."""
    steps = " ".join(f"{'M' if index == 0 else 'L'}{x:.1f} {y:.1f}" for index, (x, y) in enumerate(points))
    return element("path", d=steps + (" Z" if closed else ""), class_=class_)


def marker(index: int, x: float, y: float) -> Markup:
    """The sign of a series: circle, square, triangle, diamond, hollow circle, hollow square."""
    class_ = f"st-dot {series_class(index)}"
    match index % SERIES:
        case 0:
            return element("circle", cx=x, cy=y, r=5, class_=class_)
        case 1:
            return element("rect", x=x - 4.5, y=y - 4.5, width=9, height=9, class_=class_)
        case 2:
            return path([(x, y - 6), (x + 5.5, y + 4), (x - 5.5, y + 4)], class_, closed=True)
        case 3:
            return path([(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)], class_, closed=True)
        case 4:
            return element("circle", cx=x, cy=y, r=5, class_=f"{class_} st-dot--hollow")
        case _:
            return element("rect", x=x - 4.5, y=y - 4.5, width=9, height=9, class_=f"{class_} st-dot--hollow")


@dataclass(frozen=True)
class Scale:
    """From values to coordinates, with round ticks from zero."""

    top: float
    begin: float
    end: float
    step: float

    @classmethod
    def to(cls, largest: float, begin: float, end: float, ticks: int = 6) -> Scale:
        """A scale from 0 to a round number at or above `largest`."""
        largest = largest if largest > 0 else 1.0
        rough = largest / ticks
        power = 10 ** floor(log10(rough))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
        return cls(step * ceil(largest / step), begin, end, step)

    def __call__(self, value: float) -> float:
        return self.begin + (self.end - self.begin) * min(max(value, 0.0), self.top) / self.top

    def ticks(self) -> Iterator[float]:
        """Round values from 0 to the top."""
        for index in range(round(self.top / self.step) + 1):
            yield index * self.step


def line_swatch(index: int) -> Markup:
    """A small piece of a line with its sign, for the legend."""
    return element(
        "svg",
        line(0, 8, 32, 8, f"st-line {series_class(index)}"),
        marker(index, 16, 8),
        viewBox="0 0 32 16",
        class_="st-chart",
        aria_hidden="true",
        focusable="false",
    )
