"""Errors and escalations: who catches them; ends: what they end (BPMN 2.0.2 §10.5.1, §10.5.3, §13.5.6)."""

from __future__ import annotations

import pytest
from tests.conformance.elements.playing import (
    COMPENSATE,
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    begun,
    boundary,
    end,
    play,
    process,
    start,
    sub,
    throw,
    undo,
    user,
    where,
)

from staffel.engine.kernel import CompleteTask, ThrowEscalation
from staffel.engine.kernel.events import Ending, MessageThrown, SignalThrown

S, E = start("s"), end("e")


def test_error_passes_through_a_call_to_the_nearest_catcher() -> None:
    """§10.5.1: propagated to the innermost enclosing scope with an event that can catch it, across calls."""
    outer = sub("o", start("os") + '<callActivity id="p" calledElement="Q"/>\nos -> p')
    child = process(start("qs") + end("q", ERROR) + "\nqs -> q", "Q")
    player = play(S + outer + boundary("b", "o", ERROR) + "s -> o", more=child)
    case = player.start("P")
    assert begun(player)[-3:] == ["p/q", "b", "be"]
    assert case.ended is Ending.COMPLETED


def test_error_with_the_code_goes_before_one_that_catches_all() -> None:
    """§10.5.5: an event without `errorRef` catches any error; the fitting code is the more specific one."""
    inner = start("ps") + end("pe", ERROR) + "\nps -> pe"
    any_error = boundary("a", "p", "<errorEventDefinition/>")
    player = play(S + sub("p", inner) + any_error + boundary("b", "p", ERROR) + "s -> p")
    player.start()
    assert begun(player)[-2:] == ["b", "be"]


def test_error_of_another_code_goes_past_to_the_one_that_catches_all() -> None:
    """§10.5.1: an event that cannot catch the trigger is passed by; the search goes on outwards."""
    inner = sub("p", start("ps") + end("pe", ERROR) + "\nps -> pe")
    other = boundary("b", "p", '<errorEventDefinition errorRef="Y"/>')
    outer = sub("o", start("os") + inner + other + "os -> p")
    player = play(
        S + outer + boundary("a", "o", "<errorEventDefinition/>") + "s -> o", '<error id="Y" errorCode="y"/>'
    )
    player.start()
    assert begun(player)[-2:] == ["a", "ae"]


def test_escalation_passes_through_a_call_and_the_thrower_goes_on() -> None:
    """§10.5.1: escalations are not critical, execution continues where they are thrown."""
    child = process(start("qs") + throw("q", ESCALATION) + user("qt") + "\nqs -> q\nq -> qt", "Q")
    call = '<callActivity id="p" calledElement="Q"/>'
    player = play(S + call + boundary("b", "p", ESCALATION, interrupting=False) + "s -> p", more=child)
    player.start("P")
    assert {"b", "p/qt"} <= set(begun(player))
    assert where(player) == ["p/qt"]


def test_escalation_that_interrupts_ends_the_activity_it_comes_from() -> None:
    """§10.5.4: an escalation boundary event may interrupt, unlike what the escalation itself does."""
    inner = start("ps") + throw("k", ESCALATION) + user("pt") + "\nps -> k\nk -> pt"
    player = play(S + sub("p", inner) + boundary("b", "p", ESCALATION) + E + "\ns -> p\np -> e")
    case = player.start()
    assert begun(player) == ["s", "p", "ps", "k", "b", "be"]
    assert case.ended is Ending.COMPLETED


def test_escalation_that_nothing_catches_is_without_effect() -> None:
    """§10.5.1: by default an escalation that is not caught has no effect; the normal flow goes on."""
    player = play(S + throw("k", ESCALATION) + E + "\ns -> k\nk -> e")
    case = player.start()
    assert begun(player) == ["s", "k", "e"]
    assert case.ended is Ending.COMPLETED


def test_escalation_of_a_task_fires_the_event_beside_it_as_often_as_it_occurs() -> None:
    """§10.5.4: not interrupting, the event is triggered each time."""
    player = play(S + user("t") + boundary("b", "t", ESCALATION, interrupting=False) + "s -> t")
    case = player.start()
    (task,) = player.waiting("t")
    for _ in range(3):
        player.do(case, ThrowEscalation(key=task.key, code="c"))
    assert begun(player).count("be") == 3
    assert where(player) == ["t"]


# end


def test_escalation_end_event_leaves_the_other_branches_of_its_scope_alone() -> None:
    """§10.5.3: other paths of the process go on, unlike with an error."""
    inner = start("ps") + end("pe", ESCALATION) + user("pt") + "\nps -> pe\nps -> pt"
    player = play(
        S + sub("p", inner) + boundary("b", "p", ESCALATION, interrupting=False) + E + "\ns -> p\np -> e"
    )
    player.start()
    assert "be" in begun(player)
    assert where(player) == ["pt"]


def test_error_end_event_ends_everything_in_the_scope_it_leaves() -> None:
    """§10.5.3: all active threads of the sub-process are ended by an error."""
    inner = start("ps") + end("pe", ERROR) + user("pt") + "\nps -> pt\nps -> pe"
    player = play(S + sub("p", inner) + boundary("b", "p", ERROR) + "s -> p")
    case = player.start()
    assert begun(player)[-2:] == ["b", "be"]
    assert case.ended is Ending.COMPLETED


def test_terminate_ends_its_sub_process_and_nothing_above() -> None:
    """§13.5.6: only the sub-process is ended abnormally; higher levels are not affected."""
    inner = start("ps") + user("pt") + end("pe", TERMINATE) + "\nps -> pt\nps -> pe"
    player = play(S + sub("p", inner) + user("t") + "\ns -> p\np -> t")
    player.start()
    assert where(player) == ["t"]


def test_terminate_in_a_multi_instance_ends_the_instance_it_happens_in() -> None:
    """§13.5.6: only the affected instance is terminated; other instances of the sub-process go on."""
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    inner = start("ps") + user("pt") + end("pe", TERMINATE) + user("pu") + "\nps -> pt\npt -> pe\nps -> pu"
    player = play(S + sub("p", loop + inner) + E + "\ns -> p\np -> e")
    case = player.start()
    player.complete("pt")
    assert where(player) == ["pt", "pu"]
    player.complete("pt")
    assert begun(player)[-1] == "e"
    assert case.ended is Ending.COMPLETED


def test_terminate_in_a_called_process_ends_that_call_only() -> None:
    """§13.5.6: the called process is ended; the caller goes on."""
    child = process(start("qs") + user("qt") + end("qe", TERMINATE) + "\nqs -> qt\nqs -> qe", "Q")
    player = play(S + '<callActivity id="p" calledElement="Q"/>' + user("t") + "\ns -> p\np -> t", more=child)
    player.start("P")
    assert where(player) == ["t"]


def test_terminate_of_the_process_closes_all_and_compensates_nothing() -> None:
    """§10.5.3: the process is ended without compensation or event handling."""
    body = '<task id="a"/>' + undo("a") + user("t") + end("k", TERMINATE)
    player = play(S + body + "\ns -> t\ns -> a\na -> k")
    case = player.start()
    assert case.ended is Ending.TERMINATED
    assert "ua" not in begun(player)
    assert where(player) == []


@pytest.mark.parametrize("definitions", [TERMINATE + MESSAGE + SIGNAL, MESSAGE + TERMINATE + SIGNAL])
def test_multiple_end_event_has_all_its_results_in_whatever_order_they_are_written(definitions: str) -> None:
    """§10.5.3: all of the results occur; a message is sent although the event also terminates the process."""
    player = play(S + user("t") + end("k", definitions) + "\ns -> k\ns -> t")
    case = player.start()
    thrown = {type(entry.event) for entry in player.trace}
    assert {MessageThrown, SignalThrown} <= thrown
    assert case.ended is Ending.TERMINATED


def test_multiple_end_event_with_an_error_sends_its_message_too() -> None:
    """§10.5.3: all of the results occur; the error, which ends the scope, comes last."""
    inner = sub("p", start("ps") + end("pe", ERROR + MESSAGE) + "\nps -> pe")
    player = play(S + inner + boundary("b", "p", ERROR) + "s -> p")
    player.start()
    assert any(isinstance(entry.event, MessageThrown) for entry in player.trace)
    assert begun(player)[-2:] == ["b", "be"]


def test_multiple_end_event_compensates_and_signals() -> None:
    """§10.5.3: all of the results occur, those beside a compensation that takes its time too."""
    undone = undo("a", '<userTask id="ua" isForCompensation="true"/>')
    body = '<task id="a"/>' + undone + end("k", COMPENSATE + SIGNAL + TERMINATE)
    player = play(S + body + user("t") + "\ns -> t\ns -> a\na -> k")
    case = player.start()
    assert where(player) == ["t", "ua"]
    player.complete("ua")
    assert any(isinstance(entry.event, SignalThrown) for entry in player.trace)
    assert case.ended is Ending.TERMINATED


def test_message_end_event_sends_and_the_case_ends_when_all_branches_have() -> None:
    """§13.5.6: an end event consumes its token; the process ends when none is left."""
    player = play(S + end("k", MESSAGE) + user("t") + "\ns -> k\ns -> t")
    case = player.start()
    assert case.ended is None
    (task,) = player.waiting("t")
    player.do(case, CompleteTask(key=task.key, variables={}))
    assert case.ended is Ending.COMPLETED


def test_terminate_takes_effect_when_its_token_arrives() -> None:
    """§13.5.6: a branch beside it that has begun goes no step further."""
    inner = sub("p", start("ps") + throw("k", MESSAGE) + end("pe") + "\nps -> k\nk -> pe")
    player = play(S + inner + end("z", TERMINATE) + "\ns -> p\ns -> z")
    case = player.start()
    assert begun(player) == ["s", "p", "ps", "z"]
    assert not any(isinstance(entry.event, MessageThrown) for entry in player.trace)
    assert case.ended is Ending.TERMINATED
