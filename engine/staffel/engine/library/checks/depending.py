"""Conditions and rules of a form, checked when uploaded: they can be parsed, read known fields, and do not need each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from staffel.engine.kernel.formulas import Formula
from staffel.engine.library.checks.notes import Notes
from staffel.engine.library.depending import Conditions, Part, Rule

_RULE_KEYS: Final = frozenset({"check", "text", "text_en", "fields", "severity"})
_SEVERITIES: Final = ("error", "warning")


def check_shown_if(entry: Mapping[str, Any], file: str, notes: Notes) -> None:
    """`showIf` is FEEL or `{"field", "equals"}`."""
    found = entry.get("showIf", "true")
    if not isinstance(found, str) and not (
        isinstance(found, dict) and found.keys() == {"field", "equals"} and isinstance(found["field"], str)
    ):
        notes.error(
            "form-condition-shape",
            file,
            (
                f'showIf ist FEEL als Text oder {{"field": …, "equals": …}}, gefunden: {str(found)[:100]}.',
                f'showIf is FEEL as text or {{"field": …, "equals": …}}, found: {str(found)[:100]}.',
            ),
            ("Die Bedingung berichtigen.", "Correct the condition."),
        )


def check_depending(
    schema: Mapping[str, Any], ui: Iterable[Any], rules: Sequence[Any], file: str, notes: Notes
) -> None:
    """What is wrong with the conditions, at every level, and with the rules."""
    for level in Conditions(schema, ui).inside():
        for part in level.parts:
            _check_condition(part, level.names, file, notes)
        if level.cycle:
            _cycle(level.cycle, file, notes)
    names = frozenset(schema.get("properties", {}))
    for number, rule in enumerate(rules, 1):
        _check_rule(rule, number, names, file, notes)


def _check_condition(part: Part, names: frozenset[str], file: str, notes: Notes) -> None:
    about = "–" if not part.fields else ", ".join(sorted(part.fields))
    where = (f"Bedingung für {about}", f"Condition for {about}")
    if part.condition.formula is not None:
        _check_formula(part.condition.formula, names, where, file, notes)
    for name in part.condition.reads - names:
        _unknown(name, where, file, notes)


def _check_formula(
    formula: Formula, names: frozenset[str], where: tuple[str, str], file: str, notes: Notes
) -> None:
    if formula.fault is not None:
        told = [formula.fault]
    else:
        told = [(each.message_de, each.message_en) for each in (*formula.faults, *formula.unknown(names))]
    for german, english in told:
        notes.error(
            "form-formula",
            file,
            (
                f"{where[0]} („{formula.text[:200]}“): {german}",
                f"{where[1]} ('{formula.text[:200]}'): {english}",
            ),
            (
                "Den FEEL-Ausdruck berichtigen; er liest nur Felder dieses Formulars. Angaben früherer Schritte als readOnly-Feld "
                "aufnehmen.",
                "Correct the FEEL expression; it reads fields of this form only. Add what earlier steps set as a readOnly field.",
            ),
        )


def _check_rule(rule: Any, number: int, names: frozenset[str], file: str, notes: Notes) -> None:
    if not _is_rule(rule):
        notes.error(
            "form-rule-shape",
            file,
            (
                f'Regel {number}: erwartet wird {{"check": FEEL, "text": …, "text_en"?, "fields"?: [Feld], "severity"?: "error" '
                f'oder "warning"}}, gefunden: {str(rule)[:200]}.',
                f'Rule {number}: expected {{"check": FEEL, "text": …, "text_en"?, "fields"?: [field], "severity"?: "error" or '
                f'"warning"}}, found: {str(rule)[:200]}.',
            ),
            ("Die Regel berichtigen.", "Correct the rule."),
        )
        return
    where = (f"Regel {number}", f"Rule {number}")
    _check_formula(Rule(rule, names).formula, names, where, file, notes)
    for name in rule.get("fields", ()):
        if name not in names:
            _unknown(name, where, file, notes)


def _is_rule(rule: Any) -> bool:
    if (
        not isinstance(rule, dict)
        or not rule.keys() <= _RULE_KEYS
        or rule.get("severity", "error") not in _SEVERITIES
    ):
        return False
    texts = [rule.get("check"), rule.get("text"), rule.get("text_en", "–")]
    fields = rule.get("fields", [])
    return all(isinstance(each, str) and each.strip() for each in texts) and (
        isinstance(fields, list) and all(isinstance(each, str) for each in fields)
    )


def _unknown(name: str, where: tuple[str, str], file: str, notes: Notes) -> None:
    notes.error(
        "form-field-unknown",
        file,
        (
            f"{where[0]}: das Feld „{name[:100]}“ gibt es im Schema nicht.",
            f'{where[1]}: the schema has no field "{name[:100]}".',
        ),
        (
            "Das Feld unter properties ergänzen oder den Namen berichtigen.",
            "Add it to properties or correct the name.",
        ),
    )


def _cycle(fields: Sequence[str], file: str, notes: Notes) -> None:
    named = ", ".join(fields)
    notes.error(
        "form-condition-cycle",
        file,
        (
            f"Die Bedingungen dieser Felder brauchen einander: {named}. Ob eines gezeigt wird, ließe sich nicht sagen.",
            f"The conditions of these fields need each other: {named}. Whether one is shown could not be said.",
        ),
        ("Eine der Bedingungen anders ausdrücken.", "Express one of the conditions in another way."),
    )
