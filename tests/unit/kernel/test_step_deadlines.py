"""A Frist runs on every activity that waits, with or without a task of people; where it never would, the model is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.unit.kernel.conftest import definitions
from tests.unit.kernel.test_deadline_courses import FRIST, Case

from staffel.engine.kernel import (
    CancelElement,
    CompleteTask,
    CompleteWork,
    DeliverMessage,
    ExtendDeadline,
    RetryIncident,
    SetVariables,
    compile_model,
)
from staffel.engine.kernel import events as ev
from staffel.engine.kernel.state import FristWait, IncidentWait, MessageWait, TaskWait, WorkWait

MONTH = '<staffel:deadline kind="gesetzlich" length="1M" extend="2W" suspensionBasis="§ 6 Abs. 4 BQFG"/>'
OFFICE = '<staffel:deadline kind="intern" length="5AT"/>'
WORK = '<staffel:topic name="druck"/><staffel:input source="1" target="x"/>'
INSIDE = '<startEvent id="i"/><userTask id="u"/><sequenceFlow id="iu" sourceRef="i" targetRef="u"/>'
ITEMS = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
MESSAGE = '<message id="m" name="M"/>'
CALLED = '</process><process id="Q" isExecutable="true"><startEvent id="qs"/><userTask id="u"/><sequenceFlow id="q" sourceRef="qs" targetRef="u"/>'
STEPS: dict[str, tuple[str, Any, type]] = {
    "service task": ("<serviceTask id='a'>{}</serviceTask>", CompleteWork, WorkWait),
    "send task with a topic": ("<sendTask id='a'>{}</sendTask>", CompleteWork, WorkWait),
    "business rule task with a topic": (
        "<businessRuleTask id='a'>{}</businessRuleTask>", CompleteWork, WorkWait,
    ),
    "receive task": ("<receiveTask id='a' messageRef='m'>{}</receiveTask>", DeliverMessage, MessageWait),
    "sub-process": (f"<subProcess id='a'>{{}}{INSIDE}</subProcess>", CompleteTask, TaskWait),
    "transaction": (f"<transaction id='a'>{{}}{INSIDE}</transaction>", CompleteTask, TaskWait),
    "ad-hoc sub-process": (
        "<adHocSubProcess id='a'>{}<userTask id='u'/></adHocSubProcess>", CompleteTask, TaskWait,
    ),
    "call activity": ("<callActivity id='a' calledElement='Q'>{}</callActivity>", CompleteTask, TaskWait),
}  # fmt: skip


def of_step(kind: str, deadlines: str = MONTH + OFFICE, **variables: Any) -> Case:
    step, _, wait = STEPS[kind]
    extension = FRIST.format((WORK if wait is WorkWait else "") + deadlines)
    body = '<startEvent id="s"/>' + step.format(extension) + '<endEvent id="e"/>\ns -> a\na -> e'
    return Case(body + ("\n" + CALLED if kind == "call activity" else ""), roots=MESSAGE, **variables)


def endings(case: Case) -> list[ev.Closing]:
    return [each.closing for each in case.events if isinstance(each, ev.DeadlineClosed)]


@pytest.mark.parametrize("kind", STEPS)
def test_a_frist_runs_until_the_step_is_done(kind: str) -> None:
    case = of_step(kind)

    # Monday 02.03.2026: 5 working days (§ 187(1) BGB) end on 09.03., one month (§ 188(2) BGB) on Thursday 02.04.
    assert [(due.place, case.end(due.place)) for due in case.dues()] == [
        (1, date(2026, 3, 9)), (0, date(2026, 4, 2)),
    ]  # fmt: skip
    _, command, wait = STEPS[kind]
    case.do(command(key=case.key(wait)))
    assert endings(case) == [ev.Closing.DONE]
    assert case.state is not None
    assert (case.state.waits, case.state.fristen, case.state.ended) == ({}, {}, ev.Ending.COMPLETED)


@pytest.mark.parametrize("kind", STEPS)
def test_it_is_suspended_and_extended_as_that_of_a_task(kind: str) -> None:
    case = of_step(kind, MONTH)
    case.now += timedelta(days=20)
    key = case.key(FristWait)

    case.suspend(date(2026, 3, 10), date(2026, 3, 19), key=key)
    # 02.04. and 10 days: Sunday 12.04.; § 31(3) VwVfG: Monday
    assert case.end() == date(2026, 4, 13)
    case.do(ExtendDeadline(key=key, reason="Akte fehlt"))
    assert case.end() == date(2026, 4, 27)  # § 190 BGB: two weeks from Monday 13.04.


def test_a_step_that_is_cancelled_drops_its_frist() -> None:
    case = of_step("service task")
    case.do(CancelElement(key=case.key(WorkWait), reason="nicht mehr nötig"))

    assert endings(case) == [ev.Closing.CANCELLED]


def test_the_anchor_of_a_step_moves_its_frist() -> None:
    case = of_step(
        "sub-process", '<staffel:deadline kind="gesetzlich" length="3M" start="antrag"/>', antrag="2026-02-10"
    )
    assert case.end() == date(2026, 5, 11)  # § 188(2) BGB: Sunday 10.05.; § 31(3) VwVfG

    case.do(SetVariables(variables={"antrag": "2026-02-12"}, reason="Eingangsstempel"))
    assert case.end() == date(2026, 5, 12)


def test_a_step_inside_suspends_the_frist_of_the_sub_process_around_it() -> None:
    case = of_step("sub-process", '<staffel:deadline kind="gesetzlich" length="1M" suspendedBy="u"/>')

    assert case.end() is None


def test_each_item_of_a_multi_instance_has_its_frist() -> None:
    work = "<serviceTask id='a'>" + FRIST.format(WORK + OFFICE) + ITEMS + "</serviceTask>"
    case = Case('<startEvent id="s"/>' + work + "\ns -> a")
    assert case.state is not None
    assert [type(each) for each in case.state.waits.values()].count(FristWait) == 2

    case.do(CompleteWork(key=case.key(WorkWait)))
    case.now += timedelta(days=1)
    case.do(CompleteWork(key=case.key(WorkWait)))
    assert endings(case) == [ev.Closing.DONE, ev.Closing.DONE]


def test_a_retry_of_the_step_does_not_begin_its_frist_anew() -> None:
    inner = '<startEvent id="i"/><subProcess id="sub" triggeredByEvent="true"><startEvent id="t" isInterrupting="false">'
    timer = "<timerEventDefinition><timeDuration>wann</timeDuration></timerEventDefinition></startEvent></subProcess>"
    sub = '<subProcess id="a">' + FRIST.format(MONTH) + inner + timer + "</subProcess>"
    case = Case('<startEvent id="s"/>' + sub + "\ns -> a", wann="bald")
    begun = case.dues()[0].begin
    case.now += timedelta(days=3)

    case.do(RetryIncident(key=case.key(IncidentWait), variables={"wann": "P1D"}))

    assert [each.begin for each in case.dues()] == [begun]
    assert sum(isinstance(each, ev.DeadlineBegun) for each in case.events) == 1


IN_VAIN = {
    "task without a type": ('<task id="a">{}</task>', ""),
    "script task": ('<scriptTask id="a">{}<script>1</script></scriptTask>', ""),
    "send task with a message": ('<sendTask id="a" messageRef="m">{}</sendTask>', ""),
    "message event": (
        '<intermediateCatchEvent id="a">{}<messageEventDefinition messageRef="m"/></intermediateCatchEvent>', "",
    ),
    "receive task behind an event-based gateway": (
        '<eventBasedGateway id="g"/><receiveTask id="a" messageRef="m">{}</receiveTask>'
        '<receiveTask id="b" messageRef="n"/>', "g -> a\ng -> b",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", IN_VAIN)
def test_a_frist_that_would_never_run_is_an_error_with_a_mend(kind: str) -> None:
    step, flows = IN_VAIN[kind]
    body = '<startEvent id="s"/>' + step.format(FRIST.format(OFFICE)) + "\n" + (flows or "s -> a")
    roots = MESSAGE + '<message id="n" name="N"/>'
    findings = compile_model(definitions(body, roots), "P").findings

    [found] = [each for each in findings if each.code == "deadline-in-vain"]
    assert (found.severity.value, found.element) == ("error", "a")
    assert "staffel:deadline" in found.mend_de


def test_a_due_date_that_is_named_later_begins_and_goes_with_its_variable() -> None:
    body = (
        '<startEvent id="s"/><userTask id="a">'
        + FRIST.format(OFFICE + '<staffel:due expression="termin"/>')
        + "</userTask>\ns -> a"
    )
    case = Case(body, termin=None)
    assert [due.place for due in case.dues()] == [0]

    case.do(SetVariables(variables={"termin": date(2026, 3, 5)}))
    assert [(due.place, case.end(due.place)) for due in case.dues()] == [
        (1, date(2026, 3, 5)), (0, date(2026, 3, 9)),
    ]  # fmt: skip
    case.do(SetVariables(variables={"termin": date(2026, 3, 12)}))
    assert case.end(1) == date(2026, 3, 12)
    case.do(SetVariables(variables={"termin": None}))
    assert [due.place for due in case.dues()] == [0]


def test_a_task_with_nothing_but_a_later_due_date_gets_it_and_loses_it() -> None:
    body = (
        '<startEvent id="s"/><userTask id="a">'
        + FRIST.format('<staffel:due expression="termin"/>')
        + "</userTask>\ns -> a"
    )
    case = Case(body, termin=None)
    case.do(SetVariables(variables={"termin": date(2026, 3, 5)}))
    assert case.end() == date(2026, 3, 5)

    case.do(SetVariables(variables={"termin": None}))
    assert case.dues() == ()
    assert case.state is not None
    assert case.state.fristen == {}


def test_a_due_date_that_is_no_date_stops_the_task_and_a_retry_takes_the_right_one() -> None:
    body = (
        '<startEvent id="s"/><userTask id="a">'
        + FRIST.format('<staffel:due expression="termin"/>')
        + "</userTask>\ns -> a"
    )
    case = Case(body, termin=None)
    case.do(SetVariables(variables={"termin": "bald"}))

    case.do(RetryIncident(key=case.key(IncidentWait), variables={"termin": date(2026, 3, 5)}))
    assert case.end() == date(2026, 3, 5)
