"""A decision table as it stands in the file: texts, ids and lines, nothing compiled (DMN 1.5 §8.3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from staffel.engine.dmn.items import type_reference
from staffel.engine.dmn.source import child, children, identity, line_of, text_of


class HitPolicy(StrEnum):
    """Which of the matching rules count."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


@dataclass(frozen=True, slots=True)
class InputColumn:
    """An input: its expression, the heading people read, its type and allowed values."""

    id: str
    label: str
    text: str
    type: str | None
    allowed: str | None
    element: etree._Element


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """An output: its name, heading, type, allowed values (in order of priority) and default."""

    id: str
    name: str
    label: str
    type: str | None
    allowed: str | None
    default: str | None
    element: etree._Element


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: tests, outputs, annotations."""

    id: str
    line: int
    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...]
    element: etree._Element


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A whole table; `aggregation` is SUM, COUNT, MIN, MAX or None."""

    id: str
    name: str
    line: int
    hit_policy: HitPolicy
    aggregation: str | None
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]
    element: etree._Element


def read_table(element: etree._Element, name: str) -> DecisionTable:
    """The table in a `decisionTable` element. Raises `ValueError` for an unknown hit policy."""
    return DecisionTable(
        identity(element),
        element.get("outputLabel") or name,
        line_of(element),
        HitPolicy(element.get("hitPolicy", "UNIQUE")),
        element.get("aggregation"),
        tuple(_input(column) for column in children(element, "input")),
        tuple(_output(column) for column in children(element, "output")),
        tuple(_rule(rule) for rule in children(element, "rule")),
        element,
    )


def _input(column: etree._Element) -> InputColumn:
    expression = child(column, "inputExpression")
    text = (text_of(expression) or "").strip()
    kind = type_reference(expression) if expression is not None else None
    allowed = _text(child(column, "inputValues"))
    return InputColumn(identity(column), column.get("label") or text, text, kind, allowed, column)


def _output(column: etree._Element) -> OutputColumn:
    name = " ".join(column.get("name", "").split())
    return OutputColumn(
        identity(column),
        name,
        column.get("label") or name,
        type_reference(column),
        _text(child(column, "outputValues")),
        _text(child(column, "defaultOutputEntry")),
        column,
    )


def _rule(rule: etree._Element) -> Rule:
    return Rule(
        identity(rule),
        line_of(rule),
        tuple((text_of(entry) or "").strip() or "-" for entry in children(rule, "inputEntry")),
        tuple((text_of(entry) or "").strip() for entry in children(rule, "outputEntry")),
        tuple((text_of(entry) or "").strip() for entry in children(rule, "annotationEntry")),
        rule,
    )


def _text(element: etree._Element | None) -> str | None:
    text = text_of(element)
    return text.strip() or None if text else None
