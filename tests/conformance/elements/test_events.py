"""Events: who hears what, how often, and what goes on beside it (BPMN 2.0.2 §10.5, §13.5)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.conformance.elements.playing import (
    CONDITION,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    begun,
    boundary,
    catch,
    done,
    end,
    event_sub,
    link,
    play,
    process,
    start,
    sub,
    throw,
    timer,
    user,
    where,
)

from staffel.engine.kernel import DeliverSignal, SetVariables
from staffel.engine.kernel.events import Ending

S, E = start("s"), end("e")


# start


def test_parallel_multiple_start_event_begins_once_all_triggers_have_come() -> None:
    """§10.5.2: all of the triggers are needed to instantiate; the case that the first one began awaits the rest."""
    player = play(start("s", MESSAGE + SIGNAL, more=' parallelMultiple="true"') + user("t") + "\ns -> t")
    assert player.send("m", {"a": Decimal(1)})
    assert where(player) == ["s"]
    player.do(1, DeliverSignal(name="s", payload={"b": Decimal(2)}))
    assert where(player) == ["t"]
    assert player.cases[1].variables == {"a": 1, "b": 2}


def test_signal_that_completes_the_triggers_of_a_start_begins_no_further_case() -> None:
    """§10.5.2: a set of triggers makes one instance, however often the sets come."""
    player = play(start("s", MESSAGE + SIGNAL, more=' parallelMultiple="true"') + E + "\ns -> e")
    for _ in range(3):
        player.send("m")
        player.signal("s")
    assert [case.ended for case in player.cases.values()] == [Ending.COMPLETED] * 3


def test_multiple_start_event_begins_a_case_for_each_of_its_triggers() -> None:
    """§10.5.2: only one of the triggers is needed to instantiate the process."""
    player = play(start("s", MESSAGE + SIGNAL) + E + "\ns -> e")
    assert player.send("m")
    player.signal("s")
    assert [case.ended for case in player.cases.values()] == [Ending.COMPLETED, Ending.COMPLETED]


def test_each_of_several_start_events_begins_a_case_of_its_own() -> None:
    """§13.5.1: every start event that is triggered creates a new process instance."""
    player = play(start("s") + start("m", MESSAGE) + E + "\ns -> e\nm -> e")
    player.start(element="s")
    player.send("m")
    assert begun(player) == ["s", "e", "m", "e"]
    assert len(player.cases) == 2


@pytest.mark.parametrize(
    ("definition", "kind"),
    [(timer("timeCycle", "R3/P1D"), "timer"), (timer("timeDate", "2030-01-01T08:00:00Z"), "timer")],
)
def test_timer_start_event_tells_when_cases_begin(definition: str, kind: str) -> None:
    """§10.5.2: a specific date or a cycle triggers the start; who runs the engine asks the program for it."""
    player = play(start("s", definition) + E + "\ns -> e")
    (plan,) = player.programs["P"].starts
    assert (plan.element, plan.kind) == ("s", kind)
    case = player.start(element="s")
    assert case.ended is Ending.COMPLETED


def test_process_without_start_events_begins_with_all_that_has_no_way_in() -> None:
    """§10.3.1: activities and gateways without incoming flow are instantiated when the process is."""
    player = play(user("a", "b") + E + "\na -> e")
    case = player.start()
    assert where(player) == ["a", "b"]
    player.complete("a")
    player.complete("b")
    assert case.ended is Ending.COMPLETED


# intermediate


def test_signal_reaches_every_place_that_waits_elsewhere() -> None:
    """§10.5.1: a published trigger is received by every catching event of any scope; absorbing is local to one activity."""
    host = sub("p", f"{start('ps')}{user('pt')}{event_sub('v', SIGNAL)}\nps -> pt")
    player = play(S + host + catch("c", SIGNAL) + E + "\ns -> p\np -> e\ns -> c\nc -> e")
    case = player.start()
    player.do(case, DeliverSignal(name="s"))
    assert {"v", "c"} <= set(begun(player))
    assert case.ended is Ending.COMPLETED


def test_signal_of_one_case_reaches_other_cases_and_begins_new_ones() -> None:
    """§10.5.1: the scope of a signal is general; every process that waits for it hears it."""
    other = process(f"{start('qs', SIGNAL)}{user('qt')}\nqs -> qt", "Q")
    body = S + user("t") + throw("k", SIGNAL) + E + boundary("b", "t", SIGNAL) + "\ns -> t\nt -> k\nk -> e"
    player = play(body, more=other)
    player.start("P")
    player.start("P")
    player.complete("t", case=1)
    assert begun(player, 1)[-2:] == ["k", "e"]
    assert begun(player, 2)[-2:] == ["b", "be"]
    assert begun(player, 3) == ["qs", "qt"]


def test_message_goes_to_exactly_one_of_two_that_wait() -> None:
    """§10.5.1: a message is delivered to one catch event; a second message is needed for the second."""
    player = play(S + catch("c", MESSAGE) + E + "\ns -> c\nc -> e")
    player.start(reference="A")
    player.start(reference="A")
    assert player.send("m", correlation="A")
    assert where(player) == ["c"]
    assert player.send("m", correlation="A")
    assert not player.send("m", correlation="A")


def test_event_definition_of_the_file_may_be_referred_to() -> None:
    """§10.5.5: a reusable event definition, by `eventDefinitionRef`."""
    ref = "<eventDefinitionRef>sd</eventDefinitionRef>"
    player = play(
        S + catch("c", ref) + E + "\ns -> c\nc -> e", '<signalEventDefinition id="sd" signalRef="S"/>'
    )
    case = player.start()
    player.do(case, DeliverSignal(name="s"))
    assert case.ended is Ending.COMPLETED


def test_referred_and_own_definitions_make_one_multiple_event() -> None:
    """§10.5.1: the triggers of an event are its own definitions and those it refers to, together."""
    event = catch("c", f"{MESSAGE}<eventDefinitionRef>sd</eventDefinitionRef>", ' parallelMultiple="true"')
    player = play(S + event + E + "\ns -> c\nc -> e", '<signalEventDefinition id="sd" signalRef="S"/>')
    case = player.start()
    player.send("m")
    assert case.ended is None
    player.do(case, DeliverSignal(name="s"))
    assert case.ended is Ending.COMPLETED


def test_link_events_join_two_parts_of_one_scope() -> None:
    """§10.5.6: a link is a virtual sequence flow; several sources may have one target."""
    body = throw("a", link("l")) + throw("b", link("l")) + catch("c", link("l"))
    player = play(S + body + E + "\ns -> a\ns -> b\nc -> e")
    case = player.start()
    assert (begun(player).count("c"), begun(player).count("e")) == (2, 2)
    assert case.ended is Ending.COMPLETED


def test_link_can_lead_back_to_an_earlier_step() -> None:
    """§10.5.6: links may create looping situations."""
    body = (
        user("t") + '<exclusiveGateway id="x" default="x_e"/>' + throw("k", link("l")) + catch("c", link("l"))
    )
    player = play(S + body + E + "\ns -> t\nc -> t\nt -> x\nx -> k : again\nx -> e")
    case = player.start()
    player.complete("t", {"again": True})
    player.complete("t", {"again": False})
    assert begun(player) == ["s", "t", "x", "k", "c", "t", "x", "e"]
    assert case.ended is Ending.COMPLETED


def test_token_that_a_link_brings_is_awaited_by_an_inclusive_join() -> None:
    """§13.4.3, §10.5.6: a path over a link is a path like any other."""
    body = '<parallelGateway id="g"/><inclusiveGateway id="j"/>' + user("a", "b", "t")
    body += throw("k", link("l")) + catch("c", link("l"))
    player = play(S + body + "\ns -> g\ng -> a\ng -> b\na -> j\nb -> k\nc -> j\nj -> t")
    player.start()
    player.complete("a")
    assert where(player) == ["b"]
    player.complete("b")
    assert where(player) == ["t"]


def test_link_events_inside_a_sub_process_join_there() -> None:
    """§10.5.6: source and target of a link are in the same scope; equal names elsewhere are other links."""
    inner = start("ps") + throw("pk", link("l")) + catch("pc", link("l")) + end("pe") + "\nps -> pk\npc -> pe"
    player = play(
        S + sub("p", inner) + throw("k", link("l")) + catch("c", link("l")) + E + "\ns -> p\np -> k\nc -> e"
    )
    player.start()
    assert begun(player) == ["s", "p", "ps", "pk", "pc", "pe", "k", "c", "e"]


def test_condition_is_checked_whenever_what_it_reads_changes() -> None:
    """§10.5.5: a conditional event fires when its condition turns from false to true."""
    condition = "<conditionalEventDefinition><condition>a + b &gt; 3</condition></conditionalEventDefinition>"
    player = play(S + catch("c", condition) + E + "\ns -> c\nc -> e")
    case = player.start(values={"a": Decimal(1)})
    player.do(case, SetVariables(variables={"b": Decimal(1)}))
    assert case.ended is None
    player.do(case, SetVariables(variables={"b": Decimal(3)}))
    assert case.ended is Ending.COMPLETED


def test_condition_that_a_task_of_the_case_makes_true_fires() -> None:
    """§10.5.5: what changes the data does not matter; a task beside it may."""
    player = play(S + catch("c", CONDITION) + user("t") + E + "\ns -> c\ns -> t\nc -> e\nt -> e")
    case = player.start(values={"ok": False})
    player.complete("t", {"ok": True})
    assert case.ended is Ending.COMPLETED


def test_multiple_throw_event_throws_all_of_its_results() -> None:
    """§10.5.4: all of the event definitions are thrown."""
    player = play(S + throw("k", MESSAGE + SIGNAL + ESCALATION) + E + "\ns -> k\nk -> e")
    case = player.start()
    thrown = [type(entry.event).__name__ for entry in player.trace if "Thrown" in type(entry.event).__name__]
    assert thrown == ["MessageThrown", "SignalThrown", "EscalationThrown"]
    assert case.ended is Ending.COMPLETED


# boundary


def test_multiple_boundary_event_fires_on_any_of_its_triggers() -> None:
    """§10.5.5: one of several triggers is enough; non-interrupting it fires for each occurrence."""
    player = play(S + user("t") + boundary("b", "t", MESSAGE + SIGNAL, interrupting=False) + "s -> t")
    case = player.start()
    player.do(case, DeliverSignal(name="s"))
    player.send("m")
    assert begun(player).count("be") == 2
    assert "t" in where(player)


def test_parallel_multiple_boundary_event_needs_all_its_triggers_each_time() -> None:
    """§10.5.4: all of the triggers have to come; not interrupting, the event then waits for all of them anew."""
    event = boundary("b", "t", MESSAGE + SIGNAL, interrupting=False, more=' parallelMultiple="true"')
    player = play(S + user("t") + event + "s -> t")
    case = player.start()
    player.send("m")
    assert "b" not in begun(player)
    player.do(case, DeliverSignal(name="s"))
    assert begun(player).count("b") == 1
    player.do(case, DeliverSignal(name="s"))
    player.send("m")
    assert begun(player).count("b") == 2


@pytest.mark.parametrize("definition", [SIGNAL, CONDITION, timer("timeDuration", "PT1H")])
def test_interrupting_boundary_event_ends_the_activity_and_takes_its_own_way(definition: str) -> None:
    """§13.5.3: the activity is interrupted; the event's outgoing flow is followed instead of the activity's."""
    player = play(S + user("t") + boundary("b", "t", definition) + E + "\ns -> t\nt -> e")
    case = player.start(values={"ok": False})
    player.do(case, DeliverSignal(name="s"))
    player.pass_time(timedelta(hours=2))
    if case.ended is None:
        player.do(case, SetVariables(variables={"ok": True}))
    assert begun(player) == ["s", "t", "b", "be"]
    assert done(player) == ["s", "b", "be"]
    assert case.ended is Ending.COMPLETED


def test_repeating_timer_fires_beside_its_task_as_often_as_it_says() -> None:
    """§10.5.5, §13.5.3: `timeCycle` of a non-interrupting event; the activity goes on."""
    player = play(
        S + user("t") + boundary("b", "t", timer("timeCycle", "R3/PT1H"), interrupting=False) + "s -> t"
    )
    player.start()
    assert player.pass_time(timedelta(hours=9)) == 3
    assert begun(player).count("be") == 3
    assert where(player) == ["t"]


def test_boundary_event_is_over_when_its_activity_is() -> None:
    """§13.5.3: a boundary event is enabled only while its activity is active."""
    player = play(S + user("t", "u") + boundary("b", "t", SIGNAL, interrupting=False) + "s -> t\nt -> u")
    case = player.start()
    player.complete("t")
    player.do(case, DeliverSignal(name="s"))
    assert "b" not in begun(player)


def test_boundary_event_of_a_multi_instance_interrupts_all_its_instances() -> None:
    """§13.5.3, §13.3.7: the event is attached to the activity, not to one instance of it."""
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    host = f'<userTask id="t">{loop}</userTask>'
    player = play(S + host + boundary("b", "t", SIGNAL) + "s -> t")
    case = player.start()
    assert where(player) == ["b", "t", "t", "t"]
    player.do(case, DeliverSignal(name="s"))
    assert begun(player)[-2:] == ["b", "be"]
    assert case.ended is Ending.COMPLETED
