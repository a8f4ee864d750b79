"""Start, end, intermediate and boundary events (BPMN 2.0.2 §10.5, §13.5)."""

from __future__ import annotations

from staffel.engine.bpmn.model import EventKind, NodeType
from staffel.engine.kernel import arming, lifecycle, throwing
from staffel.engine.kernel.behaviours.behaviour import Behaviour
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.kernel.program import Element, FlowPlan
from staffel.engine.kernel.run import Run


class CatchEvent(Behaviour):
    """Wait for the trigger (§10.5.4). A link catch event is reached from its throw event and waits for nothing."""

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Arm the triggers."""
        if not element.triggers or element.triggers[0].kind is EventKind.LINK:
            lifecycle.finish(run, key, element)
        else:
            arming.arm(run, key, element)


class ThrowEvent(Behaviour):
    """Throw every result, those that end the event itself last; then go on (§10.5.4), or consume the token (§10.5.3)."""

    def passes(self, element: Element) -> bool:
        """An event without a result does nothing."""
        return not element.triggers

    def is_ready(self, element: Element) -> bool:
        """An event with a result, or an end event without one."""
        return not (element.passing and element.outgoing)

    def take(
        self, run: Run, element: Element, flow: FlowPlan, scope: int, held: tuple[str, ...]
    ) -> FlowPlan | None:
        """Begin, or, at an end event without a result, consume the token."""
        if not element.passing:
            return super().take(run, element, flow, scope, held)
        key = run.emit_passage(element.id, scope, flow.alone, held)
        lifecycle.go_on(run, key, element, scope, ())
        return None

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Throw once the other tokens on the move have arrived: who waits from this moment on hears it too.

        Terminating is heard by nobody: it takes effect at once, on what has begun by then (§13.5.6).
        """
        if element.triggers and element.triggers[0].kind is EventKind.TERMINATE:
            _throw(run, key, element)
        elif element.triggers:
            run.later(_throw, key, element)
        else:
            lifecycle.finish(run, key, element)

    def compensated(self, run: Run, key: int, element: Element, after: int) -> None:
        """Throw what is left."""
        _throw(run, key, element, after)


def _throw(run: Run, key: int, element: Element, after: int = 0) -> None:
    """Throw; what is thrown may interrupt the event itself, or hold it until compensation is done."""
    state = run.state
    if key not in state.places:
        return
    try:
        for trigger in element.triggers[after:]:
            throwing.throw(run, key, element, trigger)
            if key not in state.places or (trigger.wait and key in state.compensations):
                return
    except Stuck as stuck:
        if key in state.places:
            run.incident(key, element, stuck, "enter")
        return
    if key in state.compensations:
        for flow in element.outgoing:
            lifecycle.put(run, flow, state.places[key].scope)
        return
    lifecycle.finish(run, key, element)


BEHAVIOURS: dict[NodeType, Behaviour] = {
    NodeType.START_EVENT: Behaviour(),
    NodeType.BOUNDARY_EVENT: Behaviour(),
    NodeType.INTERMEDIATE_CATCH_EVENT: CatchEvent(),
    NodeType.INTERMEDIATE_THROW_EVENT: ThrowEvent(),
    NodeType.END_EVENT: ThrowEvent(),
}
