"""Random commands, sensible or not: the kernel refuses or advances, and its state stays whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.blocks import models

from staffel.engine.bpmn import read_bpmn
from staffel.engine.kernel import (
    Command,
    CommandRefused,
    HandoverField,
    HandoverRule,
    Instance,
    Parts,
    Program,
    Start,
    advance,
    compile_model,
    decode_state,
    encode_state,
    fold,
)
from staffel.engine.kernel import commands as cmd
from staffel.engine.kernel.events import Event

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

EVERYTHING = """
<startEvent id="s"/><parallelGateway id="g"/><inclusiveGateway id="j"/><endEvent id="e"/>
<userTask id="u"/><userTask id="v"/><serviceTask id="w"/><userTask id="m">
<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>
<boundaryEvent id="bt" attachedToRef="u" cancelActivity="false">
<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition></boundaryEvent><endEvent id="be"/>
<boundaryEvent id="er" attachedToRef="w"><errorEventDefinition/></boundaryEvent>
<transaction id="t"><startEvent id="ts"/><task id="ta"/><boundaryEvent id="tb" attachedToRef="ta">
<compensateEventDefinition/></boundaryEvent><userTask id="th" isForCompensation="true"/>
<association id="as" sourceRef="tb" targetRef="th"/><userTask id="tu"/><exclusiveGateway id="tx" default="tx_te"/>
<endEvent id="te"/><endEvent id="tc"><cancelEventDefinition/></endEvent>
<sequenceFlow id="t1" sourceRef="ts" targetRef="ta"/><sequenceFlow id="t2" sourceRef="ta" targetRef="tu"/>
<sequenceFlow id="t3" sourceRef="tu" targetRef="tx"/><sequenceFlow id="tx_te" sourceRef="tx" targetRef="te"/>
<sequenceFlow id="t5" sourceRef="tx" targetRef="tc"><conditionExpression>x</conditionExpression></sequenceFlow>
</transaction><boundaryEvent id="c" attachedToRef="t"><cancelEventDefinition/></boundaryEvent>
<eventBasedGateway id="eg"/><intermediateCatchEvent id="em"><messageEventDefinition messageRef="M"/>
</intermediateCatchEvent><intermediateCatchEvent id="es"><signalEventDefinition signalRef="S"/></intermediateCatchEvent>
<subProcess id="x" triggeredByEvent="true"><startEvent id="xs" isInterrupting="false">
<signalEventDefinition signalRef="S"/></startEvent><userTask id="xt"/>
<sequenceFlow id="x1" sourceRef="xs" targetRef="xt"/></subProcess>
<intermediateThrowEvent id="k"><compensateEventDefinition/></intermediateThrowEvent>
<task id="d"><standardLoopCharacteristics loopMaximum="2"/></task>
"""
FLOWS = "s g|g u|g w|g m|g t|g eg|u v|v j|w j|m j|t k|k j|c j|er j|eg em|eg es|em d|es d|d j|j e|bt be"
LANES = {"first": "s g u w m t eg em es d er c bt be", "second": "v j k e"}


def everything() -> Program:
    """A model with about every kind of element."""
    flows = "".join(
        f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>'
        for a, b in (pair.split() for pair in FLOWS.split("|"))
    )
    lanes = "".join(
        f'<lane id="{name}">{"".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes.split())}</lane>'
        for name, nodes in LANES.items()
    )
    text = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
        '<message id="M" name="m"/><signal id="S" name="s"/><process id="P" isExecutable="true">'
        f'<laneSet id="l">{lanes}</laneSet>{EVERYTHING}{flows}</process></definitions>'
    )
    reading = read_bpmn(text.encode())
    assert reading.definitions is not None, reading.findings
    rule = HandoverRule(id="R", fields=(HandoverField(name="x"),))
    parts = Parts(lanes={"first": "LB", "second": "JC"}, handover_rules={"u_v": rule})
    return compile_model(reading.definitions, "P", parts=parts).program


@pytest.fixture(scope="module")
def program() -> Program:
    return everything()


VALUES = st.sampled_from([{}, {"x": True}, {"x": False}, {"x": "weder noch"}])
MAKERS: list[Callable[[int, dict[str, Any], str], Command]] = [
    lambda key, values, _: cmd.CompleteTask(key=key, variables=values),
    lambda key, values, _: cmd.CompleteWork(key=key, variables=values),
    lambda key, _, name: cmd.FailWork(key=key, message=name, retries=key % 2),
    lambda key, values, name: cmd.ThrowError(key=key, code=name, variables=values),
    lambda key, values, name: cmd.ThrowEscalation(key=key, code=name, variables=values),
    lambda key, _, __: cmd.FireTimer(key=key),
    lambda key, values, _: cmd.DeliverMessage(key=key, payload=values),
    lambda _, values, __: cmd.DeliverSignal(name="s", payload=values),
    lambda key, _, __: cmd.AcknowledgeHandover(key=key),
    lambda key, values, _: cmd.AcceptHandover(key=key, variables=values),
    lambda key, _, name: cmd.ReturnHandover(key=key, reason=name),
    lambda key, _, name: cmd.WithdrawHandover(key=key, reason=name),
    lambda key, values, _: cmd.OfferHandover(key=key, variables=values),
    lambda key, values, _: cmd.SetVariables(variables=values, scope=key),
    lambda key, values, _: cmd.RetryIncident(key=key, variables=values),
    lambda key, _, name: cmd.CancelElement(key=key, reason=name),
    lambda key, _, name: cmd.ActivateElement(element=name, reason="r", scope=None if key % 2 else key),
    lambda key, _, name: cmd.MoveToken(element=name, source=cmd.CancelElement(key=key, reason="r")),
    lambda key, _, name: cmd.CancelToken(flow=name, scope=key if key < 999 else 0, reason="r"),
]


@models(150)
@given(data=st.data())
def test_any_command_is_refused_or_leads_to_a_whole_state(program: Program, data: st.DataObject) -> None:
    step = advance(program, None, Start(variables={"x": False}), NOW)
    history: list[Event] = list(step.events)
    for _ in range(data.draw(st.integers(1, 25))):
        if step.state.ended is not None:
            break
        keys = [*step.state.waits, *step.state.places, 0, 999]
        command = data.draw(st.sampled_from(MAKERS))(
            data.draw(st.sampled_from(keys)),
            data.draw(VALUES),
            data.draw(st.sampled_from([*program.elements, *program.flows, "unbekannt"])),
        )
        before = encode_state(step.state)
        try:
            following = advance(program, step.state, command, NOW)
        except CommandRefused:
            assert encode_state(step.state) == before
            continue
        assert encode_state(step.state) == before
        step = following
        history.extend(step.events)
        check_whole(program, step.state, history)


def check_whole(program: Program, state: Instance, history: list[Event]) -> None:
    """The state is what the events say, survives storage, and nothing in it belongs to nobody."""
    assert fold(program, history) == state
    loaded = decode_state(encode_state(state))
    assert loaded == state
    assert loaded.children == state.children
    assert {key: set(waits) for key, waits in loaded.owned.items()} == {
        key: set(waits) for key, waits in state.owned.items()
    }
    alive = {0, *state.places}
    assert all(place.scope in alive for place in state.places.values())
    assert all(wait.owner in alive for wait in state.waits.values())
    assert alive >= set(state.tokens)
    if state.ended is not None:
        assert not (state.places)
        assert not (state.waits)
        assert not (state.tokens)
