"""Lays out one process or sub-process: nodes, boundary events, flows, lanes, data and annotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.layout import grid as grids
from staffel.engine.bpmn.layout.boxes import (
    COLUMN_GAP,
    EVENT,
    HEADER,
    LABEL_WIDTH,
    PADDING,
    ROW_GAP,
    Line,
    Plan,
    Point,
    Shape,
    size_of,
    text_height,
    text_width,
)
from staffel.engine.bpmn.layout.ranks import Edge, rank
from staffel.engine.bpmn.layout.routes import Router
from staffel.engine.bpmn.source import children, text_of
from staffel.engine.bpmn.words import EVENTS, FLOW_NODES, GATEWAYS, SUB_PROCESSES, is_bpmn, local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.source import Source

_ARTIFACTS: Final = {
    "dataObjectReference": (36.0, 50.0),
    "dataStoreReference": (50.0, 50.0),
    "textAnnotation": (140.0, 50.0),
}


@dataclass(slots=True)
class Scope:
    """What is laid out together: nodes on the grid, boundary events with their hosts, flows."""

    source: Source
    element: etree._Element
    nodes: list[etree._Element] = field(default_factory=list)
    number: dict[str, int] = field(default_factory=dict)
    host: dict[str, str] = field(default_factory=dict)
    boundary: dict[str, list[etree._Element]] = field(default_factory=dict)
    flows: list[etree._Element] = field(default_factory=list)
    artifacts: list[etree._Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        for item in self.element:
            if is_bpmn(item):
                self._take(item)
        for events in list(self.boundary.items()):
            if events[0] not in self.number:  # attached to nothing here: a node like any other
                for event in self.boundary.pop(events[0]):
                    self.host.pop(event.get("id") or "", None)
                    self._put(event)

    def _take(self, item: etree._Element) -> None:
        name, identity = local(item), item.get("id") or ""
        if name == "boundaryEvent":
            host = self.source.name(item.get("attachedToRef"), item)
            self.host[identity] = host
            self.boundary.setdefault(host, []).append(item)
        elif name in FLOW_NODES:
            self._put(item)
        elif name == "sequenceFlow":
            self.flows.append(item)
        elif name in _ARTIFACTS:
            self.artifacts.append(item)

    def _put(self, item: etree._Element) -> None:
        self.number[item.get("id") or ""] = len(self.nodes)
        self.nodes.append(item)

    def node_at(self, identity: str) -> int | None:
        """The grid node of an id; for a boundary event its host."""
        return self.number.get(self.host.get(identity, identity))

    def ends(self, flow: etree._Element) -> tuple[str, str]:
        """The ids at both ends of a flow."""
        return self.source.name(flow.get("sourceRef"), flow), self.source.name(flow.get("targetRef"), flow)

    def edges(self) -> Iterator[Edge]:
        """Flows between grid nodes."""
        for flow in self.flows:
            source, target = (self.node_at(end) for end in self.ends(flow))
            if source is not None and target is not None:
                yield source, target

    def aside(self) -> frozenset[int]:
        """The nodes that only boundary events lead to."""
        found: dict[int, bool] = {}
        for flow in self.flows:
            source, target = self.ends(flow)
            node = self.node_at(target)
            if node is not None:
                found[node] = found.get(node, True) and source in self.host
        return frozenset(node for node, apart in found.items() if apart)


def lay_out(source: Source, element: etree._Element, inner: Mapping[etree._Element, Plan]) -> Plan:
    """The drawing of a scope; `inner` holds the drawings of its sub-processes."""
    scope = Scope(source, element)
    lanes = _leaf_lanes(element)
    band_of = _bands(scope, lanes)
    sizes = [
        (inner[node].width, inner[node].height) if node in inner else size_of(node) for node in scope.nodes
    ]
    edges = list(scope.edges())
    grid = grids.build(rank(sizes, edges), sizes, edges, band_of, max(1, len(lanes)), aside=scope.aside())
    plan = Plan()
    shapes = _place(scope, grid, sizes, inner, plan)
    _draw_flows(scope, grid, shapes, plan)
    plan.width = grid.lefts[-1] + grid.widths[-1] + PADDING + 20 if scope.nodes else 200.0
    plan.height = grid.tops[-1] + grid.heights[-1] + PADDING + 20 if scope.nodes else 120.0
    _draw_lanes(element, grid, lanes, plan)
    _draw_artifacts(scope, shapes, plan)
    return plan


def _leaf_lanes(element: etree._Element) -> list[etree._Element]:
    return (
        [lane for lane in element.iter("{*}lane") if lane.find("{*}childLaneSet") is None]
        if local(element) == "process"
        else []
    )


def _bands(scope: Scope, lanes: list[etree._Element]) -> list[int]:
    band: dict[str, int] = {}
    for number, lane in enumerate(lanes):
        for item in children(lane, "flowNodeRef"):
            band.setdefault(scope.source.name(text_of(item), item), number)
    return [band.get(node.get("id") or "", 0) for node in scope.nodes]


def _place(
    scope: Scope,
    grid: grids.Grid,
    sizes: list[tuple[float, float]],
    inner: Mapping[etree._Element, Plan],
    plan: Plan,
) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    for number, node in enumerate(scope.nodes):
        width, height = sizes[number]
        x = grid.lefts[grid.column[number]] + (grid.widths[grid.column[number]] - width) / 2
        y = grid.tops[grid.row[number]] + (grid.heights[grid.row[number]] - height) / 2
        shape = Shape(node.get("id") or "", x, y, width, height, marker=local(node) in GATEWAYS)
        shape.expanded = True if node in inner else False if local(node) in SUB_PROCESSES else None
        if local(node) in EVENTS:
            shape.label = _label_below(node, shape)
        elif local(node) in GATEWAYS:
            shape.label = _label_above(node, shape)
        plan.shapes.append(shape)
        shapes[shape.id] = shape
        if node in inner:
            plan.add(inner[node], x, y)
    for host, events in scope.boundary.items():
        _place_boundary(shapes[host], events, shapes, plan)
    return shapes


def _label_below(node: etree._Element, shape: Shape) -> tuple[float, float, float, float] | None:
    name = node.get("name") or ""
    if not name.strip():
        return None
    width = text_width(name)
    return shape.middle[0] - width / 2, shape.y + shape.height + 4, width, text_height(name)


def _label_above(node: etree._Element, shape: Shape) -> tuple[float, float, float, float] | None:
    """Gateways are named above, since flows leave them downwards."""
    name = node.get("name") or ""
    if not name.strip():
        return None
    width, height = text_width(name), text_height(name)
    return shape.middle[0] - width / 2, shape.y - 4 - height, width, height


def _place_boundary(host: Shape, events: list[etree._Element], shapes: dict[str, Shape], plan: Plan) -> None:
    """On the lower border, from left to right."""
    for place, event in enumerate(events, 1):
        x = host.x + host.width * place / (len(events) + 1) - EVENT[0] / 2
        shape = Shape(event.get("id") or "", x, host.y + host.height - EVENT[1] / 2, *EVENT)
        name = event.get("name") or ""
        if name.strip():
            shape.label = (
                shape.x + EVENT[0] + 2,
                shape.y + EVENT[1] - 14,
                text_width(name),
                text_height(name),
            )
        plan.shapes.append(shape)
        shapes[shape.id] = shape


def _draw_flows(scope: Scope, grid: grids.Grid, shapes: dict[str, Shape], plan: Plan) -> None:
    router = Router(grid)
    for flow in scope.flows:
        source, target = scope.ends(flow)
        first, last = scope.node_at(source), scope.node_at(target)
        if first is None or last is None or source not in shapes or target not in shapes:
            continue
        below = source in scope.host
        points = router.route((first, shapes[source]), (last, shapes[target]), from_below=below)
        plan.lines.append(Line(flow.get("id") or "", points, _flow_label(flow, points)))


def _flow_label(flow: etree._Element, points: list[Point]) -> tuple[float, float, float, float] | None:
    """Above the first piece of the line when it lies flat, else above the last, where lines have parted."""
    name = flow.get("name") or ""
    if not name.strip():
        return None
    (x1, y1), (x2, y2) = points[0], points[1]
    if y1 != y2 and len(points) > 2 and points[-1][1] == points[-2][1]:
        (x1, y1), (x2, y2) = sorted(points[-2:])
    if y1 == y2:
        width = max(24.0, min(text_width(name), abs(x2 - x1) - 8))
        return x1 + 4, y1 - text_height(name, width) - 2, width, text_height(name, width)
    width = min(COLUMN_GAP, text_width(name))
    height = text_height(name, width)
    return x1 + 4, y1 + 6 if y2 > y1 else y1 - 6 - height, width, height


def _draw_lanes(element: etree._Element, grid: grids.Grid, leaves: list[etree._Element], plan: Plan) -> None:
    """Bands over the whole width with their header on the left; lanes around them span them."""
    if not leaves:
        return
    depth = {lane: _depth(lane) for lane in element.iter("{*}lane")}
    deepest = max(depth.values())
    shift = HEADER * deepest
    plan.shapes = [shape.moved(shift, 0) for shape in plan.shapes]
    plan.lines = [line.moved(shift, 0) for line in plan.lines]
    grid.lefts = [left + shift for left in grid.lefts]
    plan.width += shift
    spans: dict[etree._Element, tuple[float, float]] = {}
    for number, leaf in enumerate(leaves):
        top, bottom = _span(grid, number, len(leaves), plan.height)
        for lane in (leaf, *leaf.iterancestors("{*}lane")):
            around = spans.get(lane, (top, bottom))
            spans[lane] = min(top, around[0]), max(bottom, around[1])
    drawn: list[Shape] = []
    for lane, level in depth.items():
        if lane not in spans:
            continue
        top, bottom = spans[lane]
        left = HEADER * (level - 1)
        drawn.append(Shape(lane.get("id") or "", left, top, plan.width - left, bottom - top, horizontal=True))
    plan.shapes[:0] = drawn


def _depth(lane: etree._Element) -> int:
    return 1 + sum(1 for outer in lane.iterancestors("{*}lane"))


def _span(grid: grids.Grid, number: int, count: int, height: float) -> tuple[float, float]:
    """Top and bottom of a band, to the middle of the gaps around it."""
    first, last = grid.bands[number]
    top = 0.0 if number == 0 else grid.tops[first] - ROW_GAP * 0.25
    bottom = height if number == count - 1 else grid.tops[last] + grid.heights[last] + ROW_GAP * 0.75
    return top, bottom


def _draw_artifacts(scope: Scope, shapes: dict[str, Shape], plan: Plan) -> None:
    """Data and annotations in a strip under the drawing, near what they belong to."""
    if not scope.artifacts:
        return
    moved = {shape.id: shape for shape in plan.shapes}
    links = _links(scope)
    partner: dict[str, Shape] = {}
    for _, one, other in links:
        for here, there in ((one, other), (other, one)):
            if there in shapes:
                partner.setdefault(here, moved[there])
    right = 0.0
    for item in scope.artifacts:
        width, height = _ARTIFACTS[local(item)]
        if local(item) == "textAnnotation":
            height = max(height, text_height(text_of(item.find("{*}text")), width) + 12)
        near = partner.get(item.get("id") or "")
        x = max(right, (near.middle[0] - width / 2) if near is not None else PADDING)
        shape = Shape(item.get("id") or "", x, plan.height + 30, width, height)
        if local(item) != "textAnnotation":
            shape.label = _label_below(item, shape)
        plan.shapes.append(shape)
        moved[shape.id] = shape
        right = x + max(width, LABEL_WIDTH) + 20
    for identity, one, other in links:
        if one in moved and other in moved:
            plan.lines.append(Line(identity, _direct(moved[one], moved[other])))
    plan.height += 150.0
    plan.width = max(plan.width, right)


def _links(scope: Scope) -> list[tuple[str, str, str]]:
    """Associations of the scope and data associations of its nodes: id and both ends."""
    found = []
    for item in children(scope.element, "association"):
        found.append((item.get("id") or "", *scope.ends(item)))
    for node in [*scope.nodes, *(event for events in scope.boundary.values() for event in events)]:
        for item in children(node, "dataInputAssociation", "dataOutputAssociation"):
            outward = local(item) == "dataOutputAssociation"
            end = next(children(item, "targetRef" if outward else "sourceRef"), None)
            if end is not None:
                other = scope.source.name(text_of(end), end)
                pair = (node.get("id") or "", other) if outward else (other, node.get("id") or "")
                found.append((item.get("id") or "", *pair))
    return found


def _direct(one: Shape, other: Shape) -> list[Point]:
    """From border to border, straight."""
    upper, lower = (one, other) if one.y <= other.y else (other, one)
    points = [(upper.middle[0], upper.y + upper.height), (lower.middle[0], lower.y)]
    return points if upper is one else points[::-1]
