"""Schema, references and structure: each fault is told by itself, at its place, with a remedy."""

from __future__ import annotations

import pytest
from tests.unit.bpmn.models import chain, model

from staffel.engine.bpmn import read_bpmn
from staffel.engine.bpmn.schema import in_words
from staffel.engine.bpmn.structure import RULES
from staffel.engine.findings import Severity


def codes(data: bytes, layer: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.element) for finding in read_bpmn(data).findings if finding.layer == layer]


def test_all_departures_from_the_schema_are_told_not_only_the_first() -> None:
    body = (
        '<startEvent id="s" foo="1"/>\n<x:thing/>\n<fancyTask id="q"/>\n<otherTask id="r"/>\n'
        '<exclusiveGateway id="g" gatewayDirection="Sideways"/>\n<task id="t" startQuantity="viel"/>'
    )
    findings = [finding for finding in read_bpmn(model(body)).findings if finding.layer == "schema"]
    assert {(finding.code, finding.line) for finding in findings} == {
        ("schema-attribute-unexpected", 3),
        ("schema-element-unexpected", 4),
        ("element-unknown", 5),
        ("element-unknown", 6),
        ("schema-value-unknown", 7),
        ("schema-value-invalid", 8),
    }


def test_checking_the_schema_leaves_the_tree_as_it_was() -> None:
    body = '<startEvent id="s"/><x:thing/><userTask id="A"/><endEvent id="e"/>'
    definitions = read_bpmn(model(body)).definitions
    assert definitions is not None
    assert list(definitions.processes["P"].scope.nodes) == ["s", "A", "e"]


def test_extensions_of_other_tools_are_no_fault() -> None:
    body = chain(
        '<userTask id="A" x:color="red"><extensionElements><x:thing><x:inner/></x:thing></extensionElements></userTask>'
    )
    assert codes(model(body), "schema") == []


def test_messages_of_the_schema_are_told_in_german_and_english() -> None:
    code, text, mend = in_words("Element '{urn:x}task': The attribute 'id' is required but missing.")
    assert code == "schema-attribute-missing"
    assert text == ("An „task“ fehlt das Attribut „id“.", '"task" has no attribute "id".')
    assert all(mend)


def test_an_unknown_message_of_the_schema_is_quoted() -> None:
    code, text, _mend = in_words("Something new.")
    assert code == "schema-invalid"
    assert "Something new." in text[0]


def test_duplicate_ids_are_told_with_both_lines() -> None:
    findings = [
        f for f in read_bpmn(model('<task id="A"/>\n<task id="A"/>')).findings if f.code == "id-duplicate"
    ]
    assert [(finding.element, finding.line) for finding in findings] == [("A", 4)]
    assert "Zeile 3" in findings[0].text_de


@pytest.mark.parametrize(
    ("body", "element"),
    [
        ('<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="nix"/>', "f"),
        ('<boundaryEvent id="b" attachedToRef="nix"><timerEventDefinition/></boundaryEvent>', "b"),
        ('<exclusiveGateway id="g" default="nix"/>', "g"),
        ('<receiveTask id="r" messageRef="nix"/>', "r"),
        ('<dataObjectReference id="d" dataObjectRef="nix"/>', "d"),
        (
            '<intermediateCatchEvent id="c"><eventDefinitionRef>nix</eventDefinitionRef></intermediateCatchEvent>',
            "c",
        ),
    ],
)
def test_dangling_references_are_told_at_their_element(body: str, element: str) -> None:
    assert ("reference-dangling", element) in codes(model(body), "references")


def test_references_to_the_wrong_kind_of_element_are_told() -> None:
    body = (
        '<task id="A"/><sequenceFlow id="f" sourceRef="A" targetRef="P"/><receiveTask id="r" messageRef="A"/>'
    )
    assert {("reference-wrong-kind", "f"), ("reference-wrong-kind", "r")} <= set(
        codes(model(body), "references")
    )


def test_an_import_that_is_not_beside_the_model_is_told() -> None:
    before = '<import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="other.bpmn" namespace="urn:o"/>'
    data = model(chain('userTask id="A"'), before=before)
    assert "import-missing" in [finding.code for finding in read_bpmn(data).findings]
    assert read_bpmn(data, beside={"other.bpmn": model("")}).findings == ()


def test_files_that_write_no_incoming_and_outgoing_at_all_are_fine() -> None:
    assert codes(model(chain('userTask id="A"')), "structure") == []


def test_incoming_and_outgoing_that_contradict_the_flows_are_told() -> None:
    body = (
        '<startEvent id="s"><outgoing>f</outgoing></startEvent><endEvent id="e"><incoming>other</incoming></endEvent>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="e"/>'
    )
    found = [finding for finding in read_bpmn(model(body)).findings if finding.rule == "EXT.023"]
    assert [finding.element for finding in found] == ["f"]


def test_links_pair_by_name_as_modelling_tools_write_them() -> None:
    body = (
        '<startEvent id="s"/><intermediateThrowEvent id="t"><linkEventDefinition name="weiter"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="c"><linkEventDefinition name="weiter"/></intermediateCatchEvent><endEvent id="e"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="c" targetRef="e"/>'
    )
    assert codes(model(body), "structure") == []


def test_every_rule_speaks_both_languages_and_names_its_section() -> None:
    for rule in RULES:
        assert rule.german
        assert rule.english
        assert rule.mend_german
        assert rule.mend_english
        assert rule.section


def test_each_constraint_has_one_rule() -> None:
    numbers = [rule.number for rule in RULES if rule.number]
    assert len(numbers) == len(set(numbers))


LOOP = '<userTask id="A"><multiInstanceLoopCharacteristics {0}><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>'
FLOW = (
    '<startEvent id="s"/><exclusiveGateway id="g" default="e1"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" '
    'targetRef="g"/><sequenceFlow id="e1" sourceRef="g" targetRef="e"/>'
    '<sequenceFlow id="e2" sourceRef="g" targetRef="e"><conditionExpression {0}>ok</conditionExpression></sequenceFlow>'
)
CHOREOGRAPHY = '<choreography id="c">{0}</choreography>'


@pytest.mark.parametrize(
    ("rule", "data", "kept"),
    [
        ("EXT.002", model('<task id="A"/><task id="A"/>'), model('<task id="A"/><task id="B"/>')),
        ("EXT.003", model("<task/>"), model('<task id="A"/>')),
        (
            "EXT.004",
            model('<documentation textFormat="html">x</documentation><task id="A"/>'),
            model('<documentation textFormat="text/html; charset=utf-8">x</documentation><task id="A"/>'),
        ),
        (
            "EXT.005",
            model('<task id="A"/><sequenceFlow id="f" sourceRef="A" targetRef="Y"/><x:note id="Y"/>'),
            model('<task id="A"/><sequenceFlow id="f" sourceRef="A" targetRef="Z"/><x:note id="Y"/>'),
        ),
        (
            "EXT.010",
            model('<task id="A"/><textAnnotation id="T" textFormat="rich text"/>'),
            model('<task id="A"/><textAnnotation id="T" textFormat="text/plain"/>'),
        ),
        (
            "EXT.014",
            model(FLOW.format('language="feel"')),
            model(FLOW.format('language="https://www.omg.org/spec/DMN/20230324/FEEL/"')),
        ),
        ("EXT.015", model("", roots=CHOREOGRAPHY.format('<laneSet id="L"/>')), model('<laneSet id="L"/>')),
        (
            "EXT.016",
            model(
                "", roots=CHOREOGRAPHY.format('<subChoreography id="S"><laneSet id="L"/></subChoreography>')
            ),
            model('<subProcess id="S"><laneSet id="L"/></subProcess>'),
        ),
        (
            "BPMN 10.3.8",
            model(LOOP.format('oneBehaviorEventRef="E"'), roots='<signalEventDefinition id="E"/>'),
            model(
                LOOP.format('behavior="One" oneBehaviorEventRef="E"'), roots='<signalEventDefinition id="E"/>'
            ),
        ),
        (
            "BPMN 10.4.1",
            model("", roots=CHOREOGRAPHY.format('<dataObject id="O"/>')),
            model('<dataObject id="O"/>'),
        ),
    ],
)
def test_basic_constraint_is_told_where_it_is_broken_and_nowhere_else(
    rule: str, data: bytes, kept: bytes
) -> None:
    told = [[each for each in read_bpmn(file).findings if each.rule == rule] for file in (data, kept)]
    assert (len(told[0]), len(told[1])) == (1, 0)
    assert told[0][0].mend_de


def test_findings_stand_with_the_gravest_first() -> None:
    body = '<startEvent id="s"/><task id="A"/><sequenceFlow id="f" sourceRef="s" targetRef="nix"/>'
    severities = [finding.severity for finding in read_bpmn(model(body)).findings]
    order = [Severity.ERROR, Severity.WARNING, Severity.HINT]
    assert severities == sorted(severities, key=order.index)
