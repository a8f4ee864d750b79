"""What can be said of a token's way before anything runs, so that the kernel need not find it out each time (`travel`)."""

from __future__ import annotations

from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel.program import Element, FlowPlan, Program

MOST = 16
"""The longest stretch that is kept with a flow: long rows of empty elements are made of several."""


def find_ways(program: Program) -> None:
    """Note it all, or anew where elements have been changed."""
    for element in program.elements.values():
        _look_at(element)
    for flow in program.flows.values():
        _follow(flow)
    moving = (each for each in program.flows.values() if each.quick and not _may_rest(each))
    program.moving = frozenset(each.id for each in moving)


def forget_ways(program: Program) -> None:
    """Let every token go step by step."""
    for element in program.elements.values():
        element.sole = None
        element.choosing = element.ready = False
    for flow in program.flows.values():
        _follow(flow)
    program.moving = frozenset()


def _look_at(element: Element) -> None:
    watched = element.compensable or element.plan.ad_hoc or element.hands_over
    simple = not watched and element.node.completion_quantity == 1
    alone = element.plain_data and element.loop is None and element.decision is None
    one = len(element.outgoing) == 1 and not element.conditional
    element.sole = element.outgoing[0] if simple and alone and one else None
    element.choosing = (
        simple and element.passing and element.conditional and element.type is NodeType.EXCLUSIVE_GATEWAY
    )
    element.ready = not element.plan.ad_hoc and element.behaviour.is_ready(element)
    asked = element.timed or element.priority is not None or element.follow_up is not None
    element.fixed = element.plain and not asked


def _follow(flow: FlowPlan) -> None:
    hops: list[tuple[str, tuple[str, ...], str]] = []
    here = flow
    while len(hops) < MOST and here.target.passing and here.target.sole is not None:
        hops.append((here.target.id, here.alone, here.target.sole.id))
        here = here.target.sole
    flow.stretch, flow.beyond = tuple(hops), here
    flow.beside = tuple(each for each in flow.target.incoming_ids if each != flow.id)
    flow.quick = bool(hops) or flow.target.choosing or flow.target.ready


def _may_rest(flow: FlowPlan) -> bool:
    """Whether tokens wait on the flow for others."""
    return flow.target.type is NodeType.PARALLEL_GATEWAY
