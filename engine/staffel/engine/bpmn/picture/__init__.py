"""A model's diagram as SVG, drawn on the server from its BPMNDI; for paper, where no browser draws it.

Names are text of XML elements, so they cannot become markup; the drawing refers to nothing outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from lxml import etree

from staffel.engine.bpmn.layout import with_diagram
from staffel.engine.bpmn.layout.boxes import HEADER, Point
from staffel.engine.bpmn.picture.symbols import INK, PAPER, SHADE, SOFT, SVG, Box, add, symbol, write
from staffel.engine.bpmn.words import BPMNDI, DC, DI, EVENTS, GATEWAYS, is_bpmn, local
from staffel.engine.xml import XmlRefused, parse_xml

MARGIN: Final = 20.0
TALL: Final = 1000.0
"""A diagram that is higher needs pages in portrait."""
WIDE, NARROW = 1600.0, 1150.0
"""How many units stay legible across a page of A4 in landscape, and in portrait."""
OVERLAP: Final = 170.0
"""How far a part goes on into the next, so that a box that the edge cuts stands whole in one of them."""
MAX_PARTS: Final = 20
_POOLS: Final = frozenset({"participant", "lane"})


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG; `tall` where it is higher than wide."""

    svg: str
    tall: bool


@dataclass(slots=True)
class Drawing:
    """What the drawing of a file shows: shapes and lines with their elements, in the order of the file."""

    shapes: list[tuple[etree._Element, Box, Box | None, bool]] = field(default_factory=list)
    lines: list[tuple[etree._Element, list[Point], Box | None]] = field(default_factory=list)

    @property
    def extent(self) -> Box:
        """The box around everything."""
        boxes = [box for _, box, label, _ in self.shapes] + [label for _, _, label, _ in self.shapes if label]
        xs = [x for x, _, width, _ in boxes for x in (x, x + width)] + [
            x for _, line, _ in self.lines for x, _ in line
        ]
        ys = [y for _, y, _, high in boxes for y in (y, y + high)] + [
            y for _, line, _ in self.lines for _, y in line
        ]
        left, top = min(xs) - MARGIN, min(ys) - MARGIN
        return left, top, max(xs) + MARGIN - left, max(ys) + MARGIN - top


def pictures(model: bytes) -> list[Picture]:
    """The whole diagram, and after it its parts from left to right where it is too wide to be read. Empty without one."""
    drawing = read_drawing(model)
    if drawing is None:
        return []
    left, top, width, height = drawing.extent
    parts = min(MAX_PARTS, ceil(width / (NARROW if height > TALL else WIDE)))
    step = width / parts
    windows = [drawing.extent]
    if parts > 1:
        windows += [
            (
                left + n * step - (HEADER if n else 0),
                top,
                step + HEADER + (OVERLAP if n < parts - 1 else 0),
                height,
            )
            for n in range(parts)
        ]
    return [Picture(_draw(drawing, each), each[3] > each[2]) for each in windows]


def read_drawing(model: bytes) -> Drawing | None:
    """The first diagram of the file, laid out where it brings none; None where nothing can be drawn."""
    try:
        root = parse_xml(with_diagram(model))
    except XmlRefused:
        return None
    elements = {each.get("id", ""): each for each in root.iter("{*}*") if is_bpmn(each)}
    drawing = Drawing()
    plane = root.find(f"{{{BPMNDI}}}BPMNDiagram/{{{BPMNDI}}}BPMNPlane")
    for item in plane if plane is not None else ():
        element = elements.get(str(item.get("bpmnElement", "")).rpartition(":")[2])
        if element is None:
            continue
        label = item.find(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds")
        if (bounds := item.find(f"{{{DC}}}Bounds")) is not None:
            expanded = item.get("isExpanded") == "true"
            drawing.shapes.append(
                (element, _box(bounds), _box(label) if label is not None else None, expanded)
            )
        elif points := [_point(each) for each in item.findall(f"{{{DI}}}waypoint")]:
            drawing.lines.append((element, points, _box(label) if label is not None else None))
    return drawing if drawing.shapes else None


def _draw(drawing: Drawing, window: Box) -> str:
    left, top, width, height = window
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})  # type: ignore[dict-item]  # lxml's stubs know no default namespace
    root.set("viewBox", f"{left:g} {top:g} {width:g} {height:g}")
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    root.set("font-family", "Fira Sans")
    _arrows(root)
    seen = [each for each in drawing.shapes if _meets(each[1], window)]
    pools = [(element, box) for element, box, _, _ in seen if local(element) in _POOLS]
    for element, box in pools:
        _pool(root, element, box)
    for element, box, _, expanded in seen:
        if local(element) not in _POOLS and expanded:
            symbol(root, element, box, expanded=True)
    for element, points, label in drawing.lines:
        _line(root, element, points, label)
    for element, box, label, expanded in seen:
        if local(element) not in _POOLS and not expanded:
            symbol(root, element, box, expanded=False)
        if label is not None or local(element) in EVENTS | GATEWAYS:
            _label(root, element, box, label)
    for element, box in pools:
        if box[0] < left and local(element) == "lane":
            _head(root, element, (left, box[1], HEADER, box[3]))
    return etree.tostring(root, encoding="unicode")


def _pool(root: etree._Element, element: etree._Element, box: Box) -> None:
    """A pool or lane; one that holds nothing has its name in the middle."""
    x, y, width, height = box
    add(root, "rect", x=x, y=y, width=width, height=height, fill=PAPER, stroke=INK, stroke_width=1.5)
    if local(element) == "lane" or element.get("processRef"):
        _head(root, element, (x, y, HEADER, height))
    else:
        write(root, element.get("name", ""), box)


def _head(root: etree._Element, element: etree._Element, box: Box) -> None:
    """The name along the left edge; parts that begin further right repeat that of a lane."""
    x, y, width, height = box
    add(root, "rect", x=x, y=y, width=width, height=height, fill=SHADE, stroke=INK, stroke_width=1)
    middle = (x + width / 2, y + height / 2)
    turned = add(root, "g", transform=f"rotate(-90 {middle[0]:g} {middle[1]:g})")
    write(turned, element.get("name", ""), (middle[0] - height / 2, middle[1] - width / 2, height, width))


def _line(root: etree._Element, element: etree._Element, points: list[Point], label: Box | None) -> None:
    kind = local(element)
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    look = {
        "sequenceFlow": {"marker_end": "url(#arrow)"},
        "messageFlow": {"marker_end": "url(#open)", "marker_start": "url(#dot)", "stroke_dasharray": "8 5"},
    }.get(kind, {"stroke_dasharray": "2 4"})
    add(
        root,
        "path",
        d=path,
        fill="none",
        stroke=INK if kind == "sequenceFlow" else SOFT,
        stroke_width=1.5,
        **look,
    )
    if label is not None and element.get("name"):
        x, y, width, height = label
        write(root, element.get("name", ""), (x, y, max(width, 60.0), height))


def _label(root: etree._Element, element: etree._Element, box: Box, label: Box | None) -> None:
    place = label or (box[0] + box[2] / 2 - 50, box[1] + box[3] + 4, 100.0, 14.0)
    write(root, element.get("name", ""), (place[0] - 4, place[1], place[2] + 8, place[3]), top=True)


def _arrows(root: etree._Element) -> None:
    definitions = add(root, "defs")
    for name, fill in (("arrow", INK), ("open", PAPER)):
        marker = _marker(definitions, name, 9)
        add(marker, "path", d="M0 0L10 5L0 10Z", fill=fill, stroke=INK)
    add(_marker(definitions, "dot", 1), "circle", cx=5, cy=5, r=4, fill=PAPER, stroke=INK)


def _marker(parent: etree._Element, name: str, x: float) -> etree._Element:
    return add(
        parent, "marker", id=name, viewBox="0 0 10 10", refX=x, refY=5, markerWidth=7, markerHeight=7, orient="auto"
    )  # fmt: skip


def _meets(box: Box, window: Box) -> bool:
    return box[0] < window[0] + window[2] and box[0] + box[2] > window[0]


def _numbers(element: etree._Element, *names: str) -> Iterator[float]:
    for name in names:
        try:
            found = float(element.get(name, "0"))
        except ValueError:
            found = 0.0
        yield max(-1e5, min(1e5, found)) if found == found else 0.0  # noqa: PLR0124 - NaN


def _box(element: etree._Element) -> Box:
    x, y, width, height = _numbers(element, "x", "y", "width", "height")
    return x, y, width, height


def _point(element: etree._Element) -> Point:
    x, y = _numbers(element, "x", "y")
    return x, y
