"""Test sets of decisions run with every check; a red case says what was expected and what was found."""

from __future__ import annotations

import pytest
from tests.support.world import TWO_STEPS
from tests.unit.library.test_dated_decisions import AFTER, BEFORE, table

from staffel.engine.findings import Finding
from staffel.engine.library.bundle import check_bundle

ALWAYS = table("SGB II")


def findings(text: str, **tables: bytes) -> list[Finding]:
    files = {f"{name}.dmn": content for name, content in (tables or {"t": ALWAYS}).items()}
    found = check_bundle({"p.bpmn": TWO_STEPS, "tests/t.yaml": text.encode(), **files}).findings
    return [each for each in found if each.file == "tests/t.yaml"]


def test_a_green_set_says_nothing() -> None:
    assert (
        findings(
            'entscheidung: rechtskreis\nfaelle: [{name: a, eingaben: {titel: par_24}, erwartet: "SGB II", regeln: [1]}]'
        )
        == []
    )


def test_a_red_case_names_itself_what_was_expected_what_was_found_and_the_rules() -> None:
    (red,) = findings(
        "entscheidung: rechtskreis\nfaelle: [{name: Krieg, eingaben: {titel: par_24}, erwartet: AsylbLG}]"
    )

    assert (red.code, red.element) == ("test-case-failed", "rechtskreis")
    assert red.text_de == (
        "Prüffall „Krieg“ der Entscheidung „rechtskreis“: erwartet: „AsylbLG“; gefunden: „SGB II“; "
        "es trafen zu: Regel 1."
    )
    assert red.mend_de


def test_other_rules_than_expected_are_red_although_the_result_is_right() -> None:
    (red,) = findings(
        'entscheidung: rechtskreis\nfaelle: [{eingaben: {titel: par_24}, erwartet: "SGB II", regeln: [2]}]'
    )

    assert "erwartet: Regeln 2; gefunden: Regeln 1" in red.text_de


def test_the_key_date_picks_the_version_for_a_case_and_for_a_whole_set() -> None:
    text = (
        "entscheidung: rechtskreis\nstichtag: 2026-08-01\nfaelle:\n"
        '  - {eingaben: {titel: par_24}, erwartet: "AsylbLG"}\n'
        '  - {eingaben: {titel: par_24}, stichtag: 2026-02-01, erwartet: "SGB II"}\n'
    )

    assert findings(text, a=AFTER, b=BEFORE) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("faelle: []", "entscheidung fehlt"),
        ("entscheidung: x", "faelle: eine Liste mit mindestens einem Fall fehlt"),
        ("entscheidung: x\nfaelle: [{eingaben: {}}]", "Fall 1: erwartet fehlt"),
        ("entscheidung: x\nfaelle: [{erwartet: 1, eingabe: {}}]", "kennt eingabe nicht"),
        ("entscheidung: x\nfaelle: [{erwartet: 1, regeln: eins}]", "regeln ist keine Liste von Nummern"),
        ("entscheidung: x\nfaelle: [{erwartet: 1, stichtag: morgen}]", "stichtag ist kein Tag"),
        ("- 1", "die Datei ist keine Gruppe"),
    ],
)
def test_a_set_that_cannot_be_read_is_told_with_what_is_missing(text: str, said: str) -> None:
    (fault,) = findings(text)

    assert fault.code == "test-set-malformed"
    assert said in fault.text_de


def test_a_set_for_a_decision_that_is_not_there_is_red() -> None:
    (red,) = findings("entscheidung: nichts\nfaelle: [{erwartet: 1}]")

    assert "gibt es nicht (vorhanden: rechtskreis)" in red.text_de
