"""What the compiler finds out about a token's way makes the kernel quicker and changes nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.property.kernel.test_random_commands import MAKERS, VALUES, everything
from tests.support.blocks import BLOCKS, Block, body_of, models, unstructured
from tests.support.nets import program as program_of

from staffel.engine.kernel import (
    Command,
    CommandRefused,
    CompleteTask,
    FireTimer,
    Program,
    Start,
    Step,
    advance,
    decode_state,
    encode_state,
)
from staffel.engine.kernel.compiler.ways import forget_ways
from staffel.engine.kernel.state import TaskWait, TimerWait

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MOST_STEPS = 40


def step_by_step(program: Program) -> Program:
    """The same program without what was found out: every token goes the general way."""
    forget_ways(program)
    return program


def both(quick: Program, general: Program, step: Step | None, command: Command) -> Step:
    """The step on every way, which must be the same; refusals are the caller's."""
    state = None if step is None else step.state
    before = b"" if state is None else encode_state(state)
    found, expected = advance(quick, state, command, NOW), advance(general, state, command, NOW)
    assert state is None or encode_state(state) == before, "the given state stays as it is"
    own = None if state is None else decode_state(before)
    for step in (expected, advance(quick, own, command, NOW, in_place=True)):
        assert found.events == step.events
        assert found.first_seq == step.first_seq
        assert encode_state(found.state) == encode_state(step.state)
        assert found.state.children == step.state.children
        assert found.state.owned == step.state.owned
    return found


def play(build: Callable[[], Program], data: st.DataObject, values: Any) -> None:
    """Play a model on both ways with random tasks, timers and values."""
    quick, general = build(), step_by_step(build())
    quick.limit = general.limit = data.draw(st.sampled_from([500, 500, 12]))
    step = both(quick, general, None, Start(variables=data.draw(values)))
    for _ in range(MOST_STEPS):
        keys = [key for key, wait in step.state.waits.items() if type(wait) in {TaskWait, TimerWait}]
        if step.state.ended is not None or not keys:
            break
        key = data.draw(st.sampled_from(keys))
        command: Command = CompleteTask(key=key, variables=data.draw(values))
        if type(step.state.waits[key]) is TimerWait:
            command = FireTimer(key=key)
        step = both(quick, general, step, command)


@models(100)
@given(block=BLOCKS, data=st.data())
def test_structured_models_go_the_same_way_quickly_and_step_by_step(
    block: Block, data: st.DataObject
) -> None:
    body = body_of(block)
    values = st.fixed_dictionaries({"choice": st.sampled_from([0, 1, 2, 3, "weder noch"])})
    play(lambda: program_of(body), data, values)


@models(200)
@given(body=unstructured(), data=st.data())
def test_any_model_goes_the_same_way_quickly_and_step_by_step(body: str, data: st.DataObject) -> None:
    names = [flow.id for flow in program_of(body).flows.values() if flow.condition is not None]
    values = st.fixed_dictionaries({name: st.sampled_from([0, 1, None]) for name in names})
    play(lambda: program_of(body), data, values)


QUICK, GENERAL = everything(), step_by_step(everything())


@models(150)
@given(data=st.data())
def test_any_command_leads_to_the_same_quickly_and_step_by_step(data: st.DataObject) -> None:
    step = both(QUICK, GENERAL, None, Start(variables={"x": False}))
    for _ in range(data.draw(st.integers(1, 25))):
        if step.state.ended is not None:
            break
        keys = [*step.state.waits, *step.state.places, 0, 999]
        command = data.draw(st.sampled_from(MAKERS))(
            data.draw(st.sampled_from(keys)),
            data.draw(VALUES),
            data.draw(st.sampled_from([*QUICK.elements, "unbekannt"])),
        )
        try:
            step = both(QUICK, GENERAL, step, command)
        except CommandRefused:
            continue
