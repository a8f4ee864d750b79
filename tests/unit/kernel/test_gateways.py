"""Gateways: which flows are taken, what is waited for, what stands still."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from staffel.engine.kernel import RetryIncident
from staffel.engine.kernel.events import Ending, FlowTaken, IncidentRaised
from staffel.engine.play import Player

Play = Callable[..., Player]


def where(player: Player) -> list[str]:
    return sorted(place.element for place in player.waiting())


CHOICE = (
    '<startEvent id="s"/><exclusiveGateway id="g" {0}/><userTask id="a"/><userTask id="b"/>'
    "\ns -> g\ng -> a : x > 1\ng -> b : x > 0"
)


@pytest.mark.parametrize(("x", "task"), [(2, "a"), (1, "b")])
def test_exclusive_gateway_takes_the_first_true_flow(play: Play, x: int, task: str) -> None:
    player = play(CHOICE.format(""))
    player.start(values={"x": x})
    assert where(player) == [task]


def test_no_true_flow_and_no_default_is_an_incident_that_a_retry_mends(play: Play) -> None:
    player = play(CHOICE.format(""))
    case = player.start(values={"x": 0})
    (incident,) = player.waiting()
    assert incident.code == "no-flow"
    player.do(case, RetryIncident(key=incident.key, variables={"x": 5}))
    assert where(player) == ["a"]


def test_condition_that_is_not_boolean_is_an_incident_with_expression_and_values(play: Play) -> None:
    player = play(CHOICE.format(""))
    case = player.start(values={"x": "viel"})
    (event,) = [event for event in case.events if isinstance(event, IncidentRaised)]
    assert event.code == "condition-not-boolean"
    assert event.details["expression"] == "x > 1"
    assert event.details["values"] == {"x": "viel"}
    (german,), (english,) = event.details["reasons_de"], event.details["reasons"]
    assert german.startswith("„>“ lässt sich nicht auf string und number anwenden.")
    assert english.startswith("'>' cannot be applied to string and number.")


def test_conditional_and_default_flows_out_of_a_task(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><userTask id="t" default="t_d"/><userTask id="a"/><userTask id="b"/><userTask id="d"/>'
        "\ns -> t\nt -> a : x > 1\nt -> b : x > 2\nt -> d"
    )
    for number, (x, expected) in enumerate([(0, ["d"]), (2, ["a"]), (3, ["a", "b"])], 1):
        player.start()
        player.complete("t", {"x": x}, case=number)
        assert sorted(place.element for place in player.waiting(case=number)) == expected


def test_inclusive_join_waits_for_the_tokens_that_can_come_and_no_others(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><inclusiveGateway id="g"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>'
        '<inclusiveGateway id="j"/><userTask id="e"/>'
        "\ns -> g\ng -> a : true\ng -> b : x\ng -> c : false\na -> j\nb -> j\nc -> j\nj -> e"
    )
    player.start(values={"x": True})
    player.complete("a")
    assert where(player) == ["b"]
    player.complete("b")
    assert where(player) == ["e"]


def test_complex_gateway_goes_on_with_two_of_three_and_resets_with_the_third(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>'
        '<complexGateway id="j"><activationCondition>activationCount >= 2</activationCondition></complexGateway>'
        '<endEvent id="e"/>\ns -> g\ng -> a\ng -> b\ng -> c\na -> j\nb -> j\nc -> j\nj -> e'.replace(
            ">=", "&gt;="
        )
    )
    case = player.start()
    player.complete("a")
    assert not any(isinstance(event, FlowTaken) and event.flow == "j_e" for event in case.events)
    player.complete("b")
    assert sum(isinstance(event, FlowTaken) and event.flow == "j_e" for event in case.events) == 1
    player.complete("c")
    assert sum(isinstance(event, FlowTaken) and event.flow == "j_e" for event in case.events) == 1
    assert case.ended is Ending.COMPLETED


def test_parallel_join_keeps_excess_tokens(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><parallelGateway id="g"/><exclusiveGateway id="m"/><userTask id="a"/>'
        '<parallelGateway id="j"/><userTask id="e"/>'
        '\ns -> g\ng -> m\n<sequenceFlow id="twice" sourceRef="g" targetRef="m"/>\ng -> a\nm -> j\na -> j\nj -> e'
    )
    case = player.start()
    player.complete("a")
    assert where(player) == ["e"]
    assert case.state.tokens == {0: ("m_j",)}
