"""Start, end, intermediate and boundary events (BPMN 2.0.2 §10.5, §13.5)."""

from __future__ import annotations

from staffel.engine.bpmn.model import EventKind, NodeType
from staffel.engine.kernel import arming, lifecycle, throwing
from staffel.engine.kernel.behaviours.behaviour import Behaviour
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.kernel.program import Element
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
    """Throw every result in the order of the model, then go on (§10.5.4); an end event consumes its token."""

    def passes(self, element: Element) -> bool:
        """An event without a result does nothing."""
        return not element.triggers

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Throw once the other tokens on the move have arrived: who waits from this moment on hears it too."""
        if element.triggers:
            run.later(_throw, key, element)
        else:
            lifecycle.finish(run, key, element)


def _throw(run: Run, key: int, element: Element) -> None:
    """Throw; what is thrown may interrupt the event itself, or hold it until compensation is done."""
    state = run.state
    if key not in state.places:
        return
    try:
        for trigger in element.triggers:
            throwing.throw(run, key, element, trigger)
            if key not in state.places or key in state.compensations:
                return
    except Stuck as stuck:
        if key in state.places:
            run.incident(key, element, stuck, "enter")
        return
    lifecycle.finish(run, key, element)


BEHAVIOURS: dict[NodeType, Behaviour] = {
    NodeType.START_EVENT: Behaviour(),
    NodeType.BOUNDARY_EVENT: Behaviour(),
    NodeType.INTERMEDIATE_CATCH_EVENT: CatchEvent(),
    NodeType.INTERMEDIATE_THROW_EVENT: ThrowEvent(),
    NodeType.END_EVENT: ThrowEvent(),
}
