"""Names that nothing in a model sets are told at upload; names that something may set are not."""

import json

import pytest

from staffel.engine.findings import Finding
from staffel.engine.library.bundle import check_bundle

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:staffel="https://staffel.dev/bpmn/1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  targetNamespace="t" id="d">
 <process id="P" isExecutable="true">
  <startEvent id="S"/>
  <sequenceFlow id="a" sourceRef="S" targetRef="T"/>
  <scriptTask id="T"><script>{script}</script></scriptTask>
  <sequenceFlow id="b" sourceRef="T" targetRef="G"/>
  <exclusiveGateway id="G" default="no"/>
  <sequenceFlow id="yes" sourceRef="G" targetRef="E"><conditionExpression>{condition}</conditionExpression></sequenceFlow>
  <sequenceFlow id="no" sourceRef="G" targetRef="E"/>
  <endEvent id="E"/>
 </process>
</definitions>"""
FORM = {"title": "Antrag", "schema": {"type": "object", "properties": {"einkommen": {"type": "number"}}}}


def findings(condition: str, *, script: str = "{summe: 1}", form: bool = True) -> list[Finding]:
    model = MODEL.replace("{condition}", condition).replace("{script}", script)
    files = {"m.bpmn": model.encode()}
    if form:
        files["forms/antrag.json"] = json.dumps(FORM).encode()
        files["process.yaml"] = b"startformular: antrag\n"
    codes = {"variable-never-set", "expression-faulty", "expression-null"}
    return [each for each in check_bundle(files, play=False).findings if each.code in codes]


def test_a_name_that_nothing_sets_is_a_warning_with_its_place() -> None:
    (found,) = findings("einkommen = 1 and kinder = 2")
    assert (found.code, found.severity.value, found.element) == ("variable-never-set", "warning", "yes")
    assert "liest „kinder“ (Zeile 1, Spalte 19)" in found.text_de


@pytest.mark.parametrize("name", ["einkomen", "Einkommen", "einkommne"])
def test_a_misspelt_name_is_told_even_where_a_start_may_bring_more(name: str) -> None:
    model_with_open_start = findings(f"{name} = 1", script="{einkommen: 1}", form=False)
    assert ["einkommen" in each.mend_de for each in model_with_open_start] == [True]


@pytest.mark.parametrize(
    "condition",
    [
        "einkommen = 1",
        "summe = 1",
        'case.reference = "1"',
        "some x in [einkommen] satisfies x = 1",
        "{a: 1, b: a}.b = 1",
    ],
)
def test_what_something_sets_is_left_alone(condition: str) -> None:
    assert findings(condition) == []


@pytest.mark.parametrize("name", ["kinder", "summen", "summe1"])
def test_what_a_start_by_api_may_bring_is_left_alone(name: str) -> None:
    assert findings(f"{name} = 1", form=False) == []


def test_an_unknown_function_is_an_error_with_place_and_remedy() -> None:
    (found,) = findings("len(einkommen) = 1")
    assert (found.code, found.severity.value) == ("expression-faulty", "error")
    assert (
        "Zeile 1, Spalte 1: Die Funktion „len“ ist nicht bekannt. In FEEL heißt das: count(list)"
        in found.text_de
    )


def test_a_part_that_is_always_null_is_a_warning() -> None:
    (found,) = findings('einkommen = date("31.1.2026")')
    assert (found.code, found.severity.value) == ("expression-null", "warning")
