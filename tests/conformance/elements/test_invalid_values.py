"""Values that no model foresaw: the case stands still with element, expression and values; an operator goes on with it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.conformance.elements.playing import (
    COMPENSATE,
    ERROR,
    SIGNAL,
    begun,
    boundary,
    catch,
    end,
    event_sub,
    incidents,
    play,
    script,
    start,
    sub,
    throw,
    timer,
    undo,
    user,
    where,
)

from staffel.engine.kernel import ActivateElement, CancelElement, RetryIncident, SetVariables, ThrowError
from staffel.engine.kernel.events import Ending, Repaired
from staffel.engine.play import Player

S, E = start("s"), end("e")
WAY = "\ns -> t\nt -> e"


def loop(inside: str) -> str:
    return f'<userTask id="t"><multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics></userTask>'


def count(expression: str) -> str:
    return loop(f"<loopCardinality>{expression}</loopCardinality>")


def passes(expression: str, maximum: str = "") -> str:
    return (
        f'<scriptTask id="t"><standardLoopCharacteristics{maximum}><loopCondition>{expression}</loopCondition>'
        "</standardLoopCharacteristics><script>null</script></scriptTask>"
    )


def stopped(player: Player) -> Any:
    (raised,) = incidents(player)
    return raised


# what stands still, and where

FLOW = (
    '<exclusiveGateway id="t"/><task id="a"/><task id="b"/>'
    + "\ns -> t\nt -> a : v\nt -> b : not(v)\na -> e\nb -> e"
)
INCLUSIVE = FLOW.replace("exclusiveGateway", "inclusiveGateway")
OUT_OF_A_TASK = '<task id="t"/><task id="a"/>' + "\ns -> t\nt -> a : v\na -> e"
ACTIVATION = (
    '<parallelGateway id="g"/><task id="a"/><task id="b"/><complexGateway id="t"><activationCondition>v</activationCondition>'
    "</complexGateway>" + "\ns -> g\ng -> a\ng -> b\na -> t\nb -> t\nt -> e"
)
COMPLETION = loop("<loopCardinality>2</loopCardinality><completionCondition>v</completionCondition>") + WAY
AD_HOC = sub("t", user("pt") + "<completionCondition>v</completionCondition>", tag="adHocSubProcess") + WAY
CONDITIONAL = (
    catch("t", "<conditionalEventDefinition><condition>v</condition></conditionalEventDefinition>") + WAY
)
COLLECTION = (
    '<userTask id="t"><extensionElements/><multiInstanceLoopCharacteristics><loopDataInputRef>d</loopDataInputRef>'
    '<inputDataItem id="i" name="i"/></multiInstanceLoopCharacteristics></userTask><dataObject id="d" name="v" isCollection="true"/>'
) + WAY


@pytest.mark.parametrize(
    ("body", "value", "code"),
    [
        pytest.param(FLOW, 1, "condition-not-boolean", id="condition of an exclusive gateway"),
        pytest.param(FLOW, None, "condition-not-boolean", id="condition that is null"),
        pytest.param(INCLUSIVE, "ja", "condition-not-boolean", id="condition of an inclusive gateway"),
        pytest.param(OUT_OF_A_TASK, 0, "condition-not-boolean", id="condition of a flow out of a task"),
        pytest.param(ACTIVATION, 7, "condition-not-boolean", id="activationCondition"),
        pytest.param(passes("v") + WAY, "x", "condition-not-boolean", id="loopCondition"),
        pytest.param(count("v") + WAY, -1, "bad-value", id="negative cardinality"),
        pytest.param(count("v") + WAY, Decimal("1.5"), "bad-value", id="broken cardinality"),
        pytest.param(count("v") + WAY, "two", "bad-value", id="cardinality that is text"),
        pytest.param(count("v") + WAY, None, "bad-value", id="cardinality that is null"),
        pytest.param(count("v") + WAY, 10_001, "loop-limit", id="too many instances"),
        pytest.param(COLLECTION, 3, "bad-value", id="collection that is no list"),
        pytest.param(catch("t", timer("timeDuration", "v")) + WAY, "soon", "timer-invalid", id="duration"),
        pytest.param(catch("t", timer("timeDate", "v")) + WAY, None, "timer-invalid", id="date that is null"),
        pytest.param(CONDITIONAL, "x", "condition-not-boolean", id="condition of an event"),
    ],
)
def test_value_that_does_not_fit_stops_the_case_where_it_is_read(body: str, value: Any, code: str) -> None:
    """Issue: an incident with the element, the expression and the values; nothing is guessed, nothing rolled back."""
    player = play(S + E + body)
    case = player.start(values={"v": value})
    raised = stopped(player)
    assert (raised.element, raised.code) == ("t", code)
    assert "v" in raised.details.get("expression", "v")
    assert case.ended is None
    assert raised.text_de != raised.text_en


@pytest.mark.parametrize(("body", "task"), [(COMPLETION, "t"), (AD_HOC, "pt")])
def test_completion_condition_that_is_not_boolean_stops_the_activity(body: str, task: str) -> None:
    """§13.3.5, §13.3.7: the condition is evaluated when an instance is completed."""
    player = play(S + E + body)
    case = player.start(values={"v": "x"})
    player.complete(task)
    assert (stopped(player).element, stopped(player).code) == ("t", "condition-not-boolean")
    player.do(case, SetVariables(variables={"v": True}, reason="typed wrongly"))
    player.complete("t")
    assert case.ended is Ending.COMPLETED


@pytest.mark.parametrize(
    ("body", "bad", "good"),
    [
        (FLOW, 1, True),
        (ACTIVATION, "x", True),
        (passes("v") + WAY, "x", False),
        (count("v") + WAY, -1, 0),
        (catch("t", timer("timeDuration", "v")) + WAY, "soon", "PT0S"),
        (CONDITIONAL, "x", True),
    ],
)
def test_operator_corrects_the_value_and_tries_again(body: str, bad: Any, good: Any) -> None:
    """Issue: an operator can repair and retry; the case goes on as if it had been right from the start."""
    player = play(S + E + body)
    case = player.start(values={"v": bad})
    (place,) = [each for each in player.waiting() if each.kind == "incident"]
    player.do(case, RetryIncident(key=place.key, variables={"v": good}))
    for timed in player.waiting():
        player.complete(timed.element)
    assert case.ended is Ending.COMPLETED


def test_uncaught_error_stops_at_its_thrower_with_its_code() -> None:
    """§10.5.1: a critical trigger that is not caught is unresolved."""
    player = play(S + end("t", ERROR) + "\ns -> t")
    case = player.start()
    assert (stopped(player).element, stopped(player).code, case.ended) == ("t", "error-uncaught", None)


def test_expression_that_fails_stops_its_script() -> None:
    """A budget or an unknown function is no value; the script's element stands still."""
    player = play(S + script("t", "{x: for i in 1..9999999 return i}") + E + WAY)
    player.start()
    assert (stopped(player).element, stopped(player).code) == ("t", "expression-failed")


def test_incident_of_one_branch_lets_the_others_go_on() -> None:
    """What stands still holds up nothing else."""
    player = play(S + count("v") + user("u") + E + "\ns -> t\ns -> u\nt -> e\nu -> e")
    player.start(values={"v": -1})
    player.complete("u")
    assert begun(player)[-1] == "e"
    assert where(player) == ["t"]


# repair


def test_operator_moves_a_token() -> None:
    """Issue: move a token: what waits is ended, another element begins, both on record with the reason."""
    player = play(S + user("t", "u") + "\ns -> t\nt -> u")
    case = player.start()
    (task,) = player.waiting("t")
    player.do(case, ActivateElement(element="u", reason="decided by phone"))
    player.do(case, CancelElement(key=task.key, reason="decided by phone"))
    assert where(player) == ["u"]
    assert [e.event.reason for e in player.trace if isinstance(e.event, Repaired)] == ["decided by phone"] * 2


def test_operator_ends_a_sub_process_and_the_case_goes_to_its_end() -> None:
    """Issue: cancel an activity; nothing is left of it."""
    host = sub("t", start("ps") + user("pt") + event_sub("v", SIGNAL) + "ps -> pt") + boundary(
        "b", "t", SIGNAL
    )
    player = play(S + host + user("u") + "\ns -> t\ns -> u")
    case = player.start()
    owner = next(place.owner for place in player.waiting("b"))
    player.do(case, CancelElement(key=owner, reason="double"))
    assert where(player) == ["u"]
    player.complete("u")
    assert case.ended is Ending.COMPLETED


def failing(player: Player) -> None:
    (place,) = player.waiting("ua")
    player.do(1, ThrowError(key=place.key, code="x"))


def cancelled(player: Player) -> None:
    (place,) = player.waiting("ua")
    player.do(1, CancelElement(key=place.key, reason="not needed"))


@pytest.mark.parametrize(("act", "ended"), [(cancelled, Ending.COMPLETED), (failing, None)])
def test_compensation_handler_that_does_not_succeed(
    act: Callable[[Player], None], ended: Ending | None
) -> None:
    """§13.5.5: cancelled by an operator the compensation goes on; an error in it that nothing catches stands still."""
    body = (
        '<task id="a"/>' + undo("a", '<userTask id="ua" isForCompensation="true"/>') + throw("k", COMPENSATE)
    )
    player = play(S + body + E + "\ns -> a\na -> k\nk -> e")
    case = player.start()
    act(player)
    assert case.ended is ended
    assert [each.element for each in incidents(player)] == ([] if ended else ["ua"])
