"""What compiling finds: every fault with its element, and how to mend it in two languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from staffel.engine.findings import Severity
from staffel.engine.kernel.compiler.findings import TEXTS
from staffel.engine.play import Player

Play = Callable[..., Player]

FAULTS = {
    "expression-invalid": '<startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/>\ns -> g\ng -> a : 1 +',
    "condition-missing": '<startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/><task id="b"/>\ns -> g\ng -> a\ng -> b',
    "message-missing": '<startEvent id="s"/><receiveTask id="r"/>\ns -> r',
    "signal-missing": '<startEvent id="s"><signalEventDefinition/></startEvent>',
    "timer-missing": '<startEvent id="s"><timerEventDefinition/></startEvent>',
    "event-condition-missing": '<startEvent id="s"><conditionalEventDefinition/></startEvent>',
    "called-process-unknown": '<startEvent id="s"/><callActivity id="c" calledElement="Nirgends"/>\ns -> c',
    "recursive-call": '<startEvent id="s"/><callActivity id="c" calledElement="P"/>\ns -> c',
    "four-eyes-in-vain": '<startEvent id="s"/><businessRuleTask id="d"><extensionElements><staffel:fourEyes/></extensionElements></businessRuleTask>\ns -> d',
    "decision-missing": '<startEvent id="s"/><businessRuleTask id="d"/>\ns -> d',
    "script-missing": '<startEvent id="s"/><scriptTask id="d"/>\ns -> d',
    "loop-bound-missing": '<startEvent id="s"/><task id="d"><standardLoopCharacteristics/></task>\ns -> d',
    "expression-language": '<startEvent id="s"/><scriptTask id="d" scriptFormat="python"><script>1</script></scriptTask>\ns -> d',
    "link-target-missing": '<startEvent id="s"/><intermediateThrowEvent id="l"><linkEventDefinition name="x"/></intermediateThrowEvent>\ns -> l',
    "handler-missing": '<startEvent id="s"/><task id="a"/><boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>\ns -> a',
    "topic-default": '<startEvent id="s"/><serviceTask id="w"/>\ns -> w',
    "starts-to-choose": '<startEvent id="s"/><startEvent id="r"/><task id="t"/>\ns -> t\nr -> t',
    "sub-process-starts": '<startEvent id="s"/><subProcess id="p"><startEvent id="i"/><startEvent id="j"/></subProcess>\ns -> p',
    "not-executed": '<startEvent id="s"/><transaction id="t" method="##Store"/>\ns -> t',
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<exclusiveGateway id="g"/><task id="a"/>\ns -> g\ng -> a : 5 + 1', "true or false"),
        ('<task id="g"/><task id="a"/>\ns -> g\ng -> a : "yes"', "true or false"),
        (
            '<task id="a"><multiInstanceLoopCharacteristics><loopCardinality>-1</loopCardinality>'
            "</multiInstanceLoopCharacteristics></task>\ns -> a",
            "a whole number from 0",
        ),
        (
            '<task id="a"><standardLoopCharacteristics loopMaximum="-2"><loopCondition>x</loopCondition>'
            "</standardLoopCharacteristics></task>\ns -> a",
            "a whole number from 0",
        ),
        (
            '<task id="a"><standardLoopCharacteristics><loopCondition>null</loopCondition></standardLoopCharacteristics>'
            "</task>\ns -> a",
            "true or false",
        ),
        (
            '<intermediateCatchEvent id="c"><conditionalEventDefinition><condition>1</condition></conditionalEventDefinition>'
            "</intermediateCatchEvent>\ns -> c",
            "true or false",
        ),
        (
            '<parallelGateway id="g"/><task id="a"/><task id="b"/><complexGateway id="j"><activationCondition>2</activationCondition>'
            "</complexGateway>\ns -> g\ng -> a\ng -> b\na -> j\nb -> j",
            "true or false",
        ),
    ],
)
def test_value_that_stops_every_case_is_found_before_one_runs(play: Play, body: str, expected: str) -> None:
    (found,) = [each for each in play(f'<startEvent id="s"/>{body}').findings if each.code == "value-kind"]
    assert found.severity is Severity.ERROR
    assert expected in found.text_en


def test_fixed_value_of_the_right_kind_is_no_fault(play: Play) -> None:
    body = '<startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/>\ns -> g\ng -> a : today() > date("2020-01-01")'
    assert "value-kind" not in {each.code for each in play(body).findings}


@pytest.mark.parametrize("code", FAULTS)
def test_fault_is_found(play: Play, code: str) -> None:
    findings = play(FAULTS[code]).findings

    assert code in {found.code for found in findings}
    for found in findings:
        assert found.element
        assert found.line
        assert found.text_de
        assert found.mend_en


CONDITIONAL = '<startEvent id="c"><conditionalEventDefinition><condition>a &gt; 1</condition></conditionalEventDefinition></startEvent>'


def test_a_condition_begins_no_case(play: Play) -> None:
    findings = play(CONDITIONAL + '<startEvent id="s"/><task id="t"/>\ns -> t\nc -> t').findings

    assert [(found.code, found.element, found.severity) for found in findings] == [
        ("not-executed", "c", Severity.ERROR)
    ]


def test_a_condition_begins_an_event_sub_process(play: Play) -> None:
    handler = f'<subProcess id="h" triggeredByEvent="true">{CONDITIONAL}</subProcess>'

    assert play(f'{handler}<startEvent id="s"/><task id="t"/>\ns -> t').findings == []


def test_every_text_can_be_filled_in() -> None:
    assert all(
        text.german and text.english and text.mend_german and text.mend_english for text in TEXTS.values()
    )


def test_sound_model_has_no_findings(play: Play) -> None:
    assert play('<startEvent id="s"/><userTask id="t"/><endEvent id="e"/>\ns -> t\nt -> e').findings == []


@pytest.mark.parametrize(
    ("at_end", "interrupting"), [("interrupt", "false"), ("consent", "false"), ("consent", "true")]
)
def test_end_of_a_deadline_that_does_not_happen_is_refused(
    play: Play, at_end: str, interrupting: str
) -> None:
    body = (
        f'<startEvent id="s"/><userTask id="t"/><boundaryEvent id="b" attachedToRef="t" cancelActivity="{interrupting}">'
        f'<extensionElements><staffel:deadline kind="intern" length="5AT" atEnd="{at_end}"/></extensionElements>'
        '<timerEventDefinition/></boundaryEvent><task id="x"/>\ns -> t\nb -> x'
    )
    assert [found.code for found in play(body).findings if found.element == "b"] == ["not-executed"]
