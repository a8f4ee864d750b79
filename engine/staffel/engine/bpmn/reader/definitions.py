"""The whole file: processes, pools, message flows, global tasks, and whether it brings a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffel.engine.bpmn.model import Definitions, MessageFlow, Node, Participant, Process
from staffel.engine.bpmn.reader.context import Context, whole_number
from staffel.engine.bpmn.reader.events import read_roots
from staffel.engine.bpmn.reader.nodes import read_fields
from staffel.engine.bpmn.reader.scopes import read_process
from staffel.engine.bpmn.source import Source, child, line_of
from staffel.engine.bpmn.words import BPMNDI, FLOW_NODES, GLOBAL_TASKS, local, name_of

if TYPE_CHECKING:
    from lxml import etree


def read_definitions(context: Context) -> Definitions:
    """Everything in the file that can be executed or that says between whom."""
    source, root = context.source, context.source.root
    processes: dict[str, Process] = {}
    for element in source.all("process"):
        processes.setdefault(element.get("id") or "", read_process(context, element))
    return Definitions(
        id=root.get("id") or "",
        name=name_of(root),
        target_namespace=source.target_namespace,
        exporter=" ".join(filter(None, (root.get("exporter"), root.get("exporterVersion")))),
        processes=processes,
        participants=tuple(_participant(context, element) for element in source.all("participant")),
        message_flows=tuple(_message_flow(context, element) for element in source.all("messageFlow")),
        roots=read_roots(context),
        global_tasks=_global_tasks(context),
        expression_language=(root.get("expressionLanguage") or "").strip(),
        has_diagram=has_diagram(source),
    )


def _participant(context: Context, element: etree._Element) -> Participant:
    multiplicity = child(element, "participantMultiplicity")
    process = context.ref(element, "processRef")
    bounds = (0, 1)
    if multiplicity is not None:
        bounds = whole_number(multiplicity.get("minimum"), 0), whole_number(multiplicity.get("maximum"), 1)
    return Participant(
        element.get("id") or "",
        name_of(element),
        line_of(element),
        process=process if process in context.source.by_id else None,
        unit=context.extension(element).unit,
        minimum=bounds[0],
        maximum=bounds[1],
    )


def _message_flow(context: Context, element: etree._Element) -> MessageFlow:
    return MessageFlow(
        element.get("id") or "",
        context.ref(element, "sourceRef") or "",
        context.ref(element, "targetRef") or "",
        line_of(element),
        name_of(element),
        context.ref(element, "messageRef"),
        context.extension(element),
    )


def _global_tasks(context: Context) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for name, node_type in GLOBAL_TASKS.items():
        for element in context.source.all(name):
            identity = element.get("id") or ""
            fields = read_fields(context, element, node_type)
            found.setdefault(identity, Node(id=identity, type=node_type, **fields))
    return found


def has_diagram(source: Source) -> bool:
    """Whether every node of every process is drawn."""
    drawn = {
        source.name(shape.get("bpmnElement"), shape)
        for shape in source.root.iter("{" + BPMNDI + "}BPMNShape")
    }
    nodes = [
        element.get("id")
        for element in source.all(*FLOW_NODES)
        if (parent := element.getparent()) is not None and local(parent) != "definitions"
    ]
    return bool(drawn) and all(node in drawn for node in nodes)
