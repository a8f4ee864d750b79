from __future__ import annotations

import re

import bpmn_io.lint
import pytest
from tests.support.nets import definitions, net

from staffel.engine.findings import Severity, blocks
from staffel.engine.library.bundle import check_bundle
from staffel.engine.library.checks.style import RULES, style_hints
from staffel.processes import read_bundle, reference_bundles

JOINED = definitions(
    net("s:start x:xor a:user b:user c:user e:end", "s x|x a|x b|a c|b c|c e").replace(
        '<userTask id="c">', '<userTask id="c" name="Prüfen">'
    )
)


def test_a_hint_names_the_element_its_line_and_what_to_do_in_both_languages() -> None:
    (hint,) = [each for each in style_hints(JOINED, "m.bpmn") if each.code == "style-fake-join"]

    assert (hint.severity, hint.element, hint.layer, hint.line) == (Severity.HINT, "c", "style", 1)
    assert hint.text_de.startswith("Bei „Prüfen“ kommen mehrere Flüsse an.")
    assert hint.text_en.startswith("Several flows arrive at 'Prüfen'.")
    assert hint.mend_de
    assert hint.mend_en


def test_hints_come_only_when_they_are_asked_for_and_never_block() -> None:
    without = check_bundle({"m.bpmn": JOINED})
    asked = check_bundle({"m.bpmn": JOINED}, style=True)

    assert not [each for each in without.findings if each.layer == "style"]
    assert [each for each in asked.findings if each.layer == "style"]
    assert not blocks(asked.findings)


def test_a_linter_that_fails_costs_only_its_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("id")

    monkeypatch.setattr(bpmn_io.lint.Linter, "lint", broken)

    (hint,) = style_hints(JOINED, "m.bpmn")

    assert hint.code == "style-unavailable"


def test_a_huge_file_gets_no_hints() -> None:
    tasks = "".join(f'<userTask id="t{number}"/>' for number in range(3_001))

    assert style_hints(definitions(tasks), "m.bpmn") == []


def test_every_rule_has_texts_that_name_the_element_and_a_way_to_mend() -> None:
    for rule, text in RULES.items():
        assert re.fullmatch(r"[a-z-]+", rule)
        assert "{name}" in text.german, rule
        assert "{name}" in text.english, rule
        assert text.mend_german.endswith("."), rule
        assert text.mend_english.endswith("."), rule


@pytest.mark.parametrize("key", sorted(reference_bundles()))
def test_reference_processes_get_nothing_but_hints(key: str) -> None:
    files = read_bundle(reference_bundles()[key])
    (model,) = [name for name in files if name.endswith(".bpmn")]

    assert {each.code for each in style_hints(files[model], model)} <= {
        "style-fake-join",
        "style-label-required",
    }
