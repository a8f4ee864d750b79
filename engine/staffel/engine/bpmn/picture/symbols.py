"""BPMN's symbols as SVG: events, gateways, activities and their marks (BPMN 2.0.2 §7.5, Annex D)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from staffel.engine.bpmn.layout.boxes import LETTER
from staffel.engine.bpmn.words import EVENTS, GATEWAYS, SUB_PROCESSES, local

SVG: Final = "http://www.w3.org/2000/svg"
INK, PAPER, SHADE, SOFT = "#131525", "#ffffff", "#f2f3f7", "#777b95"
FONT_SIZE, LINE = 12.0, 14.0
THICK: Final = 3.0
Box = tuple[float, float, float, float]
"""Left, top, width, height."""


def add(parent: etree._Element, name: str, **attributes: object) -> etree._Element:
    """A child element; `stroke_width` becomes `stroke-width`."""
    given = {key.replace("_", "-"): _number(value) for key, value in attributes.items()}
    return etree.SubElement(parent, f"{{{SVG}}}{name}", given)


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def write(parent: etree._Element, text: str, box: Box, *, anchor: str = "middle", top: bool = False) -> None:
    """A name broken into lines, in the middle of the box or from its top."""
    lines = list(broken(text, box[2]))
    if not lines:
        return
    x = box[0] + (box[2] / 2 if anchor == "middle" else 0.0)
    y = box[1] + (FONT_SIZE if top else (box[3] - len(lines) * LINE) / 2 + FONT_SIZE - 1)
    element = add(
        parent, "text", x=round(x, 1), y=round(y, 1), font_size=FONT_SIZE, text_anchor=anchor, fill=INK
    )
    for number, line in enumerate(lines):
        span = add(element, "tspan", x=round(x, 1), **({"dy": LINE} if number else {}))
        span.text = line


def broken(text: str, width: float) -> Iterator[str]:
    """Lines of about that width; a word that is too long is cut."""
    letters = max(4, int(width / LETTER))
    line = ""
    for word in text.split():
        for start in range(0, len(word), letters):
            piece = word[start : start + letters]
            if line and len(line) + 1 + len(piece) > letters:
                yield line
                line = ""
            line = f"{line} {piece}" if line else piece
    if line:
        yield line


def event(group: etree._Element, element: etree._Element, box: Box) -> None:
    """A circle: thin for a start, double for what happens between, thick for an end."""
    x, y, radius = box[0] + box[2] / 2, box[1] + box[3] / 2, box[2] / 2
    kind = local(element)
    listens_only = element.get("cancelActivity") == "false" or element.get("isInterrupting") == "false"
    dashes = {"stroke_dasharray": "4 3"} if listens_only else {}
    stroke = THICK if kind == "endEvent" else 1.5
    add(group, "circle", cx=x, cy=y, r=radius, fill=PAPER, stroke=INK, stroke_width=stroke, **dashes)
    if kind not in {"startEvent", "endEvent"}:
        add(group, "circle", cx=x, cy=y, r=radius - 3.5, fill="none", stroke=INK, stroke_width=1.5, **dashes)
    throws = kind in {"endEvent", "intermediateThrowEvent"}
    triggers = [local(child) for child in element if local(child).endswith("EventDefinition")]
    if len(triggers) == 1 and (draw := _TRIGGERS.get(triggers[0].removesuffix("EventDefinition"))):
        draw(group, x, y, throws)
    elif len(triggers) > 1:
        _path(group, f"M{x} {y - 9}L{x + 9} {y - 2}L{x + 6} {y + 8}H{x - 6}L{x - 9} {y - 2}Z", filled=throws)


def gateway(group: etree._Element, element: etree._Element, box: Box) -> None:
    """A diamond with its mark."""
    x, y, half = box[0] + box[2] / 2, box[1] + box[3] / 2, box[2] / 2
    _path(group, f"M{x} {y - half}L{x + half} {y}L{x} {y + half}L{x - half} {y}Z", fill=PAPER)
    marks = {
        "exclusiveGateway": f"M{x - 7} {y - 8}L{x + 7} {y + 8}M{x + 7} {y - 8}L{x - 7} {y + 8}",
        "parallelGateway": f"M{x} {y - 11}V{y + 11}M{x - 11} {y}H{x + 11}",
        "complexGateway": f"M{x} {y - 11}V{y + 11}M{x - 11} {y}H{x + 11}M{x - 8} {y - 8}L{x + 8} {y + 8}M{x + 8} {y - 8}L{x - 8} {y + 8}",
    }
    kind = local(element)
    if kind in marks:
        _path(group, marks[kind], width=THICK)
    else:
        add(group, "circle", cx=x, cy=y, r=11.0, fill="none", stroke=INK, stroke_width=2)
    if kind == "eventBasedGateway":
        add(group, "circle", cx=x, cy=y, r=8.0, fill="none", stroke=INK, stroke_width=1)


def activity(group: etree._Element, element: etree._Element, box: Box, *, expanded: bool) -> None:
    """A rounded box with the mark of its kind, its name and what is repeated."""
    x, y, width, height = box
    kind = local(element)
    by_event = element.get("triggeredByEvent") == "true"
    add(
        group, "rect", x=x, y=y, width=width, height=height, rx=10, stroke=INK,
        fill=PAPER if not expanded else "none", stroke_width=THICK if kind == "callActivity" else 1.5,
        **({"stroke_dasharray": "2 3"} if by_event else {}),
    )  # fmt: skip
    if draw := _KINDS.get(kind):
        draw(group, x + 6, y + 6)
    name = element.get("name", "")
    if expanded:
        write(group, name, (x + 10, y + 6, width - 20, height), anchor="start", top=True)
    else:
        write(
            group,
            name,
            (x + 6, y + (8 if kind in _KINDS else 0), width - 12, height - (8 if kind in _KINDS else 0)),
        )
        if kind in SUB_PROCESSES:
            _plus(group, x + width / 2, y + height - 9)
    for child in element:
        if local(child) == "multiInstanceLoopCharacteristics":
            _bars(group, x + width / 2 - 14, y + height - 14, across=child.get("isSequential") == "true")


def _path(
    group: etree._Element, d: str, *, fill: str = "none", filled: bool = False, width: float = 1.5
) -> None:
    add(group, "path", d=d, fill=INK if filled else fill, stroke=INK, stroke_width=width)


def _plus(group: etree._Element, x: float, y: float) -> None:
    _path(
        group, f"M{x - 7} {y - 7}H{x + 7}V{y + 7}H{x - 7}ZM{x} {y - 4}V{y + 4}M{x - 4} {y}H{x + 4}", width=1.0
    )


def _bars(group: etree._Element, x: float, y: float, *, across: bool) -> None:
    lines = (f"M{x} {y + 3 * n}H{x + 9}" if across else f"M{x + 3 * n} {y}V{y + 9}" for n in range(3))
    _path(group, "".join(lines))


def _envelope(group: etree._Element, x: float, y: float, throws: bool) -> None:
    add(
        group,
        "rect",
        x=x - 9,
        y=y - 6,
        width=18,
        height=12,
        fill=INK if throws else PAPER,
        stroke=INK,
        stroke_width=1.2,
    )
    add(
        group,
        "path",
        d=f"M{x - 9} {y - 6}L{x} {y + 1}L{x + 9} {y - 6}",
        fill="none",
        stroke=PAPER if throws else INK,
        stroke_width=1.2,
    )


def _clock(group: etree._Element, x: float, y: float, _: bool) -> None:
    add(group, "circle", cx=x, cy=y, r=9.0, fill=PAPER, stroke=INK, stroke_width=1.2)
    _path(group, f"M{x} {y - 6}V{y}L{x + 4} {y + 2}", width=1.2)


def _dot(group: etree._Element, x: float, y: float, _: bool) -> None:
    add(group, "circle", cx=x, cy=y, r=10.0, fill=INK)


def _shape(points: str) -> Callable[[etree._Element, float, float, bool], None]:
    """A closed outline of offsets from the middle, filled where the event throws."""
    pairs = [tuple(map(float, each.split(","))) for each in points.split()]

    def draw(group: etree._Element, x: float, y: float, throws: bool) -> None:
        _path(
            group,
            "M" + "L".join(f"{x + dx:g} {y + dy:g}" for dx, dy in pairs) + "Z",
            filled=throws,
            width=1.2,
        )

    return draw


_TRIGGERS: Final[dict[str, Callable[[etree._Element, float, float, bool], None]]] = {
    "message": _envelope,
    "timer": _clock,
    "signal": _shape("0,-9 9,6 -9,6"),
    "error": _shape("-8,8 -3,-7 3,2 8,-8 3,7 -3,-2"),
    "escalation": _shape("0,-9 7,8 0,1 -7,8"),
    "conditional": _shape("-6,-8 6,-8 6,8 -6,8"),
    "compensate": _shape("-9,0 0,-6 0,0 9,-6 9,6 0,0 0,6"),
    "cancel": _shape("-8,-5 -5,-8 0,-3 5,-8 8,-5 3,0 8,5 5,8 0,3 -5,8 -8,5 -3,0"),
    "link": _shape("-9,-4 2,-4 2,-8 9,0 2,8 2,4 -9,4"),
    "terminate": _dot,
}


def _person(group: etree._Element, x: float, y: float) -> None:
    add(group, "circle", cx=x + 6, cy=y + 3.5, r=3.0, fill="none", stroke=INK, stroke_width=1)
    _path(
        group, f"M{x} {y + 13}V{y + 11}C{x} {y + 6} {x + 12} {y + 6} {x + 12} {y + 11}V{y + 13}Z", width=1.0
    )


def _table(group: etree._Element, x: float, y: float) -> None:
    _path(
        group,
        f"M{x} {y}H{x + 15}V{y + 11}H{x}ZM{x} {y + 4}H{x + 15}M{x} {y + 7.5}H{x + 15}M{x + 5} {y + 4}V{y + 11}",
        width=1.0,
    )


def _wheel(group: etree._Element, x: float, y: float) -> None:
    add(
        group,
        "circle",
        cx=x + 7,
        cy=y + 7,
        r=5.0,
        fill="none",
        stroke=INK,
        stroke_width=3,
        stroke_dasharray="2.2 1.7",
    )
    add(group, "circle", cx=x + 7, cy=y + 7, r=4.0, fill="none", stroke=INK, stroke_width=1)


def _script(group: etree._Element, x: float, y: float) -> None:
    _path(
        group,
        f"M{x} {y}H{x + 11}V{y + 13}H{x}ZM{x + 2} {y + 4}H{x + 9}M{x + 2} {y + 7}H{x + 9}M{x + 2} {y + 10}H{x + 9}",
        width=1.0,
    )


_KINDS: Final[dict[str, Callable[[etree._Element, float, float], None]]] = {
    "userTask": _person,
    "businessRuleTask": _table,
    "serviceTask": _wheel,
    "scriptTask": _script,
    "sendTask": lambda group, x, y: _envelope(group, x + 9, y + 6, True),
    "receiveTask": lambda group, x, y: _envelope(group, x + 9, y + 6, False),
}


def symbol(group: etree._Element, element: etree._Element, box: Box, *, expanded: bool) -> None:
    """Draw an element that is neither pool nor lane."""
    kind = local(element)
    x, y, width, height = box
    if kind in EVENTS:
        event(group, element, box)
    elif kind in GATEWAYS:
        gateway(group, element, box)
    elif kind == "textAnnotation":
        _path(group, f"M{x + 12} {y}H{x}V{y + height}H{x + 12}", width=1.0)
        text = "".join(str(child.text or "") for child in element if local(child) == "text")
        write(group, text, (x + 6, y, width - 8, height), anchor="start")
    elif kind == "group":
        add(
            group,
            "rect",
            x=x,
            y=y,
            width=width,
            height=height,
            rx=10,
            fill="none",
            stroke=SOFT,
            stroke_dasharray="8 4 2 4",
        )
    elif kind.startswith("data"):
        _path(
            group,
            f"M{x} {y}H{x + width - 10}L{x + width} {y + 10}V{y + height}H{x}ZM{x + width - 10} {y}V{y + 10}H{x + width}",
            fill=PAPER,
        )
    else:
        activity(group, element, box, expanded=expanded)
