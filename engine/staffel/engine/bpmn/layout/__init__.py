"""A drawing for models that bring none: the same file with BPMNDI, so that it is shown like any other."""

from __future__ import annotations

from typing import Final

from lxml import etree

from staffel.engine.bpmn.layout.boxes import Line, Plan, Shape
from staffel.engine.bpmn.layout.pools import collaborate
from staffel.engine.bpmn.layout.scopes import lay_out
from staffel.engine.bpmn.reader.definitions import has_diagram
from staffel.engine.bpmn.source import Source, index
from staffel.engine.bpmn.words import BPMNDI, DC, DI, SUB_PROCESSES, is_bpmn, local
from staffel.engine.xml import XmlRefused, parse_xml

MARGIN: Final = 80.0
_PREFIXES: Final = {"bpmndi": BPMNDI, "dc": DC, "di": DI}


def with_diagram(data: bytes) -> bytes:
    """The file with a drawing of every element. A file that is drawn already, or cannot be read, stays as it is.

    The same file always gets the same drawing. Elements without an id get the one that `read_bpmn` gives them.
    """
    try:
        root = parse_xml(data)
    except XmlRefused:
        return data
    if not is_bpmn(root) or local(root) != "definitions":
        return data
    source = index(root)
    if has_diagram(source) or not source.by_tag.get("process"):
        return data
    for old in root.findall("{" + BPMNDI + "}BPMNDiagram"):
        root.remove(old)
    for number, (owner, plan) in enumerate(_drawings(source)):
        _write(root, owner, plan, number)
    etree.cleanup_namespaces(root, top_nsmap=_PREFIXES, keep_ns_prefixes=[p for p in root.nsmap if p])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _drawings(source: Source) -> list[tuple[str, Plan]]:
    """A drawing for each collaboration and for each process that stands in none."""
    inner: dict[etree._Element, Plan] = {}
    for scope in reversed(
        [item for item in source.root.iter("{*}*") if is_bpmn(item) and local(item) in SUB_PROCESSES]
    ):
        inner[scope] = lay_out(source, scope, inner)
    plans = {item.get("id") or "": lay_out(source, item, inner) for item in source.all("process")}
    found: list[tuple[str, Plan]] = []
    pooled: set[str] = set()
    for collaboration in source.all("collaboration"):
        found.append((collaboration.get("id") or "", collaborate(source, collaboration, plans)))
        pooled |= {
            source.name(pool.get("processRef"), pool) for pool in collaboration.iterfind("{*}participant")
        }
    found += [(identity, plan) for identity, plan in plans.items() if identity not in pooled]
    return found


def _write(root: etree._Element, owner: str, plan: Plan, number: int) -> None:
    diagram = etree.SubElement(
        root, _name(BPMNDI, "BPMNDiagram"), id=f"Diagram_{number + 1}", nsmap=_PREFIXES
    )
    plane = etree.SubElement(diagram, _name(BPMNDI, "BPMNPlane"), id=f"Plane_{number + 1}", bpmnElement=owner)
    for place, shape in enumerate(plan.shapes):
        _write_shape(plane, shape, f"Shape_{number + 1}_{place + 1}")
    for place, line in enumerate(plan.lines):
        _write_line(plane, line, f"Edge_{number + 1}_{place + 1}")


def _write_shape(plane: etree._Element, shape: Shape, identity: str) -> None:
    element = etree.SubElement(plane, _name(BPMNDI, "BPMNShape"), id=identity, bpmnElement=shape.id)
    if shape.horizontal:
        element.set("isHorizontal", "true")
    if shape.expanded is not None:
        element.set("isExpanded", "true" if shape.expanded else "false")
    if shape.marker:
        element.set("isMarkerVisible", "true")
    _bounds(element, shape.x, shape.y, shape.width, shape.height)
    _label(element, shape.label)


def _write_line(plane: etree._Element, line: Line, identity: str) -> None:
    element = etree.SubElement(plane, _name(BPMNDI, "BPMNEdge"), id=identity, bpmnElement=line.id)
    for x, y in line.points:
        etree.SubElement(element, _name(DI, "waypoint"), x=_number(x + MARGIN), y=_number(y + MARGIN))
    _label(element, line.label)


def _label(element: etree._Element, label: tuple[float, float, float, float] | None) -> None:
    if label is not None:
        _bounds(etree.SubElement(element, _name(BPMNDI, "BPMNLabel")), *label)


def _bounds(element: etree._Element, x: float, y: float, width: float, height: float) -> None:
    etree.SubElement(
        element,
        _name(DC, "Bounds"),
        x=_number(x + MARGIN),
        y=_number(y + MARGIN),
        width=_number(width),
        height=_number(height),
    )


def _name(namespace: str, name: str) -> str:
    return "{" + namespace + "}" + name


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
