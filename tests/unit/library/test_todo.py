"""A model that was drawn to be read gets one list of what it lacks, by kinds of work, instead of a wall of errors."""

from __future__ import annotations

import pytest
from tests.unit.bpmn.models import chain, model

from staffel.engine.findings import Finding, Severity
from staffel.engine.library.bundle import check_bundle
from staffel.engine.library.todo import todo_of
from staffel.engine.play import Player

DRAWN = (
    chain('task id="A" name="Antrag prüfen"', 'exclusiveGateway id="G" name="Vollständig?"')
    + '<endEvent id="e2"/><sequenceFlow id="g2" name="nein" sourceRef="G" targetRef="e2"/>'
    + '<userTask id="U" name="Nachfordern"/><sequenceFlow id="g3" sourceRef="G" targetRef="U"/>'
    + '<intermediateCatchEvent id="T" name="Warten"><timerEventDefinition/></intermediateCatchEvent>'
    + '<sequenceFlow id="g4" sourceRef="U" targetRef="T"/><endEvent id="e3"/>'
    + '<sequenceFlow id="g5" sourceRef="T" targetRef="e3"/>'
)


def findings(executable: str) -> tuple[Finding, ...]:
    return check_bundle({"model.bpmn": model(DRAWN, executable=executable)}).findings


def test_a_descriptive_model_gets_a_list_by_kind_of_work_with_the_elements() -> None:
    jobs = {job.kind: {each.element for each in job.findings} for job in todo_of(findings(""))}
    assert list(jobs) == ["task-types", "conditions", "timers", "forms", "executable"]
    assert (jobs["task-types"], jobs["timers"], jobs["forms"]) == ({"A"}, {"T"}, {"U"})
    assert "G" in jobs["conditions"]


def test_every_place_of_the_list_says_in_both_languages_what_to_do() -> None:
    found = [each for job in todo_of(findings("")) for each in job.findings]
    assert all(each.mend_de and each.mend_en and each.line for each in found)
    assert any("Antrag prüfen" in each.text_de and "Antrag prüfen" in each.text_en for each in found)


def test_an_executable_model_keeps_its_errors_and_gets_no_list() -> None:
    found = findings(' isExecutable="true"')
    assert todo_of(found) == ()
    assert "condition-missing" in {each.code for each in found}


def test_a_flow_without_condition_is_named_by_what_it_joins() -> None:
    texts = [each.text_de for each in findings("") if each.code == "condition-missing"]
    assert texts
    assert all("von „Vollständig?“ zu „" in text for text in texts)


def test_every_flow_without_condition_is_told_not_only_the_first_of_a_gateway() -> None:
    texts = {each.text_de for each in findings("") if each.code == "condition-missing"}
    assert len(texts) == 3
    assert any("„nein“" in text for text in texts)
    assert any("„Nachfordern“" in text for text in texts)


WITH_CONDITION = (
    '<startEvent id="s"/><exclusiveGateway id="G" default="no"/><userTask id="U"/><endEvent id="e"/>'
    '<sequenceFlow id="a" sourceRef="s" targetRef="G"/><sequenceFlow id="yes" sourceRef="G" targetRef="U">'
    '<conditionExpression>ok = true</conditionExpression></sequenceFlow><sequenceFlow id="no" sourceRef="G" targetRef="e"/>'
    '<sequenceFlow id="b" sourceRef="U" targetRef="e"/>'
)


@pytest.mark.parametrize("executable", ["", ' isExecutable="false"'])
def test_a_descriptive_model_cannot_be_put_in_force_but_played(executable: str) -> None:
    """BPMN 2.0.2 §10.2.1: a process that is not executable documents behaviour."""
    drawn = model(chain('userTask id="U"'), executable=executable)
    bundle = check_bundle({"model.bpmn": drawn})
    assert [each.code for each in bundle.findings if each.severity is Severity.ERROR] == ["descriptive-model"]
    assert bundle.definitions is not None
    player = Player(bundle.definitions)
    player.start()
    player.complete("U")
    assert player.cases[1].ended is not None


@pytest.mark.parametrize(
    ("executable", "codes"),
    [
        (' isExecutable="false"', ["process-not-executable"]),
        (' isExecutable="true"', []),
        ("", []),
    ],
)
def test_a_process_that_says_it_is_not_executable_is_refused_however_complete(
    executable: str, codes: list[str]
) -> None:
    bundle = check_bundle({"model.bpmn": model(WITH_CONDITION, executable=executable)})
    assert [each.code for each in bundle.findings if each.severity is Severity.ERROR] == codes


def test_a_partner_s_pool_may_be_descriptive_where_another_process_runs() -> None:
    text = model(WITH_CONDITION).decode()
    other = '<process id="Q" isExecutable="false"><startEvent id="qs"/></process></definitions>'
    bundle = check_bundle({"model.bpmn": text.replace("</definitions>", other).encode()})
    assert [each.code for each in bundle.findings if each.severity is Severity.ERROR] == []
