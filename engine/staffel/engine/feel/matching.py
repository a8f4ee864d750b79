"""Unary tests and `in`: does a value pass (DMN 1.5 §10.3.2.7, Table 55)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

from staffel.engine.feel import tree
from staffel.engine.feel.operators import contains, equal, ordered
from staffel.engine.feel.run import Run
from staffel.engine.feel.scope import Code, Locals, Scope
from staffel.engine.feel.values import NUMBERS, Range, Value

Compile: TypeAlias = Callable[[tree.Node, Scope], Code]
Matcher: TypeAlias = Callable[[Value, Any, Run], "bool | None"]
"""`matcher(value, frame, run)`; the frame's first slot holds the value as `?`."""


def in_code(node: tree.In, scope: Scope, compile_node: Compile) -> Code:
    """The code of `x in tests`."""
    value = compile_node(node.value, scope)
    match = any_of(node.tests, Locals(scope, ("?",)), compile_node)

    def run_in(frame: Any, run: Run) -> Value:
        found = value(frame, run)
        return match(found, [frame, found], run)

    return run_in


def any_of(tests: tuple[tree.Test, ...], scope: Scope, compile_node: Compile) -> Matcher:
    """Whether one test holds; null where none holds and one is null."""
    matchers = tuple(_matcher(test, scope, compile_node) for test in tests)
    if len(matchers) == 1:
        return matchers[0]

    def match(value: Value, frame: Any, run: Run) -> bool | None:
        result: bool | None = False
        for matcher in matchers:
            found = matcher(value, frame, run)
            if found is True:
                return True
            if found is None:
                result = None
        return result

    return match


def _matcher(test: tree.Test, scope: Scope, compile_node: Compile) -> Matcher:
    operand, at, symbol = compile_node(test.operand, scope), test.at, test.operator
    if not symbol:
        return _quick(test.operand, at) or _expression_matcher(test.operand, operand, at)
    if symbol == "=":
        return lambda value, frame, run: equal(run, at, value, operand(frame, run))
    if symbol == "!=":

        def unequal(value: Value, frame: Any, run: Run) -> bool | None:
            same = equal(run, at, value, operand(frame, run))
            return None if same is None else not same

        return unequal
    return lambda value, frame, run: ordered(run, at, symbol, value, operand(frame, run))


def _quick(node: tree.Node, at: int) -> Matcher | None:
    """Tests that are plain literals or ranges of plain numbers."""
    if isinstance(node, tree.Literal) and type(node.value) in (str, Decimal, bool):
        wanted = node.value
        kinds = NUMBERS if type(wanted) is Decimal else frozenset((type(wanted),))
        return lambda value, _frame, run: (
            value == wanted if type(value) in kinds else _equals(run, at, value, wanted)
        )
    if isinstance(node, tree.RangeNode) and not node.operator:
        low, high = _number(node.low), _number(node.high)
        if low is not None and high is not None and low <= high:
            return _between(Range(low, high, node.low_included, node.high_included), at)
    return None


def _number(node: tree.Node | None) -> Decimal | None:
    value = node.value if isinstance(node, tree.Literal) else None
    return value if type(value) is Decimal else None


def _between(interval: Range, at: int) -> Matcher:
    """Whether a number lies in the interval; anything else goes the long way."""
    low, high = interval.low, interval.high
    above = operator.ge if interval.low_included else operator.gt
    below = operator.le if interval.high_included else operator.lt

    def match(value: Value, _frame: Any, run: Run) -> bool | None:
        if type(value) in NUMBERS:
            return bool(above(value, low) and below(value, high))
        return passes(run, at, value, interval)

    return match


def _equals(run: Run, at: int, value: Value, wanted: Value) -> bool | None:
    if type(value) is list:
        return any(equal(run, at, each, wanted) is True for each in value) if len(value) == 1 else False
    return equal(run, at, value, wanted)


def _expression_matcher(node: tree.Node, operand: Code, at: int) -> Matcher:
    asks, is_range = mentions_input(node), isinstance(node, tree.RangeNode)

    def match(value: Value, frame: Any, run: Run) -> bool | None:
        wanted = operand(frame, run)
        if wanted is None and is_range:
            return None
        if asks and (wanted is None or type(wanted) is bool):
            return wanted
        return passes(run, at, value, wanted)

    return match


def passes(run: Run, at: int, value: Value, wanted: Value) -> bool | None:
    """Whether the value equals what is wanted, or is in it where that is a list or a range."""
    kind = type(wanted)
    if kind is Range:
        return contains(run, at, wanted, value)
    if kind is list:
        run.tick(len(wanted), at)
        if type(value) is list and equal(run, at, value, wanted):
            return True
        return any(_equals_or_contains(run, at, value, each) for each in wanted)
    if kind is bool and type(value) is not bool:
        return wanted if value is not None else False
    return equal(run, at, value, wanted)


def _equals_or_contains(run: Run, at: int, value: Value, wanted: Value) -> bool:
    if type(wanted) is Range and type(value) is not Range:
        return value is not None and contains(run, at, wanted, value) is True
    return equal(run, at, value, wanted) is True


def mentions_input(node: tree.Node) -> bool:
    """Whether `?` stands in the expression."""
    return any(isinstance(part, tree.Name) and part.name == "?" for part in tree.parts(node))
