"""Reading: whatever tool wrote the file, nothing in it is lost, and nothing it holds makes reading fail."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.bpmn.models import HEAD, chain, long_chain, model

from staffel.engine.bpmn import read_bpmn
from staffel.engine.bpmn.model import Definitions, EventKind, MultiInstance, Node, NodeType, TimerKind
from staffel.engine.findings import Finding, Severity


def read(data: bytes) -> Definitions:
    found = read_bpmn(data).definitions
    assert found is not None
    return found


def node(data: bytes, identity: str) -> Node:
    return next(each for each in read(data).processes["P"].scope.walk() if each.id == identity)


def errors(data: bytes) -> list[Finding]:
    return [finding for finding in read_bpmn(data).findings if finding.severity is Severity.ERROR]


def test_a_plain_model_has_no_findings() -> None:
    assert read_bpmn(model(chain('userTask id="A"'))).findings == ()


def test_flows_and_nodes_without_ids_get_stable_ones() -> None:
    body = '<startEvent id="s"/>\n<endEvent id="e"/>\n<sequenceFlow sourceRef="s" targetRef="e"/>\n<task/><task/>'
    first, second = (read(model(body)).processes["P"].scope for _ in range(2))
    assert list(first.flows) == list(second.flows) == ["Flow_line5"]
    assert first.flows["Flow_line5"].generated_id
    assert [each.id for each in first.nodes.values() if each.generated_id] == ["Task_line6", "Task_line6_2"]
    assert first.nodes["s"].outgoing == ("Flow_line5",)


def test_a_name_stands_on_one_line() -> None:
    assert (
        node(model(chain('userTask id="A" name=" Zugangs&#10;karte&#9;liegt bereit "')), "A").name
        == "Zugangs karte liegt bereit"
    )


def test_a_made_up_id_is_told() -> None:
    findings = read_bpmn(model('<startEvent id="s"/><task/>')).findings
    assert "id-generated" in [finding.code for finding in findings]


def test_references_with_the_prefix_of_the_file_are_resolved() -> None:
    body = '<startEvent id="s"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="t:s" targetRef="t:e"/>'
    flow = read(model(body)).processes["P"].scope.flows["f"]
    assert (flow.source, flow.target) == ("s", "e")


def test_nodes_stand_in_the_innermost_lane_and_boundary_events_in_their_hosts() -> None:
    lanes = (
        '<laneSet id="L"><lane id="Outer" name="Stadt"><flowNodeRef>A</flowNodeRef><childLaneSet id="C">'
        '<lane id="Inner" name="Amt"><flowNodeRef>A</flowNodeRef></lane></childLaneSet></lane></laneSet>'
    )
    boundary = (
        '<boundaryEvent id="B" attachedToRef="A" cancelActivity="false"><timerEventDefinition id="T">'
        "<timeDuration>P2D</timeDuration></timerEventDefinition></boundaryEvent>"
    )
    data = model(lanes + chain('userTask id="A"') + boundary)
    process = read(data).processes["P"]
    assert {lane.id: (lane.nodes, lane.parent) for lane in process.lanes} == {
        "Outer": ((), None),
        "Inner": (("A",), "Outer"),
    }
    found = node(data, "B")
    assert (found.lane, found.attached_to, found.interrupting) == ("Inner", "A", False)
    assert found.events[0].timer is TimerKind.DURATION
    assert found.events[0].expression is not None
    assert found.events[0].expression.text == "P2D"


def test_event_definitions_may_stand_at_the_top_and_be_referred_to() -> None:
    roots = '<message id="M" name="Antrag"/><messageEventDefinition id="MD" messageRef="M"/>'
    body = chain(
        '<intermediateCatchEvent id="A"><eventDefinitionRef>MD</eventDefinitionRef></intermediateCatchEvent>'
    )
    event = node(model(body, roots=roots), "A").events[0]
    assert (event.kind, event.ref, event.name, event.id) == (EventKind.MESSAGE, "M", "Antrag", "MD")


def test_error_and_escalation_codes_are_resolved() -> None:
    roots = '<error id="E" name="Fehler" errorCode="F-1"/>'
    body = '<startEvent id="s"/><endEvent id="A"><errorEventDefinition errorRef="E"/></endEvent>'
    assert node(model(body, roots=roots), "A").events[0].code == "F-1"


def test_multi_instance_reads_the_collection_behind_its_data_input() -> None:
    body = (
        '<dataObject id="DO" name="kinder" isCollection="true"/><dataObjectReference id="DR" dataObjectRef="DO"/>'
        + chain(
            '<userTask id="A"><ioSpecification><dataInput id="DI" isCollection="true"/><inputSet><dataInputRefs>DI'
            "</dataInputRefs></inputSet><outputSet/></ioSpecification><dataInputAssociation><sourceRef>DR</sourceRef>"
            '<targetRef>DI</targetRef></dataInputAssociation><multiInstanceLoopCharacteristics isSequential="true">'
            '<loopDataInputRef>DI</loopDataInputRef><inputDataItem id="i" name="kind"/>'
            "</multiInstanceLoopCharacteristics></userTask>"
        )
    )
    loop = node(model(body), "A").loop
    assert isinstance(loop, MultiInstance)
    assert loop.collection is not None
    assert (loop.sequential, loop.collection.text, loop.item_variable) == (True, "kinder", "kind")


def test_global_tasks_pools_and_message_flows_are_read() -> None:
    before = (
        '<collaboration id="C"><participant id="Stadt" name="Stadt" processRef="P"/><participant id="Amt" name="Amt"/>'
        '<messageFlow id="MF" name="Bescheid" sourceRef="Amt" targetRef="A"/></collaboration>'
        '<globalUserTask id="G" name="Überall"/>'
    )
    found = read(model(chain('receiveTask id="A"'), before=before))
    assert [(pool.id, pool.process) for pool in found.participants] == [("Stadt", "P"), ("Amt", None)]
    assert [(flow.source, flow.target, flow.name) for flow in found.message_flows] == [
        ("Amt", "A", "Bescheid")
    ]
    assert found.global_tasks["G"].type is NodeType.USER_TASK


def test_nested_sub_processes_are_read_to_the_depth_that_files_may_have() -> None:
    depth = 200
    body = "".join(f'<subProcess id="S{number}">' for number in range(depth)) + "</subProcess>" * depth
    assert len(list(read(model(body)).processes["P"].scope.walk())) == depth


def test_annotations_groups_and_associations_are_no_fault() -> None:
    extra = (
        '<textAnnotation id="N"><text>Hinweis</text></textAnnotation>'
        '<association id="As" sourceRef="A" targetRef="N"/><group id="G"/>'
    )
    assert errors(model(chain('userTask id="A"') + extra)) == []


def test_choreographies_are_refused_and_not_dropped() -> None:
    body = '<choreographyTask id="CT" initiatingParticipantRef="p"><participantRef>p</participantRef></choreographyTask>'
    assert "choreography-not-executed" in [finding.code for finding in errors(model(body))]


def test_every_finding_names_its_line_and_speaks_both_languages() -> None:
    body = '<startEvent id="s" foo="1"/>\n<task id="s"/>\n<wrong/>\n<sequenceFlow id="f" sourceRef="s" targetRef="nix"/>'
    findings = read_bpmn(model(body)).findings
    assert len(findings) >= 4
    assert all(
        finding.line and finding.text_de and finding.text_en and finding.mend_de for finding in findings
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml-malformed"),
        (b"Hello", "xml-malformed"),
        (b"<a/>", "not-bpmn"),
        (b"<!DOCTYPE x><definitions/>", "xml-doctype-forbidden"),
        (b'<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/"/>', "not-bpmn"),
    ],
)
def test_what_is_no_bpmn_is_one_finding(data: bytes, code: str) -> None:
    reading = read_bpmn(data, file="x.bpmn")
    assert reading.definitions is None
    assert [(finding.code, finding.file) for finding in reading.findings] == [(code, "x.bpmn")]


_NAMES = ["startEvent", "task", "subProcess", "sequenceFlow", "lane", "boundaryEvent", "timerEventDefinition"]
_NAMES += [
    "multiInstanceLoopCharacteristics",
    "callActivity",
    "extensionElements",
    "laneSet",
    "script",
    "unknown",
]
_TREES: Any = st.recursive(
    st.sampled_from([f"<{name}/>" for name in _NAMES] + ["Text", "<staffel:form/>", "<camunda:formData/>"]),
    lambda inner: st.builds(
        lambda name, attributes, children: f"<{name} {attributes}>{''.join(children)}</{name}>",
        st.sampled_from(_NAMES),
        st.sampled_from(
            ["", 'id="a"', 'id="b" sourceRef="a" targetRef="b"', 'attachedToRef="a"', 'id="1 2"']
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(_TREES)
def test_no_arrangement_of_elements_makes_reading_fail(body: str) -> None:
    reading = read_bpmn(f'{HEAD}<process id="P">{body}</process></definitions>'.encode())
    assert reading.definitions is not None


def test_ten_thousand_nodes_are_read_and_checked_in_reasonable_time() -> None:
    began = time.perf_counter()
    found = read(long_chain(10_000))
    assert len(found.processes["P"].scope.nodes) == 10_000
    assert time.perf_counter() - began < 20


def test_a_hundred_nodes_take_well_under_a_fifth_of_a_second() -> None:
    data = long_chain(100)
    read_bpmn(data)
    times = []
    for _ in range(3):
        began = time.perf_counter()
        read_bpmn(data)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.2


def test_a_task_that_names_its_owner_is_told_that_the_lane_decides() -> None:
    owner = '<potentialOwner id="O"><resourceAssignmentExpression><formalExpression>sachbearbeitung</formalExpression></resourceAssignmentExpression></potentialOwner>'
    body = chain('userTask id="A"').replace('<userTask id="A"/>', f'<userTask id="A">{owner}</userTask>')
    assert owner in body

    found = [finding for finding in read_bpmn(model(body)).findings if finding.code == "not-carried-over"]

    assert len(found) == 1
    assert "potentialOwner" in found[0].text_de
