"""The reusable sub-processes are sound, drawn, played green, and can be called by another process."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from lxml import etree

from staffel.engine.bpmn.model import NodeType
from staffel.engine.findings import Severity
from staffel.engine.library.bundle import Bundle, check_bundle
from staffel.engine.soundness import check_soundness
from staffel.processes import building_blocks, read_bundle, reference_bundles

KEYS = sorted(building_blocks())
CALLER = (
    '<process id="rufer" isExecutable="true"><laneSet id="l"><lane id="L" name="Jobcenter"><flowNodeRef>s</flowNodeRef>'
    '<flowNodeRef>c</flowNodeRef><flowNodeRef>e</flowNodeRef></lane></laneSet><startEvent id="s"><outgoing>f</outgoing></startEvent>'
    '<callActivity id="c" calledElement="{key}"><incoming>f</incoming><outgoing>g</outgoing></callActivity>'
    '<endEvent id="e"><incoming>g</incoming></endEvent><sequenceFlow id="f" sourceRef="s" targetRef="c"/>'
    '<sequenceFlow id="g" sourceRef="c" targetRef="e"/></process>'
)
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def files(key: str) -> dict[str, bytes]:
    return read_bundle(building_blocks()[key])


@cache
def block(key: str) -> Bundle:
    return check_bundle(files(key))


def test_the_blocks_of_the_library_are_there_and_no_process_is_called_like_one() -> None:
    assert {
        "unterlagen_nachfordern",
        "einwilligung_einholen",
        "anhoerung",
        "bescheid_und_bekanntgabe",
        "wiedervorlage",
        "fallabschluss",
    } <= set(KEYS)
    assert not set(KEYS) & set(reference_bundles())


@pytest.mark.parametrize("key", KEYS)
def test_a_block_has_no_errors_and_no_warnings_and_its_scenarios_are_green(key: str) -> None:
    read = block(key)
    assert read.process_key == key
    assert [finding for finding in read.findings if finding.severity is not Severity.HINT] == []
    assert any(name.startswith("scenarios/") for name in files(key))


@pytest.mark.parametrize("key", KEYS)
def test_a_block_is_sound(key: str) -> None:
    assert [check_soundness(found) for found in block(key).programs.values()] == [()]


@pytest.mark.parametrize("key", KEYS)
def test_every_task_of_a_block_has_form_documentation_and_deadline_and_every_form_is_used(key: str) -> None:
    read = block(key)
    tasks = [e for e in read.programs[key].elements.values() if e.type is NodeType.USER_TASK]
    assert {task.form for task in tasks} == set(read.forms)
    for info in read.programs[key].describe():
        assert info.documentation or info.type is not NodeType.USER_TASK, info.id
    assert [task.id for task in tasks if not task.node.extension.deadlines] == []


@pytest.mark.parametrize("key", KEYS)
def test_every_field_of_a_block_is_labelled_in_german_and_english(key: str) -> None:
    for name, form in block(key).forms.items():
        assert {entry["field"] for entry in form["ui"]} == set(form["schema"]["properties"]), name
        for entry in form["ui"]:
            assert entry["label"], name
            assert entry["label_en"], name
            assert ("options" in entry) == ("options_en" in entry), name


@pytest.mark.parametrize("key", KEYS)
def test_the_drawing_of_a_block_shows_everything_and_nothing_covers_another(key: str) -> None:
    root = etree.fromstring(files(key)[f"{key}.bpmn"])
    kinds = {node.get("id"): etree.QName(node).localname for node in root.iter() if node.get("id")}
    edges = {edge.get("bpmnElement") for edge in root.iter(f"{DI}BPMNEdge")}
    boxes = []
    for shape in root.iter(f"{DI}BPMNShape"):
        if kinds[shape.get("bpmnElement")] not in {"lane", "participant", "boundaryEvent"}:
            box = shape.find("{*}Bounds")
            boxes.append(
                (shape.get("bpmnElement"), *(float(box.get(n)) for n in ("x", "y", "width", "height")))
            )
    assert {flow.get("id") for flow in root.iter("{*}sequenceFlow")} == edges
    boundary = {node for node, kind in kinds.items() if kind == "boundaryEvent"}
    assert {box[0] for box in boxes} == set(block(key).programs[key].elements) - boundary - {key}
    for place, (one, x, y, w, h) in enumerate(boxes):
        for two, a, b, v, g in boxes[place + 1 :]:
            assert x + w <= a or a + v <= x or y + h <= b or b + g <= y, (one, two)


@pytest.mark.parametrize("key", KEYS)
def test_the_readme_of_a_block_says_it_is_no_legal_advice(key: str) -> None:
    text = files(key)["README.md"].decode()
    for heading in ("## Zweck", "## Ablauf in Worten", "## Quellen", "## Haftungshinweis"):
        assert heading in text
    assert "keine Rechtsberatung" in text


@pytest.mark.parametrize("key", KEYS)
def test_forms_of_a_block_are_written_as_the_others(key: str) -> None:
    for name, content in files(key).items():
        if name.startswith("forms/"):
            expected = json.dumps(json.loads(content), ensure_ascii=False, indent=2) + "\n"
            assert content.decode() == expected, name


@pytest.mark.parametrize("key", KEYS)
def test_a_process_that_calls_a_block_is_accepted_and_its_stelle_does_the_tasks(key: str) -> None:
    content = files(key)
    text = re.sub(
        r"<bpmn:collaboration.*</bpmn:collaboration>", "", content[f"{key}.bpmn"].decode(), flags=re.DOTALL
    )
    text = re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", text, flags=re.DOTALL)
    caller = re.sub(r"<(/?)(?=\w)", r"<\1bpmn:", CALLER.format(key=key))
    both = text.replace("  <bpmn:process ", f"  {caller}<bpmn:process ", 1)
    forms = {name: form for name, form in content.items() if name.startswith("forms/")}
    read = check_bundle({"rufer.bpmn": both.encode(), **forms})
    assert [finding for finding in read.findings if finding.severity is Severity.ERROR] == []
    tasks = {e.id: e.unit for e in read.programs["rufer"].elements.values() if e.type is NodeType.USER_TASK}
    assert tasks
    assert set(tasks.values()) == {"JC"}
