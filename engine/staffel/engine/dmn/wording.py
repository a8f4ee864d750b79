"""Values and tests in the words of a caseworker, German and English (`≥ 6 Jahre`, `31.01.2026`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from staffel.engine.feel import FeelError, FeelTime, Range, Value, YearMonthDuration, tree
from staffel.engine.feel.builtins import FUNCTION_VALUES
from staffel.engine.feel.compiler import compile_node
from staffel.engine.feel.expression import UnaryTests
from staffel.engine.feel.properties import PROPERTIES
from staffel.engine.feel.run import Budget, Run
from staffel.engine.feel.scope import Top
from staffel.engine.feel.values import DayTimeDuration, WideDateTime, literal, number_text

MAX_TEXT = 120
MAX_DEPTH = 2
_WORDS: Mapping[str, tuple[str, str]] = {
    "null": ("keine Angabe", "not given"),
    "true": ("ja", "yes"),
    "false": ("nein", "no"),
    "or": ("oder", "or"),
    "not": ("nicht", "not"),
    "any": ("beliebig", "any"),
    "from": ("von", "from"),
    "to": ("bis", "to"),
    "above": ("über", "above"),
    "below": ("unter", "below"),
}
_UNITS: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "years": (("Jahr", "Jahre"), ("year", "years")),
    "months": (("Monat", "Monate"), ("month", "months")),
    "days": (("Tag", "Tage"), ("day", "days")),
    "hours": (("Stunde", "Stunden"), ("hour", "hours")),
    "minutes": (("Minute", "Minuten"), ("minute", "minutes")),
    "seconds": (("Sekunde", "Sekunden"), ("second", "seconds")),
}
_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}
_CONSTANT_BUDGET = Budget(steps=200, depth=100, size=1_000)


def word(name: str, lang: str) -> str:
    """A fixed word."""
    return _WORDS[name][lang != "de"]


def say(value: Value, lang: str, depth: int = 0) -> str:  # noqa: PLR0911 - a line per kind of value
    """A value as people write it, lists and contexts to the third level."""
    if depth > MAX_DEPTH:
        return "…"
    match value:
        case None:
            return word("null", lang)
        case bool():
            return word("true" if value else "false", lang)
        case str():
            return f"„{value}“" if lang == "de" else f'"{value}"'
        case Decimal() | int():
            text = number_text(value)
            return text.replace(".", ",") if lang == "de" else text
        case YearMonthDuration() | DayTimeDuration():
            return _say_duration(value, lang)
        case datetime() | WideDateTime():
            return f"{_say_date(value, lang)} {value.hour:02d}:{value.minute:02d}"
        case FeelTime():
            return f"{value.hour:02d}:{value.minute:02d}"
        case date():
            return _say_date(value, lang)
        case list():
            return _shortened(", ".join(say(item, lang, depth + 1) for item in value[:20]) or "–")
        case Range():
            return _say_range(value, lang)
        case dict():
            return _shortened(
                ", ".join(f"{key}: {say(item, lang, depth + 1)}" for key, item in list(value.items())[:20])
            )
    return _shortened(literal(value))


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _say_date(value: Value, lang: str) -> str:
    if lang == "de":
        return f"{value.day:02d}.{value.month:02d}.{value.year}"
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"


def _say_duration(value: YearMonthDuration | DayTimeDuration, lang: str) -> str:
    total = value.months if isinstance(value, YearMonthDuration) else value.nanos
    parts = [
        f"{number_text(abs(amount))} {_UNITS[unit][lang != 'de'][abs(amount) != 1]}"
        for unit, read in PROPERTIES[type(value)].items()
        if (amount := read(value))
    ]
    if not parts:
        unit = "months" if isinstance(value, YearMonthDuration) else "days"
        parts = [f"0 {_UNITS[unit][lang != 'de'][1]}"]
    return ("-" if total < 0 else "") + " ".join(parts)


def _say_range(value: Range, lang: str) -> str:
    return _bounds(
        None if value.low is None else say(value.low, lang),
        None if value.high is None else say(value.high, lang),
        (value.low_included, value.high_included),
        lang,
    )


def _bounds(low: str | None, high: str | None, included: tuple[bool, bool], lang: str) -> str:
    if low is None:
        return f"{'≤' if included[1] else '<'} {high}"
    if high is None:
        return f"{'≥' if included[0] else '>'} {low}"
    start = f"{word('from', lang)} {low}" if included[0] else f"{word('above', lang)} {low}"
    end = word("to", lang) + ("" if included[1] else f" {word('below', lang)}")
    return f"{start} {end} {high}"


@lru_cache(maxsize=8192)
def say_tests(tests: UnaryTests, lang: str) -> str:
    """A cell of a table as people read it; what is more than constants stays as it is written."""
    node = tests.tree
    if not isinstance(node, tree.Tests) or not node.tests:
        return word("any", lang)
    parts = [_say_test(test, lang) for test in node.tests]
    if any(part is None for part in parts):
        return _shortened(tests.text.strip())
    text = f" {word('or', lang)} ".join(part for part in parts if part is not None)
    return f"{word('not', lang)} {text}" if node.negated else text


def _say_test(test: tree.Test, lang: str) -> str | None:
    found = constant(test.operand)
    if found is None:
        return None
    sign = _SIGNS.get(test.operator, test.operator)
    return f"{sign} {say(found[0], lang)}" if sign else say(found[0], lang)


def constant(node: tree.Node) -> tuple[Value] | None:
    """The value of an expression that reads nothing, in a tuple; None where it reads something."""
    top = Top(FUNCTION_VALUES, frozenset())
    code = compile_node(node, top)
    if top.reads or any(
        isinstance(part, tree.Name) and part.name in {"?", "now", "today"} for part in tree.parts(node)
    ):
        return None
    try:
        value = code({}, Run("", _CONSTANT_BUDGET, None, None))
    except FeelError:
        return None
    return None if value is None and not isinstance(node, tree.Literal) else (value,)
