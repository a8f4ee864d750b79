"""Handover: the token waits between two Stellen until the receiver takes over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from staffel.engine.kernel import (
    AcceptHandover,
    AcknowledgeHandover,
    CommandRefused,
    HandoverField,
    HandoverRule,
    OfferHandover,
    ReturnHandover,
    SetVariables,
    WithdrawHandover,
)
from staffel.engine.kernel.events import (
    Ending,
    HandoverDataChanged,
    HandoverOffered,
    TaskOffered,
    TimerArmed,
)
from staffel.engine.play import Player

Play = Callable[..., Player]

LANES = (
    '<laneSet id="ls"><lane id="L1"><flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef></lane>'
    '<lane id="L2"><flowNodeRef>b</flowNodeRef><flowNodeRef>e</flowNodeRef></lane></laneSet>'
    '<startEvent id="s"/><userTask id="a"/><userTask id="b"/><endEvent id="e"/>\ns -> a\na -> b\nb -> e'
)
UNITS = {"L1": "LB", "L2": "JC"}


class Days:
    """A calendar whose working days are days."""

    def due(
        self, start: datetime, length: str, *, kind: str, shift: bool | None
    ) -> tuple[datetime, tuple[str, ...]]:
        return start + timedelta(days=int(length.rstrip("AT"))), (f"{length} ab {start:%d.%m.}",)


def offered(player: Player) -> tuple[Player, int]:
    player.start(values={"name": "N", "sprache": "fa"})
    player.complete("a")
    (place,) = player.waiting("a_b")
    return player, place.key


def offers(player: Player) -> list[HandoverOffered]:
    return [event for event in player.cases[1].events if isinstance(event, HandoverOffered)]


def test_flow_between_two_stellen_waits_until_accepted(play: Play) -> None:
    player, key = offered(play(LANES, lanes=UNITS, calendar=Days()))
    (offer,) = offers(player)
    assert (offer.sender, offer.receiver, offer.kind) == ("LB", "JC", "falluebergabe")
    assert offer.acknowledge_by is not None
    assert offer.acknowledge_by.at == player.now + timedelta(days=2)

    player.do(1, AcknowledgeHandover(key=key))
    player.do(1, AcceptHandover(key=key, variables={"az": "JC-1"}))
    player.complete("b")
    assert player.cases[1].ended is Ending.COMPLETED
    assert player.cases[1].variables["az"] == "JC-1"


def test_lanes_that_are_not_bound_have_no_effect(play: Play) -> None:
    player = play(LANES)
    player.start()
    player.complete("a")
    assert [place.element for place in player.waiting()] == ["b"]


RULE = HandoverRule(
    id="R1",
    fields=(HandoverField(name="name"), HandoverField(name="sprache", required=False, consent=True)),
    return_reasons=("unvollstaendig",),
    max_returns=1,
)


def test_only_the_fields_of_the_rule_are_passed_on_and_those_with_consent_only_with_it(play: Play) -> None:
    player, _ = offered(play(LANES, lanes=UNITS, handover_rules={"a_b": RULE}))
    assert offers(player)[0].data == {"name": "N"}


def test_missing_required_data_refuse_the_completion(play: Play) -> None:
    player = play(LANES, lanes=UNITS, handover_rules={"a_b": RULE})
    player.start()
    with pytest.raises(CommandRefused, match="name"):
        player.complete("a")
    assert [place.element for place in player.waiting()] == ["a"]


def test_return_needs_a_reason_of_the_list_and_goes_back_to_the_activity(play: Play) -> None:
    player, key = offered(play(LANES, lanes=UNITS, handover_rules={"a_b": RULE}))
    with pytest.raises(CommandRefused, match="unvollstaendig"):
        player.do(1, ReturnHandover(key=key, reason="keine Lust"))
    player.do(1, ReturnHandover(key=key, reason="unvollstaendig"))
    player.complete("a")

    second = offers(player)[1]
    assert (second.attempt, second.predecessor) == (2, key)
    with pytest.raises(CommandRefused, match="case conference"):
        player.do(1, ReturnHandover(key=second.key, reason="unvollstaendig"))


THIRD = LANES.replace(
    "</laneSet>", '<lane id="L3"><flowNodeRef>c</flowNodeRef></lane></laneSet><userTask id="c"/>'
)
THREE = {**UNITS, "L3": "SOZ"}


def test_follow_up_of_too_many_returns_is_handed_over_to_a_third_stelle(play: Play) -> None:
    rule = HandoverRule(id="R", follow_up="c", max_returns=0)
    player, key = offered(play(THIRD + "\na -> c : false", lanes=THREE, handover_rules={"a_b": rule}))
    player.do(1, ReturnHandover(key=key, reason="unvollstaendig"))

    second = offers(player)[1]
    assert (second.flow, second.sender, second.receiver) == ("a_c", "LB", "SOZ")
    assert [place.element for place in player.waiting()] == ["a_c"]
    player.do(1, AcceptHandover(key=second.key))
    assert [place.element for place in player.waiting()] == ["c"]


def test_follow_up_at_a_third_stelle_that_no_handover_leads_to_is_refused_when_compiled(play: Play) -> None:
    for element, expected in (("c", ["handover-follow-up-unit"]), ("a", []), ("b", [])):
        rule = HandoverRule(id="R", follow_up=element)
        player = play(THIRD, lanes=THREE, handover_rules={"a_b": rule})
        found = [each.code for each in player.findings if each.code.startswith("handover")]
        assert found == expected


def test_withdrawn_offer_leads_back(play: Play) -> None:
    player, key = offered(play(LANES, lanes=UNITS))
    player.do(1, WithdrawHandover(key=key))
    assert [place.element for place in player.waiting()] == ["a"]


def test_return_to_a_gateway_stays_on_the_flow_until_offered_again(play: Play) -> None:
    body = LANES.replace(
        "<flowNodeRef>a</flowNodeRef>", "<flowNodeRef>a</flowNodeRef><flowNodeRef>g</flowNodeRef>"
    )
    body = body.replace("\ns -> a\na -> b", '\n<exclusiveGateway id="g"/>\ns -> a\na -> g\ng -> b')
    player = play(body, lanes=UNITS)
    player.start()
    player.complete("a")
    (place,) = player.waiting("g_b")
    player.do(1, ReturnHandover(key=place.key, reason="x"))
    with pytest.raises(CommandRefused):
        player.do(1, AcceptHandover(key=place.key))
    player.do(1, OfferHandover(key=place.key))
    player.complete("g_b")
    assert [place.element for place in player.waiting()] == ["b"]


def test_information_does_not_wait(play: Play) -> None:
    rule = HandoverRule(id="I", kind="information")
    player = play(LANES, lanes=UNITS, handover_rules={"a_b": rule})
    player.start()
    player.complete("a")
    assert [place.element for place in player.waiting()] == ["b"]
    assert len(offers(player)) == 1


def test_handover_that_could_not_wait_is_refused_when_compiled(play: Play) -> None:
    body = (
        '<laneSet id="ls"><lane id="L1"><flowNodeRef>s</flowNodeRef><flowNodeRef>g</flowNodeRef></lane>'
        '<lane id="L2"><flowNodeRef>m</flowNodeRef></lane></laneSet><startEvent id="s"/><eventBasedGateway id="g"/>'
        '<intermediateCatchEvent id="m"><messageEventDefinition messageRef="M"/></intermediateCatchEvent>'
        "\ns -> g\ng -> m"
    )
    player = play(body, '<message id="M" name="m"/>', lanes=UNITS)
    assert [found.code for found in player.findings] == ["not-executed"]


def test_boundary_event_belongs_to_the_stelle_of_its_activity(play: Play) -> None:
    body = LANES.replace(
        "<endEvent",
        '<boundaryEvent id="x" attachedToRef="a"><errorEventDefinition/></boundaryEvent><endEvent',
    )
    player = play(body.replace("\ns -> a", "\nx -> b\ns -> a"), lanes=UNITS)
    player.start()
    player.fail("a", "1")
    assert [place.element for place in player.waiting()] == ["x_b"]


RETURNS = (
    '<laneSet id="ls"><lane id="L1"><flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef></lane>'
    '<lane id="L2"><flowNodeRef>b</flowNodeRef><flowNodeRef>e</flowNodeRef></lane></laneSet>'
    '<startEvent id="s"/><userTask id="a"/><userTask id="b"/><endEvent id="e"/>'
    '<boundaryEvent id="x" attachedToRef="a"><errorEventDefinition/></boundaryEvent>'
    '<subProcess id="sub" triggeredByEvent="true"><startEvent id="i"><signalEventDefinition signalRef="S"/></startEvent>'
    "</subProcess>\ns -> a\na -> b\nb -> e\nx -> e"
)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("x", "handover-return"),
        ("sub", "handover-return"),
        ("nirgends", "handover-return"),
        ("b", "handover-return-unit"),
    ],
)
def test_return_to_where_no_case_of_the_sender_can_go_on_is_refused_when_compiled(
    play: Play, place: str, code: str
) -> None:
    rule = HandoverRule(id="R", return_to=place)
    player = play(RETURNS, '<signal id="S" name="S"/>', lanes=UNITS, handover_rules={"a_b": rule})
    assert [found.code for found in player.findings] == [code]


BETWEEN = {
    "gateway": '<exclusiveGateway id="g"/>\na -> g\ng -> b',
    "sub-process": '<subProcess id="g"><task id="t"/></subProcess>\na -> g\ng -> b',
    "boundary event": '<task id="g"/><boundaryEvent id="x" attachedToRef="g"><errorEventDefinition/></boundaryEvent>\na -> g\nx -> b',
    "way into a sub-process": '<subProcess id="g"><userTask id="b"/></subProcess>\na -> g',
    "way out of a sub-process": '<subProcess id="g"><userTask id="a"/></subProcess>\ng -> b',
}


@pytest.mark.parametrize("between", BETWEEN)
def test_a_way_to_another_stelle_past_every_lane_is_refused_when_compiled(play: Play, between: str) -> None:
    own = "".join(f'<userTask id="{name}"/>' for name in "ab" if f'id="{name}"' not in BETWEEN[between])
    body = (
        '<laneSet id="ls"><lane id="L1"><flowNodeRef>a</flowNodeRef></lane><lane id="L2"><flowNodeRef>b</flowNodeRef>'
        f"</lane></laneSet>{own}{BETWEEN[between]}"
    )
    assert {found.code for found in play(body, lanes=UNITS).findings} == {"handover-passed-by"}
    assert play(body, lanes={"L1": "LB", "L2": "LB"}).findings == []


def test_a_second_token_on_the_flow_leaves_the_one_that_waits_there_alone(play: Play) -> None:
    body = (
        '<laneSet id="ls"><lane id="L1">'
        + "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in "sfacg")
        + '</lane><lane id="L2"><flowNodeRef>b</flowNodeRef></lane></laneSet><startEvent id="s"/><parallelGateway id="f"/>'
        '<userTask id="a"/><userTask id="c"/><exclusiveGateway id="g"/><userTask id="b"/>'
        "\ns -> f\nf -> a\nf -> c\na -> g\nc -> g\ng -> b"
    )
    player = play(body, lanes=UNITS)
    player.start()
    player.complete("a")
    (first,) = player.waiting("g_b")
    player.do(1, ReturnHandover(key=first.key, reason="x"))
    player.complete("c")

    second = next(place for place in player.waiting("g_b") if place.key != first.key)
    player.do(1, AcceptHandover(key=second.key))
    player.do(1, OfferHandover(key=first.key))
    player.complete("g_b")
    assert [place.element for place in player.waiting()] == ["b", "b"]


DATED = (
    LANES.replace(
        '<userTask id="a"/>',
        '<userTask id="a"><extensionElements><staffel:deadline kind="KIND" length="10AT"/></extensionElements></userTask>'
        '<boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><extensionElements>'
        '<staffel:deadline kind="KIND" length="20AT" atEnd="escalate"/></extensionElements><timerEventDefinition/>'
        '</boundaryEvent><endEvent id="late"/>',
    ).replace("<flowNodeRef>a<", "<flowNodeRef>late</flowNodeRef><flowNodeRef>a<")
    + "\nt -> late"
)


@pytest.mark.parametrize(
    ("kind", "survives"), [("gesetzlich", True), ("soll", True), ("vereinbart", False), ("person", False)]
)
def test_legal_deadlines_survive_a_return_and_agreed_ones_begin_anew(
    play: Play, kind: str, survives: bool
) -> None:
    player = play(DATED.replace("KIND", kind), lanes=UNITS, calendar=Days())
    player.start()
    first = player.now
    player.complete("a")
    player.now += timedelta(days=3)
    (place,) = player.waiting("a_b")
    player.do(1, ReturnHandover(key=place.key, reason="unvollstaendig"))

    tasks = [event for event in player.cases[1].events if isinstance(event, TaskOffered)]
    timers = [event for event in player.cases[1].events if isinstance(event, TimerArmed)]
    begin = first if survives else player.now
    assert tasks[-1].due is not None
    assert tasks[-1].due.at == begin + timedelta(days=10)
    assert timers[-1].due == begin + timedelta(days=20)


def test_a_legal_deadline_begins_anew_when_the_step_comes_again_without_a_return(play: Play) -> None:
    body = (
        DATED.replace("KIND", "gesetzlich")
        .replace("a -> b", "a -> g\ng -> b\ng -> a : nochmal\n", 1)
        .replace('<userTask id="b"/>', '<exclusiveGateway id="g" default="g_b"/><userTask id="b"/>')
    )
    body = body.replace("<flowNodeRef>a<", "<flowNodeRef>g</flowNodeRef><flowNodeRef>a<")
    rule = HandoverRule(id="R", return_to="a")
    player = play(body, lanes=UNITS, calendar=Days(), handover_rules={"g_b": rule})
    player.start()
    player.now += timedelta(days=3)
    player.complete("a", {"nochmal": True})

    tasks = [event for event in player.cases[1].events if isinstance(event, TaskOffered)]
    assert tasks[-1].due is not None
    assert tasks[-1].due.at == player.now + timedelta(days=10)


FORK = (
    '<laneSet id="ls"><lane id="L1"><flowNodeRef>s</flowNodeRef><flowNodeRef>f</flowNodeRef>'
    "<flowNodeRef>a</flowNodeRef><flowNodeRef>c</flowNodeRef></lane>"
    '<lane id="L2"><flowNodeRef>b</flowNodeRef></lane><lane id="L3"><flowNodeRef>d</flowNodeRef></lane></laneSet>'
    '<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="c"/><userTask id="b"/>'
    '<userTask id="d"/>\ns -> f\nf -> a\nf -> c\na -> b\nc -> d'
)


@pytest.mark.parametrize(("first", "second", "holder"), [("a_b", "c_d", "JC"), ("c_d", "a_b", "SOZ")])
def test_only_the_stelle_that_answers_for_the_case_hands_it_over(
    play: Play, first: str, second: str, holder: str
) -> None:
    player = play(FORK, lanes={**UNITS, "L3": "SOZ"})
    player.start()
    player.complete("a")
    player.complete("c")
    assert player.cases[1].state.responsible is None

    player.complete(first)
    assert player.cases[1].state.responsible == holder
    player.complete(second)

    assert player.cases[1].state.responsible == holder


@pytest.mark.parametrize("kind", ["beteiligung", "information"])
def test_who_is_asked_or_told_does_not_get_the_case(play: Play, kind: str) -> None:
    player = play(LANES, lanes=UNITS, handover_rules={"a_b": HandoverRule(id="R", kind=kind)})
    player.start()
    player.complete("a")
    if kind == "beteiligung":
        player.complete("a_b")

    assert [place.element for place in player.waiting()] == ["b"]
    assert player.cases[1].state.responsible is None


def test_a_withdrawn_consent_stops_what_rests_on_it_and_takes_single_fields_out(play: Play) -> None:
    consented = HandoverRule(id="R1", consent=True)
    fields = (HandoverField(name="name"), HandoverField(name="sprache", required=False, consent=True))
    legal = HandoverRule(id="R2", fields=fields)
    untouched = HandoverRule(id="R3", fields=fields[:1])
    for rule, waits, data in (
        (consented, "a", None),
        (legal, "a_b", {"name": "N"}),
        (untouched, "a_b", None),
    ):
        player = play(LANES, lanes=UNITS, handover_rules={"a_b": rule})
        player.start(values={"name": "N", "sprache": "fa", "einwilligung": True})
        player.complete("a")
        player.do(1, SetVariables(variables={"einwilligung": False}, reason="Widerruf"))

        changes = [e for e in player.cases[1].events if isinstance(e, HandoverDataChanged)]
        assert [place.element for place in player.waiting()] == [waits]
        assert [dict(change.data) for change in changes] == ([data] if data else [])


def test_a_handover_that_rests_on_consent_is_not_offered_without_it(play: Play) -> None:
    player = play(LANES, lanes=UNITS, handover_rules={"a_b": HandoverRule(id="R1", consent=True)})
    player.start(values={"einwilligung": ["R2"]})
    with pytest.raises(CommandRefused, match="consent"):
        player.complete("a")
    player.do(1, SetVariables(variables={"einwilligung": ["R1"]}))
    player.complete("a")
    assert [place.element for place in player.waiting()] == ["a_b"]


def test_a_rule_hands_over_only_where_its_condition_holds(play: Play) -> None:
    rule = HandoverRule(id="R1", condition='traeger = "JC"')
    player = play(LANES, lanes=UNITS, handover_rules={"a_b": rule})
    player.start(values={"traeger": "SOZ"})
    with pytest.raises(CommandRefused, match="only where"):
        player.complete("a")
