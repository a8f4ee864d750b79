"""What an element kind does: the life-cycle points that a behaviour may give an answer of its own to."""

from __future__ import annotations

from collections.abc import Sequence

from staffel.engine.kernel import lifecycle
from staffel.engine.kernel.events import ElementActivated, StateChanged
from staffel.engine.kernel.incidents import Code, Stuck
from staffel.engine.kernel.program import Element, FlowPlan
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import IncidentWait
from staffel.engine.kernel.together import apply_entry


class Behaviour:
    """Pass through: begin with one token, be done at once, take every outgoing flow whose condition holds."""

    def passes(self, element: Element) -> bool:
        """Whether the element does nothing between being entered and being left."""
        return type(self) is Behaviour and element.node.start_quantity == 1

    def arrive(self, run: Run, element: Element, flow: FlowPlan, scope: int) -> None:
        """A token stands at the end of an incoming flow (§13.3.1: several flows in are an exclusive merge)."""
        if element.passing:
            lifecycle.pass_through(run, element, scope, flow.alone)
            return
        if element.node.start_quantity == 1:
            lifecycle.activate(run, element, scope, flow.alone)
            return
        here = [each for each in run.state.tokens.get(scope, ()) if each in element.incoming_ids]
        if len(here) >= element.node.start_quantity:
            lifecycle.activate(run, element, scope, tuple(here[: element.node.start_quantity]))

    def is_ready(self, element: Element) -> bool:
        """Whether `take` does what `arrive` does: by default where every token begins an instance of its own."""
        every = type(self).arrive is Behaviour.arrive and element.node.start_quantity == 1
        return every and not element.passing

    def take(
        self, run: Run, element: Element, flow: FlowPlan, scope: int, held: tuple[str, ...]
    ) -> FlowPlan | None:
        """Take a token in one move, the state having it on the flow only where `held` says so (where `is_ready`).

        The flow by which the one token goes on at once: its `FlowTaken` is noted, but not yet applied.
        """
        key = run.state.next_key
        activated = ElementActivated(key=key, element=element.id, scope=scope, flows=flow.alone)
        run.events.append(activated)
        apply_entry(run.state, activated, held)
        lifecycle.enter(run, key, element)
        return None

    def enter(self, run: Run, key: int, element: Element) -> None:
        """The element instance has begun."""
        lifecycle.finish(run, key, element)

    def choose(self, run: Run, scope: int, element: Element) -> Sequence[FlowPlan]:
        """The flows that get a token: all whose condition holds, else the default flow (§13.3.1, §13.4.3)."""
        return every_true(run, scope, element)

    def emptied(self, run: Run, scope: int, element: Element) -> None:
        """Nothing is alive inside any more (elements with a body)."""
        lifecycle.finish(run, scope, element)

    def part_done(self, run: Run, scope: int, element: Element) -> None:
        """An activity inside has ended (ad-hoc sub-processes)."""

    def compensated(self, run: Run, key: int, element: Element, after: int) -> None:
        """The compensation that the `after`-th result of a throwing event asked for is done."""

    def settle(self, _run: Run, _element: Element, _scope: int) -> bool:
        """Everything else in the scope is at rest (joins that look at tokens elsewhere); whether it went on."""
        return False


def every_true(run: Run, scope: int, element: Element) -> list[FlowPlan]:
    """All unconditional flows and those whose condition holds; none of them: the default flow."""
    chosen = [
        flow
        for flow in element.outgoing
        if flow is not element.default
        and (flow.condition is None or flow.condition.holds(run.names(scope, flow.condition.reads), run.now))
    ]
    return chosen or _default(element)


def first_true(run: Run, scope: int, element: Element) -> list[FlowPlan]:
    """The first flow whose condition holds, else the default flow."""
    for flow in element.outgoing:
        if flow is element.default:
            continue
        if flow.condition is None or flow.condition.holds(run.names(scope, flow.condition.reads), run.now):
            return [flow]
    return _default(element)


def _default(element: Element) -> list[FlowPlan]:
    if element.default is None:
        conditions = {flow.id: flow.condition.text for flow in element.outgoing if flow.condition is not None}
        raise Stuck(Code.NO_FLOW, conditions=conditions)
    return [element.default]


def join(run: Run, element: Element, scope: int, flows: tuple[str, ...]) -> int:
    """Activate a gateway with the tokens of these flows; its key."""
    key = run.state.next_key
    run.emit(ElementActivated(key=key, element=element.id, scope=scope, flows=flows))
    return key


def discard(run: Run, scope: int, flows: tuple[str, ...]) -> None:
    """Take tokens off their flows without anything following."""
    if flows:
        run.emit(StateChanged(scope=scope, what="tokens-taken", values=list(flows)))


def stands_still(run: Run, owner: int, element: Element) -> bool:
    """Whether an incident of the element waits for an operator at this instance."""
    waits = (run.state.waits[key] for key in run.state.owned.get(owner, ()))
    return any(type(wait) is IncidentWait and wait.element == element.id for wait in waits)
