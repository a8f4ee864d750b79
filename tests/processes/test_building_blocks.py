"""The reusable sub-processes are sound, drawn, played green, and can be called by another process."""

from __future__ import annotations

import json
from functools import cache

import pytest
from lxml import etree

from staffel.engine.bpmn.model import NodeType
from staffel.engine.findings import Severity
from staffel.engine.kernel.program import Element
from staffel.engine.library.bundle import Bundle, check_bundle
from staffel.engine.library.shipped import shipped_calls
from staffel.engine.soundness import check_soundness
from staffel.processes import building_blocks, read_bundle, reference_bundles

KEYS = sorted(building_blocks())
CALLER = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
    '<process id="rufer" isExecutable="true"><laneSet id="l"><lane id="L" name="{lane}"><flowNodeRef>s</flowNodeRef>'
    '<flowNodeRef>c</flowNodeRef><flowNodeRef>e</flowNodeRef></lane></laneSet><startEvent id="s"><outgoing>f</outgoing></startEvent>'
    '<callActivity id="c" calledElement="{key}"><incoming>f</incoming><outgoing>g</outgoing></callActivity>'
    '<endEvent id="e"><incoming>g</incoming></endEvent><sequenceFlow id="f" sourceRef="s" targetRef="c"/>'
    '<sequenceFlow id="g" sourceRef="c" targetRef="e"/></process></definitions>'
)
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def files(key: str) -> dict[str, bytes]:
    return read_bundle(building_blocks()[key])


@cache
def block(key: str) -> Bundle:
    return check_bundle(files(key), calls=shipped_calls(files(key)))


def test_the_blocks_of_the_library_are_there_and_no_process_is_called_like_one() -> None:
    assert {
        "unterlagen_nachfordern",
        "einwilligung_einholen",
        "anhoerung",
        "bescheid_und_bekanntgabe",
        "wiedervorlage",
        "fallabschluss",
        "fallkonferenz",
    } <= set(KEYS)
    assert not set(KEYS) & set(reference_bundles())


@pytest.mark.parametrize("key", KEYS)
def test_a_block_has_no_errors_and_no_warnings_and_its_scenarios_are_green(key: str) -> None:
    read = block(key)
    assert read.process_key == key
    assert [finding for finding in read.findings if finding.severity is not Severity.HINT] == []
    assert any(name.startswith("scenarios/") for name in files(key))


def own_elements(key: str) -> list[Element]:
    """The elements of the block itself, without those of blocks that it calls."""
    return [each for name, each in block(key).programs[key].elements.items() if "/" not in name]


@pytest.mark.parametrize("key", KEYS)
def test_a_block_is_sound(key: str) -> None:
    assert [check_soundness(found) for found in block(key).programs.values()] == [()]


@pytest.mark.parametrize("key", KEYS)
def test_every_task_of_a_block_has_form_documentation_and_deadline_and_every_form_is_used(key: str) -> None:
    read = block(key)
    tasks = [e for e in own_elements(key) if e.type is NodeType.USER_TASK]
    started = {read.programs[key].start_form(None)} - {None}
    assert {task.form for task in tasks} | started == set(read.forms)
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
    assert {box[0] for box in boxes} == {each.id for each in own_elements(key)} - boundary - {key}
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
    unit, name = ("CM", "Case Management") if key == "fallkonferenz" else ("JC", "Jobcenter")
    called = {"rufer.bpmn": CALLER.format(key=key, lane=name).encode()}
    read = check_bundle(called, calls=shipped_calls(called))
    assert [finding for finding in read.findings if finding.severity is Severity.ERROR] == []
    tasks = {e.id: e.unit for e in read.programs["rufer"].elements.values() if e.type is NodeType.USER_TASK}
    assert tasks
    assert set(tasks.values()) == ({unit} if unit == "JC" else {"CM", "ABH", "LB", "JC", "KI", "SCHA"})


def test_an_invitation_names_the_person_only_with_consent_and_each_stelle_gets_its_own_agreements() -> None:
    rules = {rule.id: rule for rule in block("fallkonferenz").handover_rules.values()}
    assert {rule.kind for rule in rules.values()} == {"beteiligung", "information"}
    for rule in rules.values():
        named = [each for each in rule.fields or () if each.name in {"familienname", "vornamen"}]
        assert all(each.consent and not each.required for each in named), rule.id
        assert len([e for e in rule.fields or () if e.name.startswith(("absprachen", "kurzbericht"))]) <= 1
