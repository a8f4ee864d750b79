"""Gateways: who waits for whom, and which flows are taken (BPMN 2.0.2 §10.6, §13.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conformance.elements.playing import (
    CONDITION,
    MESSAGE,
    SIGNAL,
    begun,
    boundary,
    catch,
    end,
    incidents,
    play,
    start,
    sub,
    timer,
    user,
    where,
)

from staffel.engine.kernel import DeliverSignal, SetVariables
from staffel.engine.kernel.events import Ending, FlowTaken
from staffel.engine.play import Player

S, E = start("s"), end("e")


def taken(player: Player, flow: str) -> int:
    return sum(isinstance(entry.event, FlowTaken) and entry.event.flow == flow for entry in player.trace)


# exclusive


def test_exclusive_gateway_takes_the_first_flow_that_holds_in_the_order_of_the_model() -> None:
    """§13.4.2: conditions are evaluated in order; the first that is true is taken."""
    body = '<exclusiveGateway id="x" default="x_c"/>' + user("a", "b", "c")
    player = play(S + body + "\ns -> x\nx -> a : n > 9\nx -> b : n > 4\nx -> c")
    for number in (12, 7, 1):
        player.start(values={"n": number})
    assert where(player) == ["a", "b", "c"]


def test_exclusive_gateway_passes_on_every_token_that_comes() -> None:
    """§13.4.2: merging, each token is passed on for itself; nothing is awaited."""
    body = '<parallelGateway id="g"/><exclusiveGateway id="x"/>' + user("a", "b", "t")
    player = play(S + body + "\ns -> g\ng -> a\ng -> b\na -> x\nb -> x\nx -> t")
    player.start()
    player.complete("a")
    player.complete("b")
    assert where(player) == ["t", "t"]


def test_without_a_flow_to_take_the_case_stands_still() -> None:
    """§13.4.2: an exception where no condition holds and no default flow is given."""
    body = '<exclusiveGateway id="x"/>' + user("a", "b")
    player = play(S + body + "\ns -> x\nx -> a : n > 9\nx -> b : n > 4")
    player.start(values={"n": 1})
    (incident,) = incidents(player)
    assert (incident.element, incident.code) == ("x", "no-flow")
    player.complete("x", {"n": 5})
    assert where(player) == ["b"]


# parallel


def test_parallel_gateway_joins_and_splits_at_once() -> None:
    """§13.4.1: a token from every incoming flow, then one on every outgoing flow."""
    body = '<parallelGateway id="g"/><parallelGateway id="j"/>' + user("a", "b", "c", "d")
    player = play(S + body + "\ns -> g\ng -> a\ng -> b\na -> j\nb -> j\nj -> c\nj -> d")
    player.start()
    player.complete("a")
    assert where(player) == ["b"]
    player.complete("b")
    assert where(player) == ["c", "d"]


def test_parallel_gateway_takes_one_token_of_each_flow_and_keeps_the_excess() -> None:
    """§13.4.1: with several tokens on one flow only one is consumed; the others wait for the next time."""
    body = '<parallelGateway id="g"/><exclusiveGateway id="m"/><parallelGateway id="j"/>' + user(
        "a", "b", "c", "t"
    )
    player = play(S + body + "\ns -> g\ng -> a\ng -> b\ng -> c\na -> m\nb -> m\nm -> j\nc -> j\nj -> t")
    case = player.start()
    player.complete("a")
    player.complete("b")
    assert case.state.tokens == {0: ("m_j", "m_j")}
    player.complete("c")
    assert where(player) == ["t"]
    assert case.state.tokens == {0: ("m_j",)}


# inclusive


def test_inclusive_join_waits_for_the_tokens_that_can_come_and_no_others() -> None:
    """§13.4.3: every incoming flow that a token can still reach is awaited."""
    body = '<inclusiveGateway id="g"/><inclusiveGateway id="j"/>' + user("a", "b", "c", "t")
    player = play(
        S + body + "\ns -> g\ng -> a : true\ng -> b : x\ng -> c : false\na -> j\nb -> j\nc -> j\nj -> t"
    )
    player.start(values={"x": True})
    player.complete("a")
    assert where(player) == ["b"]
    player.complete("b")
    assert where(player) == ["t"]


def test_inclusive_join_in_a_loop_waits_only_for_what_can_come() -> None:
    """§13.4.3: a token before the join that can also come by the loop's back flow does not block it."""
    body = '<inclusiveGateway id="j"/><exclusiveGateway id="x" default="x_e"/>' + user("t")
    player = play(S + body + E + "\ns -> j\nj -> t\nt -> x\nx -> e\nx -> j : again")
    case = player.start()
    player.complete("t", {"again": True})
    player.complete("t", {"again": False})
    assert begun(player) == ["s", "j", "t", "x", "j", "t", "x", "e"]
    assert case.ended is Ending.COMPLETED


def test_inclusive_join_goes_on_when_the_awaited_branch_turns_away() -> None:
    """§13.4.3: once no token can reach the empty flow any more, the join goes on."""
    body = '<parallelGateway id="g"/><inclusiveGateway id="j"/><exclusiveGateway id="x" default="x_f"/>'
    player = play(
        S
        + body
        + user("a", "b", "t")
        + end("f")
        + "\ns -> g\ng -> a\ng -> b\na -> j\nb -> x\nx -> j : back\nx -> f\nj -> t"
    )
    player.start()
    player.complete("a")
    assert where(player) == ["b"]
    player.complete("b", {"back": False})
    assert where(player) == ["t"]


def test_inclusive_join_awaits_what_a_boundary_event_may_still_send() -> None:
    """§13.4.3, §13.5.3: the way over a boundary event of an active activity leads to the join too."""
    body = '<parallelGateway id="g"/><inclusiveGateway id="j"/>' + user("a", "b", "t")
    event = f'<boundaryEvent id="k" attachedToRef="b">{SIGNAL}</boundaryEvent>' + end("f")
    player = play(S + body + event + "\ns -> g\ng -> a\ng -> b\na -> j\nk -> j\nb -> f\nj -> t")
    case = player.start()
    player.complete("a")
    assert "t" not in where(player)
    player.do(case, DeliverSignal(name="s"))
    assert where(player) == ["t"]
    assert begun(player).count("t") == 1


def test_inclusive_split_takes_the_default_only_when_nothing_else_holds() -> None:
    """§13.4.3: every flow whose condition holds; the default flow when none does."""
    body = '<inclusiveGateway id="g" default="g_c"/>' + user("a", "b", "c")
    player = play(S + body + "\ns -> g\ng -> a : n > 1\ng -> b : n > 2\ng -> c")
    player.start(values={"n": 3})
    player.start(values={"n": 0})
    assert (where(player), player.waiting(case=2)[0].element) == (["a", "b", "c"], "c")


def test_inclusive_join_in_a_sub_process_does_not_look_outside_it() -> None:
    """§13.4.3: tokens of the same process level count."""
    inner = start("ps") + '<inclusiveGateway id="g"/><inclusiveGateway id="j"/>' + user("a", "b", "c")
    inner += "\nps -> g\ng -> a : true\ng -> b : false\na -> j\nb -> j\nj -> c"
    player = play(S + sub("p", inner) + user("t") + "\ns -> p\ns -> t")
    player.start()
    player.complete("a")
    assert where(player) == ["c", "t"]


# complex


def test_complex_gateway_goes_on_with_two_of_three_and_resets_with_the_third() -> None:
    """§13.4.4: activated when the condition holds; the late token resets it and is consumed."""
    join = '<complexGateway id="j"><activationCondition>activationCount &gt;= 2</activationCondition></complexGateway>'
    body = '<parallelGateway id="g"/>' + user("a", "b", "c") + join
    player = play(S + body + E + "\ns -> g\ng -> a\ng -> b\ng -> c\na -> j\nb -> j\nc -> j\nj -> e")
    case = player.start()
    for task, times in (("a", 0), ("b", 1), ("c", 1)):
        player.complete(task)
        assert taken(player, "j_e") == times
    assert case.ended is Ending.COMPLETED


def test_complex_gateway_can_send_the_late_ones_another_way() -> None:
    """§13.4.4: at the reset flows get a token whose condition holds with `waitingForStart` false."""
    join = '<complexGateway id="j"><activationCondition>activationCount &gt;= 1</activationCondition></complexGateway>'
    body = '<parallelGateway id="g"/>' + user("a", "b", "t", "u") + join
    player = play(
        S
        + body
        + "\ns -> g\ng -> a\ng -> b\na -> j\nb -> j\nj -> t : waitingForStart\nj -> u : not(waitingForStart)"
    )
    player.start()
    player.complete("a")
    assert where(player) == ["b", "t"]
    player.complete("b")
    assert where(player) == ["t", "u"]


def test_complex_gateway_may_ask_for_single_flows() -> None:
    """§13.4.4: the activation condition can refer to the tokens of each incoming flow."""
    join = '<complexGateway id="j"><activationCondition>a_j &gt;= 1 or activationCount = 3</activationCondition></complexGateway>'
    body = '<parallelGateway id="g"/>' + user("a", "b", "c", "t") + join
    player = play(S + body + "\ns -> g\ng -> a\ng -> b\ng -> c\na -> j\nb -> j\nc -> j\nj -> t")
    player.start()
    player.complete("b")
    assert "t" not in where(player)
    player.complete("a")
    assert "t" in where(player)


# event-based


@pytest.mark.parametrize("first", ["m", "n", "k", "c", "r"])
def test_event_based_gateway_goes_the_way_of_the_first_event_and_closes_the_others(first: str) -> None:
    """§13.4.5: the first event to occur takes the token; the others are no longer waited for."""
    events = {
        "m": catch("m", MESSAGE),
        "n": catch("n", SIGNAL),
        "k": catch("k", timer("timeDuration", "P1D")),
        "c": catch("c", CONDITION),
    }
    if first == "r":
        del events["m"]
        events["r"] = '<receiveTask id="r" messageRef="M"/>'
    ways = "".join(f"\ng -> {each}\n{each} -> e" for each in events)
    player = play(S + '<eventBasedGateway id="g"/>' + "".join(events.values()) + E + "\ns -> g" + ways)
    case = player.start(values={"ok": False})
    occur = {
        "m": lambda: player.send("m"),
        "r": lambda: player.send("m"),
        "n": lambda: player.do(case, DeliverSignal(name="s")),
        "k": lambda: player.pass_time(timedelta(days=2)),
        "c": lambda: player.do(case, SetVariables(variables={"ok": True})),
    }
    occur[first]()
    assert begun(player) == ["s", "g", first, "e"]
    assert case.ended is Ending.COMPLETED
    assert not player.send("m")


@pytest.mark.parametrize(("kind", "cases"), [("Exclusive", 2), ("Parallel", 1)])
def test_event_based_gateway_that_begins_cases(kind: str, cases: int) -> None:
    """§10.6.6, §13.5.1: exclusive: each event a case of its own; parallel: the others come to the case the first began."""
    gateway = f'<eventBasedGateway id="g" instantiate="true" eventGatewayType="{kind}"/>'
    other = catch("n", '<messageEventDefinition messageRef="N"/>')
    player = play(
        gateway + catch("m", MESSAGE) + other + E + "\ng -> m\ng -> n\nm -> e\nn -> e",
        '<message id="N" name="n"/>',
    )
    assert player.send("m")
    assert (player.cases[1].ended is None) == (kind == "Parallel")
    assert player.send("n")
    assert [case.ended for case in player.cases.values()] == [Ending.COMPLETED] * cases


def test_gateway_without_conditions_inside_a_loop_goes_round_as_often_as_asked() -> None:
    """§13.4.2: exclusive merge and split make a loop of any length."""
    body = (
        '<exclusiveGateway id="m"/><exclusiveGateway id="x" default="x_e"/>'
        + user("t")
        + boundary("b", "t", SIGNAL)
    )
    player = play(S + body + E + "\ns -> m\nm -> t\nt -> x\nx -> m : again\nx -> e")
    case = player.start()
    for turn in range(4):
        player.complete("t", {"again": turn < 3})
    assert begun(player).count("t") == 4
    assert case.ended is Ending.COMPLETED


def test_event_behind_the_gateway_may_need_several_triggers() -> None:
    """§10.6.6, §10.5.4: a parallel multiple event occurs, and takes the token, when all its triggers have."""
    both = catch("x", MESSAGE + SIGNAL, ' parallelMultiple="true"')
    body = '<eventBasedGateway id="g"/>' + both + catch("t", timer("timeDuration", "P1D"))
    player = play(S + body + E + "\ns -> g\ng -> x\ng -> t\nx -> e\nt -> e")
    case = player.start()
    player.send("m")
    assert case.ended is None
    player.do(case, DeliverSignal(name="s"))
    assert begun(player) == ["s", "g", "x", "e"]
