"""Gateways whose activation depends on tokens elsewhere: when the rest of the scope is at rest, who may go on (§13.4.3)."""

from __future__ import annotations

from staffel.engine.kernel.program import Element
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import HandoverWait


def fire(run: Run) -> bool:
    """Activate the inclusive and complex gateways that wait for nothing more; whether there was one."""
    fired = False
    for scope, flows in list(run.state.tokens.items()):
        for gateway in {run.program.flows[flow].target: None for flow in flows}:
            if gateway.is_join and scope in run.state.tokens:
                fired = gateway.behaviour.settle(run, gateway, scope) or fired
                if fired:
                    return True
    return fired


def waits_for_more(run: Run, gateway: Element, scope: int, also: tuple[str, ...] = ()) -> bool:
    """The inclusive gateway's rule (§13.4.3), answered from the reach computed when the model was compiled.

    A token may still come when it can reach an empty incoming flow without passing the gateway, unless it can
    reach one that has a token already in the same way. `also` are flows to be taken as having a token.
    """
    here = {*run.state.tokens.get(scope, ()), *also}
    full = empty = 0
    for bit, flow in enumerate(gateway.incoming_ids):
        if flow in here:
            full |= 1 << bit
        else:
            empty |= 1 << bit
    if not empty:
        return False
    reach, sure = gateway.reach, gateway.sure
    return any(
        reach.get(position, 0) & empty and not sure.get(position, 0) & full
        for position in _positions(run, gateway, scope)
    )


def _positions(run: Run, gateway: Element, scope: int) -> set[str]:
    """The nodes and flows at which there are other tokens of the scope: few, however many tokens there are."""
    state, flows = run.state, run.program.flows
    found = {place.element for place in state.places.values() if place.scope == scope}
    found.update(flow for flow in set(state.tokens.get(scope, ())) if flows[flow].target is not gateway)
    waits = (state.waits[key] for key in state.owned.get(scope, ()))
    found.update(wait.element for wait in waits if type(wait) is HandoverWait)
    return found


def reach_of(gateway: Element, *, boundaries: bool) -> dict[str, int]:
    """For every node and flow of the scope: a bit per incoming flow of the gateway reachable without visiting it.

    Link catch events are reached from their throw events; with `boundaries` boundary events from their activity:
    a token may come that way, but it need not, so it is no reason to go on.
    """
    result: dict[str, int] = {}
    before = _predecessors(gateway, boundaries=boundaries)
    for bit, flow in enumerate(gateway.incoming):
        mark = 1 << bit
        result[flow.id] = result.get(flow.id, 0) | mark
        waiting = [flow.source]
        seen = {gateway}
        while waiting:
            element = waiting.pop()
            if element in seen:
                continue
            seen.add(element)
            result[element.id] = result.get(element.id, 0) | mark
            for incoming in element.incoming:
                result[incoming.id] = result.get(incoming.id, 0) | mark
            waiting.extend(before.get(element, ()))
    return result


def _predecessors(gateway: Element, *, boundaries: bool) -> dict[Element, list[Element]]:
    before: dict[Element, list[Element]] = {}
    for element in gateway.plan.elements.values():
        sources = before.setdefault(element, [])
        sources.extend(flow.source for flow in element.incoming)
        if element.attached_to is not None and boundaries:
            sources.append(element.attached_to)
        if element.links_to is not None:
            before.setdefault(element.links_to, []).append(element)
    return before
