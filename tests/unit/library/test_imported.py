"""A model written for another tool gets a list of what was translated, what carried over, what left behind."""

from __future__ import annotations

import pytest
from tests.unit.bpmn.models import chain, model, task

from staffel.engine.findings import Severity
from staffel.engine.library.bundle import check_bundle
from staffel.engine.library.imported import import_jobs, imported_of

CONDITIONS = (
    '<startEvent id="s"/><exclusiveGateway id="G" default="no"/>{0}<endEvent id="e"/>'
    '<sequenceFlow id="a" sourceRef="s" targetRef="G"/><sequenceFlow id="yes" sourceRef="G" targetRef="A">'
    '<conditionExpression>{1}</conditionExpression></sequenceFlow><sequenceFlow id="no" sourceRef="G" targetRef="e"/>'
    '<sequenceFlow id="b" sourceRef="A" targetRef="e"/>'
)


def made_of(data: bytes) -> dict[str, list[tuple[str, str, str]]]:
    """Element, original, translation by section of the list."""
    found = imported_of(check_bundle({"m.bpmn": data}).findings)
    if found is None:
        return {}
    lists = {"translated": found.translated, "carried": found.carried, "left": found.left}
    return {name: [(e.element, e.was, e.became) for e in told] for name, told in lists.items() if told}


@pytest.mark.parametrize(
    ("step", "condition", "expected"),
    [
        pytest.param(
            task(
                "serviceTask",
                "",
                attributes='camunda:type="external" camunda:topic="t" camunda:asyncBefore="true"',
            ),
            "${betrag &gt; 1000 &amp;&amp; art == 'A'}",
            {
                "translated": [("yes", "${betrag > 1000 && art == 'A'}", 'betrag > 1000 and art = "A"')],
                "carried": [("A", "camunda:topic", "staffel:topic")],
                "left": [("A", "camunda:asyncBefore", "")],
            },
            id="Camunda 7",
        ),
        pytest.param(
            task(
                "serviceTask",
                '<zeebe:taskDefinition type="t"/><zeebe:ioMapping><zeebe:input source="=y" target="x"/></zeebe:ioMapping>'
                '<zeebe:assignmentDefinition assignee="x"/>',
            ),
            "=ok",
            {
                "carried": [
                    ("A", "zeebe:taskDefinition", "staffel:topic"),
                    ("A", "zeebe:ioMapping", "staffel:input, staffel:output"),
                ],
                "left": [("A", "zeebe:assignmentDefinition", "")],
            },
            id="Camunda 8",
        ),
        pytest.param(
            task(
                "userTask",
                '<flowable:formProperty id="a" name="N" type="string"/>',
                attributes='flowable:assignee="x"',
            ),
            "${!ok}",
            {
                "translated": [("yes", "${!ok}", "not(ok)")],
                "carried": [("A", "flowable:formProperty", "staffel:form")],
                "left": [("A", "flowable:assignee", "")],
            },
            id="Flowable",
        ),
    ],
)
def test_each_tool_s_details_are_listed_by_what_became_of_them(
    step: str, condition: str, expected: dict[str, list[tuple[str, str, str]]]
) -> None:
    assert made_of(model(CONDITIONS.format(step, condition))) == expected


def test_spiffworkflow_conditions_in_python_are_listed_with_their_feel() -> None:
    step = '<userTask id="A"><extensionElements><spiff:x/></extensionElements></userTask>'
    data = model(CONDITIONS.format(step, "a == 1 and not b"))
    spiff = b'<definitions xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    made = made_of(data.replace(b"<definitions ", spiff, 1))
    assert made["translated"] == [("yes", "a == 1 and not b", "a = 1 and not(b)")]
    assert [was for _, was, _ in made["left"]] == ["spiffworkflow:x"]


def test_what_makes_an_error_is_in_the_list_and_stays_an_error() -> None:
    data = model(CONDITIONS.format('<userTask id="A"/>', "${bean.call(x)}"))
    found = check_bundle({"m.bpmn": data}).findings
    listed = imported_of(found)
    assert listed is not None
    assert [(each.severity, each.was) for each in listed.left] == [(Severity.ERROR, "${bean.call(x)}")]
    assert import_jobs(found, lambda each: each.severity is Severity.HINT) == ()


def test_a_model_of_no_other_tool_has_no_list() -> None:
    assert imported_of(check_bundle({"m.bpmn": model(chain('userTask id="A"'))}).findings) is None
