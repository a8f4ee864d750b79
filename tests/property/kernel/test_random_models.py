"""Random block-structured models on random paths: what must hold after every single step, and at the end."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from tests.support.blocks import BLOCKS, Block, body_of, models, unstructured
from tests.support.nets import program as program_of

from staffel.engine.kernel import (
    CompleteTask,
    FireTimer,
    Instance,
    Program,
    Start,
    Step,
    advance,
    decode_state,
    encode_state,
    fold,
)
from staffel.engine.kernel.events import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    Ending,
    Event,
    FlowTaken,
    IncidentRaised,
)
from staffel.engine.kernel.state import TaskWait, TimerWait

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MOST_STEPS = 300
FEW_STEPS = 25
FEW_PASSES = 500
"""After so many automatic steps a model that runs in a circle, or makes ever more tokens, is stopped."""


def check_step(program: Program, step: Step, history: list[Event]) -> None:
    """What must hold after every step."""
    history.extend(step.events)
    state = step.state
    assert step.first_seq + len(step.events) - 1 == state.seq == len(history)
    assert fold(program, history) == state
    loaded = decode_state(encode_state(state))
    assert loaded == state
    assert (loaded.children, loaded.owned) == (state.children, state.owned)
    assert all(place.scope == 0 or place.scope in state.places for place in state.places.values())
    _check_conservation(program, state, history)


def _check_conservation(program: Program, state: Instance, history: list[Event]) -> None:
    """Every instance that began is alive or has ended; every token that was put was taken or lies on its flow."""
    began = Counter(event.element for event in history if isinstance(event, ElementActivated))
    ended = Counter(
        event.element for event in history if isinstance(event, (ElementCompleted, ElementTerminated))
    )
    alive = Counter(place.element for place in state.places.values())
    assert began == ended + alive
    put = Counter(event.flow for event in history if isinstance(event, FlowTaken))
    taken = Counter(flow for event in history if isinstance(event, ElementActivated) for flow in event.flows)
    resting = Counter(flow for flows in state.tokens.values() for flow in flows)
    assert not taken - put
    assert not resting - (put - taken)
    assert set(put) <= set(program.flows)


@models(150)
@given(block=BLOCKS, data=st.data())
def test_events_state_and_stored_state_agree_on_every_path_and_sound_models_end(
    block: Block, data: st.DataObject
) -> None:
    program = program_of(body_of(block))
    history: list[Event] = []
    step = advance(program, None, Start(variables={"choice": 0}), NOW)
    check_step(program, step, history)
    for passes in range(MOST_STEPS):
        if step.state.ended is not None:
            break
        places = [
            (key, type(wait)) for key, wait in step.state.waits.items() if type(wait) in {TaskWait, TimerWait}
        ]
        tasks = [place for place in places if place[1] is TaskWait]
        assert tasks, "nothing to do, but not ended"
        key, kind = data.draw(st.sampled_from(places))
        if kind is TimerWait:
            step = advance(program, step.state, FireTimer(key=key), NOW)
        else:
            choice = data.draw(st.integers(0, 3)) if passes < 20 else 0
            step = advance(program, step.state, CompleteTask(key=key, variables={"choice": choice}), NOW)
        check_step(program, step, history)
    assert step.state.ended is Ending.COMPLETED
    assert not (step.state.places)
    assert not (step.state.waits)
    assert not (step.state.tokens)
    assert not any(isinstance(event, IncidentRaised) for event in history)


@models(150)
@given(body=unstructured(), data=st.data())
def test_events_state_and_stored_state_agree_in_any_model(body: str, data: st.DataObject) -> None:
    program = program_of(body)
    program.limit = FEW_PASSES
    names = [flow.id for flow in program.flows.values() if flow.condition is not None]
    values = st.fixed_dictionaries({name: st.integers(0, 1) for name in names})
    history: list[Event] = []
    step = advance(program, None, Start(variables=data.draw(values)), NOW)
    check_step(program, step, history)
    for _ in range(FEW_STEPS):
        tasks = [key for key, wait in step.state.waits.items() if type(wait) is TaskWait]
        if step.state.ended is not None or not tasks:
            break
        command = CompleteTask(key=data.draw(st.sampled_from(tasks)), variables=data.draw(values))
        step = advance(program, step.state, command, NOW)
        check_step(program, step, history)
    if step.state.ended is not None:
        assert not step.state.places
        assert not step.state.waits
        assert not step.state.tokens
