"""Expressions that read nothing give the same value in every case: what they give is looked at before a case runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from staffel.engine.bpmn.model import NodeType
from staffel.engine.feel.values import literal
from staffel.engine.kernel.compiler.workshop import Workshop
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.kernel.program import Element

BOOLEAN: Final = ("wahr oder falsch", "true or false")
WHOLE: Final = ("eine ganze Zahl ab 0", "a whole number from 0")
LIST: Final = ("eine Liste", "a list")
SOME_DAY: Final = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""What a fixed expression is evaluated at; the kind of its value does not depend on the day."""
_NOT_ASKED: Final = frozenset({NodeType.PARALLEL_GATEWAY, NodeType.EVENT_BASED_GATEWAY})


def check_constants(shop: Workshop, element: Element) -> None:
    """Report the expressions of an element that stop every case that comes to them (§13.3.6, §13.3.7, §13.4)."""
    for formula, expected, place, line in _asked(element):
        if formula is None or formula.reads or formula.fault is not None or _fits(formula, expected):
            continue
        shop.note(
            "value-kind",
            place,
            line,
            name=element.name or element.local_id,
            expression=formula.text,
            found=_value(formula),
            expected_de=expected[0],
            expected_en=expected[1],
        )


Asked = tuple[Formula | None, tuple[str, str], str, int]


def _asked(element: Element) -> Iterator[Asked]:
    """The expressions of the element, what each must give, and where it stands."""
    node = element.node
    here = (node.id, node.line)
    yield element.completion, BOOLEAN, *here
    yield element.activation, BOOLEAN, *here
    for trigger in element.triggers:
        yield trigger.condition, BOOLEAN, *here
    loop = element.loop
    if loop is not None:
        yield loop.condition, BOOLEAN, *here
        yield loop.completion, BOOLEAN, *here
        yield loop.maximum, WHOLE, *here
        yield loop.cardinality, WHOLE, *here
        yield loop.collection, LIST, *here
    if element.type not in _NOT_ASKED:
        for flow in element.outgoing:
            if flow is not element.default:
                yield flow.condition, BOOLEAN, flow.id, node.line


def _fits(formula: Formula, expected: tuple[str, str]) -> bool:
    try:
        if expected is WHOLE:
            formula.whole({}, SOME_DAY)
            return True
        found = formula.value({}, SOME_DAY)
    except Stuck:
        return False
    return isinstance(found, list if expected is LIST else bool)


def _value(formula: Formula) -> str:
    try:
        return literal(formula.value({}, SOME_DAY))
    except Stuck as stuck:
        return stuck.code.value
