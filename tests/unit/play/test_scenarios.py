"""Scenario files: green when all holds, red with the step, what was expected and what was found."""

from __future__ import annotations

import json

import pytest
from models import FORMS, RELAY

from staffel.engine.findings import blocks
from staffel.engine.library.bundle import Bundle, check_bundle
from staffel.engine.play import ScenarioMalformed, read_scenarios

MAIN = """
name: Hauptweg
schritte:
  - erledigen: A
    werte: {name: Linde, ab: 2026-02-01}
  - annehmen: f2
  - erledigen: B
    werte: {betrag: 12.5}
erwartet: {weg: [A, B, E], nicht: [X], wartet: [], variablen: {name: Linde, betrag: 12.5, ab: 2026-02-01}, beendet: true}
"""


def checked(scenario: str, model: bytes = RELAY) -> Bundle:
    forms = {name: json.dumps(form).encode() for name, form in FORMS.items()}
    return check_bundle({"m.bpmn": model, **forms, "scenarios/s.yaml": scenario.encode()})


def failed(scenario: str, model: bytes = RELAY) -> list[tuple[str, str]]:
    return [(f.element, f.text_en) for f in checked(scenario, model).findings if f.code == "scenario-failed"]


def test_scenario_that_holds_is_no_finding() -> None:
    bundle = checked(MAIN)
    assert not blocks(bundle.findings)
    assert [scenario.name for _, scenario in bundle.scenarios] == ["Hauptweg"]


def test_red_scenario_blocks_and_names_step_expected_and_found() -> None:
    red = MAIN.replace("- annehmen: f2", "- annehmen: f3")
    assert blocks(checked(red).findings)
    ((element, text),) = failed(red)
    assert element == "f3"
    assert "step 2 (annehmen f3)" in text
    assert "handover waits at 'f3'" in text
    assert "f2 (handover)" in text


@pytest.mark.parametrize(
    ("given", "instead", "told"),
    [
        ("weg: [A, B, E]", "weg: [B, A]", "'A' begins after 'B'"),
        ("nicht: [X]", "nicht: [B]", "'B' does not begin"),
        ("betrag: 12.5, ab", "betrag: 13, ab", "betrag = 12.5"),
        ("beendet: true", "beendet: false", "the case still runs"),
        ("wartet: []", "wartet: [B]", "what waits: B"),
        ("werte: {betrag: 12.5}", "werte: {betrag: viel}", "betrag: Expected number"),
        ("werte: {betrag: 12.5}", "werte: {}", "betrag: Please fill in"),
    ],
)
def test_every_difference_is_told(given: str, instead: str, told: str) -> None:
    ((_, text),) = failed(MAIN.replace(given, instead))
    assert told in text


@pytest.mark.parametrize(
    "document",
    [
        "name: x",
        "{name: x, erwartet: {}, schritte: [{erledigen: A, annehmen: f}]}",
        "{name: x, erwartet: {}, schritte: [{werte: {}}]}",
        "{name: x, erwartet: {}, schritte: [{zurueckgeben: f}]}",
        "{name: x, erwartet: {erlaubt: 1}}",
        "[1]",
    ],
)
def test_document_that_is_no_scenario_is_refused_with_its_place(document: str) -> None:
    (finding,) = [f for f in checked(document).findings if f.code == "scenario-malformed"]
    assert finding.file == "scenarios/s.yaml"
    assert blocks([finding])


def test_too_many_steps_are_refused() -> None:
    with pytest.raises(ScenarioMalformed, match="at most 200 steps"):
        read_scenarios({"name": "x", "erwartet": {}, "schritte": [{"warten": "P1D"}] * 201})


def test_return_goes_back_and_can_be_looked_at_in_between() -> None:
    scenario = """
name: Rückgabe
schritte:
  - {erledigen: A, werte: {name: Linde}}
  - bestaetigen: f2
  - {zurueckgeben: f2, grund: unvollständig}
  - erwarten: {wartet: [A]}
  - {erledigen: A, werte: {name: Linde}}
  - {zurueckziehen: f2, grund: doch nicht}
erwartet: {weg: [A, A, A], nicht: [B], beendet: false}
"""
    assert failed(scenario) == []


LOOP = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
<message id="M" name="los"/><error id="X" errorCode="x"/>
<process id="P" isExecutable="true"><startEvent id="s"/>
<startEvent id="ms"><messageEventDefinition messageRef="M"/></startEvent>
<serviceTask id="w"/><boundaryEvent id="b" attachedToRef="w"><errorEventDefinition errorRef="X"/></boundaryEvent>
<boundaryEvent id="t" attachedToRef="w" cancelActivity="false"><timerEventDefinition><timeCycle>R/PT1S</timeCycle>
</timerEventDefinition></boundaryEvent><endEvent id="e"/><endEvent id="be"/><endEvent id="te"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="w"/><sequenceFlow id="f2" sourceRef="ms" targetRef="w"/>
<sequenceFlow id="f3" sourceRef="w" targetRef="e"/><sequenceFlow id="f4" sourceRef="b" targetRef="be"/>
<sequenceFlow id="f5" sourceRef="t" targetRef="te"/></process></definitions>"""


def test_play_without_an_end_is_stopped() -> None:
    ((_, text),) = failed("{name: x, erwartet: {}, schritte: [{warten: P10Y}]}", LOOP)
    assert "Stopped after 20000 events" in text


def test_message_begins_work_fails_and_an_error_is_caught() -> None:
    scenario = """
name: Arbeit
gegeben: {ohne_start: true, zeitpunkt: 2026-03-01}
schritte:
  - {nachricht: los, werte: {n: 1}}
  - warten_bis: 2026-03-01T00:00:02
  - {fehler: w, code: x}
erwartet: {weg: [ms, w, t, b, be], variablen: {n: 1}, wartet: [], beendet: true}
"""
    assert failed(scenario, LOOP) == []


def test_incident_that_nobody_named_is_red() -> None:
    failing = "{name: x, erwartet: {}, schritte: [{scheitern: w, grund: nein}]}"
    ((_, text),) = failed(failing, LOOP)
    assert "no incident" in text
    assert failed(failing.replace("erwartet: {}", "erwartet: {wartet: [w]}"), LOOP) == []


def test_scenarios_are_not_played_where_the_model_has_errors() -> None:
    broken = LOOP.replace(b'messageRef="M"', b"")
    assert failed("{name: x, erwartet: {beendet: true}}", broken) == []
    assert blocks(checked("{name: x, erwartet: {}}", broken).findings)


COURSE = """
name: Fristen
gegeben: {zeitpunkt: 2026-01-05T09:00}
schritte:
  - erwarten: {wartet: [A], fristen: {A: [2026-01-12, 2026-02-05]}}
  - hemmen: A
    grund: Unterlagen fehlen
  - erwarten: {wartet: [A], fristen: {A: [2026-01-12, null]}}
  - warten: P3D
  - fortlaufen: A
  # 06. to 08.01. stood still (§ 187(1), § 209 BGB): Sunday 08.02., so Monday (§ 31(3) VwVfG)
  - erwarten: {wartet: [A], fristen: {A: [2026-01-12, 2026-02-09]}}
  - verlaengern: A
    grund: schwierig
erwartet: {wartet: [A], fristen: {A: [2026-01-12, 2026-03-09], B: []}}
"""


def test_fristen_are_suspended_resumed_extended_and_their_days_expected() -> None:
    assert not failed(COURSE)


def test_a_frist_that_ends_on_another_day_or_does_not_run_is_red() -> None:
    ((element, text),) = failed(COURSE.replace("2026-03-09", "2026-03-10"))
    assert (element, "2026-01-12, 2026-03-09" in text) == ("A", True)

    ((element, text),) = failed(COURSE.replace("- hemmen: A", "- hemmen: B"))
    assert (element, "a Frist runs at 'B'" in text) == ("B", True)
