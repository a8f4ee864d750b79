"""Uploads: every file is checked, what belongs together is held against each other, nothing makes it fail."""

from __future__ import annotations

import json

import pytest
from tests.unit.bpmn.models import chain, model, task

from staffel.engine.findings import Severity
from staffel.engine.kernel.handover_rule import FRISTEN
from staffel.engine.library.bundle import Bundle, check_bundle

LANES = (
    '<laneSet id="L"><lane id="L1" name="jobcenter"><flowNodeRef>start</flowNodeRef><flowNodeRef>A</flowNodeRef></lane>'
    '<lane id="L2" name="Bereich 5"><extensionElements><staffel:unit kind="SCHA"/></extensionElements>'
    "<flowNodeRef>B</flowNodeRef><flowNodeRef>end</flowNodeRef></lane></laneSet>"
)
TWO = LANES + chain(task("userTask", '<staffel:form ref="antrag"/>'), 'userTask id="B"')
FORM = {"schema": {"type": "object", "properties": {"name": {"type": "string"}}}, "ui": [{"field": "name"}]}
RULE = """
- uebergaberegel:
    id: R1
    nachrichtenfluss: f2
    art: falluebergabe
    absender: {stelle: JC}
    empfaenger: {stelle: SCHA}
    datensatz: [{feld: name, pflicht: ja}, {feld: alter, pflicht: nein, nur_mit_einwilligung: ja}]
    rechtsgrundlagen: ["§ 16 SGB I"]
    fristen: {eingangsbestaetigung: {dauer: 3AT}, vollstaendigkeit: {dauer: 1W}}
    ablehnungsgruende: [unvollstaendig]
    rueckweg: {max_ruecklaeufer: 1}
"""


def bundle(body: str = TWO, **files: object) -> Bundle:
    given = {"m.bpmn": model(body), "forms/antrag.json": json.dumps(FORM).encode()}
    for name, content in files.items():
        path = (
            name.replace("__", "/")
            .replace("_yaml", ".yaml")
            .replace("_json", ".json")
            .replace("_dmn", ".dmn")
        )
        given[path] = content if isinstance(content, bytes) else str(content).encode()
    return check_bundle(given)


def codes(found: Bundle) -> list[str]:
    return [finding.code for finding in found.findings]


def test_a_sound_bundle_has_no_errors() -> None:
    found = bundle(uebergaben_yaml=RULE, process_yaml="prozess: P\nname: Test\nrechtsgrundlagen: [§ 1]\n")
    assert [f.text_en for f in found.findings if f.severity is Severity.ERROR] == []
    assert found.process_key == "P"
    assert found.definitions is not None


def test_lanes_are_bound_by_name_and_by_extension() -> None:
    found = bundle()
    units = {element.id: element.unit for element in found.programs["P"].elements.values()}
    assert (units["A"], units["B"]) == ("JC", "SCHA")


def test_what_the_upload_page_binds_comes_first() -> None:
    given = {"m.bpmn": model(TWO), "forms/antrag.json": json.dumps(FORM).encode()}
    found = check_bundle(given, lanes={"L1": "LB"})
    assert found.programs["P"].elements["A"].unit == "LB"


def test_handover_rules_are_read_with_their_german_field_names() -> None:
    rule = bundle(uebergaben_yaml=RULE).handover_rules["f2"]
    assert (rule.id, rule.kind, rule.acknowledge_within, rule.complete_within) == (
        "R1",
        "falluebergabe",
        "3AT",
        "1W",
    )
    assert (rule.max_returns, rule.return_reasons, rule.legal_bases) == (
        1,
        ("unvollstaendig",),
        ("§ 16 SGB I",),
    )
    assert rule.fields is not None
    assert [(each.name, each.required, each.consent) for each in rule.fields] == [
        ("name", True, False),
        ("alter", False, True),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("nachrichtenfluss: f2", "nachrichtenfluss: nix"), "handover-flow-unknown"),
        (("{stelle: JC}", "{stelle: LB}"), "handover-unit-differs"),
        (("{stelle: JC}", "{stelle: Irgendwer}"), "handover-rule-invalid"),
        (("art: falluebergabe", "art: geschenk"), "handover-rule-invalid"),
        (("dauer: 3AT", "dauer: bald"), "handover-rule-invalid"),
        (("rueckweg:", "rückweg:"), "handover-rule-invalid"),
        (("max_ruecklaeufer: 1", "max_ruecklaeufer: -1"), "handover-rule-invalid"),
        (("feld: alter", "feldname: alter"), "handover-rule-invalid"),
        (("id: R1", "id:"), "handover-rule-invalid"),
        (("nur_mit_einwilligung: ja", "nur_mit_einwilligung: vielleicht"), "handover-rule-invalid"),
        (("pflicht: nein", "pflicht: [nein]"), "handover-rule-invalid"),
        (("feld: alter", "feld: name"), "handover-rule-invalid"),
        (("pflicht: nein", "sensibilitaet: geheim"), "handover-rule-invalid"),
        (("art: falluebergabe", "warme_uebergabe: [ja]"), "handover-rule-invalid"),
        (("{max_ruecklaeufer: 1}", "JC"), "handover-rule-invalid"),
        (("{dauer: 1W}", "{dauer: 1W, arten: soll}"), "handover-rule-invalid"),
        (("[unvollstaendig]", "['']"), "handover-rule-invalid"),
        (
            ("rueckweg:", "eskalation: [{nach: 4AT, an: A}, {nach: 2AT, an: B}]\n    rueckweg:"),
            "handover-rule-invalid",
        ),
        (("dauer: 3AT", "dauer: -3AT"), "deadline-invalid"),
        (("rueckweg:", "loeschung_nach: Bekanntgabe+3T\n    rueckweg:"), "deadline-invalid"),
    ],
)
def test_faults_in_handover_rules_are_told(change: tuple[str, str], code: str) -> None:
    assert code in codes(bundle(uebergaben_yaml=RULE.replace(*change)))


def test_yes_and_no_may_be_capitalised_and_each_frist_has_its_kind() -> None:
    given = RULE.replace("pflicht: ja", "pflicht: Ja").replace("einwilligung: ja", "einwilligung: Ja")
    given = given.replace("dauer: 1W", "dauer: 1W, art: gesetzlich")

    rule = bundle(uebergaben_yaml=given).handover_rules["f2"]

    assert [(each.required, each.consent) for each in rule.fields or ()] == [(True, False), (False, True)]
    assert [rule.kind_of(name) for name in FRISTEN] == ["vereinbart", "gesetzlich", "vereinbart"]
    assert [rule.extending(name) for name in FRISTEN] == ["absender", "empfaenger", "absender"]


def test_fields_that_nothing_fills_are_told() -> None:
    assert "handover-field-unknown" in codes(bundle(uebergaben_yaml=RULE))


AB = {"properties": {"a": {}, "b": {}}}
ROWS = {"properties": {"r": {"type": "array", "items": {"type": "object", "properties": {"c": {}}}}}}


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("{", "json-malformed"),
        ([], "form-shape"),
        ({"schema": {"type": "banana"}}, "form-schema-invalid"),
        ({"schema": {"type": "array"}}, "form-shape"),
        ({"schema": {"properties": {"a": {"$ref": "http://10.0.0.1/x"}}}}, "form-reference-foreign"),
        ({"schema": {"properties": {"a": {"pattern": "(a+)+$"}}}}, "form-pattern-risky"),
        ({"schema": {"properties": {}}, "ui": [{"field": "a"}]}, "form-field-unknown"),
        (
            {"schema": {"properties": {"a": {}}}, "ui": [{"field": "a", "widget": "html"}]},
            "form-widget-unknown",
        ),
        ({"schema": {"properties": {"a": {}}}, "ui": [{"field": "a", "onclick": "x"}]}, "form-key-unknown"),
        (
            {"schema": {"properties": {}}, "ui": [{"group": "G", "items": [{"field": "a"}]}]},
            "form-field-unknown",
        ),
        (
            {
                "schema": {"properties": {"a": {}}},
                "ui": [{"field": "a", "showIf": {"field": "b", "equals": 1}}],
            },
            "form-field-unknown",
        ),
        ({"schema": AB, "ui": [{"field": "a", "showIf": ["b"]}]}, "form-condition-shape"),
        ({"schema": AB, "ui": [{"field": "a", "showIf": "b >"}]}, "form-formula"),
        ({"schema": AB, "ui": [{"field": "a", "showIf": "c = 1"}]}, "form-formula"),
        (
            {"schema": AB, "ui": [{"field": "a", "showIf": "b = 1"}, {"field": "b", "showIf": "a = 1"}]},
            "form-condition-cycle",
        ),
        (
            {"schema": AB, "ui": [{"group": "G", "showIf": "a = 1", "items": [{"field": "a"}]}]},
            "form-condition-cycle",
        ),
        ({"schema": ROWS, "ui": [{"field": "r", "items": [{"field": "c", "showIf": "d"}]}]}, "form-formula"),
        ({"schema": ROWS, "ui": [{"field": "r", "items": [{"field": "d"}]}]}, "form-field-unknown"),
        ({"schema": AB, "rules": ["a > b"]}, "form-rule-shape"),
        ({"schema": AB, "rules": [{"check": "a > b", "text": "x", "severity": "hint"}]}, "form-rule-shape"),
        ({"schema": AB, "rules": [{"check": "a > c", "text": "x"}]}, "form-formula"),
        ({"schema": AB, "rules": [{"check": "a > b", "text": "x", "fields": ["c"]}]}, "form-field-unknown"),
        ({"schema": {"properties": {"a": {"default": "$ref"}}}, "ui": "x"}, "form-shape"),
    ],
)
def test_faults_in_forms_are_told(form: object, code: str) -> None:
    text = form if isinstance(form, str) else json.dumps(form)
    assert code in codes(bundle(forms__antrag_json=text))


def test_forms_are_generated_from_the_fields_a_model_brings() -> None:
    fields = (
        '<camunda:formData><camunda:formField id="miete" label="Miete" type="long" defaultValue="5"><camunda:validation>'
        '<camunda:constraint name="required"/><camunda:constraint name="min" config="1"/></camunda:validation>'
        '</camunda:formField><camunda:formField id="art" type="enum"><camunda:value id="a" name="Art A"/>'
        '</camunda:formField><camunda:formField id="ab" type="date"/></camunda:formData>'
    )
    found = check_bundle({"m.bpmn": model(chain(task("userTask", fields)))})
    assert [each.code for each in found.findings] == ["carried-over"]
    assert found.programs["P"].elements["A"].form == "A"
    assert found.forms["A"] == {
        "schema": {
            "type": "object",
            "properties": {
                "miete": {"title": "Miete", "type": "integer", "minimum": 1, "default": 5},
                "art": {"title": "art", "type": "string", "oneOf": [{"const": "a", "title": "Art A"}]},
                "ab": {"title": "ab", "type": "string", "format": "date"},
            },
            "required": ["miete"],
        },
        "ui": [{"field": "miete"}, {"field": "art"}, {"field": "ab"}],
    }


def test_the_start_form_of_the_manifest_holds_for_starts_without_one() -> None:
    found = bundle(process_yaml="prozess: P\nstartformular: antrag\n")
    assert found.programs["P"].start_form() == "antrag"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("prozess: Q", "manifest-process-unknown"),
        ("- a", "manifest-invalid"),
        ("farbe: rot", "manifest-invalid"),
        ("gueltig_ab: bald", "manifest-invalid"),
        ("rechtsgrundlagen: {a: b}", "manifest-invalid"),
        ("startformular: nix", "form-unknown"),
        ("messpunkte: [M1]", "milestone-unbound"),
        ("a: [", "yaml-malformed"),
        ("a: &x [1]\nb: [*x, *x]", "yaml-refused"),
        ("!!python/object/apply:os.system ['x']", "yaml-malformed"),
    ],
)
def test_faults_in_the_manifest_are_told(text: str, code: str) -> None:
    assert code in codes(bundle(process_yaml=text))


def test_decisions_are_read_and_their_faults_told() -> None:
    assert any(finding.layer == "decisions" for finding in bundle(tabelle_dmn="<a/>").findings)


def test_unknown_files_missing_models_and_second_models_are_told() -> None:
    assert codes(check_bundle({"a.exe": b""})) == ["bundle-model-count", "bundle-file-unknown"]
    two = {"a.bpmn": model(chain('userTask id="A"')), "b.bpmn": model(chain('userTask id="A"'))}
    assert codes(check_bundle(two)) == ["bundle-model-count"]


def test_processes_that_call_each_other_in_a_circle_are_told_with_their_place() -> None:
    other = f'<process id="Q" isExecutable="true">{chain("callActivity id=" + chr(34) + "Z" + chr(34) + " calledElement=" + chr(34) + "P" + chr(34))}</process>'
    renamed = other.replace('"start"', '"s2"').replace('"end"', '"e2"').replace('"f', '"h')
    body = chain('callActivity id="A" calledElement="Q"')
    found = check_bundle({"m.bpmn": model(body, roots=renamed)})
    told = [finding for finding in found.findings if finding.code == "recursive-call"]
    assert told
    assert all(finding.line and finding.file == "m.bpmn" for finding in told)


def test_a_fault_that_two_layers_see_is_told_once() -> None:
    body = chain('<userTask id="A"><multiInstanceLoopCharacteristics/></userTask>')
    assert codes(check_bundle({"m.bpmn": model(body)})).count("loop-bound-missing") == 1


@pytest.mark.parametrize(
    "content", [b"", b"\0\xff", b"[" * 10_000, b"{" * 10_000, b"a: " * 1_000, b"\xef\xbb\xbf"]
)
@pytest.mark.parametrize(
    "path", ["m.bpmn", "t.dmn", "forms/a.json", "uebergaben.yaml", "process.yaml", "tests/a.yaml"]
)
def test_no_content_of_any_file_makes_checking_fail(path: str, content: bytes) -> None:
    assert check_bundle({path: content}).findings
