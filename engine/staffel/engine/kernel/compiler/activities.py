"""What makes each activity do its work: forms, topics, scripts, decisions, loops, deadlines, data."""

from __future__ import annotations

from collections.abc import Callable

from staffel.engine.bpmn.model import (
    ENDPOINT_TOPICS,
    DataAssociation,
    EventKind,
    MultiInstance,
    Node,
    NodeType,
    StandardLoop,
)
from staffel.engine.kernel.compiler.events import message_of, message_trigger, trigger_of, triggers_of
from staffel.engine.kernel.compiler.findings import listed
from staffel.engine.kernel.compiler.fristen import deadlines_of
from staffel.engine.kernel.compiler.workshop import PLACEHOLDER, Source, Workshop
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.program import Element, LoopPlan, TransferPlan, Trigger

FEEL_FORMATS = frozenset(("", "feel", "application/feel", "text/feel", "application/x-feel"))


def equip(shop: Workshop, source: Source, element: Element) -> None:
    """Compile all that is an element's own."""
    node, extension = element.node, element.node.extension
    name = element.name or node.id
    element.triggers = triggers_of(shop, source, node)
    element.message = message_of(shop, source, node)
    element.payload = shop.mappings(source, extension.message_payload, node.id, node.line)
    element.inputs = shop.mappings(source, extension.inputs, node.id, node.line)
    element.outputs = shop.mappings(source, extension.outputs, node.id, node.line)
    element.reads_data = _transfers(shop, source, node, node.data_inputs)
    element.writes_data = _transfers(shop, source, node, node.data_outputs)
    if node.io is not None and element.reads_data and node.type.is_activity:
        element.input_sets = tuple(
            tuple(source.data.get(each, each) for each in ids) for ids in node.io.input_sets if ids
        )
        shop.conditional = shop.conditional or bool(element.input_sets)
    element.priority = shop.formula(source, extension.priority, node.id, node.line)
    element.due = shop.formula(source, extension.due, node.id, node.line)
    element.follow_up = shop.formula(source, extension.follow_up, node.id, node.line)
    element.form = extension.form
    brought = bool(extension.form_fields)
    if extension.form is not None and extension.form not in source.parts.forms and not brought:
        shop.note(
            "form-unknown", node.id, node.line, name=name, found=extension.form, **listed(source.parts.forms)
        )
    element.result = extension.result_variable
    element.activation = shop.formula(source, node.activation_condition, node.id, node.line)
    element.completion = shop.formula(source, node.completion_condition, node.id, node.line)
    deadlines_of(shop, source, element)
    if node.loop is not None:
        element.loop = _loop(shop, source, node)
    kind = KINDS.get(element.type)
    if kind is not None:
        kind(shop, source, element)


def _transfers(
    shop: Workshop, source: Source, node: Node, associations: tuple[DataAssociation, ...]
) -> tuple[TransferPlan, ...]:
    """The data associations that say what to copy; modellers also draw them as mere hints."""
    plans = []
    for association in associations:
        target = source.data.get(association.target, association.target)
        formula = shop.formula(source, association.transformation, node.id, association.line)
        assignments = []
        for each in association.assignments:
            value = shop.formula(source, each.source, node.id, association.line)
            path = each.target.text.strip().removeprefix("=")
            inner = path.partition(".")[2] if path.partition(".")[0] in {target, association.target} else ""
            assignments.append((value or Formula("null"), inner))
        if target == PLACEHOLDER or not (association.sources or formula or assignments):
            continue
        sources = tuple(source.data.get(each, each) for each in association.sources)
        plans.append(TransferPlan(sources, target, formula, tuple(assignments)))
    return tuple(plans)


def _loop(shop: Workshop, source: Source, node: Node) -> LoopPlan:
    loop = node.loop
    if isinstance(loop, StandardLoop):
        maximum = Formula(str(loop.maximum)) if loop.maximum is not None else None
        plan = LoopPlan(
            loop,
            sequential=True,
            condition=shop.formula(source, loop.condition, node.id, loop.line),
            maximum=shop.formula(source, loop.maximum_expression, node.id, loop.line) or maximum,
            test_before=loop.test_before,
        )
        bounded = plan.condition is not None or plan.maximum is not None
        shown = loop.line
    else:
        plan = _multi_instance(shop, source, node, loop or MultiInstance())
        bounded = plan.cardinality is not None or plan.collection is not None
        shown = loop.line if loop is not None else 0
    if not bounded:
        shop.note("loop-bound-missing", node.id, shown or node.line, name=node.name or node.id)
    return plan


def _multi_instance(shop: Workshop, source: Source, node: Node, loop: MultiInstance) -> LoopPlan:
    plan = LoopPlan(
        loop,
        sequential=loop.sequential,
        cardinality=shop.formula(source, loop.cardinality, node.id, loop.line),
        collection=shop.formula(source, loop.collection, node.id, loop.line),
        item=loop.item_variable,
        output_element=shop.formula(source, loop.output_element, node.id, loop.line),
        output_collection=loop.output_collection,
        completion=shop.formula(source, loop.completion_condition, node.id, loop.line),
    )
    simple = {"One": loop.one_event, "None": loop.none_event}.get(loop.behavior)
    if loop.behavior == "Complex":
        plan.events = tuple(
            (
                shop.formula(source, condition, node.id, loop.line),
                trigger_of(shop, source, node, index, event),
            )
            for index, (condition, event) in enumerate(loop.complex_definitions)
        )
    elif simple is not None:
        root = source.definitions.roots.get(simple)
        if root is not None:
            plan.events = ((None, Trigger(0, root.kind, name=root.name, code=root.code)),)
    if loop.behavior != "All" and not plan.events:
        shop.refuse(
            node,
            f"das Ereignisverhalten „{loop.behavior}“ ohne auffindbares Ereignis",
            f"the event behaviour '{loop.behavior}' without an event that can be found",
        )
    return plan


def _receive(shop: Workshop, source: Source, element: Element) -> None:
    element.triggers = (message_trigger(shop, source, element.node),)


def _work(shop: Workshop, _source: Source, element: Element) -> None:
    node = element.node
    element.retries = node.extension.retries if node.extension.retries is not None else 3
    if element.message is not None:
        return
    topic, endpoint = node.extension.topic, node.extension.endpoint
    element.topic = endpoint.topic if endpoint else topic or node.operation or node.id
    if topic and (endpoint or topic.startswith(ENDPOINT_TOPICS)):
        shop.note("endpoint-topic", node.id, node.line, name=element.name or node.id, found=topic)
    if not endpoint and not topic:
        shop.note("topic-default", node.id, node.line, name=element.name or node.id, found=element.topic)
    if not element.inputs and not element.reads_data:
        shop.note("work-without-inputs", node.id, node.line, name=element.name or node.id)


def _script(shop: Workshop, source: Source, element: Element) -> None:
    node = element.node
    if node.script_format.lower() not in FEEL_FORMATS:
        shop.note(
            "expression-language",
            node.id,
            node.line,
            name=element.name or node.id,
            found=node.script_format,
            expression=node.script or "",
        )
    text = (node.script or "").strip()
    if not text:
        shop.note("script-missing", node.id, node.line, name=element.name or node.id)
        return
    element.script = shop.parsed(source, text.removeprefix("="), node.id, node.line)


def _business_rule(shop: Workshop, source: Source, element: Element) -> None:
    node, name = element.node, element.name or element.local_id
    ref = node.extension.decision
    element.bound = bool(node.extension.bound)
    if node.extension.form is not None and (element.bound or ref is None):
        shop.note("form-unused", node.id, node.line, name=name, found=node.extension.form)
    if node.extension.four_eyes and (element.bound or ref is None):
        shop.note("four-eyes-in-vain", node.id, node.line, name=name)
    if ref is None:
        if node.extension.topic:
            _work(shop, source, element)
        else:
            shop.note("decision-missing", node.id, node.line, name=name)
            element.topic = node.id
        return
    model = source.parts.decisions.get(ref)
    if model is None:
        shop.note(
            "decision-unknown", node.id, node.line, name=name, found=ref, **listed(source.parts.decisions)
        )
        element.fault = (f"die Entscheidung „{ref}“ liegt nicht bei", f"decision '{ref}' is not there")
        return
    element.decision = (ref, model)
    element.key_date = shop.formula(source, node.extension.key_date, node.id, node.line)


def _transaction(shop: Workshop, _source: Source, element: Element) -> None:
    method = element.node.transaction_method
    if method not in {"##Compensate", "compensate", ""}:
        shop.refuse(
            element.node,
            f"eine Transaktion nach dem Verfahren „{method}“",
            f"a transaction by method '{method}'",
            "Die Methode ##Compensate verwenden.",
            "Use the method ##Compensate.",
        )


def _event_gateway(shop: Workshop, _source: Source, element: Element) -> None:
    node = element.node
    if node.event_gateway_type == "Parallel" and not node.instantiate:
        shop.refuse(
            node,
            "ein paralleles ereignisbasiertes Gateway mitten im Prozess (§10.6.6)",
            "a parallel event-based gateway in the middle of a process (§10.6.6)",
            "Ein paralleles Gateway vor die Ereignisse setzen.",
            "Put a parallel gateway before the events.",
        )


def _end(shop: Workshop, _source: Source, element: Element) -> None:
    if not any(each.kind is EventKind.CANCEL for each in element.triggers):
        return
    owner = element.plan.owner
    while owner is not None and owner.type is not NodeType.TRANSACTION:
        owner = owner.plan.owner
    if owner is None:
        shop.refuse(
            element.node,
            "ein Abbruch-Endereignis außerhalb einer Transaktion (§10.5.6)",
            "a cancel end event outside a transaction (§10.5.6)",
            "Den Teilprozess als Transaktion zeichnen.",
            "Draw the sub-process as a transaction.",
        )


KINDS: dict[NodeType, Callable[[Workshop, Source, Element], None]] = {
    NodeType.RECEIVE_TASK: _receive,
    NodeType.SERVICE_TASK: _work,
    NodeType.SEND_TASK: _work,
    NodeType.SCRIPT_TASK: _script,
    NodeType.BUSINESS_RULE_TASK: _business_rule,
    NodeType.TRANSACTION: _transaction,
    NodeType.EVENT_BASED_GATEWAY: _event_gateway,
    NodeType.END_EVENT: _end,
}
