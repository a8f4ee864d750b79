"""Partial-order reduction: which tokens may go first without any fault being missed.

A group of spots may go first alone when whatever the others do, they neither change what it can do nor come to where
it stands (a persistent set, Godefroid 1996): its moves stay within its scope, throw nothing, compensate nothing; the
others reach its element only through joins that need its own token, or may do so (off the main flow). What ends the scope around it (an interrupting
event, a terminate end event) leads to the same state before and after, as long as the group does not end that scope
itself. A group that would is joined with the spot of the scope around it. What leads back in a loop never goes first
alone, so that no other token is passed over for ever (sticky transitions, Kurshan et al. 1998).
"""

from __future__ import annotations

from collections.abc import Iterable

from staffel.engine.bpmn.model import EventKind, NodeType, StandardLoop
from staffel.engine.kernel.program import Element, FlowPlan, Program, ScopePlan
from staffel.engine.kernel.state import ROOT, HandoverWait, Instance, SignalWait
from staffel.engine.soundness.main_flow import back_flows
from staffel.engine.soundness.moves import Spot

QUIET = frozenset((EventKind.MESSAGE, EventKind.LINK))
"""Kinds of throws that change nothing elsewhere in the case."""


class Reduction:
    """The independence of tokens in one program."""

    def __init__(self, program: Program, main: frozenset[str]) -> None:
        self._program, self._main = program, main
        self._local: dict[str, bool] = {}
        self._returning: dict[tuple[str, str], bool] = {}
        self._back = back_flows(program)
        self._reached: dict[tuple[str, frozenset[str]], frozenset[str]] = {}
        triggers = [(e, t) for e in program.elements.values() for t in e.triggers]
        self._signals = frozenset(t.name for e, t in triggers if t.kind is EventKind.SIGNAL and _catches(e))

    def group(self, state: Instance, spots: list[Spot]) -> list[Spot]:
        """The spots to go first, all of them where none may alone; the latest is preferred: a branch goes to its end."""
        by_key = {spot.key: spot for spot in spots}
        for spot in reversed(spots):
            if spot.key != ROOT and spot.key not in state.children:
                group = self._group(state, spot, by_key)
                if group is not None:
                    return group
        return spots

    def _group(self, state: Instance, spot: Spot, by_key: dict[int, Spot]) -> list[Spot] | None:
        group = [spot]
        key, node, scope = spot.key, spot.node, spot.scope
        if _hears_signals(state, key):
            return None
        while True:
            others = _others(state, scope, key)
            if not self._independent(state, scope, node, others):
                return None
            if others:
                return group
            if scope == ROOT:
                return None
            key, place = scope, state.places[scope]
            node, scope = place.element, place.scope
            if key in by_key:
                if _hears_signals(state, key):
                    return None
                group.append(by_key[key])

    def _independent(self, state: Instance, scope: int, node: str, others: list[str]) -> bool:
        if not self._is_local(node):
            return False
        if scope in state.loops:
            return True
        plan = self._plan(state, scope)
        if any(self._holds_up(gateway, node, others) for gateway in plan.joins):
            return False
        return node not in self._main or node not in self._reach(plan, others)

    def _holds_up(self, gateway: Element, node: str, others: list[str]) -> bool:
        """Whether it matters for an inclusive gateway when the token at `node` goes on.

        It does not where every token has one way in, and each way has one token: then the gateway goes on when all have
        come, in any order. Else tokens may gather at a flow into it while this one is still to come.
        """
        reach = gateway.reach
        own = reach.get(node, 0)
        if not own:
            return any(_several(reach.get(each, 0)) for each in others)
        taken = own
        for each in others:
            mask = reach.get(each, 0)
            if mask and (_several(mask) or mask & taken or self._comes_back(each, gateway)):
                return True
            taken |= mask
        return _several(own)

    def _comes_back(self, node: str, gateway: Element) -> bool:
        """Whether a token at `node` may come there again without passing the gateway."""
        key = (node, gateway.id)
        if key not in self._returning:
            element = self._program.elements.get(node)
            waiting = _after(element) if element is not None else _targets(self._program.flows[node])
            seen = {gateway.id}
            while waiting:
                each = waiting.pop()
                if each.id not in seen:
                    seen.add(each.id)
                    waiting += _after(each)
            self._returning[key] = node in seen
        return self._returning[key]

    def _plan(self, state: Instance, scope: int) -> ScopePlan:
        if scope == ROOT:
            return self._program.root
        return self._program.elements[state.places[scope].element].body or self._program.root

    # what is local

    def _is_local(self, node: str) -> bool:
        """Whether whatever follows here, until something waits again, stays in its scope."""
        if node not in self._local:
            self._local[node] = self._path_is_local(node) and not self._leads_back(node)
        return self._local[node]

    def _path_is_local(self, node: str) -> bool:
        element = self._program.elements.get(node)
        if element is None:
            waiting = _targets(self._program.flows[node])
            plan = self._program.flows[node].source.plan
        else:
            if element.compensable or (element.loop is not None and element.loop.events):
                return False
            waiting, plan = _after(element), element.plan
        if not _plain(plan):
            return False
        waiting += [flow.target for join in plan.joins for flow in join.outgoing]
        seen: set[str] = set()
        while waiting:
            each = waiting.pop()
            if each.id in seen:
                continue
            seen.add(each.id)
            if self._acts_elsewhere(each) or not _plain(each.plan):
                return False
            if not _stops(each):
                waiting += _after(each)
                waiting += _inside(each)
            if not each.outgoing and each.plan.owner is not None:
                owner = each.plan.owner
                if owner.compensable or (owner.loop is not None and owner.loop.events):
                    return False
                waiting += _after(owner)
        return True

    def _leads_back(self, node: str) -> bool:
        """Whether a loop may be closed before something waits again; what is asked on the way counts as no wait."""
        element = self._program.elements.get(node)
        if element is None:
            waiting = [self._program.flows[node]]
        else:
            if isinstance(element.loop and element.loop.source, StandardLoop):
                return True
            sources = [element, *_beside(element), *(flow.target for flow in element.outgoing)]
            waiting = [flow for source in sources for flow in source.outgoing]
        seen: set[str] = set()
        while waiting:
            flow = waiting.pop()
            if flow.id in self._back:
                return True
            if flow.id not in seen:
                seen.add(flow.id)
                target = flow.target
                waits = target.type.is_activity and target.body is None and target.loop is None
                waiting += [] if waits else target.outgoing
        return False

    def _acts_elsewhere(self, element: Element) -> bool:
        if element.compensable and element.body is not None:
            return True
        if element.type not in {NodeType.END_EVENT, NodeType.INTERMEDIATE_THROW_EVENT}:
            return False
        return any(
            each.kind not in QUIET and not (each.kind is EventKind.SIGNAL and each.name not in self._signals)
            for each in element.triggers
        )

    # where others may come

    def _reach(self, plan: ScopePlan, others: list[str]) -> frozenset[str]:
        """What tokens at `others` may come to while everything else in the scope stays where it is."""
        question = (plan.id, frozenset(others))
        found = self._reached.get(question)
        if found is None:
            found = self._reached[question] = frozenset(self._closure(others))
        return found

    def _closure(self, others: list[str]) -> set[str]:
        found = set(others)
        waiting: list[Element] = []
        for each in others:
            if each in self._program.flows:
                waiting += self._entered(self._program.flows[each], found)
            else:
                waiting.append(self._program.elements[each])
        left: set[str] = set()
        while waiting:
            element = waiting.pop()
            if element.id in left:
                continue
            left.add(element.id)
            found.update(each.id for each in _beside(element))
            waiting += _beside(element)
            for flow in element.outgoing:
                found.add(flow.id)
                waiting += self._entered(flow, found)
        return found

    def _entered(self, flow: FlowPlan, found: set[str]) -> list[Element]:
        """What a token on the flow may enter; a join only when every incoming flow may have a token."""
        targets = _targets(flow)
        join = flow.target.type is NodeType.PARALLEL_GATEWAY and not found.issuperset(
            flow.target.incoming_ids
        )
        entered = [each for each in targets if not (join and each is flow.target)]
        found.update(each.id for each in entered)
        return entered


def handed_over_again(program: Program) -> frozenset[str]:
    """The flows with a handover that a case may come to again, in the same scope, after it was offered there."""
    found = set()
    for flow in program.flows.values():
        waiting = _targets(flow) if flow.handover is not None else []
        seen: set[str] = set()
        while waiting:
            each = waiting.pop()
            if each.id not in seen:
                seen.add(each.id)
                waiting += _after(each)
        if flow.source.id in seen:
            found.add(flow.id)
    return frozenset(found)


def _others(state: Instance, scope: int, key: int) -> list[str]:
    """The elements and flows of all other tokens in the scope."""
    found = [place.element for each, place in state.places.items() if place.scope == scope and each != key]
    found += state.tokens.get(scope, ())
    for each in state.owned.get(scope, ()):
        wait = state.waits[each]
        if type(wait) is HandoverWait and each != key:
            found.append(wait.element)
    return found


def _several(mask: int) -> bool:
    return bool(mask & (mask - 1))


def _hears_signals(state: Instance, key: int) -> bool:
    """Whether the instance waits for a signal, which reaches others as well."""
    return any(type(state.waits[each]) is SignalWait for each in state.owned.get(key, ()))


def _catches(element: Element) -> bool:
    return element.type not in {NodeType.END_EVENT, NodeType.INTERMEDIATE_THROW_EVENT}


def _plain(plan: ScopePlan) -> bool:
    return not plan.ad_hoc and not any(each.type is NodeType.COMPLEX_GATEWAY for each in plan.joins)


def _targets(flow: FlowPlan) -> list[Element]:
    plan = flow.handover
    back: Iterable[Element | None] = (plan.return_to, plan.follow_up) if plan is not None else ()
    return [flow.target, *(each for each in back if each is not None)]


def _beside(element: Element) -> list[Element]:
    """What a token at the element may go to other than by its flows."""
    found = [*element.boundaries]
    if element.links_to is not None:
        found.append(element.links_to)
    return found


def _after(element: Element) -> list[Element]:
    """What follows when the element is left in any way."""
    sources = [element, *_beside(element)]
    if element.type is NodeType.EVENT_BASED_GATEWAY:
        sources += [flow.target for flow in element.outgoing]
    found = [target for source in sources for flow in source.outgoing for target in _targets(flow)]
    if element.body is not None:
        found += [start.plan.owner for start in element.body.event_starts if start.plan.owner is not None]
    return found


def _inside(element: Element) -> list[Element]:
    body = element.body
    return [*body.starts, *body.loose] if body is not None else []


def _stops(element: Element) -> bool:
    """Whether a token always waits here, for an event or an answer."""
    if element.loop is not None or element.conditional:
        return True
    kind = element.type
    if kind in {NodeType.INTERMEDIATE_CATCH_EVENT}:
        return not any(each.kind is EventKind.LINK for each in element.triggers)
    return kind is NodeType.EVENT_BASED_GATEWAY or (kind.is_activity and element.body is None)
