"""Every reference bundle is what its reader expects: free of errors, drawn, bound, with forms, rules and tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from lxml import etree
from reference_walk import bundle

from staffel.engine.bpmn.model import NodeType
from staffel.engine.findings import Severity
from staffel.engine.library.checks.notes import Notes
from staffel.engine.library.checks.test_sets import DecisionCase, read_test_set, run_case
from staffel.processes import MUNICIPALITIES, read_bundle, reference_bundles

KEYS = sorted(reference_bundles())
VARIANTS = [
    ("rechtskreiswechsel", "rechtskreiswechsel-muenster"),
    ("seiteneinsteiger", "seiteneinsteiger-seriell"),
]
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def files(key: str) -> dict[str, bytes]:
    return read_bundle(reference_bundles()[key])


@pytest.mark.parametrize("key", KEYS)
def test_bundle_has_no_errors_and_no_warnings(key: str) -> None:
    assert [finding for finding in bundle(key).findings if finding.severity is not Severity.HINT] == []


@pytest.mark.parametrize("key", KEYS)
def test_everything_a_person_does_has_form_lane_and_documentation(key: str) -> None:
    read = bundle(key)
    for info in read.programs[read.process_key].describe():
        if info.type is NodeType.USER_TASK and "/" not in info.id:
            assert info.form in read.forms, info.id
            assert info.unit, info.id
            assert info.documentation, info.id


@pytest.mark.parametrize("key", KEYS)
def test_every_form_is_used_and_speaks_german_and_english(key: str) -> None:
    read = bundle(key)
    used = {info.form for info in read.programs[read.process_key].describe()}
    assert set(read.forms) <= used
    for name, form in read.forms.items():
        for entry in _entries(form["ui"]):
            assert entry["label"], name
            assert entry["label_en"], name
            assert ("options" in entry) == ("options_en" in entry), name


def _entries(ui: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for entry in ui:
        yield entry
        yield from _entries(entry.get("items", []))


@pytest.mark.parametrize("key", KEYS)
def test_every_change_of_stelle_has_a_rule(key: str) -> None:
    read = bundle(key)
    flows = read.programs[read.process_key].flows.values()
    crossing = {flow.id: flow.handover for flow in flows if flow.handover is not None}
    assert crossing
    assert [flow for flow, handover in crossing.items() if not handover.ruled] == []
    assert all(handover.rule.legal_bases for handover in crossing.values())


@pytest.mark.parametrize("key", KEYS)
def test_drawing_shows_every_element_inside_its_lane(key: str) -> None:
    root = etree.fromstring(files(key)[f"{key}.bpmn"])
    bounds = {}
    for shape in root.iter(f"{DI}BPMNShape"):
        box = shape.find("{*}Bounds")
        x, y, width, height = (float(box.get(name)) for name in ("x", "y", "width", "height"))
        bounds[shape.get("bpmnElement")] = (x, y, x + width, y + height)
    edges = {edge.get("bpmnElement") for edge in root.iter(f"{DI}BPMNEdge")}
    assert {flow.get("id") for flow in root.iter("{*}sequenceFlow", "{*}messageFlow")} <= edges
    for lane in root.iter("{*}lane"):
        outer = bounds[lane.get("id")]
        for node in lane.iterfind("{*}flowNodeRef"):
            left, top, right, bottom = bounds[node.text]
            assert outer[0] < left < right < outer[2], node.text
            assert outer[1] < top < bottom < outer[3], node.text


@pytest.mark.parametrize("key", KEYS)
def test_shapes_do_not_cover_each_other(key: str) -> None:
    root = etree.fromstring(files(key)[f"{key}.bpmn"])
    skip = {"lane", "participant", "subProcess", "boundaryEvent"}
    kinds = {node.get("id"): etree.QName(node).localname for node in root.iter() if node.get("id")}
    boxes = []
    for shape in root.iter(f"{DI}BPMNShape"):
        if kinds[shape.get("bpmnElement")] not in skip:
            box = shape.find("{*}Bounds")
            boxes.append(
                (shape.get("bpmnElement"), *(float(box.get(n)) for n in ("x", "y", "width", "height")))
            )
    for place, (one, x, y, w, h) in enumerate(boxes):
        for two, a, b, v, g in boxes[place + 1 :]:
            assert x + w <= a or a + v <= x or y + h <= b or b + g <= y, (one, two)


@pytest.mark.parametrize(("base", "variant"), VARIANTS)
def test_variants_are_one_process_with_the_same_messpunkte(base: str, variant: str) -> None:
    one, two = bundle(base), bundle(variant)
    assert one.process_key == two.process_key == base
    assert two.manifest["variante_von"] == base
    assert [each["id"] for each in one.manifest["messpunkte"]] == [
        each["id"] for each in two.manifest["messpunkte"]
    ]
    for read in (one, two):
        marked = {info.milestone: info.id for info in read.programs[base].describe() if info.milestone}
        assert {each["id"] for each in read.manifest["messpunkte"]} == set(marked)


@pytest.mark.parametrize(("base", "variant"), VARIANTS)
def test_each_municipality_works_after_exactly_one_variant(base: str, variant: str) -> None:
    everybody = {each["ags"] for each in yaml.safe_load(MUNICIPALITIES.read_text())["kommunen"]}
    one, two = (set(bundle(key).manifest["kommunen"]) for key in (base, variant))
    assert one | two == everybody
    assert not one & two


def test_every_municipality_has_a_stelle_for_every_lane() -> None:
    document = yaml.safe_load(MUNICIPALITIES.read_text())
    bodies = {each["ags"] for each in document["kommunen"] + document["weitere_traeger"]}
    needed = {
        info.unit for key in KEYS for info in bundle(key).programs[bundle(key).process_key].describe()
    } - {None}
    assert len(document["kommunen"]) == 12
    for municipality in document["kommunen"]:
        assert needed <= set(municipality["zustaendig"]), municipality["name"]
        assert {each["traeger"] for each in municipality["zustaendig"].values()} <= bodies


def test_rheine_is_served_by_two_legal_entities() -> None:
    rheine = next(
        each for each in yaml.safe_load(MUNICIPALITIES.read_text())["kommunen"] if each["name"] == "Rheine"
    )
    assert rheine["zustaendig"]["LB"]["traeger"] == "05566076"
    assert rheine["zustaendig"]["JC"] == {"stelle": "Jobcenter Kreis Steinfurt", "traeger": "05566"}


@pytest.mark.parametrize("key", KEYS)
def test_readme_says_it_is_no_legal_advice(key: str) -> None:
    text = files(key)["README.md"].decode()
    for heading in ("## Zweck", "## Ablauf in Worten", "## Quellen", "## Haftungshinweis"):
        assert heading in text
    assert "keine Rechtsberatung" in text
    assert ("## Abweichungen der Variante" in text) == ("variante_von" in bundle(key).manifest)


def _decision_cases() -> Iterator[Any]:
    for key in KEYS:
        notes = Notes()
        for path, content in files(key).items():
            if path.startswith("tests/"):
                for case in read_test_set(content, path, notes):
                    yield pytest.param(key, case, id=f"{key}-{case.name}")
        assert notes.findings == []


@pytest.mark.parametrize(("key", "case"), list(_decision_cases()))
def test_decision_gives_what_its_test_set_expects(key: str, case: DecisionCase) -> None:
    assert run_case(case, bundle(key).decisions).faults == []


@pytest.mark.parametrize("key", KEYS)
def test_every_rule_of_every_table_is_met_by_a_case_of_its_test_set(key: str) -> None:
    met: dict[str, set[int]] = {}
    tables: dict[str, int] = {}
    for case in (each.values[1] for each in _decision_cases() if each.values[0] == key):
        model = bundle(key).decisions[case.decision]
        table = model.decisions[case.decision].table
        if table is None:
            continue
        found = model.evaluate(case.decision, case.inputs, now=NOW, key_date=case.key_date)
        last = [t for each in found.explanation["decisions"] for t in each["tables"]][-1]
        met.setdefault(case.decision, set()).update(last["matched"])
        tables[case.decision] = len(table.table.rules)

    missing = {name: sorted(set(range(1, count + 1)) - met[name]) for name, count in tables.items()}
    assert not any(missing.values()), missing


@pytest.mark.parametrize("key", KEYS)
def test_every_decision_says_from_when_it_holds_and_as_of_which_state_of_the_law(key: str) -> None:
    for model in bundle(key).decisions.values():
        for decision in model.decisions.values():
            assert decision.validity.first is not None
            assert decision.validity.legal_state
            assert decision.validity.legal_bases


@pytest.mark.parametrize("key", KEYS)
def test_every_decision_has_a_test_set(key: str) -> None:
    tested = {
        yaml.safe_load(content)["entscheidung"]
        for path, content in files(key).items()
        if path.startswith("tests/")
    }
    used = {
        element.node.extension.decision
        for name, element in bundle(key).programs[bundle(key).process_key].elements.items()
        if element.node.extension.decision and "/" not in name
    }
    assert tested == used


def test_forms_are_json_with_a_final_newline() -> None:
    for key in KEYS:
        for path, content in files(key).items():
            if path.endswith(".json"):
                json.loads(content)
                assert content.endswith(b"}\n")
