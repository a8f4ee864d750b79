"""The compiler's way through a file: scopes by a work list, elements first, then what joins them."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from staffel.engine.bpmn.labels import labels_of
from staffel.engine.bpmn.model import Definitions, EventKind, Node, NodeType, Process, Scope
from staffel.engine.kernel.behaviours import BEHAVIOURS
from staffel.engine.kernel.compiler.activities import equip
from staffel.engine.kernel.compiler.constants import check_constants
from staffel.engine.kernel.compiler.events import WAITING, join_links
from staffel.engine.kernel.compiler.findings import listed
from staffel.engine.kernel.compiler.fristen import (
    check_pausing,
    check_suspending,
    check_waiting,
    note_courses,
)
from staffel.engine.kernel.compiler.handovers import check_ways, handover_on, keep_dates
from staffel.engine.kernel.compiler.starts import check_one_start, starts_of
from staffel.engine.kernel.compiler.timing import check_timers
from staffel.engine.kernel.compiler.ways import find_ways
from staffel.engine.kernel.compiler.workshop import Source, Workshop, source_of
from staffel.engine.kernel.joins import reach_of
from staffel.engine.kernel.program import (
    NO_PARTS,
    Compiled,
    Element,
    FlowPlan,
    Parts,
    Program,
    ScopePlan,
)

CHOOSING = frozenset((NodeType.EXCLUSIVE_GATEWAY, NodeType.INCLUSIVE_GATEWAY, NodeType.COMPLEX_GATEWAY))
TAKING_ALL = frozenset((NodeType.PARALLEL_GATEWAY, NodeType.EVENT_BASED_GATEWAY))
MAX_CALLS = 30
"""How deep calls may be nested."""


def compile_model(definitions: Definitions, process_id: str, *, parts: Parts = NO_PARTS) -> Compiled:
    """The program of a process, with everything found on the way.

    Raises `KeyError` when the file has no such process. A program with errors among its findings runs up to the
    element at fault and stands still there; it must not be put in force.
    """
    process = definitions.processes[process_id]
    shop = Workshop(labels=dict(labels_of(definitions)))
    source = source_of(definitions, process, parts, "", ((definitions.id, process_id),))
    root = ScopePlan(process_id, None, isolated=True)
    if process.correlation_subscriptions:
        shop.note(
            "not-executed",
            process_id,
            process.line,
            name=process.name or process_id,
            what_de="eine correlationSubscription",
            what_en="a correlationSubscription",
            mend_de="Den Schlüssel als staffel:message correlation an den Ereignissen angeben.",
            mend_en="Give the key as staffel:message correlation on the events.",
        )
    _build(shop, source, process, root)
    _finish(shop)
    for lane in process.lanes:
        if source.unit_of(lane.id) is None and lane.nodes:
            shop.note("lane-unbound", lane.id, lane.line, name=lane.name or lane.id)
    program = Program(
        process=process_id,
        name=process.name or process_id,
        root=root,
        elements=shop.elements,
        flows=shop.flows,
        starts=starts_of(shop, process, root),
        forms=tuple(dict.fromkeys(each.form for each in shop.elements.values() if each.form)),
        calendar=parts.calendar,
        definitions=definitions,
        parts=parts,
        conditional=shop.conditional,
        joining=any(each.is_join for each in shop.elements.values()),
    )
    note_courses(program)
    find_ways(program)
    return Compiled(program, tuple(shop.findings))


def _build(shop: Workshop, source: Source, process: Process, root: ScopePlan) -> None:
    waiting: deque[tuple[Source, Scope, ScopePlan]] = deque([(source, process.scope, root)])
    while waiting:
        here, scope, plan = waiting.popleft()
        plan.prefix = here.prefix
        for node in scope.nodes.values():
            element = _element(shop, here, plan, node)
            body = node.body
            if body is not None and node.type.is_sub_process:
                inner = ScopePlan(element.id, element, ad_hoc=node.type is NodeType.AD_HOC_SUB_PROCESS)
                element.body = inner
                waiting.append((here, body, inner))
            elif element.type is NodeType.CALL_ACTIVITY:
                waiting.extend(_called(shop, here, element))
        _join(shop, here, scope, plan)


def _element(shop: Workshop, source: Source, plan: ScopePlan, node: Node) -> Element:
    node = _global_task(source, node)
    element = Element(source.prefix + node.id, node.id, node.name, node.type, node, plan)
    owner = plan.owner
    lane = node.lane or next((each.id for each in source.lanes.values() if node.id in each.nodes), None)
    found = source.lanes.get(lane) if lane is not None else None
    inherited = owner if owner is not None else None
    element.lane = (found.name or found.id) if found else inherited.lane if inherited else None
    unit = source.unit_of(lane)
    element.unit = unit or (inherited.unit if inherited is not None else source.unit)
    element.behaviour = BEHAVIOURS[element.type]
    shop.elements[element.id] = plan.elements[node.id] = element
    equip(shop, source, element)
    return element


def _global_task(source: Source, node: Node) -> Node:
    """A call of a global task is that task at this place (§10.3.4)."""
    task = source.definitions.global_tasks.get(node.called_element or "")
    if node.type is not NodeType.CALL_ACTIVITY or task is None:
        return node
    taken = ("type", "script", "script_format", "message", "message_name", "operation", "implementation")
    changes = {name: getattr(task, name) for name in taken}
    if not node.extension.form and not node.extension.topic:
        changes["extension"] = task.extension
    return replace(node, **changes, name=node.name or task.name)


def _called(shop: Workshop, source: Source, element: Element) -> list[tuple[Source, Scope, ScopePlan]]:
    """The called process, compiled in place of the call with its own ids behind the call's (architecture)."""
    node, name = element.node, element.node.called_element or ""
    program = source.parts.calls.get(name)
    if program is not None:
        definitions, process_id, parts = program.definitions, program.process, program.parts
    else:
        definitions, process_id, parts = source.definitions, name, source.parts
    title = element.name or node.id
    if process_id not in definitions.processes:
        known = [each for each in (*definitions.processes, *source.parts.calls) if each != source.process.id]
        shop.note("called-process-unknown", node.id, node.line, name=title, found=name, **listed(known))
        element.fault = (f"den Prozess „{name}“ gibt es nicht", f"there is no process '{name}'")
        return []
    mark = (definitions.id, process_id)
    if mark in source.calls or len(source.calls) >= MAX_CALLS:
        shop.note("recursive-call", node.id, node.line, name=title)
        element.fault = ("der Prozess ruft sich selbst auf", "the process calls itself")
        return []
    process = definitions.processes[process_id]
    inner = source_of(definitions, process, parts, f"{element.id}/", (*source.calls, mark))
    element.body = ScopePlan(element.id, element, isolated=True)
    return [(inner, process.scope, element.body)]


def _join(shop: Workshop, source: Source, scope: Scope, plan: ScopePlan) -> None:
    """Join the elements of one scope: flows, boundary events, links, handlers, starts."""
    elements = plan.elements
    for flow in scope.flows.values():
        if flow.source not in elements or flow.target not in elements:
            continue
        condition = shop.formula(source, flow.condition, flow.id, flow.line)
        made = FlowPlan(
            source.prefix + flow.id, flow.name, elements[flow.source], elements[flow.target], condition
        )
        shop.flows[made.id] = made
        made.source.outgoing += (made,)
        made.target.incoming += (made,)
        if made.source.node.default == flow.id:
            made.source.default = made
    join_links(elements.values(), shop)
    for element in elements.values():
        element.incoming_ids = tuple(flow.id for flow in element.incoming)
        _attach(shop, scope, element, elements)
        _choices(shop, element)
    for flow in scope.flows.values():
        joined = shop.flows.get(source.prefix + flow.id)
        if joined is not None:
            joined.handover = handover_on(shop, source, flow, joined)
            keep_dates(joined)
    _begin(shop, plan)
    plan.declared = frozenset(
        source.data.get(item.id, item.id) for item in scope.data if plan.owner is not None
    )


def _attach(shop: Workshop, scope: Scope, element: Element, elements: dict[str, Element]) -> None:
    node = element.node
    if node.type is not NodeType.BOUNDARY_EVENT or node.attached_to not in elements:
        return
    activity = elements[node.attached_to]
    element.attached_to = activity
    activity.boundaries += (element,)
    element.lane, element.unit = element.lane or activity.lane, element.unit or activity.unit
    activity.waiting = activity.waiting or any(each.kind in WAITING for each in element.triggers)
    if any(each.kind is EventKind.COMPENSATION for each in element.triggers):
        targets = [each.target for each in scope.associations if each.source == node.id]
        activity.handler = next((elements[each] for each in targets if each in elements), None)
        if activity.handler is None:
            shop.note("handler-missing", node.id, node.line, name=node.name or node.id)


def _choices(shop: Workshop, element: Element) -> None:
    """Whether the flows out need choosing, and whether they can be chosen (§13.4.2)."""
    node, kind = element.node, element.type
    if kind in TAKING_ALL:
        return
    choosing = kind in CHOOSING
    conditions = [flow for flow in element.outgoing if flow.condition is not None]
    several = choosing and len(element.outgoing) > 1
    element.conditional = bool(conditions) or several or element.default is not None
    if kind is NodeType.EXCLUSIVE_GATEWAY and several:
        for flow in element.outgoing:
            if flow.condition is None and flow is not element.default:
                shop.note(
                    "condition-missing",
                    node.id,
                    node.line,
                    name=element.name or node.id,
                    flow=flow.name or "→",
                    target=flow.target.name or flow.target.id,
                )
    if several and element.default is None and len(conditions) == len(element.outgoing):
        shop.note("default-missing", node.id, node.line, name=element.name or node.id)


def _begin(shop: Workshop, plan: ScopePlan) -> None:
    """What the scope starts with, and its event sub-processes."""
    elements = list(plan.elements.values())
    starts = [each for each in elements if each.type is NodeType.START_EVENT]
    plan.event_subs = tuple(each for each in elements if each.node.triggered_by_event)
    plan.starts = tuple(each for each in starts if not each.triggers)
    plan.loose = tuple(each for each in elements if _is_loose(each))
    plan.joins = tuple(each for each in elements if each.is_join)
    check_one_start(shop, plan)
    owner = plan.owner
    if owner is not None and owner.node.triggered_by_event:
        found = [each for each in starts if each.triggers]
        if len(found) != 1 or len(starts) != 1:
            node = owner.node
            shop.note(
                "event-sub-start", node.id, node.line, name=owner.name or node.id, found=str(len(found))
            )
        compensates = [each for each in found if each.triggers[0].kind is EventKind.COMPENSATION]
        owner.plan.compensation_sub = compensates[0] if compensates else owner.plan.compensation_sub
        owner.plan.event_starts += tuple(each for each in found if each not in compensates)


def _is_loose(element: Element) -> bool:
    """Whether a node without incoming flow begins with its scope (§10.3.1)."""
    links_in = element.type is NodeType.INTERMEDIATE_CATCH_EVENT and any(
        each.kind is EventKind.LINK for each in element.triggers
    )
    node = element.node
    apart = node.triggered_by_event or node.for_compensation or node.instantiate or links_in
    events = element.type in {NodeType.BOUNDARY_EVENT, NodeType.START_EVENT}
    return not element.incoming and not events and not apart


def _finish(shop: Workshop) -> None:
    """What can only be known when every scope is built."""
    for element in reversed(list(shop.elements.values())):
        body = element.body
        inner = body is not None and (
            body.compensation_sub is not None or any(each.compensable for each in body.elements.values())
        )
        element.compensable = element.handler is not None or inner
        element.plain_data = (
            not (element.inputs or element.outputs or element.reads_data or element.writes_data)
            and element.type is not NodeType.CALL_ACTIVITY
        )
        check_waiting(shop, element)
        element.plain = (element.plain_data and element.loop is None and element.fault is None) and not (
            element.waiting or element.watched
        )
        element.passing = (
            element.plain and not element.compensable and element.node.completion_quantity == 1
        ) and element.behaviour.passes(element)
        element.hands_over = any(flow.handover is not None for flow in element.outgoing)
        check_ways(shop, element)
        check_timers(shop, element)
        check_constants(shop, element)
        check_suspending(shop, element)
        check_pausing(shop, element)
        if element.is_join:
            element.reach = reach_of(element, boundaries=True)
            element.sure = reach_of(element, boundaries=False)
