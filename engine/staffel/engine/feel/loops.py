"""`for`, `some`, `every` and filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from staffel.engine.feel import tree
from staffel.engine.feel.dates import date_from_days, days_of
from staffel.engine.feel.matching import Compile
from staffel.engine.feel.run import Run
from staffel.engine.feel.scope import Code, Item, Locals, Scope
from staffel.engine.feel.static import check_filter
from staffel.engine.feel.types import kind_of
from staffel.engine.feel.values import DATES, MATH, NUMBERS, Range, Value, is_whole

_MAX_BOUND = 10**34


class Domain:
    """Where an iterator takes its values from: a list, a range, or `start..end`."""

    __slots__ = ("at", "end", "start")

    def __init__(self, start: Code, end: Code | None, at: int) -> None:
        self.at = at
        self.start = start
        self.end = end

    def values(self, frame: Any, run: Run) -> Iterator[Value] | None:
        """The values one by one, or None where there is nothing to go through."""
        start = self.start(frame, run)
        if self.end is not None:
            return _steps(run, self.at, start, self.end(frame, run))
        if type(start) is list:
            return iter(start)
        if type(start) is Range:
            return _range_steps(run, self.at, start)
        if start is None:
            run.null(self.at, "not-iterable", "null")
            return None
        return iter((start,))


def _is_bound(value: Value) -> bool:
    """Whether a loop can start or end there: a whole number that is exact in 34 digits."""
    return type(value) in NUMBERS and abs(value) < _MAX_BOUND and is_whole(value)


def _steps(run: Run, at: int, start: Value, end: Value) -> Iterator[Value] | None:
    """Whole numbers or days from `start` to `end`, up or down."""
    if _is_bound(start) and _is_bound(end):
        first, last = int(start), int(end)
        step = 1 if first <= last else -1
        return (Decimal(number) for number in range(first, last + step, step))
    if type(start) in DATES and type(end) in DATES:
        first, last = days_of(start), days_of(end)
        step = 1 if first <= last else -1
        return (date_from_days(number) for number in range(first, last + step, step))
    run.null(at, "range-bounds", start, end)
    return None


def _range_steps(run: Run, at: int, interval: Range) -> Iterator[Value] | None:
    low, high = interval.low, interval.high
    if type(low) in NUMBERS and type(high) in NUMBERS:
        first = low if interval.low_included else MATH.add(low, 1)
        last = high if interval.high_included else MATH.subtract(high, 1)
    elif isinstance(low, date) and isinstance(high, date):
        first = low if interval.low_included else date_from_days(days_of(low) + 1)
        last = high if interval.high_included else date_from_days(days_of(high) - 1)
    else:
        first = last = None
    if first is None or last is None:
        run.null(at, "range-bounds", low, high)
        return None
    return iter(()) if first > last else _steps(run, at, first, last)


def _domains(
    iterators: tuple[tree.Iterator, ...], scope: Locals, compile_node: Compile
) -> tuple[Domain, ...]:
    found = list[Domain]()
    for iterator in iterators:
        end = compile_node(iterator.end, scope) if iterator.end else None
        found.append(Domain(compile_node(iterator.domain, scope), end, iterator.at))
        scope.add(iterator.name)
    return tuple(found)


class _Stop(Exception):  # noqa: N818 - a signal, not an error
    """An iterator has nothing to go through."""


def _passes(domains: tuple[Domain, ...], frame: list[Value], run: Run, level: int = 0) -> Iterator[None]:
    """Each combination of the iterators' values, put into the frame; later iterators see earlier ones."""
    if level == len(domains):
        yield None
        return
    domain = domains[level]
    values = domain.values(frame, run)
    if values is None:
        raise _Stop
    slot = len(frame) - len(domains) + level
    for value in values:
        run.tick(1, domain.at)
        frame[slot] = value
        yield from _passes(domains, frame, run, level + 1)


def for_code(node: tree.For, scope: Scope, compile_node: Compile) -> Code:
    """The code of `for … return …`; `partial` is the list of the results so far."""
    inner = Locals(scope, ("partial",))
    domains = _domains(node.iterators, inner, compile_node)
    return collected(domains, compile_node(node.body, inner), node.at)


def collected(domains: tuple[Domain, ...], body: Code, at: int) -> Code:
    """The list of what `body` gives; its frame holds the results so far and then the iterators' values."""
    empty = [None] * len(domains)

    def run_for(frame: Any, run: Run) -> Value:
        results = list[Value]()
        own = [frame, results, *empty]
        try:
            for _ in _passes(domains, own, run):
                results.append(body(own, run))
                run.check_size(len(results), at)
        except _Stop:
            return None
        return results

    return run_for


def quantified_code(node: tree.Quantified, scope: Scope, compile_node: Compile) -> Code:
    """The code of `some … satisfies …` and `every …`."""
    inner = Locals(scope, ("partial",))
    domains = _domains(node.iterators, inner, compile_node)
    return decided(domains, compile_node(node.condition, inner), node.word == "some", node.condition.at)


def decided(domains: tuple[Domain, ...], condition: Code, decides: bool, at: int) -> Code:
    """Three-valued like `or` (`decides` true) and `and` (`decides` false) over all passes."""
    empty = [None] * len(domains)

    def run_quantified(frame: Any, run: Run) -> Value:
        own = [frame, None, *empty]
        result: bool | None = not decides
        try:
            for _ in _passes(domains, own, run):
                found = condition(own, run)
                if found is decides:
                    return decides
                if type(found) is not bool:
                    result = None
                    run.null(at, "not-boolean", kind_of(found))
        except _Stop:
            return None
        return result

    return run_quantified


def filter_code(node: tree.Filter, scope: Scope, compile_node: Compile) -> Code:
    """The code of `list[index]` and `list[condition]`."""
    check_filter(node, scope)
    return filtered(compile_node(node.base, scope), compile_node(node.condition, Item(scope)), node.at)


def filtered(base: Code, condition: Code, at: int) -> Code:
    """The elements of `base` for which `condition` holds, or the one at the position it gives."""

    def run_filter(frame: Any, run: Run) -> Value:
        found = base(frame, run)
        if found is None:
            return None
        items = found if type(found) is list else [found]
        kept = list[Value]()
        own = [frame, None]
        for item in items or (None,):
            run.tick(1, at)
            own[1] = item
            keep = condition(own, run)
            if keep is True:
                kept.append(item)
            elif keep is not False and type(keep) in NUMBERS:
                return _indexed(run, at, items, keep)
            elif keep is not False:
                run.null(at, "not-boolean", kind_of(keep))
        return kept if items else []

    return run_filter


def _indexed(run: Run, at: int, items: list[Value], index: Value) -> Value:
    position = int(index)
    if position == index and 0 < abs(position) <= len(items):
        return items[position - 1 if position > 0 else position]
    return run.null(at, "index-range", index, len(items))
