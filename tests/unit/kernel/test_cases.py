"""Cases as a whole: how they begin, what operators can do, what is refused, what is pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from staffel.engine.bpmn.model import EventKind
from staffel.engine.findings import Severity
from staffel.engine.kernel import (
    ActivateElement,
    CancelCase,
    CancelElement,
    CommandRefused,
    CompleteTask,
    FailWork,
    SetVariables,
    Start,
    StateFormatError,
    advance,
    decode_state,
    encode_state,
    positions,
)
from staffel.engine.kernel.events import Ending, Repaired
from staffel.engine.play import Player

Play = Callable[..., Player]

SIMPLE = '<startEvent id="s"/><userTask id="t"/><userTask id="u"/><endEvent id="e"/>\ns -> t\nt -> u\nu -> e'


def where(player: Player) -> list[str]:
    return sorted(place.element for place in player.waiting())


def test_advance_leaves_the_given_state_as_it_is(play: Play) -> None:
    player = play(SIMPLE)
    case = player.start(values={"x": 1})
    before = encode_state(case.state)
    (task,) = player.waiting()

    step = advance(case.program, case.state, CompleteTask(key=task.key, variables={"x": 2}), player.now)

    assert encode_state(case.state) == before
    assert step.state != case.state
    assert case.state.values(0) == {"x": 1}


def test_ended_case_and_unknown_keys_are_refused(play: Play) -> None:
    player = play(SIMPLE)
    case = player.start()
    with pytest.raises(CommandRefused):
        player.do(case, CompleteTask(key=99))
    with pytest.raises(CommandRefused):
        player.do(case, Start())
    player.do(case, CancelCase(reason="zurückgenommen"))
    assert case.ended is Ending.CANCELLED
    assert not case.state.waits
    with pytest.raises(CommandRefused):
        player.do(case, SetVariables(variables={}))


def test_values_that_no_variable_can_hold_are_refused(play: Play) -> None:
    with pytest.raises(CommandRefused, match="x"):
        play(SIMPLE).start(values={"x": object()})


def test_operator_moves_a_token_and_it_is_on_record(play: Play) -> None:
    player = play(SIMPLE)
    case = player.start()
    player.do(case, ActivateElement(element="u", reason="t entfällt"))
    (task, _) = player.waiting()
    player.do(case, CancelElement(key=task.key, reason="t entfällt"))

    assert where(player) == ["u"]
    assert [event.reason for event in case.events if isinstance(event, Repaired)] == ["t entfällt"] * 2
    player.complete("u")
    assert case.ended is Ending.COMPLETED


def test_failed_work_is_offered_again_until_no_retry_is_left(play: Play) -> None:
    player = play('<startEvent id="s"/><serviceTask id="w"/><endEvent id="e"/>\ns -> w\nw -> e')
    case = player.start()
    (work,) = player.waiting()
    player.do(
        case, FailWork(key=work.key, message="Zeit", retries=1, retry_at=player.now + timedelta(hours=1))
    )
    assert [place.kind for place in player.waiting()] == ["work"]
    player.do(case, FailWork(key=work.key, message="Zeit", retries=0))
    assert [place.code for place in player.waiting()] == ["work-failed"]


INSTANTIATING = (
    '<eventBasedGateway id="g" instantiate="true" eventGatewayType="{0}"/>'
    '<intermediateCatchEvent id="a"><messageEventDefinition messageRef="MA"/></intermediateCatchEvent>'
    '<intermediateCatchEvent id="b"><messageEventDefinition messageRef="MB"/></intermediateCatchEvent>'
    '<endEvent id="e"/>\ng -> a\ng -> b\na -> e\nb -> e'
)
ROOTS = '<message id="MA" name="a"/><message id="MB" name="b"/>'


def test_instantiating_gateway_begins_with_either_event(play: Play) -> None:
    player = play(INSTANTIATING.format("Exclusive"), ROOTS)
    assert player.send("b", correlation="1")
    assert player.cases[1].ended is Ending.COMPLETED


def test_parallel_instantiating_gateway_needs_every_event(play: Play) -> None:
    player = play(INSTANTIATING.format("Parallel"), ROOTS)
    player.send("b", correlation="1")
    assert where(player) == ["a"]
    player.send("a", correlation="1")
    assert [case.ended for case in player.cases.values()] == [Ending.COMPLETED]


def test_program_tells_how_cases_begin(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><startEvent id="m"><messageEventDefinition messageRef="MA"/></startEvent>'
        '<task id="t"/>\ns -> t\nm -> t',
        ROOTS,
    )
    starts = player.programs["P"].starts
    assert [(start.element, start.kind, start.name) for start in starts] == [
        ("s", None, ""),
        ("m", EventKind.MESSAGE, "a"),
    ]


def test_positions_tell_what_is_alive_where(play: Play) -> None:
    player = play(SIMPLE)
    case = player.start()
    (position,) = positions(case.program, case.state)
    assert (position.element, position.waits) == ("t", ("task",))


def test_bytes_that_are_no_state_are_refused() -> None:
    with pytest.raises(StateFormatError):
        decode_state(b"nonsense")


def test_variables_are_written_to_the_scope_that_declares_them_else_to_the_process(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><subProcess id="p"><property id="nr" name="nr"/><startEvent id="i"/><userTask id="t"/>'
        '\ni -> t\n</subProcess><userTask id="u"/>\ns -> p\np -> u'
    )
    case = player.start()
    player.complete("t", {"nr": 1, "name": "N"})
    assert case.variables == {"name": "N"}


def test_activity_waits_until_the_data_of_an_input_set_are_there(play: Play) -> None:
    player = play(
        '<dataObject id="do" name="akte"/><dataObjectReference id="dr" dataObjectRef="do"/><startEvent id="s"/>'
        '<userTask id="t"><ioSpecification><dataInput id="di" name="vorlage"/>'
        "<inputSet><dataInputRefs>di</dataInputRefs></inputSet><outputSet/></ioSpecification>"
        "<dataInputAssociation><sourceRef>dr</sourceRef><targetRef>di</targetRef></dataInputAssociation></userTask>"
        '<endEvent id="e"/>\ns -> t\nt -> e'
    )
    case = player.start()
    assert [place.kind for place in player.waiting()] == ["condition"]
    player.do(case, SetVariables(variables={"akte": "A-1"}))
    (task,) = player.waiting()
    assert task.kind == "task"
    assert case.state.values(task.owner) == {"vorlage": "A-1"}


TWO = '<startEvent id="a"/><startEvent id="b"/><userTask id="t"/><userTask id="u"/>\na -> t\nb -> u'


def test_one_of_several_start_events_is_chosen_and_alone_begins(play: Play) -> None:
    player = play(TWO)

    with pytest.raises(CommandRefused, match="say which: a, b"):
        player.start()
    player.start(element="b")

    assert where(player) == ["u"]


def test_called_process_with_several_start_events_is_refused_and_stands_still(play: Play) -> None:
    """§10.5.2: only one of them is triggered, and nothing in the model says which."""
    called = (
        '<process id="Q"><startEvent id="a"/><startEvent id="b"/><userTask id="t"/>'
        '<sequenceFlow id="f" sourceRef="a" targetRef="t"/><sequenceFlow id="g" sourceRef="b" targetRef="t"/></process>'
    )
    player = play('<startEvent id="s"/><callActivity id="c" calledElement="Q"/>\ns -> c', called)

    player.start("P")

    assert [(found.code, found.element) for found in player.findings if found.severity is Severity.ERROR] == [
        ("called-starts", "c")
    ]
    (stuck,) = player.waiting()
    assert (stuck.kind, stuck.element) == ("incident", "c")


def test_program_is_shown_in_few_words_although_its_parts_refer_to_each_other(play: Play) -> None:
    """Written out in full, a few gateways beside each other took 15 GB."""
    rows = range(40)
    nodes = "".join(f'<exclusiveGateway id="g{i}"/><task id="a{i}"/><task id="b{i}"/>' for i in rows)
    flows = "\n".join(f"g{i} -> a{i}\ng{i} -> b{i}\na{i} -> g{i + 1}\nb{i} -> g{i + 1}" for i in rows)
    player = play(f'<startEvent id="s"/>{nodes}<exclusiveGateway id="g40"/>\ns -> g0\n{flows}')

    assert len(repr(player.programs["P"])) < 1_000
