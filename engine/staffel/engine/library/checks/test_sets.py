"""`tests/*.yaml`: test sets of decisions, run with every check. A red case blocks putting into force.

A file names its decision (`entscheidung`) and its cases (`faelle`): each with a `name`, the inputs (`eingaben`), the
key date (`stichtag`; also for the whole file), what comes out (`erwartet`: of several outputs those named are
compared) and, if wanted, which rules of the decision's table apply (`regeln`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final

from staffel.engine.dmn import DecisionModel, DecisionResult
from staffel.engine.dmn.wording import say
from staffel.engine.feel import FeelError, Value, from_json
from staffel.engine.library.checks.documents import read_yaml
from staffel.engine.library.checks.notes import Notes

MOST: Final = 1_000
"""How many cases a bundle may have."""
NOON: Final = time(12, tzinfo=UTC)
DAY: Final = date(2026, 1, 1)
"""What `today()` gives where a case names no key date, so that a test set says the same on every day."""
_SET: Final = frozenset({"entscheidung", "beschreibung", "stichtag", "faelle"})
_CASE: Final = frozenset({"name", "eingaben", "stichtag", "erwartet", "regeln"})


@dataclass(frozen=True, slots=True)
class DecisionCase:
    """One case: `expected` is compared by its names where it is a mapping; `rules` None = whichever apply."""

    file: str
    decision: str
    name: str
    inputs: Mapping[str, Value]
    expected: Any
    key_date: date | None = None
    rules: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case came to; `faults` (German, English) is empty when it is as expected.

    `file` is that of the rules that the key date picked; without a result it may be empty.
    """

    case: DecisionCase
    faults: Sequence[tuple[str, str]] = field(default_factory=tuple)
    file: str = ""
    result: DecisionResult | None = None


def test_sets_of(files: Mapping[str, bytes], notes: Notes) -> list[DecisionCase]:
    """The cases of all test sets of a bundle."""
    return [
        case
        for path, content in sorted(files.items())
        if path.startswith("tests/") and path.endswith((".yaml", ".yml"))
        for case in read_test_set(content, path, notes)
    ]


def read_test_set(content: bytes, file: str, notes: Notes) -> list[DecisionCase]:
    """The cases of a file; what is wrong with it becomes a finding."""
    document = read_yaml(content, file, notes)
    if document is None:
        return []
    try:
        return list(_cases(document, file))
    except (ValueError, FeelError) as err:
        notes.error(
            "test-set-malformed",
            file,
            (f"Erwartet wird ein Prüffall, gefunden: {err}.", f"Expected a test set, found: {err}."),
            (
                "Die Datei nach docs/modelling.md berichtigen (entscheidung, faelle mit name, eingaben, erwartet).",
                "Correct the file after docs/modelling.md (entscheidung, faelle with name, eingaben, erwartet).",
            ),
        )
        return []


def run_case(case: DecisionCase, decisions: Mapping[str, DecisionModel]) -> Outcome:
    """Decide and compare."""
    model = decisions.get(case.decision)
    if model is None:
        known = ", ".join(sorted(decisions)) or "–"
        return Outcome(
            case,
            [
                (
                    f"die Entscheidung „{case.decision}“ gibt es nicht (vorhanden: {known})",
                    f"there is no decision '{case.decision}' (there are: {known})",
                )
            ],
        )
    now = datetime.combine(case.key_date or DAY, NOON)
    try:
        model = model.on(case.decision, now.date())
        found = model.evaluate(case.decision, case.inputs, now=now, key_date=case.key_date)
    except FeelError as err:
        return Outcome(case, [(err.message_de, err.message_en)], model.file)
    return Outcome(case, [*_value_faults(case, found), *_rule_faults(case, found)], model.file, found)


def check_test_sets(
    cases: Sequence[DecisionCase], decisions: Mapping[str, DecisionModel], notes: Notes
) -> None:
    """Run them; every red one is told with what was expected and what was found."""
    if len(cases) > MOST:
        notes.error(
            "test-set-too-many",
            cases[MOST].file,
            (
                f"Erlaubt sind {MOST} Prüffälle, gefunden: {len(cases)}.",
                f"{MOST} cases are allowed, found: {len(cases)}.",
            ),
            ("Prüffälle zusammenfassen oder weglassen.", "Join cases or leave some out."),
        )
    for case in cases[:MOST]:
        for german, english in run_case(case, decisions).faults:
            notes.error(
                "test-case-failed",
                case.file,
                (
                    f"Prüffall „{case.name}“ der Entscheidung „{case.decision}“: {german}.",
                    f"Case '{case.name}' of the decision '{case.decision}': {english}.",
                ),
                (
                    "Die Regel berichtigen oder, wenn sie so gemeint ist, den Prüffall.",
                    "Correct the rule or, if it is meant so, the case.",
                ),
                element=case.decision,
            )


def _cases(document: Any, file: str) -> Iterator[DecisionCase]:
    given = _mapping(document, "die Datei", _SET)
    decision = _text(given, "entscheidung")
    cases = given.get("faelle")
    if not isinstance(cases, list) or not cases:
        raise ValueError("faelle: eine Liste mit mindestens einem Fall fehlt")
    for number, each in enumerate(cases, 1):
        case = _mapping(each, f"Fall {number}", _CASE)
        if "erwartet" not in case:
            raise ValueError(f"Fall {number}: erwartet fehlt")
        rules = case.get("regeln")
        if rules is not None and not (isinstance(rules, list) and all(type(rule) is int for rule in rules)):
            raise ValueError(f"Fall {number}: regeln ist keine Liste von Nummern")
        yield DecisionCase(
            file,
            decision,
            str(case.get("name") or number),
            {str(name): from_json(value) for name, value in (case.get("eingaben") or {}).items()},
            from_json(case["erwartet"]),
            _day(case.get("stichtag", given.get("stichtag")), number),
            None if rules is None else tuple(rules),
        )


def _mapping(value: Any, where: str, known: frozenset[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{where} ist keine Gruppe von Angaben")  # noqa: TRY004 - told as a finding
    unknown = sorted(str(name) for name in value if name not in known)
    if unknown:
        raise ValueError(f"{where} kennt {', '.join(unknown)} nicht (bekannt: {', '.join(sorted(known))})")
    return value


def _text(given: Mapping[str, Any], name: str) -> str:
    found = given.get(name)
    if not isinstance(found, str) or not found:
        raise ValueError(f"{name} fehlt")
    return found


def _day(value: Any, number: int) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise ValueError(f"Fall {number}: stichtag ist kein Tag wie 2026-06-01, sondern {value!r}")


def _value_faults(case: DecisionCase, found: DecisionResult) -> Iterator[tuple[str, str]]:
    if not isinstance(case.expected, dict):
        if found.value != case.expected:
            yield _differs("", case.expected, found.value, found)
        return
    for name, expected in case.expected.items():
        value = found.value.get(name) if isinstance(found.value, dict) else found.value
        if value != expected:
            yield _differs(f"{name} ", expected, value, found)


def _differs(name: str, expected: Value, value: Value, found: DecisionResult) -> tuple[str, str]:
    matched = _matched(found)
    rules_de = f"; es trafen zu: Regel {', '.join(map(str, matched))}" if matched else "; keine Regel traf zu"
    rules_en = f"; rules that applied: {', '.join(map(str, matched))}" if matched else "; no rule applied"
    return (
        f"erwartet: {name}{say(expected, 'de')}; gefunden: {say(value, 'de')}{rules_de}",
        f"expected: {name}{say(expected, 'en')}; found: {say(value, 'en')}{rules_en}",
    )


def _rule_faults(case: DecisionCase, found: DecisionResult) -> Iterator[tuple[str, str]]:
    matched = _matched(found)
    if case.rules is not None and matched != list(case.rules):
        wanted, got = (", ".join(map(str, each)) or "–" for each in (case.rules, matched))
        yield (
            f"erwartet: Regeln {wanted}; gefunden: Regeln {got}",
            f"expected: rules {wanted}; found: rules {got}",
        )


def _matched(found: DecisionResult) -> list[int]:
    """The rules that applied in the last table: that of the decision itself."""
    tables = [table for decision in found.explanation["decisions"] for table in decision["tables"]]
    return list(tables[-1]["matched"]) if tables else []
