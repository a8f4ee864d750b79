"""Function definitions and calls: by position, by name, with the conversions of DMN 1.5 §10.3.2.9.4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from staffel.engine.feel import tree
from staffel.engine.feel.builtins import BUILTINS, Builtin, invoke, prepared
from staffel.engine.feel.coercion import coerce
from staffel.engine.feel.matching import Compile
from staffel.engine.feel.mistakes import function_hint
from staffel.engine.feel.run import DEFAULT_BUDGET, Run
from staffel.engine.feel.scope import Code, Locals, Scope
from staffel.engine.feel.static import check_call
from staffel.engine.feel.types import FeelType, kind_of
from staffel.engine.feel.values import Function, Value

_MISMATCH = object()
_CONSTRUCTORS = frozenset(("date", "time", "date and time", "duration"))
"""Functions whose result for given texts is always the same, and cannot be changed."""


def call_code(node: tree.Call, scope: Scope, compile_node: Compile) -> Code:
    """The code of `f(a, b)` and `f(x: a, y: b)`."""
    check_call(node, scope)
    arguments = tuple(compile_node(argument, scope) for argument in node.arguments)
    at, names = node.at, node.names
    if isinstance(node.function, tree.Name):
        name = node.function.name
        builtin = BUILTINS.get(name)
        if builtin is not None and not scope.defines(name):
            constant = _constant(builtin, node)
            if constant is not None:
                return lambda _frame, _run: constant
            return _builtin_code(builtin, arguments, names, node.function.at)
    else:
        name = "…"
    function = compile_node(node.function, scope)

    def run_call(frame: Any, run: Run) -> Value:
        found = function(frame, run)
        if type(found) is not Function:
            return _no_function(run, node.function.at, name, found)
        values = [argument(frame, run) for argument in arguments]
        if found.builtin is not None:
            return invoke(run, at, found.builtin, values, names)
        return apply(run, at, found, values, names)

    return run_call


def _constant(builtin: Builtin, node: tree.Call) -> Value:
    """What a text in the source means (`date("2026-03-02")`); None where that is told by each evaluation anew."""
    texts = [
        part.value for part in node.arguments if isinstance(part, tree.Literal) and type(part.value) is str
    ]
    if builtin.name not in _CONSTRUCTORS or node.names is not None or len(texts) != len(node.arguments):
        return None
    return invoke(Run("", DEFAULT_BUDGET, None, None), node.at, builtin, texts)


def _builtin_code(
    builtin: Builtin, arguments: tuple[Code, ...], names: tuple[str, ...] | None, at: int
) -> Code:
    if names is not None:

        def run_named(frame: Any, run: Run) -> Value:
            return invoke(run, at, builtin, [argument(frame, run) for argument in arguments], names)

        return run_named
    call = prepared(builtin, len(arguments), at)
    if len(arguments) == 1:
        only = arguments[0]
        if builtin.name == "not":
            return _not_code(only, call, at)
        return lambda frame, run: call(run, [only(frame, run)])
    return lambda frame, run: call(run, [argument(frame, run) for argument in arguments])


def _not_code(only: Code, call: Callable[[Run, list[Value]], Value], at: int) -> Code:
    """The code of `not(x)`, which conditions are full of: what is true or false needs no call."""

    def run_not(frame: Any, run: Run) -> Value:
        value = only(frame, run)
        if value is True or value is False:
            run.tick(1, at)
            return value is False
        return call(run, [value])

    return run_not


def _no_function(run: Run, at: int, name: str, found: Value) -> Value:
    if found is not None:
        return run.null(at, "not-a-function", name)
    return run.null(at, "unknown-function", name, *function_hint(name, BUILTINS))


def apply(
    run: Run, at: int, function: Function, values: Sequence[Value], names: tuple[str, ...] | None = None
) -> Value:
    """Call a function of the model."""
    expected = ", ".join(function.parameters)
    if names is not None:
        wrong = next((name for name in names if name not in function.parameters), None)
        if wrong is not None:
            return run.null(at, "argument-name", function.name, wrong, expected)
        given = dict(zip(names, values, strict=True))
        if len(given) != len(function.parameters):
            return run.null(at, "argument-count", function.name, expected, len(values))
        values = [given[name] for name in function.parameters]
    elif len(values) != len(function.parameters):
        return run.null(at, "argument-count", function.name, expected, len(values))
    converted = list[Value]()
    kinds = function.parameter_types or (None,) * len(values)
    for value, kind, name in zip(values, kinds, function.parameters, strict=True):
        fitting = convert(value, kind)
        if fitting is _MISMATCH:
            return run.null(at, "argument-type", function.name, name, kind, kind_of(value))
        converted.append(fitting)
    result = function.call(run, converted)
    fitting = convert(result, function.result_type)
    if fitting is _MISMATCH:
        return run.null(at, "result-type", function.result_type, kind_of(result))
    return fitting


def convert(value: Value, kind: FeelType | None) -> Value:
    """The value as one of the type, or a mark that it is none."""
    if kind is None or value is None:
        return value
    return coerce(value, kind, _MISMATCH)


def function_code(node: tree.FunctionNode, scope: Scope, compile_node: Compile) -> Code:
    """The code of `function(a, b) body`: a value that remembers where it was made."""
    if node.body is None:
        return lambda _frame, run: run.null(node.at, "external-function")
    body = compile_node(node.body, Locals(scope, node.parameters))
    levels, at, parameters, types = node.body.height + 2, node.at, node.parameters, node.types

    def run_definition(frame: Any, _run: Run) -> Value:
        def call(run: Run, values: Sequence[Value]) -> Value:
            run.enter(levels, at)
            result = body([frame, *values], run)
            run.depth += levels
            return result

        return Function("function", parameters, call, types)

    return run_definition
