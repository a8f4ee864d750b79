"""Timers do what is written in the model, or the report says that they cannot (BPMN 2.0.2 §10.5.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.kernel.conftest import definitions

from staffel.engine.findings import Severity
from staffel.engine.kernel import Start, advance, compile_model
from staffel.engine.kernel.events import IncidentRaised
from staffel.engine.kernel.state import IncidentWait
from staffel.engine.play import Player

Play = Callable[..., Player]

TIMER = "<timerEventDefinition><{0}>{1}</{0}></timerEventDefinition>"
CYCLE = TIMER.format("timeCycle", "R3/P1D")
CATCH = '<startEvent id="s"/><intermediateCatchEvent id="t">{}</intermediateCatchEvent><endEvent id="e"/>\ns -> t\nt -> e'
BOUNDARY = (
    '<startEvent id="s"/><userTask id="u"/><endEvent id="e"/><endEvent id="r"/>'
    '<boundaryEvent id="t" attachedToRef="u" {0}>{1}</boundaryEvent>\ns -> u\nu -> e\nt -> r'
)
EVENT_SUB = (
    '<startEvent id="s"/><userTask id="u"/>'
    '<subProcess id="h" triggeredByEvent="true"><startEvent id="t" {0}>{1}</startEvent></subProcess>\ns -> u'
)
BOTH = f'<signalEventDefinition signalRef="S"/>{CYCLE}'
LETTING_GO = 'cancelActivity="false"'


def faults(player: Player) -> list[tuple[str, str, Severity]]:
    """The findings about timers."""
    return [
        (found.code, found.element, found.severity)
        for found in player.findings
        if found.code.startswith("timer")
    ]


@pytest.mark.parametrize(
    "body",
    [
        CATCH.format(CYCLE),
        CATCH.format(TIMER.format("timeCycle", "R/P1D")),
        CATCH.format(TIMER.format("timeCycle", '="R" + string(n) + "/P1D"')),
        BOUNDARY.format("", CYCLE),
        BOUNDARY.format(f'{LETTING_GO} parallelMultiple="true"', BOTH),
        EVENT_SUB.format("", CYCLE),
        BOUNDARY.format(
            LETTING_GO,
            '<extensionElements><staffel:deadline kind="intern" length="5AT"/></extensionElements>' + CYCLE,
        ),
    ],
    ids=["catch", "endless", "expression", "boundary", "all triggers", "event sub-process", "deadline"],
)
def test_repetition_where_an_event_occurs_once_is_an_error(play: Play, body: str) -> None:
    found = faults(play(body, '<signal id="S" name="S"/>'))

    assert found == [("timer-repeats-in-vain", "t", Severity.ERROR)]


@pytest.mark.parametrize(
    "body",
    [
        CATCH.format(TIMER.format("timeCycle", "R1/P1D")),
        BOUNDARY.format(LETTING_GO, CYCLE),
        EVENT_SUB.format('isInterrupting="false"', CYCLE),
        f'<startEvent id="t">{CYCLE}</startEvent><task id="a"/>\nt -> a',
    ],
    ids=["once", "boundary", "event sub-process", "start of a process"],
)
def test_repetition_where_an_event_can_occur_again_is_none(play: Play, body: str) -> None:
    assert faults(play(body)) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDate", "R3/P1D"),
        ("timeDate", "P1D"),
        ("timeDuration", "2026-05-01T08:00:00"),
        ("timeDuration", '"R3/P1D"'),
        ("timeCycle", "P1D"),
        ("timeCycle", "2026-05-01T08:00:00"),
    ],
)
def test_value_of_another_kind_than_the_timer_is_an_error(play: Play, kind: str, text: str) -> None:
    assert faults(play(CATCH.format(TIMER.format(kind, text)))) == [("timer-kind", "t", Severity.ERROR)]


@pytest.mark.parametrize(
    ("kind", "text"), [("timeDuration", "wann"), ("timeDate", "wann"), ("timeDate", '=duration("P1D")')]
)
def test_expression_that_gives_another_kind_stops_the_case(play: Play, kind: str, text: str) -> None:
    player = play(CATCH.format(TIMER.format(kind, text)))
    case = player.start(values={"wann": "R3/P1D"})
    player.pass_time(timedelta(days=9))

    assert case.ended is None
    assert case.state is not None
    stuck = [wait.code for wait in case.state.waits.values() if isinstance(wait, IncidentWait)]
    assert stuck == ["timer-invalid"]


def test_fixed_duration_beyond_the_calendar_stops_the_case() -> None:
    model = definitions(CATCH.format(TIMER.format("timeDuration", "P900000Y")))
    program = compile_model(model, "P").program
    step = advance(program, None, Start(), datetime(2026, 3, 2, 8, 0, tzinfo=UTC))

    raised = [event for event in step.events if isinstance(event, IncidentRaised)]
    assert [(each.code, each.details["found"]) for each in raised] == [("timer-invalid", '"P900000Y"')]
