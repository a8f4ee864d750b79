"""Elements that are entered and left at once: quicker, and the same in every respect."""

from __future__ import annotations

import pytest

from staffel.engine.kernel import Instance, encode_state
from staffel.engine.kernel.apply import apply, apply_passage
from staffel.engine.kernel.events import ElementActivated, ElementCompleted, FlowTaken


def before(*flows: str) -> Instance:
    state = Instance()
    apply(state, ElementActivated(key=1, element="open", scope=0))
    for flow in flows:
        apply(state, FlowTaken(flow=flow, scope=0))
    return state


@pytest.mark.parametrize("there", [("a",), ("a", "b"), ("b", "a", "a")])
def test_passage_leaves_what_its_two_events_leave(there: tuple[str, ...]) -> None:
    stepwise, at_once = before(*there), before(*there)
    activated = ElementActivated(key=2, element="x", scope=0, flows=("a",))

    apply(stepwise, activated)
    apply(stepwise, ElementCompleted(key=2, element="x", scope=0))
    apply_passage(at_once, activated)

    assert encode_state(at_once) == encode_state(stepwise)
    assert at_once.children == stepwise.children
    assert at_once.owned == stepwise.owned
