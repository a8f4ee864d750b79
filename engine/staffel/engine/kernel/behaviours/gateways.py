"""The gateways of BPMN 2.0.2 §10.6 with the semantics of §13.4."""

from __future__ import annotations

from collections.abc import Sequence

from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel import arming, joins, lifecycle
from staffel.engine.kernel.behaviours.behaviour import (
    Behaviour,
    discard,
    every_true,
    first_true,
    join,
    stands_still,
)
from staffel.engine.kernel.events import FlowTaken, StateChanged
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.kernel.program import Element, FlowPlan
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.together import apply_tokens


class ExclusiveGateway(Behaviour):
    """Take the first flow whose condition holds, else the default flow (§13.4.2)."""

    def passes(self, element: Element) -> bool:
        """Every token passes for itself."""
        return element.node.start_quantity == 1

    def arrive(self, run: Run, element: Element, flow: FlowPlan, scope: int) -> None:
        """Every token passes for itself."""
        lifecycle.pass_through(run, element, scope, flow.alone)

    def choose(self, run: Run, scope: int, element: Element) -> Sequence[FlowPlan]:
        """Exactly one flow."""
        return first_true(run, scope, element)


class ParallelGateway(Behaviour):
    """Wait for a token on every incoming flow, then put one on every outgoing flow; excess tokens stay (§13.4.1)."""

    def arrive(self, run: Run, element: Element, _flow: FlowPlan, scope: int) -> None:
        """Go on when every incoming flow has a token."""
        incoming = element.incoming_ids
        if len(incoming) > 1:
            here = run.state.tokens[scope]
            if len(here) < len(incoming) or not all(each in here for each in incoming):
                return
        lifecycle.pass_through(run, element, scope, incoming)

    def is_ready(self, element: Element) -> bool:
        """Every one that leads on, and whose ways nothing watches."""
        return bool(element.outgoing) and not element.hands_over and element.node.completion_quantity == 1

    def take(
        self, run: Run, element: Element, flow: FlowPlan, scope: int, held: tuple[str, ...]
    ) -> FlowPlan | None:
        """Join and fork at once; a second token on the same flow goes behind the first."""
        state, incoming = run.state, element.incoming_ids
        here = state.tokens.get(scope, ())
        if not held and flow.id in here:
            apply_tokens(state, scope, flow.alone)
            held = flow.alone
        others = flow.beside
        for each in others:
            if each not in here:
                if not held:
                    apply_tokens(state, scope, flow.alone)
                return None
        run.emit_passage(element.id, scope, incoming, incoming if held else others)
        outgoing = element.outgoing
        run.events += [FlowTaken(flow=each.id, scope=scope) for each in outgoing]
        state.seq += len(outgoing)
        if element.sole is not None:
            return element.sole
        apply_tokens(state, scope, tuple([each.id for each in outgoing]))
        run.queue += [(lifecycle.arrive, each, scope) for each in outgoing]
        return None

    def choose(self, _run: Run, _scope: int, element: Element) -> Sequence[FlowPlan]:
        """Every flow; conditions have no meaning here."""
        return element.outgoing


class InclusiveGateway(Behaviour):
    """Wait for the tokens that can still come, then take every flow whose condition holds (§13.4.3)."""

    def arrive(self, run: Run, element: Element, flow: FlowPlan, scope: int) -> None:
        """With one incoming flow there is nothing to wait for; else `settle` decides when all else is at rest."""
        if len(element.incoming_ids) == 1:
            lifecycle.pass_through(run, element, scope, flow.alone)

    def settle(self, run: Run, element: Element, scope: int) -> bool:
        """Go on with one token of each incoming flow that has any, once no token can come for the others."""
        here = set(run.state.tokens.get(scope, ()))
        flows = tuple(each for each in element.incoming_ids if each in here)
        if len(element.incoming_ids) == 1 or not flows or joins.waits_for_more(run, element, scope):
            return False
        lifecycle.pass_through(run, element, scope, flows)
        return True

    def choose(self, run: Run, scope: int, element: Element) -> Sequence[FlowPlan]:
        """One or more flows."""
        return every_true(run, scope, element)


class ComplexGateway(Behaviour):
    """Go on when the activation condition holds, then wait for the remaining tokens and reset (§13.4.4).

    `activationCount` is the number of tokens at the gateway, `waitingForStart` tells the phase; each incoming
    flow's id is a name for the number of its tokens.
    """

    def arrive(self, run: Run, element: Element, _flow: FlowPlan, scope: int) -> None:
        """Ask the activation condition, where the gateway is not waiting for its reset."""
        self.settle(run, element, scope)

    def settle(self, run: Run, element: Element, scope: int) -> bool:
        """Activate, or reset once no further token can come. A failing condition is an incident of the scope."""
        if stands_still(run, scope, element):
            return False
        here = run.state.tokens.get(scope, ())
        flows = tuple(each for each in element.incoming_ids if each in here)
        try:
            seen = self._seen(run, element, scope)
            if seen is not None:
                return self._reset(run, element, scope, flows, seen)
            return bool(flows) and self._activate(run, element, scope, flows)
        except Stuck as stuck:
            run.incident(scope, element, stuck, "resume")
            return False

    def _activate(self, run: Run, element: Element, scope: int, flows: tuple[str, ...]) -> bool:
        if not self._activated(run, element, scope):
            return False
        key = join(run, element, scope, flows)
        if len(flows) < len(element.incoming_ids):
            self._remember(
                run, scope, [*self._others(run, element, scope), f"{element.id} {' '.join(flows)}"]
            )
        lifecycle.leave(run, key, element)
        return True

    def choose(self, run: Run, scope: int, element: Element) -> Sequence[FlowPlan]:
        """Flows whose condition holds; conditions may ask `waitingForStart`."""
        chosen = [
            flow
            for flow in element.outgoing
            if flow is not element.default
            and (
                flow.condition is None
                or flow.condition.holds(
                    run.names(scope, flow.condition.reads, {"waitingForStart": True}), run.now
                )
            )
        ]
        return chosen or ([element.default] if element.default is not None else [])

    def _activated(self, run: Run, element: Element, scope: int) -> bool:
        here = run.state.tokens.get(scope, ())
        if element.activation is None:
            return not joins.waits_for_more(run, element, scope)
        prefix = element.plan.prefix
        tokens = {each.removeprefix(prefix): here.count(each) for each in element.incoming_ids}
        phase = {**tokens, "activationCount": sum(tokens.values()), "waitingForStart": True}
        names = run.names(scope, element.activation.reads, phase)
        return element.activation.holds(names, run.now)

    def _reset(
        self, run: Run, element: Element, scope: int, flows: tuple[str, ...], seen: tuple[str, ...]
    ) -> bool:
        late = tuple(each for each in flows if each not in seen)
        missing = {each for each in element.incoming_ids if each not in seen and each not in late}
        if missing and joins.waits_for_more(run, element, scope, also=seen):
            return False
        self._remember(run, scope, self._others(run, element, scope))
        again = [flow for flow in element.outgoing if self._asked(run, flow, scope)]
        discard(run, scope, late)
        for flow in again:
            lifecycle.put(run, flow, scope)
        run.checks.append(scope)
        return True

    def _asked(self, run: Run, flow: FlowPlan, scope: int) -> bool:
        """At the reset only conditions that ask for the phase are evaluated again."""
        condition = flow.condition
        if condition is None or "waitingForStart" not in condition.reads:
            return False
        return condition.holds(run.names(scope, condition.reads, {"waitingForStart": False}), run.now)

    def _seen(self, run: Run, element: Element, scope: int) -> tuple[str, ...] | None:
        for note in run.state.resets.get(scope, ()):
            gateway, *flows = note.split(" ")
            if gateway == element.id:
                return tuple(flows)
        return None

    def _others(self, run: Run, element: Element, scope: int) -> list[str]:
        return [note for note in run.state.resets.get(scope, ()) if note.split(" ", 1)[0] != element.id]

    def _remember(self, run: Run, scope: int, notes: list[str]) -> None:
        run.emit(StateChanged(scope=scope, what="reset", values=notes))


class EventBasedGateway(Behaviour):
    """Wait for the events behind the outgoing flows; the first that comes takes the token (§13.4.5)."""

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Arm every event; `catching` takes the flow of the one that comes."""
        for flow in element.outgoing:
            arming.arm(run, key, flow.target)


BEHAVIOURS: dict[NodeType, Behaviour] = {
    NodeType.EXCLUSIVE_GATEWAY: ExclusiveGateway(),
    NodeType.PARALLEL_GATEWAY: ParallelGateway(),
    NodeType.INCLUSIVE_GATEWAY: InclusiveGateway(),
    NodeType.COMPLEX_GATEWAY: ComplexGateway(),
    NodeType.EVENT_BASED_GATEWAY: EventBasedGateway(),
}
