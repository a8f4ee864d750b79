"""What is drawn: boxes, lines and whole plans, with the usual sizes of BPMN's symbols."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.words import EVENTS, GATEWAYS, local

if TYPE_CHECKING:
    from lxml import etree

Point = tuple[float, float]

TASK: Final = (100.0, 80.0)
EVENT: Final = (36.0, 36.0)
GATEWAY: Final = (50.0, 50.0)
COLUMN_GAP: Final = 60.0
ROW_GAP: Final = 70.0
PADDING: Final = 40.0
HEADER: Final = 30.0
LABEL_WIDTH: Final = 96.0
LABEL_LINE: Final = 14.0
LETTER: Final = 6.2


@dataclass(slots=True)
class Shape:
    """A drawn element with its place; `label` is where its name stands when it stands outside."""

    id: str
    x: float
    y: float
    width: float
    height: float
    expanded: bool | None = None
    horizontal: bool = False
    marker: bool = False
    label: tuple[float, float, float, float] | None = None

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> Shape:
        """The same shape elsewhere."""
        label = None
        if self.label is not None:
            label = (self.label[0] + dx, self.label[1] + dy, self.label[2], self.label[3])
        return Shape(
            self.id,
            self.x + dx,
            self.y + dy,
            self.width,
            self.height,
            self.expanded,
            self.horizontal,
            self.marker,
            label,
        )


@dataclass(slots=True)
class Line:
    """A drawn flow or association through its points; `label` as for shapes."""

    id: str
    points: list[Point]
    label: tuple[float, float, float, float] | None = None

    def moved(self, dx: float, dy: float) -> Line:
        """The same line elsewhere."""
        label = None
        if self.label is not None:
            label = (self.label[0] + dx, self.label[1] + dy, self.label[2], self.label[3])
        return Line(self.id, [(x + dx, y + dy) for x, y in self.points], label)


@dataclass(slots=True)
class Plan:
    """A drawing of a scope, from (0, 0) on."""

    width: float = 0.0
    height: float = 0.0
    shapes: list[Shape] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def add(self, other: Plan, dx: float, dy: float) -> None:
        """Put another drawing into this one."""
        self.shapes.extend(shape.moved(dx, dy) for shape in other.shapes)
        self.lines.extend(line.moved(dx, dy) for line in other.lines)


def size_of(element: etree._Element) -> tuple[float, float]:
    """Width and height of a symbol that holds nothing."""
    name = local(element)
    if name in EVENTS:
        return EVENT
    return GATEWAY if name in GATEWAYS else TASK


def text_width(name: str) -> float:
    """How wide a label is: its own width when it is short, else that at which it is broken."""
    return min(LABEL_WIDTH, max(20.0, len(name.strip()) * LETTER + 8))


def text_height(name: str, width: float = LABEL_WIDTH) -> float:
    """How high a label is when broken into lines, at about 6.2 units a letter."""
    letters = max(1, int(width / LETTER))
    lines, used = 1, 0
    for word in name.split():
        if used and used + 1 + len(word) > letters:
            lines, used = lines + 1, 0
        used += len(word) + (1 if used else 0)
        lines += max(0, (len(word) - 1) // letters)
    return lines * LABEL_LINE
