"""Elements that are entered and left at once: quicker, and the same in every respect."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.unit.kernel.conftest import definitions

from staffel.engine.kernel import Instance, Parts, advance, compile_model, encode_state
from staffel.engine.kernel.apply import apply, apply_passage, apply_travel, fold
from staffel.engine.kernel.commands import Start
from staffel.engine.kernel.events import ElementActivated, ElementCompleted, FlowTaken, IncidentRaised

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


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


@pytest.mark.parametrize("there", [("a",), ("a", "b"), ("b", "a", "a")])
def test_travel_leaves_what_its_events_leave_one_by_one(there: tuple[str, ...]) -> None:
    stepwise, at_once = before(*there), before(*there)

    for key, came, goes in ((2, "a", "c"), (3, "c", "d")):
        apply(stepwise, ElementActivated(key=key, element="x", scope=0, flows=(came,)))
        apply(stepwise, ElementCompleted(key=key, element="x", scope=0))
        apply(stepwise, FlowTaken(flow=goes, scope=0))
    apply_travel(at_once, ("a",), ("d",), 0, 2)

    assert encode_state(at_once) == encode_state(stepwise)
    assert at_once.children == stepwise.children


def test_a_circle_of_empty_elements_stands_still_after_exactly_the_limit() -> None:
    """Arrivals are counted one by one, however they are carried out."""
    model = definitions(
        """<startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/>
        s -> g
        g -> a
        a -> g"""
    )
    program = compile_model(model, "P", parts=Parts()).program
    program.limit = 101

    step = advance(program, None, Start(), NOW)

    assert sum(type(event) is ElementCompleted for event in step.events) == 1 + 101
    assert type(step.events[-1]) is IncidentRaised
    assert step.state.tokens == {0: ("g_a",)}
    assert encode_state(fold(step.events)) == encode_state(step.state)
