"""Puts the drawings of processes into pools, one below the other, with message flows between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.layout.boxes import HEADER, Line, Plan, Point, Shape, text_height, text_width
from staffel.engine.bpmn.source import children

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.source import Source

_GAP: Final = 60.0
_BLACK_BOX: Final = 60.0


def collaborate(source: Source, collaboration: etree._Element, plans: Mapping[str, Plan]) -> Plan:
    """The drawing of a collaboration; `plans` holds the drawings of processes by id."""
    whole = Plan()
    pools = list(children(collaboration, "participant"))
    inside = {pool: plans.get(source.name(pool.get("processRef"), pool)) for pool in pools}
    width = max([plan.width for plan in inside.values() if plan] or [600.0]) + HEADER
    top = 0.0
    for pool, plan in inside.items():
        height = plan.height if plan else _BLACK_BOX
        frame = Shape(pool.get("id") or "", 0, top, width, height, horizontal=True)
        whole.shapes.append(frame)
        if plan is not None:
            _widen_lanes(plan, width - HEADER)
            whole.add(plan, HEADER, top)
        top += height + _GAP
    whole.width, whole.height = width, max(0.0, top - _GAP)
    _message_flows(source, collaboration, whole)
    return whole


def _widen_lanes(plan: Plan, width: float) -> None:
    for shape in plan.shapes:
        if shape.horizontal:
            shape.width = width - shape.x


def _message_flows(source: Source, collaboration: etree._Element, whole: Plan) -> None:
    placed = {shape.id: shape for shape in whole.shapes}
    for number, flow in enumerate(children(collaboration, "messageFlow")):
        one = placed.get(source.name(flow.get("sourceRef"), flow))
        other = placed.get(source.name(flow.get("targetRef"), flow))
        if one is None or other is None or one is other:
            continue
        points = _between(one, other, whole, number)
        name = flow.get("name") or ""
        label = None
        if name.strip():
            x, y = points[0]
            down = points[1][1] > y
            label = (x + 4, y + (20 if down else -34), text_width(name), text_height(name))
        whole.lines.append(Line(flow.get("id") or "", points, label))


def _between(one: Shape, other: Shape, whole: Plan, number: int) -> list[Point]:
    """Up or down out of one end, along the gap beside the other's pool, into the other end."""
    down = other.y > one.y
    start_x, end_x = one.middle[0], other.middle[0]
    if one.horizontal:
        start_x = end_x
    if other.horizontal:
        end_x = start_x
    start = (start_x, one.y + one.height if down else one.y)
    end = (end_x, other.y if down else other.y + other.height)
    if start_x == end_x:
        return [start, end]
    pool = next((shape for shape in whole.shapes if shape.horizontal and _holds(shape, other)), other)
    edge = pool.y if down else pool.y + pool.height
    level = edge + (-1 if down else 1) * (_GAP / 2 + (number % 5 - 2) * 6)
    return [start, (start_x, level), (end_x, level), end]


def _holds(pool: Shape, shape: Shape) -> bool:
    """Whether a pool (which begins at the left edge) encloses a shape."""
    return pool.x == 0 and pool.y <= shape.y and shape.y + shape.height <= pool.y + pool.height
