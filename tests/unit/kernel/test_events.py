"""Events: who catches what, what is interrupted, what goes on."""

from __future__ import annotations

from collections.abc import Callable
from cProfile import Profile
from datetime import timedelta

import pytest

from staffel.engine.kernel import (
    Compiled,
    DeliverSignal,
    SetVariables,
    ThrowError,
    ThrowEscalation,
    compile_model,
)
from staffel.engine.kernel.events import Ending, ErrorThrown
from staffel.engine.play import Player

Play = Callable[..., Player]


def where(player: Player) -> list[str]:
    return sorted(place.element for place in player.waiting())


TIMER = "<timerEventDefinition><{0}>{1}</{0}></timerEventDefinition>"


@pytest.mark.parametrize(
    ("kind", "text", "hours"),
    [
        ("timeDuration", "PT2H", 2),
        ("timeDuration", '=duration("PT" + string(n) + "H")', 3),
        ("timeDate", "2026-01-05T13:00:00Z", 5),
        ("timeCycle", "R1/PT4H", 4),
        ("timeDate", '=date and time("2026-01-05T13:00:00+01:00")', 4),
    ],
)
def test_timer_fires_at_its_time_and_not_before(play: Play, kind: str, text: str, hours: int) -> None:
    player = play(
        f'<startEvent id="s"/><intermediateCatchEvent id="t">{TIMER.format(kind, text)}</intermediateCatchEvent>'
        '<endEvent id="e"/>\ns -> t\nt -> e'
    )
    case = player.start(values={"n": 3})

    player.pass_time(timedelta(hours=hours, minutes=-1))
    assert case.ended is None
    player.pass_time(timedelta(minutes=1))
    assert case.ended is Ending.COMPLETED


def test_non_interrupting_cycle_fires_as_often_as_it_says(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><userTask id="t"/><endEvent id="e"/><endEvent id="r"/>'
        '<boundaryEvent id="b" attachedToRef="t" cancelActivity="false">'
        + TIMER.format("timeCycle", "R3/P1D")
        + "</boundaryEvent>\ns -> t\nt -> e\nb -> r"
    )
    case = player.start()

    assert player.pass_time(timedelta(days=30)) == 3
    assert where(player) == ["t"]
    player.complete("t")
    assert case.ended is Ending.COMPLETED


MESSAGE = '<message id="M" name="antwort"/>'


def test_message_reaches_the_case_with_its_correlation_key_only(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><receiveTask id="r" messageRef="M"/><endEvent id="e"/>\ns -> r\nr -> e', MESSAGE
    )
    first, second = player.start(reference="A"), player.start(reference="B")

    assert not player.send("antwort", correlation="C")
    assert player.send("antwort", {"x": 1}, correlation="B")
    assert (first.ended, second.ended) == (None, Ending.COMPLETED)
    assert second.variables == {"x": 1}


def test_condition_fires_when_it_turns_true_and_again_only_after_it_was_false(play: Play) -> None:
    condition = (
        "<conditionalEventDefinition><condition>betrag > 10</condition></conditionalEventDefinition>".replace(
            ">", "&gt;", 0
        )
    )
    player = play(
        '<startEvent id="s"/><userTask id="t"/><endEvent id="e"/><userTask id="c"/><endEvent id="r"/>'
        f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="false">{condition}</boundaryEvent>'
        "\ns -> t\nt -> e\nb -> c\nc -> r"
    )
    case = player.start()
    for value, expected in ((5, 0), (11, 1), (12, 1), (3, 1), (20, 2)):
        player.do(case, SetVariables(variables={"betrag": value}))
        assert where(player).count("c") == expected


def test_error_code_goes_before_catch_all_and_inner_before_outer(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><subProcess id="sub"><startEvent id="i"/><serviceTask id="w"/><endEvent id="ie"/>'
        '<sequenceFlow id="x" sourceRef="i" targetRef="w"/><sequenceFlow id="y" sourceRef="w" targetRef="ie"/>'
        "</subProcess>"
        '<boundaryEvent id="all" attachedToRef="sub"><errorEventDefinition/></boundaryEvent>'
        '<boundaryEvent id="one" attachedToRef="sub"><errorEventDefinition errorRef="E"/></boundaryEvent>'
        '<userTask id="ta"/><userTask id="to"/><endEvent id="e"/>'
        "\ns -> sub\nsub -> e\nall -> ta\none -> to\nta -> e\nto -> e",
        '<error id="E" errorCode="42"/>',
    )
    player.start()
    player.start()

    player.fail("w", "42", case=1, why="x")
    player.fail("w", "7", case=2)

    assert [(place.case, place.element) for place in player.waiting()] == [(1, "to"), (2, "ta")]
    assert player.cases[1].variables == {"why": "x"}


def test_uncaught_error_is_an_incident_that_can_be_retried(play: Play) -> None:
    player = play('<startEvent id="s"/><serviceTask id="w"/><endEvent id="e"/>\ns -> w\nw -> e')
    case = player.start()
    player.fail("w", "E1")

    (incident,) = player.waiting("w")
    assert (incident.kind, incident.code) == ("incident", "error-uncaught")
    assert ErrorThrown(element="w", code="E1", caught_by=None) in case.events
    player.complete("w")
    player.complete("w")
    assert case.ended is Ending.COMPLETED


def test_escalation_that_does_not_interrupt_lets_the_task_go_on(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><userTask id="t"/><endEvent id="e"/><userTask id="h"/><endEvent id="he"/>'
        '<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><escalationEventDefinition/></boundaryEvent>'
        "\ns -> t\nt -> e\nb -> h\nh -> he"
    )
    case = player.start()
    (task,) = player.waiting("t")
    for _ in range(2):
        player.do(case, ThrowEscalation(key=task.key, code="spät"))

    assert where(player) == ["h", "h", "t"]


def test_interrupting_event_sub_process_ends_what_runs_and_its_end_ends_the_case(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><userTask id="t"/><endEvent id="e"/>'
        '<subProcess id="x" triggeredByEvent="true"><startEvent id="xs"><signalEventDefinition signalRef="S"/>'
        '</startEvent><userTask id="xt"/><endEvent id="xe"/>'
        '<sequenceFlow id="x1" sourceRef="xs" targetRef="xt"/><sequenceFlow id="x2" sourceRef="xt" targetRef="xe"/>'
        "</subProcess>\ns -> t\nt -> e",
        '<signal id="S" name="umzug"/>',
    )
    case = player.start()
    player.do(case, DeliverSignal(name="umzug", payload={"ort": "Rheine"}))

    assert where(player) == ["xt"]
    player.complete("xt")
    assert case.ended is Ending.COMPLETED
    assert case.variables == {"ort": "Rheine"}


def test_event_based_gateway_takes_the_first_event_and_closes_the_others(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><eventBasedGateway id="g"/><intermediateCatchEvent id="m">'
        '<messageEventDefinition messageRef="M"/></intermediateCatchEvent><intermediateCatchEvent id="t">'
        + TIMER.format("timeDuration", "P1D")
        + '</intermediateCatchEvent><endEvent id="e"/>\ns -> g\ng -> m\ng -> t\nm -> e\nt -> e',
        MESSAGE,
    )
    case = player.start()
    assert where(player) == ["m", "t"]
    player.pass_time(timedelta(days=1))
    assert case.ended is Ending.COMPLETED


def test_parallel_multiple_event_waits_for_all_its_triggers(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><intermediateCatchEvent id="m" parallelMultiple="true">'
        '<messageEventDefinition messageRef="M"/><signalEventDefinition signalRef="S"/></intermediateCatchEvent>'
        '<endEvent id="e"/>\ns -> m\nm -> e',
        MESSAGE + '<signal id="S" name="los"/>',
    )
    case = player.start()
    player.send("antwort", {"a": 1})
    assert case.ended is None
    player.signal("los")
    assert case.ended is Ending.COMPLETED


def test_message_start_and_message_end_join_two_pools(play: Play) -> None:
    player = play(
        '<startEvent id="s"><messageEventDefinition messageRef="M"/></startEvent><endEvent id="e"/>\ns -> e',
        MESSAGE,
    )
    assert player.send("antwort", {"x": 5}, correlation="Az 1")
    assert player.cases[1].ended is Ending.COMPLETED
    assert player.cases[1].state.reference == "Az 1"


def test_error_from_a_task_inside_an_event_sub_process_passes_that_sub_process(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><userTask id="t"/><endEvent id="e"/>'
        '<subProcess id="x" triggeredByEvent="true"><startEvent id="xs"><errorEventDefinition/></startEvent>'
        '<userTask id="xt"/><endEvent id="xe"/>'
        '<sequenceFlow id="x1" sourceRef="xs" targetRef="xt"/><sequenceFlow id="x2" sourceRef="xt" targetRef="xe"/>'
        "</subProcess>\ns -> t\nt -> e"
    )
    case = player.start()
    player.fail("t", "A")
    (inner,) = player.waiting("xt")
    player.do(case, ThrowError(key=inner.key, code="B"))
    assert [place.kind for place in player.waiting()] == ["incident"]


def _effort_of_links(play: Play, pairs: int) -> int:
    """How many calls compiling takes."""
    body = ['<startEvent id="s"/><endEvent id="e"/>', "s -> t0", f"c{pairs - 1} -> e"]
    for number in range(pairs):
        link = f'<linkEventDefinition name="L{number}"/>'
        body.append(f'<intermediateThrowEvent id="t{number}">{link}</intermediateThrowEvent>')
        body.append(f'<intermediateCatchEvent id="c{number}">{link}</intermediateCatchEvent>')
        body.extend([f"c{number - 1} -> t{number}"] if number else [])
    model = play("\n".join(body)).definitions
    profile = Profile()
    compiled: Compiled = profile.runcall(compile_model, model, "P")
    assert not compiled.findings
    assert all(compiled.program.elements[f"t{n}"].links_to.id == f"c{n}" for n in range(pairs))
    return sum(entry.callcount for entry in profile.getstats())


def test_pairing_link_events_takes_effort_in_proportion_to_their_number(play: Play) -> None:
    assert _effort_of_links(play, 400) < 4.4 * _effort_of_links(play, 100)
