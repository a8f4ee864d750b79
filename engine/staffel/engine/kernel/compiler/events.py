"""Event definitions to triggers; messages with their names and correlation."""

from __future__ import annotations

from collections.abc import Iterable

from staffel.engine.bpmn.model import EventDefinition, EventKind, Expression, Node, NodeType
from staffel.engine.kernel import timers
from staffel.engine.kernel.compiler.workshop import Source, Workshop
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.program import Element, MessagePlan, TimerPlan, Trigger

REFERENCE = "case.reference"
WAITING = frozenset((EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL))
THROWN_LAST = {
    EventKind.COMPENSATION: 1,
    EventKind.ESCALATION: 2,
    EventKind.LINK: 3,
    EventKind.ERROR: 3,
    EventKind.CANCEL: 3,
    EventKind.TERMINATE: 4,
}
"""Of several results those that may end the throwing event come last: all of them must occur (§10.5.3)."""
CATCHING = frozenset(
    (NodeType.START_EVENT, NodeType.INTERMEDIATE_CATCH_EVENT, NodeType.BOUNDARY_EVENT, NodeType.RECEIVE_TASK)
)


def triggers_of(shop: Workshop, source: Source, node: Node) -> tuple[Trigger, ...]:
    """The compiled event definitions of an event."""
    if not node.events:
        return ()
    if node.parallel_multiple and any(event.kind not in WAITING for event in node.events):
        shop.refuse(
            node,
            "ein paralleles Mehrfachereignis mit anderem als Nachricht, Timer, Signal oder Bedingung",
            "a parallel multiple event with other than message, timer, signal or condition",
        )
    found = tuple(trigger_of(shop, source, node, index, event) for index, event in enumerate(node.events))
    if node.type in CATCHING:
        return found
    return tuple(sorted(found, key=lambda trigger: THROWN_LAST.get(trigger.kind, 0)))


def trigger_of(shop: Workshop, source: Source, node: Node, index: int, event: EventDefinition) -> Trigger:
    """One compiled event definition."""
    trigger = Trigger(
        index,
        event.kind,
        name=event.name or "",
        code=event.code,
        activity=event.activity_ref,
        wait=event.wait_for_completion,
        error_variable=event.error_variable,
    )
    name = node.name or node.id
    if event.kind is EventKind.TIMER:
        trigger.timer = _timer(shop, source, node, event)
    elif event.kind is EventKind.MESSAGE:
        trigger.name = message_name(shop, source, node, event.name, event.line)
        trigger.correlation = correlation(shop, source, node, event.ref)
    elif event.kind is EventKind.SIGNAL and not trigger.name:
        shop.note("signal-missing", node.id, event.line or node.line, name=name)
    elif event.kind is EventKind.CONDITIONAL:
        shop.conditional = True
        trigger.condition = shop.formula(source, event.expression, node.id, node.line)
        if trigger.condition is None:
            shop.note("event-condition-missing", node.id, event.line or node.line, name=name)
    return trigger


def message_trigger(shop: Workshop, source: Source, node: Node) -> Trigger:
    """What a receive task waits for."""
    name = message_name(shop, source, node, node.message_name, node.line)
    return Trigger(0, EventKind.MESSAGE, name=name, correlation=correlation(shop, source, node, node.message))


def message_name(shop: Workshop, source: Source, node: Node, given: str | None, line: int) -> str:
    """The message's name: given, else that of the message flow at the node, else a finding."""
    if given:
        return given
    for flow in source.definitions.message_flows:
        if node.id in {flow.source, flow.target}:
            root = source.definitions.roots.get(flow.message or "")
            return (root.name if root is not None else "") or flow.id
    shop.note("message-missing", node.id, line or node.line, name=node.name or node.id)
    return node.id


def correlation(shop: Workshop, source: Source, node: Node, ref: str | None) -> Formula:
    """The correlation key: of the element, of the message, else the case's own."""
    root = source.definitions.roots.get(ref or "")
    expression = node.extension.correlation or (root.correlation if root is not None else None)
    found = shop.formula(source, expression, node.id, node.line)
    return found if found is not None else Formula(REFERENCE)


def message_of(shop: Workshop, source: Source, node: Node) -> MessagePlan | None:
    """What a send task, or an event that throws a message, sends."""
    event = next((each for each in node.events if each.kind is EventKind.MESSAGE), None)
    if node.type is NodeType.SEND_TASK:
        flows = {flow.source for flow in source.definitions.message_flows}
        if not node.message and not node.message_name and (node.extension.topic or node.id not in flows):
            return None
        given, ref, line = node.message_name, node.message, node.line
    elif event is not None and node.type not in CATCHING:
        given, ref, line = event.name, event.ref, event.line
    else:
        return None
    return MessagePlan(
        message_name(shop, source, node, given, line),
        correlation(shop, source, node, ref),
        shop.mappings(source, node.extension.message_payload, node.id, node.line),
        node.extension.time_to_live,
    )


def _timer(shop: Workshop, source: Source, node: Node, event: EventDefinition) -> TimerPlan | None:
    deadline = next(iter(node.extension.deadlines), None)
    formula = timer_formula(shop, source, event.expression, node)
    begin = None
    if deadline is not None and deadline.start:
        begin = shop.parsed(source, deadline.start, node.id, deadline.line or node.line)
    if event.timer is None or formula is None:
        if deadline is None:
            shop.note("timer-missing", node.id, event.line or node.line, name=node.name or node.id)
            return None
        from_model = timers.DURATION_KIND
        return TimerPlan(from_model, None, deadline, begin)
    return TimerPlan(event.timer, formula, deadline, begin)


def timer_formula(
    shop: Workshop, source: Source, expression: Expression | None, node: Node
) -> Formula | None:
    """ISO 8601 text stands for itself, everything else is FEEL."""
    if expression is None:
        return None
    text = expression.text.strip()
    if any(
        parse(text) is not None for parse in (timers.parse_length, timers.parse_moment, timers.parse_cycle)
    ):
        return Formula(f'"{text}"')
    if _is_prose(text):
        return Formula(f'"{text}"')  # no timer that can be read, which `check_timers` tells in its words
    return shop.formula(source, expression, node.id, node.line)


def _is_prose(text: str) -> bool:
    """Whether somebody wrote words (`14 Tage`) where ISO 8601 or FEEL belongs."""
    meant = text and not text.startswith("=") and not set(text) & set('(){}[]"\\$')
    return bool(meant) and Formula(text).fault is not None


def join_links(elements: Iterable[Element], shop: Workshop) -> None:
    """Join every throwing link event of a scope to the catching one of its name."""
    throwing: list[tuple[Element, str]] = []
    catching: dict[str, Element] = {}
    for element in elements:
        for trigger in element.triggers:
            if trigger.kind is not EventKind.LINK:
                continue
            if element.type is NodeType.INTERMEDIATE_THROW_EVENT:
                throwing.append((element, trigger.name))
            elif element.type is NodeType.INTERMEDIATE_CATCH_EVENT:
                catching.setdefault(trigger.name, element)
    for element, name in throwing:
        _link(shop, element, name, catching.get(name))


def _link(shop: Workshop, element: Element, name: str, target: Element | None) -> None:
    node = element.node
    element.links_to = target
    if target is None:
        shop.note("link-target-missing", node.id, node.line, name=element.name or node.id, found=name)
    elif None not in {element.unit, target.unit} and element.unit != target.unit:
        shop.refuse(
            node,
            "eine Übergabe über ein Link-Ereignis",
            "a handover by a link event",
            "Zwischen den Stellen einen Sequenzfluss zeichnen.",
            "Draw a sequence flow between the Stellen.",
        )
