"""Elements that are entered and left at once: quicker, and the same in every respect."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.unit.kernel.conftest import definitions

from staffel.engine.kernel import Instance, Parts, advance, compile_model, encode_state
from staffel.engine.kernel.apply import apply, fold
from staffel.engine.kernel.changes import take_tokens
from staffel.engine.kernel.commands import CompleteTask, Start
from staffel.engine.kernel.compiler.ways import forget_ways
from staffel.engine.kernel.events import ElementActivated, ElementCompleted, FlowTaken, IncidentRaised
from staffel.engine.kernel.state import TaskWait
from staffel.engine.kernel.together import apply_passage, apply_tokens, apply_travel

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
    apply_passage(at_once, activated, ("a",))

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
    take_tokens(at_once, 0, ("a",))
    apply_travel(at_once, 2)
    apply_tokens(at_once, 0, ("d",))

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


def test_a_token_passes_others_that_stand_still_on_its_way_as_it_would_step_by_step() -> None:
    """Two tokens on one flow: the one that came first is taken first, which tells in the order of those that stay."""
    body = """<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>
    <task id="x"/><task id="y"/><task id="p"/><task id="q"/>
    s -> g
    g -> a
    g -> b
    g -> c
    a -> x
    b -> p
    c -> x
    x -> y
    y -> x
    p -> q
    q -> p"""
    quick, general = (compile_model(definitions(body), "P", parts=Parts()).program for _ in range(2))
    forget_ways(general)
    found: list[tuple[object, bytes]] = []
    for program in (quick, general):
        program.limit = 15
        step = advance(program, None, Start(), NOW)
        for key in [key for key, wait in step.state.waits.items() if type(wait) is TaskWait]:
            step = advance(program, step.state, CompleteTask(key=key), NOW)
            found.append((step.events, encode_state(step.state)))

    assert found[:3] == found[3:]
    assert step.state.tokens == {0: ("p_q", "x_y", "x_y")}
