from __future__ import annotations

import pytest

from staffel.engine.findings import Severity
from staffel.engine.library.checks.handover_rules import read_rules
from staffel.engine.library.checks.notes import Notes


@pytest.mark.parametrize(
    "key", ["gueltig_ab", "gueltig_bis", "empfaenger_team", "vertretung", "protokollierung"]
)
def test_what_is_only_agreed_is_told_to_have_no_effect_in_the_case(key: str) -> None:
    notes = Notes()

    read_rules(f'uebergaberegel: {{id: U1, art: information, {key}: "x"}}'.encode(), "uebergaben.yaml", notes)

    (hint,) = [each for each in notes.findings if each.code == "rule-agreed-only"]
    assert hint.severity is Severity.HINT
    assert key in hint.text_de
    assert key in hint.text_en
    assert hint.mend_de


def test_a_rule_with_terms_that_act_gets_no_such_hint() -> None:
    notes = Notes()

    read_rules(b"uebergaberegel: {id: U1, art: information, version: 1.0.0}", "uebergaben.yaml", notes)

    assert notes.findings == []


@pytest.mark.parametrize(
    "fristen",
    [
        "vollstaendigkeit: {dauer: 5AT, hemmung_bei: [A]}",
        "ergebnis: {bis: tag, hemmung_bei: [A]}",
        "ergebnis: {dauer: 20AT, art: gesetzlich, hemmung_bei: [A]}",
    ],
)
def test_steps_suspend_the_result_alone_and_one_set_by_law_on_a_legal_basis(fristen: str) -> None:
    notes = Notes()

    read_rules(f"uebergaberegel: {{id: U1, fristen: {{{fristen}}}}}".encode(), "uebergaben.yaml", notes)

    assert [each.code for each in notes.findings] == ["handover-rule-invalid"]
    assert "hemmung" in notes.findings[0].text_de
