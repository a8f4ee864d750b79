"""What is certainly wrong with an expression before it runs: unknown functions, wrong arguments, sure nulls."""

from __future__ import annotations

from staffel.engine.feel import tree
from staffel.engine.feel.builtins import BUILTINS, Builtin, invoke
from staffel.engine.feel.builtins.signature import mismatch
from staffel.engine.feel.errors import Problem
from staffel.engine.feel.mistakes import (
    Hint,
    function_hint,
    is_foreign_method,
    literal_hint,
    operand_hint,
)
from staffel.engine.feel.run import DEFAULT_BUDGET, Run
from staffel.engine.feel.scope import Fault, Item, Scope, Top, names_of, signature_of, top_of

_READERS = frozenset(("date", "time", "date and time", "duration", "number"))
_TEMPORAL = frozenset(
    ("date", "time", "date and time", "duration", "today", "now", "years and months duration")
)


def check_call(node: tree.Call, scope: Scope) -> None:
    """Note at the top of the scope what is wrong with a call."""
    function = node.function
    if isinstance(function, tree.Path) and is_foreign_method(function.name):
        hint = function_hint(function.name, ())
        _note(scope, "method-call", function.at, function.name, *hint, severity="warning")
    if not isinstance(function, tree.Name):
        return
    name = function.name
    if scope.defines(name):
        _check_own(node, name, scope)
    elif name in BUILTINS:
        _check_builtin(node, BUILTINS[name], scope)
    else:
        hint = function_hint(name, (*names_of(scope), *BUILTINS))
        severity = "warning" if _in_filter(scope) else "error"
        _note(scope, "unknown-function", function.at, name, *hint, severity=severity)
        top_of(scope).unknown_calls.add(name)


def _check_own(node: tree.Call, name: str, scope: Scope) -> None:
    parameters = signature_of(scope, name)
    if parameters is None:
        return
    expected = ", ".join(parameters) or "()"
    wrong = next((each for each in node.names or () if each not in parameters), None)
    if wrong is not None:
        _note(scope, "argument-name", node.at, name, wrong, expected)
    elif len(node.arguments) != len(parameters):
        _note(scope, "argument-count", node.at, name, expected, len(node.arguments))


def _check_builtin(node: tree.Call, function: Builtin, scope: Scope) -> None:
    fault = mismatch(function, len(node.arguments), node.names)
    if fault is not None:
        _note(scope, fault.code, node.at, *fault.found)
    elif function.name in _READERS and len(node.arguments) == 1:
        _check_literal(node, function, scope)


def _check_literal(node: tree.Call, function: Builtin, scope: Scope) -> None:
    """`date("31.1.2026")` and `date(2026-01-31)` are null whatever happens."""
    argument = node.arguments[0]
    if isinstance(argument, tree.Chain) and function.name != "number" and _is_bare_date(argument):
        hint: Hint = (' In FEEL heißt das: date("2026-01-31")', ' In FEEL this is: date("2026-01-31")')
        _note(scope, "literal-value", argument.at, function.name, "…-…-…", *hint, severity="warning")
    if not isinstance(argument, tree.Literal) or not isinstance(argument.value, str):
        return
    text = argument.value
    if invoke(Run("", DEFAULT_BUDGET, None, None), 0, function, [text], node.names) is None:
        hint = literal_hint(text)
        _note(scope, "literal-value", argument.at, function.name, text, *hint, severity="warning")


def _is_bare_date(node: tree.Chain) -> bool:
    operands = (node.first, *(operand for _, operand in node.rest))
    return len(operands) == 3 and all(isinstance(each, tree.Literal) for each in operands)


def check_chain(node: tree.Chain, scope: Scope) -> None:
    """Note texts that stand in a computation."""
    operands = (node.first, *(operand for _, operand in node.rest))
    texts = [each for each in operands if isinstance(each, tree.Literal) and isinstance(each.value, str)]
    joins = all(symbol == "+" for symbol, _ in node.rest)
    if texts and (not joins or any(map(_is_no_text, operands))):
        text = str(texts[0].value)
        _note(scope, "text-in-computation", texts[0].at, text, *operand_hint(text), severity="warning")


def _is_no_text(node: tree.Node) -> bool:
    if isinstance(node, tree.Literal):
        return node.value is not None and not isinstance(node.value, str)
    return (
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Name)
        and node.function.name in _TEMPORAL
    )


def check_compare(node: tree.Compare, scope: Scope) -> None:
    """Note an order against null."""
    if node.operator not in {"=", "!="} and any(
        isinstance(side, tree.Literal) and side.value is None for side in (node.left, node.right)
    ):
        _note(scope, "null-order", node.at, node.operator, severity="warning")


def check_filter(node: tree.Filter, scope: Scope) -> None:
    """Note the position 0: lists count from 1."""
    position = node.condition.value if isinstance(node.condition, tree.Literal) else None
    if position == 0 and position is not False:
        _note(scope, "position-zero", node.condition.at, severity="warning")


def _note(scope: Scope, code: str, at: int, *found: object, severity: str = "error") -> None:
    top_of(scope).faults.append(Fault(code, at, found, severity))


def _in_filter(scope: Scope) -> bool:
    while not isinstance(scope, Top):
        if isinstance(scope, Item):
            return True
        scope = scope.outer
    return False


def problems_of(top: Top, text: str) -> tuple[Problem, ...]:
    """The faults noted since the last time, with their places in the text."""
    found = tuple(fault.problem(text) for fault in top.faults)
    top.faults.clear()
    return found
