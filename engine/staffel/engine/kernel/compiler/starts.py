"""How cases and scopes begin: the ways to start a case, and where the standard has one start event and the model more."""

from __future__ import annotations

from staffel.engine.bpmn.model import EventKind, NodeType, Process
from staffel.engine.kernel.compiler.workshop import Workshop
from staffel.engine.kernel.program import Element, ScopePlan, StartPlan

CASE_START = frozenset((EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL))


def starts_of(shop: Workshop, process: Process, root: ScopePlan) -> tuple[StartPlan, ...]:
    """The ways to begin a case. A case that begins with a condition is refused."""
    starts = tuple(_starts(root))
    for start in starts:
        if start.kind is EventKind.CONDITIONAL:
            shop.refuse(
                shop.elements[start.element].node,
                "ein Vorgang, der mit einer Bedingung beginnt (vor dem Vorgang gibt es keine Daten, die sie erfüllen)",
                "a case that begins with a condition (before the case there are no data that could fulfil it)",
                "Mit einer Nachricht, einem Signal, einem Zeitgeber oder von Hand beginnen.",
                "Begin with a message, a signal, a timer or by hand.",
            )
    if len(root.starts) > 1:
        second = root.starts[1]
        shop.note(
            "starts-to-choose",
            second.id,
            second.node.line,
            name=process.name or process.id,
            **_counted(root),
        )
    return starts


def check_one_start(shop: Workshop, plan: ScopePlan) -> None:
    """A called process begins at one none start event (§10.5.2); a sub-process has one only (§13.3.4)."""
    owner = plan.owner
    if owner is None or len(plan.starts) < 2 or owner.node.triggered_by_event:
        return
    called = owner.type is NodeType.CALL_ACTIVITY
    counted = _counted(plan)
    shop.note(
        "called-starts" if called else "sub-process-starts",
        owner.id,
        owner.node.line,
        name=owner.name or owner.node.id,
        **counted,
    )
    if called:
        owner.fault = (
            f"der aufgerufene Prozess hat {counted['found']} Startereignisse ohne Auslöser ({counted['names']})",
            f"the called process has {counted['found']} start events without trigger ({counted['names']})",
        )


def _counted(plan: ScopePlan) -> dict[str, str]:
    names = ", ".join(each.name or each.local_id for each in plan.starts)
    return {"found": str(len(plan.starts)), "names": names}


def _starts(root: ScopePlan) -> list[StartPlan]:
    plans: list[StartPlan] = []
    for element in root.elements.values():
        node = element.node
        if element.type is NodeType.START_EVENT and not element.triggers:
            plans.append(StartPlan(element.id, element.name))
        elif element.type is NodeType.START_EVENT or (
            element.type is NodeType.RECEIVE_TASK and node.instantiate
        ):
            plans.extend(_triggered(element))
        elif element.type is NodeType.EVENT_BASED_GATEWAY and node.instantiate:
            for flow in element.outgoing:
                plans.extend(_triggered(flow.target))
    return plans


def _triggered(element: Element) -> list[StartPlan]:
    return [
        StartPlan(element.id, element.name, each.kind, each.name, each.index, each.timer, each.condition)
        for each in element.triggers
        if each.kind in CASE_START
    ]
