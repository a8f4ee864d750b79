"""Processes and what is in them: nodes, flows, lanes, data. Sub-processes are read innermost first, without recursion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from staffel.engine.bpmn.model import Association, DataItem, Flow, Lane, Node, Process, Scope
from staffel.engine.bpmn.reader.context import Context, flag
from staffel.engine.bpmn.reader.data import DATA, read_io, read_item
from staffel.engine.bpmn.reader.nodes import Surroundings, note_without_effect, read_node
from staffel.engine.bpmn.source import child, children, line_of, text_of
from staffel.engine.bpmn.words import (
    CHOREOGRAPHY,
    FLOW_NODES,
    SUB_PROCESSES,
    in_english,
    in_german,
    is_bpmn,
    local,
    name_of,
)

if TYPE_CHECKING:
    from lxml import etree

_READ_ELSEWHERE = frozenset(
    {
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "ioSpecification",
        "dataInputAssociation",
        "dataOutputAssociation",
        "standardLoopCharacteristics",
        "multiInstanceLoopCharacteristics",
        "completionCondition",
        "laneSet",
        "correlationSubscription",
    }
)
_DRAWING_ONLY = frozenset({"textAnnotation", "group"})
_NOT_USED = frozenset(
    {
        "auditing",
        "monitoring",
        "supports",
        "supportedInterfaceRef",
        "ioBinding",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "categoryValueRef",
    }
)


@dataclass(slots=True)
class _Gathered:
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    data: list[DataItem] = field(default_factory=list)
    associations: list[Association] = field(default_factory=list)


def read_process(context: Context, element: etree._Element) -> Process:
    """Read one process with everything in it."""
    lanes = _read_lanes(context, element)
    inside: dict[str, str] = {node: lane.id for lane in lanes for node in lane.nodes}
    bodies: dict[etree._Element, Scope] = {}
    scopes = [scope for scope in element.iter("{*}*") if is_bpmn(scope) and local(scope) in SUB_PROCESSES]
    for scope in reversed(scopes):
        bodies[scope] = _read_scope(context, scope, inside, bodies)
    version = next((str(v) for k, v in element.attrib.items() if str(k).endswith("}versionTag")), "")
    return Process(
        id=element.get("id") or "",
        name=name_of(element),
        line=line_of(element),
        scope=_read_scope(context, element, inside, bodies),
        executable=flag(element, "isExecutable") if element.get("isExecutable") is not None else None,
        process_type=element.get("processType") or "None",
        lanes=lanes,
        io=read_io(context, element),
        documentation="\n\n".join(text_of(item) for item in children(element, "documentation")),
        version_tag=version.strip(),
        extension=context.extension(element),
        correlation_subscriptions=tuple(
            _subscription(context, item) for item in children(element, "correlationSubscription")
        ),
    )


def _read_scope(
    context: Context,
    element: etree._Element,
    lanes: Mapping[str, str],
    bodies: Mapping[etree._Element, Scope],
) -> Scope:
    incoming: dict[str, list[str]] = defaultdict(list)
    outgoing: dict[str, list[str]] = defaultdict(list)
    gathered = _Gathered()
    for flow in (_read_flow(context, item) for item in children(element, "sequenceFlow")):
        if gathered.flows.setdefault(flow.id, flow) is flow:
            outgoing[flow.source].append(flow.id)
            incoming[flow.target].append(flow.id)
    around = Surroundings(incoming, outgoing, lanes, bodies)
    for item in element:
        _gather(context, item, around, gathered)
    return Scope(
        element.get("id") or "",
        gathered.nodes,
        gathered.flows,
        tuple(gathered.data),
        tuple(gathered.associations),
    )


def _gather(context: Context, item: etree._Element, around: Surroundings, into: _Gathered) -> None:
    name = local(item)
    if not is_bpmn(item):
        return  # the schema layer refuses elements of others outside of extensionElements
    if name in FLOW_NODES:
        node = read_node(context, item, around)
        into.nodes.setdefault(node.id, node)
    elif name in DATA:
        into.data.append(read_item(context, item))
    elif name == "association":
        into.associations.append(_read_association(context, item))
    elif name in _NOT_USED:
        note_without_effect(context, item)
    elif name not in _READ_ELSEWHERE and name not in _DRAWING_ONLY and name != "sequenceFlow":
        _refuse(context, item)


def _read_flow(context: Context, element: etree._Element) -> Flow:
    identity = element.get("id") or ""
    return Flow(
        id=identity,
        source=context.ref(element, "sourceRef") or "",
        target=context.ref(element, "targetRef") or "",
        line=line_of(element),
        name=name_of(element),
        condition=context.expression(child(element, "conditionExpression")),
        extension=context.extension(element),
        generated_id=identity in context.source.generated,
    )


def _read_association(context: Context, element: etree._Element) -> Association:
    return Association(
        element.get("id") or "",
        context.ref(element, "sourceRef") or "",
        context.ref(element, "targetRef") or "",
        line_of(element),
    )


def _read_lanes(context: Context, process: etree._Element) -> tuple[Lane, ...]:
    """All lanes of a process, outer before inner."""
    found: list[Lane] = []
    for element in process.iter("{*}lane"):
        holder = element.getparent()
        outer = None if holder is None else holder.getparent()
        nested = outer is not None and local(outer) == "lane"
        nodes = tuple(context.source.name(text_of(item), item) for item in children(element, "flowNodeRef"))
        found.append(
            Lane(
                element.get("id") or "",
                name_of(element),
                line_of(element),
                nodes,
                parent=outer.get("id") if nested and outer is not None else None,
                unit=context.extension(element).unit,
            )
        )
    return _innermost(found)


def _innermost(lanes: list[Lane]) -> tuple[Lane, ...]:
    """Tools list a node in its lane and in the lanes around it: it stays with the innermost."""
    parents = {lane.id: lane.parent for lane in lanes}
    covered: dict[str, set[str]] = defaultdict(set)
    for lane in lanes:
        outer, steps = lane.parent, 0
        while outer is not None and steps <= len(lanes):
            covered[outer].update(lane.nodes)
            outer, steps = parents.get(outer), steps + 1
    return tuple(
        Lane(
            lane.id,
            lane.name,
            lane.line,
            tuple(node for node in dict.fromkeys(lane.nodes) if node not in covered[lane.id]),
            lane.parent,
            lane.unit,
        )
        for lane in lanes
    )


def _subscription(context: Context, element: etree._Element) -> Mapping[str, str]:
    """Correlation property id → the expression that gives its value."""
    bindings: dict[str, str] = {"correlationKeyRef": context.ref(element, "correlationKeyRef") or ""}
    for binding in children(element, "correlationPropertyBinding"):
        path = context.expression(child(binding, "dataPath"))
        bindings[context.ref(binding, "correlationPropertyRef") or ""] = path.text if path else ""
    return bindings


def _refuse(context: Context, element: etree._Element) -> None:
    """Choreographies are not executed; everything else that is not read here is refused by the schema layer."""
    if local(element) in CHOREOGRAPHY:
        text = (
            f"Erwartet wird ein ausführbares Element, gefunden: {in_german(element)}. Choreografien beschreiben nur "
            "den Nachrichtenaustausch und werden nicht ausgeführt.",
            f"Expected an element that can be executed, found: {in_english(element)}. Choreographies only describe "
            "the exchange of messages and are not executed.",
        )
        mend = (
            "Die Schritte jedes Beteiligten als Prozess in einem eigenen Pool zeichnen.",
            "Draw the steps of each participant as a process in a pool of its own.",
        )
        context.report.error("choreography-not-executed", element, text, mend, layer="executability")
