"""Flow nodes: one element of the file, one `Node` (BPMN 2.0.2 §10.3, §10.5, §10.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from staffel.engine.bpmn.dialects.scripts import read_script
from staffel.engine.bpmn.dialects.zeebe import vendor_attribute
from staffel.engine.bpmn.model import Node, NodeType, Scope
from staffel.engine.bpmn.reader.context import Context, flag, whole_number
from staffel.engine.bpmn.reader.data import read_associations, read_io
from staffel.engine.bpmn.reader.events import read_events
from staffel.engine.bpmn.reader.loops import read_loop
from staffel.engine.bpmn.source import child, children, line_of, text_of
from staffel.engine.bpmn.words import FLOW_NODES, local, name_of
from staffel.engine.findings import Severity

if TYPE_CHECKING:
    from lxml import etree

_ROLES = ("resourceRole", "performer", "humanPerformer", "potentialOwner")

Fields = dict[str, Any]
"""Keyword arguments of `Node`, checked there."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a node gets from around it: flows by end, lane by node, bodies of sub-processes by element."""

    incoming: Mapping[str, list[str]]
    outgoing: Mapping[str, list[str]]
    lanes: Mapping[str, str]
    bodies: Mapping[etree._Element, Scope]


def read_node(context: Context, element: etree._Element, around: Surroundings) -> Node:
    """Read a flow node of a process or sub-process."""
    identity = element.get("id") or ""
    node_type = FLOW_NODES[local(element)]
    attached = context.ref(element, "attachedToRef") if node_type is NodeType.BOUNDARY_EVENT else None
    return Node(
        id=identity,
        type=node_type,
        incoming=tuple(around.incoming.get(identity, ())),
        outgoing=tuple(around.outgoing.get(identity, ())),
        lane=around.lanes.get(identity) or around.lanes.get(attached or ""),
        attached_to=attached,
        body=around.bodies.get(element),
        generated_id=identity in context.source.generated,
        **read_fields(context, element, node_type),
    )


def read_fields(context: Context, element: etree._Element, node_type: NodeType) -> Fields:
    """What an element says about itself, whether it stands in a process or is a global task."""
    fields: Fields = {
        "line": line_of(element),
        "name": name_of(element),
        "documentation": "\n\n".join(text_of(item) for item in children(element, "documentation")),
        "default": context.ref(element, "default"),
    }
    if node_type is not NodeType.SCRIPT_TASK:
        fields["extension"] = context.extension(element)
    if node_type.is_event:
        fields |= _event(context, element)
    elif node_type.is_gateway:
        fields |= _gateway(context, element)
    else:
        fields |= _activity(context, element)
        if node_type in _BY_TYPE:
            fields |= _BY_TYPE[node_type](context, element)
    return fields


def _event(context: Context, element: etree._Element) -> Fields:
    name = "cancelActivity" if local(element) == "boundaryEvent" else "isInterrupting"
    return {
        "events": read_events(context, element),
        "parallel_multiple": flag(element, "parallelMultiple"),
        "interrupting": flag(element, name, True),
        **_data(context, element),
    }


def _gateway(context: Context, element: etree._Element) -> Fields:
    return {
        "direction": element.get("gatewayDirection") or "Unspecified",
        "instantiate": flag(element, "instantiate"),
        "event_gateway_type": element.get("eventGatewayType") or "Exclusive",
        "activation_condition": context.expression(child(element, "activationCondition")),
    }


def note_without_effect(context: Context, element: etree._Element) -> None:
    """Say that a part of the standard has no effect here, because lanes say who works."""
    name = local(element)
    context.report.add(
        "not-carried-over",
        Severity.HINT,
        element,
        (
            f"„{name}“ hat hier keine Wirkung: Wer eine Aufgabe bearbeitet, folgt aus der Bahn, in der sie steht.",
            f'"{name}" has no effect here: who works on a task follows from the lane it stands in.',
        ),
        layer="dialect",
    )


def _activity(context: Context, element: etree._Element) -> Fields:
    kind = FLOW_NODES.get(local(element))
    if kind is None or not kind.is_sub_process:  # the reader of scopes sees those of sub-processes
        for role in _ROLES:
            for item in children(element, role):
                note_without_effect(context, item)
    return {
        "loop": read_loop(context, element),
        "for_compensation": flag(element, "isForCompensation"),
        "start_quantity": whole_number(element.get("startQuantity"), 1),
        "completion_quantity": whole_number(element.get("completionQuantity"), 1),
        "implementation": element.get("implementation"),
        **_data(context, element),
    }


def _data(context: Context, element: etree._Element) -> Fields:
    return {
        "io": read_io(context, element),
        "data_inputs": read_associations(context, element, "dataInputAssociation"),
        "data_outputs": read_associations(context, element, "dataOutputAssociation"),
    }


def _messaging(context: Context, element: etree._Element) -> Fields:
    message = context.ref(element, "messageRef")
    root = context.source.by_id.get(message or "")
    return {
        "message": message,
        "message_name": None if root is None else name_of(root) or None,
        "operation": context.ref(element, "operationRef"),
        "instantiate": flag(element, "instantiate"),
    }


def _script(context: Context, element: etree._Element) -> Fields:
    script, language, extension = read_script(context, element, context.extension(element))
    return {"script": script, "script_format": language, "extension": extension}


def _call(context: Context, element: etree._Element) -> Fields:
    called = context.ref(element, "calledElement") or vendor_attribute(element, "calledElement", "processId")
    return {"called_element": called}


def _sub_process(_context: Context, element: etree._Element) -> Fields:
    return {"triggered_by_event": flag(element, "triggeredByEvent")}


def _transaction(context: Context, element: etree._Element) -> Fields:
    method = element.get("method") or "##Compensate"
    return {"transaction_method": method, **_sub_process(context, element)}


def _ad_hoc(context: Context, element: etree._Element) -> Fields:
    return {
        "ad_hoc_ordering": element.get("ordering") or "Parallel",
        "completion_condition": context.expression(child(element, "completionCondition")),
        "cancel_remaining": flag(element, "cancelRemainingInstances", True),
        **_sub_process(context, element),
    }


_BY_TYPE: dict[NodeType, Callable[[Context, etree._Element], Fields]] = {
    NodeType.SERVICE_TASK: _messaging,
    NodeType.SEND_TASK: _messaging,
    NodeType.RECEIVE_TASK: _messaging,
    NodeType.SCRIPT_TASK: _script,
    NodeType.CALL_ACTIVITY: _call,
    NodeType.SUB_PROCESS: _sub_process,
    NodeType.TRANSACTION: _transaction,
    NodeType.AD_HOC_SUB_PROCESS: _ad_hoc,
}
