"""Why a decision came out as it did, as plain JSON to be stored with the case, and as text for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from staffel.engine.dmn.graph import Step
from staffel.engine.dmn.hits import CompiledTable, Firing
from staffel.engine.dmn.validity import ALWAYS, Validity
from staffel.engine.dmn.wording import say, say_tests
from staffel.engine.feel import Problem, Value, to_json
from staffel.engine.feel.errors import FeelValueError

VERSION = 1
MAX_RULES = 200
_LANGS = ("de", "en")
_TEXTS = {
    "rule": ("Regel {0}: {1}", "Rule {0}: {1}"),
    "always": ("trifft immer zu ✓", "always applies ✓"),
    "none": ("Keine Regel trifft zu.", "No rule applies."),
    "result": ("Ergebnis: {0}", "Result: {0}"),
    "decision": ("Entscheidung „{0}“", "Decision '{0}'"),
    "input": ("Eingabe {0}: {1}", "Input {0}: {1}"),
    "validity": ("Fassung: {0}", "Version: {0}"),
    "state": ("Rechtsstand: {0}", "State of the law: {0}"),
    "bases": ("Rechtsgrundlagen: {0}", "Legal bases: {0}"),
    "problem": ("Hinweis: {0}", "Note: {0}"),
}


def explain_steps(
    steps: Iterable[Step], problems: Iterable[Problem], key_date: date | None = None
) -> dict[str, Any]:
    """The explanation of an evaluation; `key_date` is the day by which its version was picked.

    `decisions` in order of evaluation: `decision`, `id`, `validity`, `inputs`, `tables`, `value`, `text`. A table has its
    `inputs`, its `rules` (at most 200) and `matched` (numbers from 1). A rule has its `cells` up to the one that
    refuses and `text_de`/`text_en`, its line for people.
    """
    return {
        "version": VERSION,
        "key_date": key_date.isoformat() if key_date else None,
        "decisions": [_decision(step) for step in steps],
        "problems": [
            {
                "code": each.code,
                "element": each.element,
                "text_de": each.message_de,
                "text_en": each.message_en,
            }
            for each in problems
        ],
    }


def _decision(step: Step) -> dict[str, Any]:
    return {
        "decision": step.decision.name,
        "id": step.decision.id,
        "question": step.decision.question,
        "validity": _validity(step.decision.validity),
        "inputs": [{"name": name, **_value(value)} for name, value in step.inputs.items()],
        "tables": [_table(firing) for firing in step.firings],
        **_value(step.value),
    }


def _validity(validity: Validity) -> dict[str, Any] | None:
    if validity == ALWAYS:
        return None
    return {
        "valid_from": validity.first.isoformat() if validity.first else None,
        "valid_to": validity.last.isoformat() if validity.last else None,
        "legal_state": validity.legal_state,
        "legal_bases": list(validity.legal_bases),
        "text_de": validity.text_de,
        "text_en": validity.text_en,
    }


def _value(value: Value) -> dict[str, Any]:
    try:
        plain = to_json(value)
    except FeelValueError:
        plain = None
    return {"value": plain, "text_de": say(value, "de"), "text_en": say(value, "en")}


def _table(firing: Firing) -> dict[str, Any]:
    table = firing.table.table
    return {
        "table": table.name,
        "id": table.id,
        "hit_policy": table.hit_policy.value,
        "aggregation": table.aggregation,
        "inputs": [
            {"label": column.label, "expression": column.text, **_value(value)}
            for column, value in zip(table.inputs, firing.inputs, strict=True)
        ],
        "rules": [_rule(firing, index) for index in range(min(len(table.rules), MAX_RULES))],
        "matched": [index + 1 for index in firing.matched],
        **_value(firing.value),
    }


def _rule(firing: Firing, index: int) -> dict[str, Any]:
    compiled = firing.table
    rule = compiled.table.rules[index]
    refused = firing.refused[index]
    cells = [
        _cell(firing, index, column, passed=column != refused)
        for column in range(len(rule.tests) if refused is None else refused + 1)
        if not _is_any(compiled, index, column)
    ]
    lines = {f"text_{lang}": _line(index, cells, lang) for lang in _LANGS}
    return {
        "rule": index + 1,
        "id": rule.id,
        "matched": refused is None,
        "refused_by": None if refused is None else refused + 1,
        "annotations": list(rule.annotations),
        "cells": cells,
        **lines,
    }


def _is_any(compiled: CompiledTable, rule: int, column: int) -> bool:
    tests = compiled.tests[rule][column]
    return tests is not None and tests.matcher is None


def _cell(firing: Firing, rule: int, column: int, *, passed: bool) -> dict[str, Any]:
    compiled = firing.table
    tests = compiled.tests[rule][column]
    source = compiled.table.rules[rule].tests[column]
    value = firing.inputs[column]
    return {
        "input": column + 1,
        "label": compiled.table.inputs[column].label,
        "test": source,
        "passed": passed,
        **{f"test_{lang}": say_tests(tests, lang) if tests else source for lang in _LANGS},
        **_value(value),
    }


def _line(rule: int, cells: list[dict[str, Any]], lang: str) -> str:
    parts = [
        f"{cell['label']} {cell[f'test_{lang}']} {'✓' if cell['passed'] else '✗'} ({cell[f'text_{lang}']})"
        for cell in cells
    ]
    return _text("rule", lang, rule + 1, ", ".join(parts) or _text("always", lang))


def explain_text(explanation: dict[str, Any], lang: str = "de") -> str:
    """The explanation as lines of text in German (`de`) or English (`en`)."""
    lines = list[str]()
    for decision in explanation["decisions"]:
        lines.append(_text("decision", lang, decision["decision"]))
        lines += [f"  {each}" for each in _dated(decision.get("validity"), lang)]
        lines += [
            "  " + _text("input", lang, each["name"], each[f"text_{lang}"]) for each in decision["inputs"]
        ]
        for table in decision["tables"]:
            lines += ["  " + rule[f"text_{lang}"] for rule in table["rules"]]
            if not table["matched"]:
                lines.append("  " + _text("none", lang))
        lines.append("  " + _text("result", lang, decision[f"text_{lang}"]))
    lines += [_text("problem", lang, each[f"text_{lang}"]) for each in explanation["problems"]]
    return "\n".join(lines)


def _dated(validity: dict[str, Any] | None, lang: str) -> list[str]:
    if validity is None:
        return []
    state = [_text("state", lang, validity["legal_state"])] if validity["legal_state"] else []
    bases = [_text("bases", lang, "; ".join(validity["legal_bases"]))] if validity["legal_bases"] else []
    return [_text("validity", lang, validity[f"text_{lang}"]), *state, *bases]


def _text(name: str, lang: str, *parts: object) -> str:
    return _TEXTS[name][lang != "de"].format(*parts)
