"""The shape of a model: its main flow, and the flows that lead back in it."""

from __future__ import annotations

from staffel.engine.kernel.program import Element, FlowPlan, Program, ScopePlan


def main_flow(program: Program) -> frozenset[str]:
    """Ids of what can be reached without a non-interrupting event and without an activity that gives several tokens.

    A second token elsewhere is what the standard asks for (BPMN 2.0.2 §10.5.5, §13.3.2), here it is a fault.
    """
    found: set[str] = set()
    waiting: list[Element] = list(_beginning(program.root))
    for start in program.starts:
        waiting.append(program.elements[start.element])
        waiting += [flow.source for flow in program.elements[start.element].incoming]
    while waiting:
        element = waiting.pop()
        if element.id in found:
            continue
        found.add(element.id)
        if element.body is not None:
            waiting += _beginning(element.body)
        waiting += [each for each in element.boundaries if each.node.interrupting]
        waiting += [each for each in (element.links_to, element.handler) if each is not None]
        if element.node.completion_quantity == 1:
            for flow in element.outgoing:
                found.add(flow.id)
                waiting += _ends(flow)
    return frozenset(found)


def _beginning(plan: ScopePlan) -> list[Element]:
    subs = [start.plan.owner for start in plan.event_starts if start.node.interrupting]
    starts = [start for start in plan.event_starts if start.node.interrupting]
    if plan.compensation_sub is not None:
        starts.append(plan.compensation_sub)
        subs.append(plan.compensation_sub.plan.owner)
    return [*plan.starts, *plan.loose, *starts, *(sub for sub in subs if sub is not None)]


def _ends(flow: FlowPlan) -> list[Element]:
    """Where a token on the flow may come to: its target, or back where a handover is returned."""
    plan = flow.handover
    returned = [plan.return_to, plan.follow_up] if plan is not None else []
    return [flow.target, *(each for each in returned if each is not None)]


def back_flows(program: Program) -> frozenset[str]:
    """Flows of which every loop of flows holds at least one: those that lead to where a walk along the flows has come from."""
    found: set[str] = set()
    entered: set[str] = set()
    on_way: set[str] = set()
    for first in program.elements.values():
        waiting: list[tuple[Element, list[tuple[str, Element]]]] = []
        if first.id not in entered:
            entered.add(first.id)
            on_way.add(first.id)
            waiting.append((first, _steps(first)))
        while waiting:
            element, steps = waiting[-1]
            if not steps:
                on_way.discard(element.id)
                waiting.pop()
                continue
            name, following = steps.pop()
            if following.id in on_way:
                found.add(name)
            elif following.id not in entered:
                entered.add(following.id)
                on_way.add(following.id)
                waiting.append((following, _steps(following)))
    return frozenset(found)


def _steps(element: Element) -> list[tuple[str, Element]]:
    """Where a token may go from the element, by the flows that lead there; a link's step counts as the flow before it."""
    steps = [(flow.id, flow.target) for flow in element.outgoing]
    beside = [*element.boundaries, *([element.links_to] if element.links_to is not None else [])]
    for each in beside:
        steps += [(flow.id, flow.target) for flow in each.outgoing]
    return steps
