"""An input column's domain cut into atoms that no rule tells apart, so that rules become sets of atoms.

Ordered values (numbers, dates, times, durations) are cut at every bound that a cell names: the points and what lies
between them. Enumerations and booleans have an atom per value, and one for every other value where it is not closed.
A set is an integer, bit i standing for atom i.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from staffel.engine.dmn.wording import constant
from staffel.engine.feel import DayTimeDuration, Range, UnaryTests, Value, YearMonthDuration, tree
from staffel.engine.feel.dates import date_from_days, from_instant, time_from_nanos
from staffel.engine.feel.operators import order_key

_HALF = 2
_HOUR = 3_600 * 10**9


@dataclass(frozen=True, slots=True)
class Domain:
    """The atoms of a column by example, and each rule's set of them; `None` is a rule that cannot be judged."""

    examples: tuple[Value, ...]
    rules: tuple[int | None, ...]

    @property
    def everything(self) -> int:
        """All atoms."""
        return (1 << len(self.examples)) - 1


Part = tuple[str, Value]
"""An operator and a constant; `in` with a Range, `=` with a value."""


def parts_of(tests: UnaryTests | None) -> list[Part] | None:
    """The tests of a cell as operators on constants; None where there is more to them."""
    if tests is None or not isinstance(tests.tree, tree.Tests):
        return None
    found = list[Part]()
    for test in tests.tree.tests:
        value = constant(test.operand)
        if value is None:
            return None
        if isinstance(value[0], Range):
            found.append(("in", value[0]))
        elif isinstance(value[0], list):
            found += [("in" if isinstance(each, Range) else "=", each) for each in value[0]]
        else:
            found.append((test.operator or "=", value[0]))
    return found


def column_domain(
    cells: Iterable[UnaryTests | None], allowed: UnaryTests | None, *, is_whole: bool
) -> Domain | None:
    """The domain that the cells of a column cut; None where no cell can be judged."""
    tests = list(cells)
    parts = [parts_of(each) for each in tests]
    limits = parts_of(allowed) or []
    constants = [value for cell in (*parts, limits) for part in cell or () for value in _values(part)]
    kinds = {(order_key(value) or (type(value).__name__,))[0] for value in constants if value is not None}
    if len(kinds) > 1 or (not kinds and not constants):
        return _undivided(tests, parts)
    kind = next(iter(kinds), "null")
    has_null = any(value is None for value in constants)
    is_ordered = kind not in {"string", "bool", "null"}
    cut = _ordered(kind, constants, is_whole) if is_ordered else _listed(kind, constants, bool(limits))
    examples, select = cut
    if has_null:
        examples = [*examples, None]
    null_bit = 1 << (len(examples) - 1) if has_null else 0
    everything = (1 << len(examples)) - 1

    def chosen(cell: list[Part], *, negated: bool) -> int:
        found = 0
        for part in cell:
            found |= null_bit if part[1] is None else select(part)
        return everything & ~found if negated else found

    allowed_set = chosen(limits, negated=False) | null_bit if limits else everything
    sets: list[int | None] = []
    for each, cell in zip(tests, parts, strict=True):
        negated = (
            isinstance(each and each.tree, tree.Tests)
            and each is not None
            and getattr(each.tree, "negated", False)
        )
        if each is not None and each.matcher is None:
            sets.append(allowed_set)
        else:
            sets.append(None if cell is None else chosen(cell, negated=negated) & allowed_set)
    return _kept(Domain(tuple(examples), tuple(sets)), allowed_set)


def _undivided(tests: list[UnaryTests | None], parts: list[list[Part] | None]) -> Domain | None:
    """A column without constants: all `-`, or not to be judged."""
    if all(each is not None and each.matcher is None for each in tests):
        return Domain(("…",), (1,) * len(tests))
    if all(cell is None or not cell for cell in parts):
        return Domain(
            ("…",), tuple(1 if each is not None and each.matcher is None else None for each in tests)
        )
    return None


def _kept(domain: Domain, allowed: int) -> Domain:
    """Without the atoms that the allowed values exclude."""
    kept = [index for index in range(len(domain.examples)) if allowed >> index & 1]

    def packed(atoms: int) -> int:
        return sum(1 << new for new, old in enumerate(kept) if atoms >> old & 1)

    rules = tuple(None if atoms is None else packed(atoms) for atoms in domain.rules)
    return Domain(tuple(domain.examples[index] for index in kept), rules)


def _values(part: Part) -> list[Value]:
    value = part[1]
    if isinstance(value, Range):
        return [end for end in (value.low, value.high) if end is not None]
    return [value]


_Cut = tuple[list[Value], Callable[[Part], int]]


def _listed(kind: str, constants: list[Value], is_closed: bool) -> _Cut:
    values = list(dict.fromkeys(value for value in constants if value is not None))
    if kind == "bool":
        values = [True, False]
    others: list[Value] = [] if is_closed or kind == "bool" else ["…"]
    everything = (1 << (len(values) + len(others))) - 1

    def select(part: Part) -> int:
        if part[0] not in {"=", "!="} or part[1] not in values:
            return 0
        point = 1 << values.index(part[1])
        return point if part[0] == "=" else everything & ~point

    return [*values, *others], select


def _ordered(kind: str, constants: list[Value], is_whole: bool) -> _Cut:
    points = {_key(value): value for value in constants if value is not None}
    keys = sorted(points)
    atoms = list[tuple[int, Value]]()
    for index in range(2 * len(keys) + 1):
        if index % _HALF:
            atoms.append((index, points[keys[index // 2]]))
            continue
        low = keys[index // 2 - 1] if index else None
        high = keys[index // 2] if index // 2 < len(keys) else None
        example = _between(kind, low, high, is_whole, points[keys[0]])
        if example is not None:
            atoms.append((index, example))

    def place(value: Value) -> int:
        return 2 * keys.index(_key(value)) + 1

    def select(part: Part) -> int:
        return sum(1 << bit for bit, (index, _) in enumerate(atoms) if _holds(part, index, place))

    return [example for _, example in atoms], select


def _holds(part: Part, index: int, place: Callable[[Value], int]) -> bool:
    sign, value = part
    if isinstance(value, Range):
        if value.form in {"=", "!="}:
            return (index == place(value.low)) is (value.form == "=")
        above = (
            value.low is None
            or index > place(value.low)
            or (value.low_included and index == place(value.low))
        )
        return above and (
            value.high is None
            or index < place(value.high)
            or (value.high_included and index == place(value.high))
        )
    at = place(value)
    return {
        "=": index == at,
        "!=": index != at,
        "<": index < at,
        "<=": index <= at,
        ">": index > at,
        ">=": index >= at,
    }[sign]


def _key(value: Value) -> Value:
    found = order_key(value)
    return found[1] if found else None


def _between(kind: str, low: Value, high: Value, is_whole: bool, like: Value) -> Value:
    """An example between two bounds (None = without end), or None where no value lies there."""
    if kind == "number":
        return _number_between(low, high, is_whole)
    unit = {"date": 1, "years": 12, "days": 24 * _HOUR}.get(kind, _HOUR)
    smallest = 1
    if low is None or high is None:
        key = high - unit if low is None else low + unit
    elif high - low <= smallest:
        return None
    else:
        key = min(low + unit, (low + high) // 2) if low + unit >= high else low + unit
    return _value_at(kind, key, like)


def _number_between(low: Value, high: Value, is_whole: bool) -> Value:
    if low is None or high is None:
        return high - 1 if low is None else low + 1
    whole = Decimal(int(low // 1) + 1)
    if whole < high and whole > low:
        return whole
    return None if is_whole else (Decimal(low) + Decimal(high)) / 2


def _value_at(kind: str, key: int, like: Value) -> Value:
    match kind:
        case "date":
            return date_from_days(key)
        case "years":
            return YearMonthDuration(key)
        case "days":
            return DayTimeDuration(key)
        case "local" | "instant":
            return from_instant(key, like.tzinfo)
    return time_from_nanos(key, like.tzinfo) if 0 <= key < 24 * _HOUR else None
