"""Tree to closures: each node becomes a function of a frame and a run, made once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from staffel.engine.feel import tree
from staffel.engine.feel.calls import call_code, function_code
from staffel.engine.feel.loops import filter_code, for_code, quantified_code
from staffel.engine.feel.matching import in_code
from staffel.engine.feel.operators import arithmetic, equal, negate, order_key, ordered
from staffel.engine.feel.properties import path_of
from staffel.engine.feel.run import Run
from staffel.engine.feel.scope import Code, Locals, Scope
from staffel.engine.feel.static import check_chain, check_compare
from staffel.engine.feel.types import is_instance, kind_of
from staffel.engine.feel.values import MATH, NUMBERS, Range, Value


def compile_node(node: tree.Node, scope: Scope) -> Code:
    """The code of a tree in a scope."""
    return _COMPILERS[type(node)](node, scope)


def _literal(node: tree.Literal, _scope: Scope) -> Code:
    value = node.value
    return lambda _frame, _run: value


def _name(node: tree.Name, scope: Scope) -> Code:
    return scope.lookup(node.name, node.at)


def _chain(node: tree.Chain, scope: Scope) -> Code:
    check_chain(node, scope)
    first = compile_node(node.first, scope)
    rest = tuple((symbol, compile_node(operand, scope)) for symbol, operand in node.rest)
    if len(rest) == 1:
        return _binary(node.at, first, *rest[0])
    at = node.at

    def run_chain(frame: Any, run: Run) -> Value:
        value = first(frame, run)
        for symbol, operand in rest:
            value = arithmetic(run, at, symbol, value, operand(frame, run))
        return value

    return run_chain


def _binary(at: int, left: Code, symbol: str, right: Code) -> Code:
    quick = {"+": MATH.add, "-": MATH.subtract, "*": MATH.multiply}.get(symbol)

    def run_binary(frame: Any, run: Run) -> Value:
        one, two = left(frame, run), right(frame, run)
        if quick is not None and type(one) is Decimal and type(two) is Decimal:
            try:
                return quick(one, two)
            except ArithmeticError:
                return run.null(at, "number-range")
        return arithmetic(run, at, symbol, one, two)

    return run_binary


def _negate(node: tree.Negate, scope: Scope) -> Code:
    if isinstance(node.operand, tree.Literal) and type(node.operand.value) is Decimal:
        value = MATH.minus(node.operand.value)
        return lambda _frame, _run: value
    operand, at = compile_node(node.operand, scope), node.at
    return lambda frame, run: negate(run, at, operand(frame, run))


def _logic(node: tree.Logic, scope: Scope) -> Code:
    """Three-valued: one false decides `and`, one true decides `or`; anything not boolean counts as null."""
    operands = tuple((compile_node(operand, scope), operand.at) for operand in node.operands)
    decides, other = (False, True) if node.word == "and" else (True, False)

    def run_logic(frame: Any, run: Run) -> Value:
        result: bool | None = other
        for operand, at in operands:
            value = operand(frame, run)
            if value is decides:
                return decides
            if value is not other:
                result = None
                if value is not None:
                    run.null(at, "not-boolean", kind_of(value))
        return result

    return run_logic


def _compare(node: tree.Compare, scope: Scope) -> Code:
    check_compare(node, scope)
    left, right, at, symbol = (
        compile_node(node.left, scope),
        compile_node(node.right, scope),
        node.at,
        node.operator,
    )
    if isinstance(node.right, tree.Literal):
        quick = _COMPARE_LITERAL.get((symbol, type(node.right.value)))
        if quick is not None:
            return quick(left, node.right.value, at, symbol)
    if symbol in {"=", "!="}:
        return _equality(left, right, at, symbol)

    def run_order(frame: Any, run: Run) -> Value:
        return ordered(run, at, symbol, left(frame, run), right(frame, run))

    return run_order


def _equality(left: Code, right: Code, at: int, symbol: str) -> Code:
    if symbol == "=":
        return lambda frame, run: equal(run, at, left(frame, run), right(frame, run))

    def run_unequal(frame: Any, run: Run) -> Value:
        same = equal(run, at, left(frame, run), right(frame, run))
        return None if same is None else not same

    return run_unequal


def _order_number(left: Code, bound: Value, at: int, symbol: str) -> Code:
    def greater(frame: Any, run: Run) -> Value:
        value = left(frame, run)
        return value > bound if type(value) in NUMBERS else ordered(run, at, ">", value, bound)

    def less(frame: Any, run: Run) -> Value:
        value = left(frame, run)
        return value < bound if type(value) in NUMBERS else ordered(run, at, "<", value, bound)

    def at_least(frame: Any, run: Run) -> Value:
        value = left(frame, run)
        return value >= bound if type(value) in NUMBERS else ordered(run, at, ">=", value, bound)

    def at_most(frame: Any, run: Run) -> Value:
        value = left(frame, run)
        return value <= bound if type(value) in NUMBERS else ordered(run, at, "<=", value, bound)

    return {">": greater, "<": less, ">=": at_least, "<=": at_most}[symbol]


def _equal_literal(left: Code, wanted: Value, at: int, _symbol: str) -> Code:
    kinds = NUMBERS if type(wanted) is Decimal else frozenset((type(wanted),))

    def run_equal(frame: Any, run: Run) -> Value:
        value = left(frame, run)
        return value == wanted if type(value) in kinds else equal(run, at, value, wanted)

    return run_equal


_COMPARE_LITERAL: Mapping[tuple[str, type], Callable[[Code, Value, int, str], Code]] = {
    **{(symbol, Decimal): _order_number for symbol in ("<", "<=", ">", ">=")},
    ("=", str): _equal_literal,
    ("=", bool): _equal_literal,
    ("=", Decimal): _equal_literal,
}


def _between(node: tree.Between, scope: Scope) -> Code:
    value, low, high = (compile_node(part, scope) for part in (node.value, node.low, node.high))
    at = node.at

    def run_between(frame: Any, run: Run) -> Value:
        found = value(frame, run)
        above = ordered(run, at, ">=", found, low(frame, run))
        below = ordered(run, at, "<=", found, high(frame, run))
        if above is False or below is False:
            return False
        return True if above and below else None

    return run_between


def _instance_of(node: tree.InstanceOf, scope: Scope) -> Code:
    value, kind = compile_node(node.value, scope), node.type
    return lambda frame, run: is_instance(value(frame, run), kind)


def _if(node: tree.If, scope: Scope) -> Code:
    condition, then, otherwise = (
        compile_node(part, scope) for part in (node.condition, node.then, node.otherwise)
    )
    at = node.condition.at

    def run_if(frame: Any, run: Run) -> Value:
        found = condition(frame, run)
        if found is True:
            return then(frame, run)
        if found is not False and found is not None:
            run.null(at, "not-boolean", kind_of(found))
        return otherwise(frame, run)

    return run_if


def _path(node: tree.Path, scope: Scope) -> Code:
    base, name, at = compile_node(node.base, scope), node.name, node.at

    def run_path(frame: Any, run: Run) -> Value:
        found = base(frame, run)
        if type(found) is dict and name in found:
            return found[name]
        return path_of(run, at, found, name)

    return run_path


def _list(node: tree.ListNode, scope: Scope) -> Code:
    items = tuple(compile_node(item, scope) for item in node.items)
    return lambda frame, run: [item(frame, run) for item in items]


def _context(node: tree.ContextNode, scope: Scope) -> Code:
    inner = Locals(scope)
    entries = list[tuple[str, Code]]()
    names = [key for key, _ in node.entries]
    for key, value in node.entries:
        entries.append((key, compile_node(value, inner)))
        inner.add(key)
        if isinstance(value, tree.FunctionNode):
            inner.signatures[key] = value.parameters
    repeated = next((name for name, count in Counter(names).items() if count > 1), None)
    at = node.at

    def run_context(frame: Any, run: Run) -> Value:
        if repeated is not None:
            return run.null(at, "duplicate-key", repeated)
        own = [frame]
        for _, code in entries:
            own.append(code(own, run))
        return dict(zip(names, own[1:], strict=True))

    return run_context


def _range(node: tree.RangeNode, scope: Scope) -> Code:
    low = compile_node(node.low, scope) if node.low else None
    high = compile_node(node.high, scope) if node.high else None
    at, low_in, high_in, form = node.at, node.low_included, node.high_included, node.operator

    def run_same(frame: Any, run: Run) -> Value:
        value = low(frame, run) if low else None
        return Range(value, value, low_in, high_in, form)

    def run_range(frame: Any, run: Run) -> Value:
        start = low(frame, run) if low else None
        end = high(frame, run) if high else None
        written = ".." if low and high and (start is None or end is None) else ""
        return _checked(run, at, Range(start, end, low_in, high_in, written))

    return run_same if form else run_range


def _checked(run: Run, at: int, interval: Range) -> Value:
    """The range, or null where a bound is missing, of another kind, or in the wrong order."""
    low, high = order_key(interval.low), order_key(interval.high)
    broken = (low is None and (interval.low_included or interval.low is not None)) or (
        high is None and (interval.high_included or interval.high is not None)
    )
    if low is not None and high is not None:
        broken = low[0] != high[0] or low[1] > high[1]
    if broken or (low is None and high is None):
        return run.null(at, "range-bounds", interval.low, interval.high)
    return interval


_COMPILERS: Mapping[type[tree.Node], Callable[[Any, Scope], Code]] = {
    tree.Literal: _literal,
    tree.Name: _name,
    tree.Chain: _chain,
    tree.Negate: _negate,
    tree.Logic: _logic,
    tree.Compare: _compare,
    tree.Between: _between,
    tree.In: lambda node, scope: in_code(node, scope, compile_node),
    tree.InstanceOf: _instance_of,
    tree.If: _if,
    tree.For: lambda node, scope: for_code(node, scope, compile_node),
    tree.Quantified: lambda node, scope: quantified_code(node, scope, compile_node),
    tree.Path: _path,
    tree.Filter: lambda node, scope: filter_code(node, scope, compile_node),
    tree.Call: lambda node, scope: call_code(node, scope, compile_node),
    tree.FunctionNode: lambda node, scope: function_code(node, scope, compile_node),
    tree.ListNode: _list,
    tree.ContextNode: _context,
    tree.RangeNode: _range,
}
