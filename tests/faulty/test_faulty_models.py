"""Typical faults of agencies' models: the report alone must be enough to mend them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from staffel.engine.findings import Finding, Severity
from staffel.engine.library.bundle import check_bundle

MODELS = Path(__file__).parent / "models"
DECISION = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:x">'
    b'<decision id="anspruch" name="anspruch"><literalExpression><text>true</text></literalExpression></decision></definitions>'
)


class Expected(NamedTuple):
    """The finding of a model: `name` is what the designer sees in the diagram, `found` what stands there, `mend` what to do."""

    code: str
    element: str
    name: str
    found: str
    mend: str
    severity: Severity = Severity.ERROR


FAULTS = {
    "aufgerufener_prozess_unbekannt": Expected(
        "called-process-unknown", "Call_1", "Bescheid versenden", "bescheid_versand", "Aufgerufenes Element"
    ),
    "ausdruck_falsch": Expected(
        "expression-invalid", "Flow_3", "ja (Unterlagen vollständig? → Bescheid erteilt)", "= = true", "mit einem „=“"
    ),
    "bahn_nicht_gebunden": Expected(
        "lane-unbound", "Lane_0a1b", "Abteilung 32 Zuzug", "keine Stelle", "Bahnen und Stellen", Severity.WARNING
    ),
    "doppelt_durchlaufen": Expected(
        "lack-of-synchronisation", "Task_3", "Bescheid schreiben", "zwei Token", "parallelen (+)"
    ),
    "entscheidung_fehlt": Expected(
        "decision-missing", "Rule_1", "Anspruch feststellen", "nicht, welche Entscheidung", "staffel:decision ref="
    ),
    "entscheidung_vertippt": Expected(
        "decision-unknown", "Rule_1", "Anspruch feststellen", "anspruchh", "Kennung der Entscheidung"
    ),
    "fluss_in_startereignis": Expected(
        "start-has-incoming", "Start_1", "Antrag eingegangen", "Startereignis", "hineinführt"
    ),
    "fluss_ohne_bedingung": Expected(
        "condition-missing", "Gateway_1", "Unterlagen vollständig?", "keine Bedingung", "Standardfluss"
    ),
    "fluss_ueber_pools": Expected(
        "flow-crosses-border", "Flow_2", "weiterleiten", "Antrag prüfen → Leistung prüfen", "Bahnen eines Pools"
    ),
    "formular_fehlt": Expected(
        "form-unknown", "Task_1", "Antrag prüfen", "antrag_pruefen", "forms/antrag_pruefen.json"
    ),
    "frist_falsch": Expected(
        "deadline-invalid", "Task_1", "Antrag prüfen", "5 Arbeitstage", 'length="5AT"'
    ),
    "gateway_ohne_standardfluss": Expected(
        "default-missing", "Gateway_1", "Unterlagen vollständig?", "keinen Standardfluss", "Schrägstrich", Severity.WARNING
    ),
    "nachricht_ohne_definition": Expected(
        "message-missing", "Event_1", "Antwort der Ausländerbehörde", "welche Nachricht", "Feld „Nachricht“"
    ),
    "randereignis_am_falschen_element": Expected(
        "reference-wrong-kind", "Event_1", "Nach 14 Tagen", "Unterlagen vollständig?", "neu anheften"
    ),
    "schritt_ohne_zugang": Expected(
        "node-unreachable", "Task_2", "Akte anlegen", "nie erreicht", "Sequenzfluss zu diesem Element"
    ),
    "skript_ohne_inhalt": Expected(
        "script-missing", "Script_1", "Betrag berechnen", "kein Skript", "Feld „Skript“"
    ),
    "timer_falsch": Expected("timer-kind", "Event_1", "Zwei Wochen warten", "14 Tage", "P14D = 14 Tage"),
    "uebergaberegel_fehlt": Expected(
        "handover-rule-unknown", "Flow_2", "an das Jobcenter", "UE-99", "uebergaben.yaml"
    ),
    "variable_vertippt": Expected(
        "variable-never-set", "Flow_3", "Bescheid erteilt", "vollstaendg", "„vollstaendig“", Severity.WARNING
    ),
    "verbindung_ins_leere": Expected(
        "reference-dangling", "Flow_2", "Antrag prüfen", "Task_7", "neu verbinden"
    ),
    "verklemmung": Expected(
        "deadlock", "Gateway_2", "Zusammenführen", "Unterlagen nachfordern", "die Art von „Zusammenführen“ ändern"
    ),
}  # fmt: skip
FOLLOWS = {"fluss_ohne_bedingung": 2, "fluss_ueber_pools": 2, "verklemmung": 2}
"""Models of which one fault is told from two sides, or makes another."""


def findings_of(model: str) -> list[Finding]:
    """What is found besides hints."""
    files = {f"{model}.bpmn": (MODELS / f"{model}.bpmn").read_bytes()}
    if model == "entscheidung_vertippt":
        files["anspruch.dmn"] = DECISION
    return [found for found in check_bundle(files).findings if found.severity is not Severity.HINT]


def test_every_model_is_expected_to_have_its_fault() -> None:
    assert sorted(path.stem for path in MODELS.glob("*.bpmn")) == sorted(FAULTS)


@pytest.mark.parametrize("model", FAULTS)
def test_report_names_the_fault_as_the_designer_sees_it_and_says_how_to_mend_it(model: str) -> None:
    findings, expected = findings_of(model), FAULTS[model]

    found = findings[0]

    assert (found.code, found.element, found.severity) == (
        expected.code, expected.element, expected.severity,
    )  # fmt: skip
    assert len(findings) == FOLLOWS.get(model, 1), [each.code for each in findings]
    assert expected.name in found.text_de
    assert expected.found in found.text_de
    assert expected.mend in found.mend_de
    assert expected.name in found.text_en
    assert len(found.mend_en) > 20
    assert found.line > 3


@pytest.mark.parametrize("model", FAULTS)
def test_report_does_not_name_an_element_by_its_id_alone(model: str) -> None:
    for found in findings_of(model):
        for text in (found.text_de, found.text_en):
            assert f"„{found.element}“" not in text
            assert f"'{found.element}'" not in text
            assert "{" not in text


def test_element_without_a_name_is_named_by_its_neighbour() -> None:
    model = (
        (MODELS / "gateway_ohne_standardfluss.bpmn")
        .read_text()
        .replace(' name="Unterlagen vollständig?"', "")
    )

    (found,) = check_bundle({"m.bpmn": model.encode()}).findings

    assert "exklusives Gateway nach ‚Unterlagen prüfen‘" in found.text_de
    assert 'exclusive gateway after "Unterlagen prüfen"' in found.text_en
