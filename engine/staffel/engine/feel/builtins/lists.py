"""FEEL's functions on lists (DMN 1.5 Table 75) and sorting (Table 81)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key

from staffel.engine.feel.builtins.signature import Nothing, builtin, invoke
from staffel.engine.feel.operators import arithmetic, equal, order_key
from staffel.engine.feel.run import Run
from staffel.engine.feel.types import kind_of
from staffel.engine.feel.values import MATH, NUMBERS, DayTimeDuration, Function, Value, YearMonthDuration


def _gathered(values: tuple[Value, ...]) -> list[Value]:
    """`f([a, b])` and `f(a, b)` are the same."""
    return values[0] if len(values) == 1 and type(values[0]) is list else list(values)


def _extreme(name: str, better: Callable[[Value, Value], bool]) -> Callable[..., Value]:
    def code(run: Run, *values: Value) -> Value:
        items = _gathered(values)
        run.tick(len(items))
        best: Value = None
        best_key: tuple[str, Value] | None = None
        for item in items:
            key = order_key(item)
            if key is None or (best_key is not None and key[0] != best_key[0]):
                raise Nothing("argument-value", name, items)
            if best_key is None or better(key[1], best_key[1]):
                best, best_key = item, key
        return best

    return code


def _numbers(run: Run, name: str, values: tuple[Value, ...]) -> list[Value]:
    items = _gathered(values)
    run.tick(len(items))
    if not all(type(item) in NUMBERS for item in items):
        raise Nothing("argument-value", name, items)
    return items


def _sum(run: Run, *values: Value) -> Value:
    items = _gathered(values)
    run.tick(len(items))
    if not items:
        return None
    if all(type(item) in NUMBERS for item in items):
        return _total(items)
    if len({type(item) for item in items}) > 1 or type(items[0]) not in (YearMonthDuration, DayTimeDuration):
        raise Nothing("argument-value", "sum", items)
    total = items[0]
    for item in items[1:]:
        total = arithmetic(run, 0, "+", total, item)
    return total


def _total(items: list[Value]) -> Decimal:
    total = Decimal(0)
    for item in items:
        total = MATH.add(total, item)
    return total


def _mean(run: Run, *values: Value) -> Value:
    items = _numbers(run, "mean", values)
    return MATH.divide(_total(items), len(items)) if items else None


def _product(run: Run, *values: Value) -> Value:
    items = _numbers(run, "product", values)
    if not items:
        return None
    total = Decimal(1)
    for item in items:
        total = MATH.multiply(total, item)
    return total


def _median(run: Run, *values: Value) -> Value:
    items = sorted(_numbers(run, "median", values))
    middle = len(items) // 2
    if not items:
        return None
    return items[middle] if len(items) % 2 else MATH.divide(MATH.add(items[middle - 1], items[middle]), 2)


def _stddev(run: Run, *values: Value) -> Value:
    items = _numbers(run, "stddev", values)
    if len(items) < 2:
        raise Nothing("argument-value", "stddev", items)
    mean = MATH.divide(_total(items), len(items))
    squares = [MATH.power(MATH.subtract(item, mean), 2) for item in items]
    return MATH.sqrt(MATH.divide(_total(squares), len(items) - 1))


def _mode(run: Run, *values: Value) -> Value:
    counts = dict[Value, int]()
    for item in _numbers(run, "mode", values):
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


def _quantifier(name: str, decides: bool) -> Callable[..., Value]:
    def code(run: Run, *values: Value) -> Value:
        if values == (None,):
            raise Nothing("argument-type", name, "list", "list", "Null")
        items = _gathered(values)
        run.tick(len(items))
        if any(item is decides for item in items):
            return decides
        if any(item is not None and type(item) is not bool for item in items):
            raise Nothing("argument-value", name, items)
        return None if None in items else not decides

    return code


def _index(items: list[Value], position: Value, extra: int = 0) -> int:
    """The 0-based index of a position, counted from the end where it is negative."""
    index = int(position)
    if index == 0 or abs(index) > len(items) + extra or index != position:
        raise Nothing("index-range", position, len(items))
    return index - 1 if index > 0 else len(items) + index


def _sublist(_run: Run, items: list[Value], start: Value, length: Value = None) -> list[Value]:
    first = _index(items, start)
    if length is None:
        return items[first:]
    if length < 1 or first + int(length) > len(items):
        raise Nothing("argument-value", "sublist", length)
    return items[first : first + int(length)]


def _contains(run: Run, items: list[Value], element: Value) -> bool:
    run.tick(len(items))
    return any(equal(run, 0, item, element) is True for item in items)


def _append(run: Run, items: list[Value], *more: Value) -> list[Value]:
    return _sized(run, [*items, *more])


def _concatenate(run: Run, *lists: list[Value]) -> list[Value]:
    run.check_size(sum(map(len, lists)))
    return _sized(run, [item for each in lists for item in each])


def _sized(run: Run, items: list[Value]) -> list[Value]:
    run.tick(len(items) // 8)
    run.check_size(len(items))
    return items


def _insert(run: Run, items: list[Value], position: Value, item: Value) -> list[Value]:
    index = _index(items, position)
    return _sized(run, [*items[:index], item, *items[index:]])


def _remove(run: Run, items: list[Value], position: Value) -> list[Value]:
    index = _index(items, position)
    return _sized(run, items[:index] + items[index + 1 :])


def _list_replace(run: Run, items: list[Value], where: Value, item: Value) -> list[Value]:
    if type(where) in NUMBERS:
        index = _index(items, where)
        return _sized(run, [*items[:index], item, *items[index + 1 :]])
    replaced = list[Value]()
    for each in items:
        hit = call_function(run, where, [each, item])
        if type(hit) is not bool:
            raise Nothing("not-boolean", kind_of(hit))
        replaced.append(item if hit else each)
    return replaced


def call_function(run: Run, function: Function, values: list[Value]) -> Value:
    """Call a function given as an argument."""
    run.tick(1)
    if function.builtin is not None:
        return invoke(run, 0, function.builtin, values)
    if len(values) != len(function.parameters):
        raise Nothing("argument-count", function.name, ", ".join(function.parameters), len(values))
    return function.call(run, values)


def _index_of(run: Run, items: list[Value], match: Value) -> list[Value]:
    run.tick(len(items))
    return [Decimal(index) for index, item in enumerate(items, 1) if equal(run, 0, item, match) is True]


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    found, quick = list[Value](), set[Value]()
    for item in items:
        if type(item) in (str, Decimal, int, bool):
            key = (type(item) is bool, item)
            if key in quick:
                continue
            quick.add(key)
        else:
            run.tick(len(found) + 1)
            if any(equal(run, 0, item, other) is True for other in found):
                continue
        found.append(item)
    run.tick(len(items))
    return found


def _union(run: Run, *lists: list[Value]) -> list[Value]:
    return _distinct(run, _concatenate(run, *lists))


def _flatten(run: Run, items: list[Value]) -> list[Value]:
    flat, pending = list[Value](), list(reversed(items))
    while pending:
        run.tick(1)
        item = pending.pop()
        if type(item) is list:
            pending.extend(reversed(item))
        else:
            flat.append(item)
    return _sized(run, flat)


def _sort(run: Run, items: list[Value], precedes: Value = None) -> list[Value]:
    if precedes is None:
        keys = [order_key(item) for item in items]
        if None in keys or len({key[0] for key in keys if key}) > 1:
            raise Nothing("argument-value", "sort", items)
        run.tick(len(items) * 4)
        return [item for _, item in sorted(zip(keys, items, strict=True), key=lambda pair: pair[0] or ("",))]

    def compare(one: Value, two: Value) -> int:
        if call_function(run, precedes, [one, two]) is True:
            return -1
        return 1 if call_function(run, precedes, [two, one]) is True else 0

    return sorted(items, key=cmp_to_key(compare))


def _count(_run: Run, items: list[Value]) -> Decimal:
    return Decimal(len(items))


_MANY = "*list: any"
LISTS = (
    builtin("list contains", ("list: list, element: any", _contains)),
    builtin("count", ("list: list", _count)),
    builtin("min", (_MANY, _extreme("min", lambda one, two: one < two))),
    builtin("max", (_MANY, _extreme("max", lambda one, two: one > two))),
    builtin("sum", (_MANY, _sum)),
    builtin("mean", (_MANY, _mean)),
    builtin("product", (_MANY, _product)),
    builtin("median", (_MANY, _median)),
    builtin("stddev", (_MANY, _stddev)),
    builtin("mode", (_MANY, _mode)),
    builtin("all", (_MANY, _quantifier("all", False))),
    builtin("any", (_MANY, _quantifier("any", True))),
    builtin("sublist", ("list: list, start position: number, length: number?", _sublist)),
    builtin("append", ("list: list, *item: any", _append)),
    builtin("concatenate", ("*list: list", _concatenate)),
    builtin("union", ("*list: list", _union)),
    builtin("insert before", ("list: list, position: number, newItem: any", _insert)),
    builtin("remove", ("list: list, position: number", _remove)),
    builtin(
        "list replace",
        ("list: list, position: number, newItem: any", _list_replace),
        ("list: list, match: function, newItem: any", _list_replace),
    ),
    builtin("reverse", ("list: list", lambda _run, items: items[::-1])),
    builtin("index of", ("list: list, match: any", _index_of)),
    builtin("distinct values", ("list: list", _distinct)),
    builtin("flatten", ("list: list", _flatten)),
    builtin("sort", ("list: list, precedes: function?", _sort)),
)
