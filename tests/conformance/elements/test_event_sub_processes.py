"""Event sub-processes of every kind, at every depth, interrupting and not (BPMN 2.0.2 §10.3.5, §10.5.6, §13.5.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conformance.elements.playing import (
    CONDITION,
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    begun,
    boundary,
    end,
    event_sub,
    incidents,
    play,
    process,
    start,
    sub,
    throw,
    timer,
    user,
    where,
)

from staffel.engine.kernel import DeliverSignal, SetVariables, ThrowError
from staffel.engine.kernel.events import Ending
from staffel.engine.play import Player

S, E = start("s"), end("e")
WORK = start("ps") + user("pt") + "\nps -> pt"
DURATION = timer("timeDuration", "PT1H")


def trigger(player: Player) -> None:
    """Let the message, the signal, the time and the condition come."""
    player.send("m")
    for case in player.cases.values():
        if case.ended is None:
            player.do(case, DeliverSignal(name="s"))
    player.pass_time(timedelta(hours=2))
    for case in player.cases.values():
        if case.ended is None:
            player.do(case, SetVariables(variables={"ok": True}))


@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL, DURATION, CONDITION])
def test_interrupting_one_ends_what_runs_in_its_scope_and_stands_for_it(definition: str) -> None:
    """§13.5.4: the parent's activities are ended; when the event sub-process is done, the parent is completed."""
    host = sub("p", WORK + event_sub("v", definition, user("vt") + "\nvs -> vt"))
    player = play(S + host + user("t") + "\ns -> p\np -> t")
    player.start(values={"ok": False})
    trigger(player)
    assert where(player) == ["vt"]
    player.complete("vt")
    assert where(player) == ["t"]


@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL, DURATION, CONDITION])
def test_the_same_one_not_interrupting_runs_beside_its_scope(definition: str) -> None:
    """§13.5.4: the parent goes on; it is completed when neither it nor any event sub-process has anything left."""
    host = sub("p", WORK + event_sub("v", definition, user("vt") + "\nvs -> vt", interrupting=False))
    player = play(S + host + user("t") + "\ns -> p\np -> t")
    player.start(values={"ok": False})
    trigger(player)
    assert {"pt", "vt"} <= set(where(player))
    player.complete("pt")
    assert "t" not in where(player)
    player.complete("vt")
    assert where(player) == ["t"]


def test_one_absorbs_the_signal_for_the_boundary_of_its_activity() -> None:
    """§10.5.6: completing without re-throwing, the activity is completed and the normal flow resumes."""
    player = play(
        S + sub("p", WORK + event_sub("v", SIGNAL)) + boundary("b", "p", SIGNAL) + E + "\ns -> p\np -> e"
    )
    player.do(player.start(), DeliverSignal(name="s"))
    assert begun(player) == ["s", "p", "ps", "pt", "v", "vs", "ve", "e"]


def test_one_that_throws_again_passes_the_signal_to_the_boundary() -> None:
    """§10.5.6, §13.5.4: retriggering continues the event outside of the boundary."""
    again = event_sub("v", SIGNAL, end("ve", SIGNAL) + "\nvs -> ve")
    player = play(S + sub("p", WORK + again) + boundary("b", "p", SIGNAL) + E + "\ns -> p\np -> e")
    player.do(player.start(), DeliverSignal(name="s"))
    assert begun(player) == ["s", "p", "ps", "pt", "v", "vs", "ve", "b", "be"]


def test_error_thrown_again_by_a_handler_goes_on_outside() -> None:
    """§13.5.4: the event sub-process handles the error, then the boundary event of its activity takes it."""
    inner = start("ps") + end("pe", ERROR) + "\nps -> pe"
    again = event_sub("v", ERROR, end("ve", ERROR) + "\nvs -> ve")
    player = play(S + sub("p", inner + again) + boundary("b", "p", ERROR) + "s -> p")
    player.start()
    assert begun(player)[-3:] == ["ve", "b", "be"]


def test_escalation_thrown_again_by_a_handler_goes_on_outside() -> None:
    """§13.5.4: an escalation can be thrown again from its handler, and the outer event hears it."""
    inner = start("ps") + throw("k", ESCALATION) + user("pt") + "\nps -> k\nk -> pt"
    again = event_sub("v", ESCALATION, end("ve", ESCALATION) + "\nvs -> ve", interrupting=False)
    player = play(S + sub("p", inner + again) + boundary("b", "p", ESCALATION, interrupting=False) + "s -> p")
    player.start()
    assert begun(player).count("be") == 1
    assert where(player) == ["pt"]


def test_non_interrupting_one_runs_as_often_as_the_event_occurs() -> None:
    """§10.5.6: several event sub-process instances are created concurrently, the activity goes on."""
    player = play(
        S + user("t") + event_sub("v", SIGNAL, user("vt") + "\nvs -> vt", interrupting=False) + "\ns -> t"
    )
    case = player.start()
    for _ in range(2):
        player.do(case, DeliverSignal(name="s"))
    assert where(player) == ["t", "vs", "vt", "vt"]


def test_non_interrupting_escalations_are_all_handled_together() -> None:
    """§13.5.4: every occurrence creates an instance, also while earlier ones still run."""
    inner = (
        start("ps")
        + throw("k", ESCALATION)
        + throw("l", ESCALATION)
        + user("pt")
        + "\nps -> k\nk -> l\nl -> pt"
    )
    player = play(
        S
        + sub("p", inner + event_sub("v", ESCALATION, user("vt") + "\nvs -> vt", interrupting=False))
        + "\ns -> p"
    )
    player.start()
    assert where(player) == ["pt", "vt", "vt"]


def test_repeating_timer_begins_one_each_time() -> None:
    """§10.5.2, §10.5.5: `timeCycle` at a non-interrupting start event."""
    cycle = timer("timeCycle", "R3/PT1H")
    player = play(
        S + user("t") + event_sub("v", cycle, user("vt") + "\nvs -> vt", interrupting=False) + "\ns -> t"
    )
    player.start()
    player.pass_time(timedelta(hours=9))
    assert where(player) == ["t", "vt", "vt", "vt"]


def test_parallel_multiple_one_waits_for_all_its_triggers() -> None:
    """§10.5.2: all triggers of a parallel multiple start event have to come."""
    body = start("vs", MESSAGE + SIGNAL, more=' parallelMultiple="true"') + end("ve") + "\nvs -> ve"
    player = play(S + user("t") + sub("v", body, event=True) + "\ns -> t")
    case = player.start()
    player.send("m")
    assert "v" not in begun(player)
    player.do(case, DeliverSignal(name="s"))
    assert begun(player)[-3:] == ["v", "vs", "ve"]
    assert case.ended is Ending.COMPLETED


def test_one_inside_another_hears_events_while_the_outer_one_runs() -> None:
    """§10.3.5: an event sub-process is a sub-process and can have event sub-processes of its own."""
    inner = event_sub("w", MESSAGE, user("wt") + "\nws -> wt", interrupting=False)
    outer = event_sub("v", SIGNAL, user("vt") + inner + "\nvs -> vt")
    player = play(S + user("t") + outer + E + "\ns -> t\nt -> e")
    case = player.start()
    assert not player.send("m")
    player.do(case, DeliverSignal(name="s"))
    player.send("m")
    assert where(player) == ["vt", "ws", "wt"]
    player.complete("vt")
    player.complete("wt")
    assert case.ended is Ending.COMPLETED


@pytest.mark.parametrize("depth", [1, 5, 40])
def test_one_of_the_process_interrupts_whatever_runs_however_deep(depth: int) -> None:
    """§13.5.4: all that runs in the scope ends, nested sub-processes included."""
    body = user("deep") + "\nq0 -> deep"
    for level in range(depth):
        body = start(f"q{level}") + body
        body = sub(f"p{level}", body) + f"\nq{level + 1} -> p{level}"
    player = play(start(f"q{depth}") + body + event_sub("v", SIGNAL))
    case = player.start()
    assert where(player) == ["deep", "vs"]
    player.do(case, DeliverSignal(name="s"))
    assert case.ended is Ending.COMPLETED


def test_error_is_handled_in_the_innermost_scope_that_can() -> None:
    """§10.5.1: innermost first: the event sub-process of the scope, then what is attached to it, then further out."""
    inner = sub("p", start("ps") + end("pe", ERROR) + event_sub("v", ERROR) + "\nps -> pe")
    outer = sub("o", start("os") + inner + event_sub("w", ERROR) + end("oe") + "\nos -> p\np -> oe")
    player = play(S + outer + boundary("b", "o", ERROR) + E + "\ns -> o\no -> e")
    player.start()
    assert begun(player)[-5:] == ["v", "vs", "ve", "oe", "e"]
    assert not {"w", "b"} & set(begun(player))


def test_error_of_a_task_is_handled_beside_it() -> None:
    """§13.5.4: an error event sub-process catches the errors of every activity of its scope."""
    player = play(S + user("t") + event_sub("v", ERROR, user("vt") + "\nvs -> vt") + "\ns -> t")
    case = player.start()
    (task,) = player.waiting("t")
    player.do(case, ThrowError(key=task.key, code="x"))
    assert where(player) == ["vt"]


def test_error_from_inside_its_own_handler_is_not_handled_by_it_again() -> None:
    """§13.5.4: the scope was interrupted by its handler; what the handler throws goes outwards."""
    inner = (
        start("ps") + end("pe", ERROR) + event_sub("v", ERROR, end("ve", ERROR) + "\nvs -> ve") + "\nps -> pe"
    )
    player = play(S + sub("p", inner) + "\ns -> p")
    player.start()
    assert begun(player).count("v") == 1
    assert [each.code for each in incidents(player)] == ["error-uncaught"]


def test_terminate_inside_one_ends_only_that_one() -> None:
    """§13.5.6: the event sub-process is the sub-process that is ended; its parent goes on."""
    body = user("vt") + end("ve", TERMINATE) + "\nvs -> vt\nvs -> ve"
    player = play(S + sub("p", WORK + event_sub("v", SIGNAL, body, interrupting=False)) + "\ns -> p")
    case = player.start()
    player.do(case, DeliverSignal(name="s"))
    assert where(player) == ["pt", "vs"]


def test_first_interrupting_one_silences_the_others_of_its_scope() -> None:
    """§13.5.4: once interrupted, the scope begins no further event sub-process."""
    first = event_sub("v", SIGNAL, user("vt") + "\nvs -> vt")
    player = play(S + user("t") + first + event_sub("w", MESSAGE, user("wt") + "\nws -> wt") + "\ns -> t")
    case = player.start()
    player.do(case, DeliverSignal(name="s"))
    assert not player.send("m")
    assert where(player) == ["vt"]


def test_one_in_a_multi_instance_interrupts_its_own_instance() -> None:
    """§13.3.7, §13.5.4: every instance is a scope of its own, with event sub-processes of its own."""
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    player = play(S + sub("p", loop + WORK + event_sub("v", MESSAGE)) + E + "\ns -> p\np -> e")
    case = player.start()
    player.send("m")
    assert where(player) == ["pt", "vs"]
    player.complete("pt")
    assert case.ended is Ending.COMPLETED


def test_one_of_a_called_process_hears_events_while_the_call_runs() -> None:
    """§13.5.4: a called process has its event sub-processes like any other."""
    child = process(start("qs") + user("qt") + event_sub("v", SIGNAL) + "\nqs -> qt", "Q")
    player = play(S + '<callActivity id="p" calledElement="Q"/>' + user("t") + "\ns -> p\np -> t", more=child)
    case = player.start("P")
    player.do(case, DeliverSignal(name="s"))
    assert where(player) == ["t"]


def test_one_in_a_transaction_handles_a_hazard_without_compensation() -> None:
    """§10.3.5: an error handled inside lets the transaction be completed."""
    body = start("i") + end("k", ERROR) + event_sub("v", ERROR) + "\ni -> k"
    player = play(S + sub("t", body, tag="transaction") + E + "\ns -> t\nt -> e")
    case = player.start()
    assert begun(player)[-4:] == ["v", "vs", "ve", "e"]
    assert case.ended is Ending.COMPLETED


def test_values_that_come_with_the_event_are_there_in_the_handler() -> None:
    """§10.4.2, §10.5.1: the data of a trigger go to the process that catches it."""
    player = play(S + user("t") + event_sub("v", MESSAGE, user("vt") + "\nvs -> vt") + "\ns -> t")
    case = player.start()
    player.send("m", {"ort": "Rheine"})
    assert case.variables["ort"] == "Rheine"


def test_error_out_of_a_handler_that_did_not_interrupt_goes_outwards() -> None:
    """§13.5.4: an error of the event sub-process is one of its scope, caught around it."""
    own = event_sub("v", SIGNAL, end("ve", ERROR) + "\nvs -> ve", interrupting=False)
    player = play(S + sub("p", WORK + own) + boundary("b", "p", ERROR) + "s -> p")
    case = player.start()
    player.do(case, DeliverSignal(name="s"))
    assert begun(player)[-3:] == ["ve", "b", "be"]
    assert case.ended is Ending.COMPLETED
