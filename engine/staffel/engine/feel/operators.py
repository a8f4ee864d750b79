"""Equality, order and arithmetic of FEEL values (DMN 1.5 §10.3.2.13-15). Errors give null and a noted reason."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, DivisionByZero, Overflow

from staffel.engine.feel.dates import (
    add_months,
    clock_nanos,
    date_from_days,
    days_of,
    from_instant,
    instant,
    offset_seconds,
    time_from_nanos,
)
from staffel.engine.feel.mistakes import kinds_hint
from staffel.engine.feel.run import Run
from staffel.engine.feel.types import kind_of
from staffel.engine.feel.values import (
    DATES,
    DATETIMES,
    DAY_NANOS,
    MATH,
    NANOS,
    NUMBERS,
    DayTimeDuration,
    FeelTime,
    Range,
    Value,
    WideDate,
    YearMonthDuration,
)

_ORDER: Mapping[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MAX_DEPTH = 100
_MAX_AMOUNT = 10**34


def equal(run: Run, at: int, left: Value, right: Value, depth: int = 0) -> bool | None:  # noqa: PLR0911
    """`left = right`: null against a value is false, values of different kinds are null."""
    kind, other = type(left), type(right)
    if left is None or right is None:
        return left is right
    if (kind is list and other is list) or (kind is dict and other is dict):
        return _equal_parts(run, at, left, right, depth)
    if kind is Range and other is Range:
        return _equal_ranges(run, at, left, right, depth)
    if kind is other and kind in (str, Decimal, bool, YearMonthDuration, DayTimeDuration, date, WideDate):
        return bool(left == right)
    if kind in NUMBERS and other in NUMBERS:
        return bool(left == right)
    if kind is FeelTime and other is FeelTime:
        return _same_second(left, right, time_key)
    if kind in DATETIMES and other in DATETIMES:
        return _same_second(left, right, instant)
    if kind_of(left) == kind_of(right):
        return left is right
    return _incomparable(run, at, "=", left, right)


def _same_second(left: Value, right: Value, key: Callable[[Value], int]) -> bool:
    """Times are equal by their properties (DMN 1.5 Table 53), and `second` is a whole number."""
    return (left.tzinfo is None) is (right.tzinfo is None) and key(left) // NANOS == key(right) // NANOS


def _equal_parts(run: Run, at: int, left: Value, right: Value, depth: int) -> bool | None:
    if len(left) != len(right) or depth > _MAX_DEPTH:
        return False
    run.tick(len(left), at)
    if type(left) is dict:
        if left.keys() != right.keys():
            return False
        return all(equal(run, at, value, right[key], depth + 1) is True for key, value in left.items())
    return all(equal(run, at, a, b, depth + 1) is True for a, b in zip(left, right, strict=True))


def _equal_ranges(run: Run, at: int, left: Range, right: Range, depth: int) -> bool:
    same = left.low_included is right.low_included and left.high_included is right.high_included
    same = same and left.form == right.form
    return (
        same
        and equal(run, at, left.low, right.low, depth + 1) is True
        and equal(run, at, left.high, right.high, depth + 1) is True
    )


def time_key(value: FeelTime) -> int:
    """Where the time stands in the day, in UTC where it has an offset."""
    offset = offset_seconds(value.tzinfo) if value.tzinfo is not None else 0
    return clock_nanos(value) - offset * NANOS


def order_key(value: Value) -> tuple[str, Value] | None:
    """What a value is ordered by, with its class of comparable values; None where it has no order."""
    kind = type(value)
    if kind in NUMBERS:
        return "number", value
    if kind is str:
        return "string", value
    if kind in DATES:
        return "date", days_of(value)
    if kind in DATETIMES:
        return ("local" if value.tzinfo is None else "instant"), instant(value)
    if kind is FeelTime:
        return ("local time" if value.tzinfo is None else "time"), time_key(value)
    return ("years", value.months) if kind is YearMonthDuration else _duration_key(value)


def _duration_key(value: Value) -> tuple[str, Value] | None:
    return ("days", value.nanos) if type(value) is DayTimeDuration else None


def ordered(run: Run, at: int, symbol: str, left: Value, right: Value) -> bool | None:
    """`left < right` and its sisters."""
    one, two = order_key(left), order_key(right)
    if one is None or two is None or one[0] != two[0]:
        return _incomparable(run, at, symbol, left, right)
    return _ORDER[symbol](one[1], two[1])


def contains(run: Run, at: int, interval: Range, value: Value) -> bool | None:
    """Whether the value lies in the interval."""
    if interval.form in {"=", "!="}:
        same = equal(run, at, value, interval.low)
        return same if same is None or interval.form == "=" else not same
    if value is None or (interval.form and (interval.low is None or interval.high is None)):
        return _incomparable(run, at, "in", value, interval)
    low = high = True
    if interval.low is not None:
        found = ordered(run, at, ">=" if interval.low_included else ">", value, interval.low)
        if found is None:
            return None
        low = found
    if interval.high is not None:
        found = ordered(run, at, "<=" if interval.high_included else "<", value, interval.high)
        if found is None:
            return None
        high = found
    return low and high


def _incomparable(run: Run, at: int, symbol: str, left: Value, right: Value) -> bool | None:
    found: bool | None = mixed(run, at, symbol, left, right)
    return found


def mixed(run: Run, at: int, symbol: str, left: Value, right: Value) -> Value:
    """null, because the two values do not go together."""
    if run.problems is None:
        return None
    kinds = kind_of(left), kind_of(right)
    return run.null(at, "operand-types", symbol, *kinds, *kinds_hint(*kinds))


# --- arithmetic


def arithmetic(run: Run, at: int, symbol: str, left: Value, right: Value) -> Value:
    """`left symbol right` for numbers, strings, dates and durations."""
    kind, other = type(left), type(right)
    try:
        if kind in NUMBERS and other in NUMBERS:
            return _NUMERIC[symbol](left, right)
        found = _RULES[symbol](run, at, left, right)
    except DivisionByZero:
        return run.null(at, "division-by-zero")
    except ArithmeticError:
        return run.null(at, "number-range")
    if found is NotImplemented:
        return mixed(run, at, symbol, left, right)
    return run.null(at, "date-range") if found is None else found


def _divide(left: Value, right: Value) -> Decimal:
    if not right:
        raise DivisionByZero
    return MATH.divide(left, right)


_NUMERIC: Mapping[str, Callable[[Value, Value], Decimal]] = {
    "+": MATH.add,
    "-": MATH.subtract,
    "*": MATH.multiply,
    "/": _divide,
    "**": MATH.power,
}


def _add(run: Run, at: int, left: Value, right: Value) -> Value:
    kind, other = type(left), type(right)
    if kind is str and other is str:
        run.check_size(len(left) + len(right), at)
        return left + right
    if kind is other and kind in (YearMonthDuration, DayTimeDuration):
        return _sum(left, right, 1)
    if other in (YearMonthDuration, DayTimeDuration):
        return shift(left, right, 1)
    if kind in (YearMonthDuration, DayTimeDuration):
        return shift(right, left, 1)
    return NotImplemented


def _subtract(_run: Run, _at: int, left: Value, right: Value) -> Value:
    kind, other = type(left), type(right)
    if kind is other and kind in (YearMonthDuration, DayTimeDuration):
        return _sum(left, right, -1)
    if other in (YearMonthDuration, DayTimeDuration):
        return shift(left, right, -1)
    if kind is FeelTime and other is FeelTime:
        if (left.tzinfo is None) is not (right.tzinfo is None):
            return NotImplemented
        return DayTimeDuration(time_key(left) - time_key(right))
    if kind in DATES | DATETIMES and other in DATES | DATETIMES:
        return _between(left, right)
    return NotImplemented


def _between(left: Value, right: Value) -> Value:
    """The time between two points; a date beside a date-time with zone is its midnight in UTC."""
    zoned = [type(value) in DATES or value.tzinfo is not None for value in (left, right)]
    local = [type(value) in DATES or value.tzinfo is None for value in (left, right)]
    if not (all(zoned) or all(local)):
        return NotImplemented
    return DayTimeDuration(instant(left) - instant(right))


def _sum(left: Value, right: Value, sign: int) -> Value:
    if type(left) is YearMonthDuration:
        return YearMonthDuration(_bounded(left.months + sign * right.months))
    return DayTimeDuration(_bounded(left.nanos + sign * right.nanos))


def _bounded(amount: Value) -> int:
    """The amount of a duration as a whole number, within what a number can hold exactly."""
    if abs(amount) >= _MAX_AMOUNT:
        raise Overflow
    return int(amount)


def shift(value: Value, duration: Value, sign: int) -> Value:
    """A point in time moved by a duration; None where there is no such point."""
    kind = type(value)
    if type(duration) is YearMonthDuration:
        if kind in DATES or kind in DATETIMES:
            return add_months(value, sign * duration.months)
        return NotImplemented
    nanos = sign * duration.nanos
    if kind is FeelTime:
        return time_from_nanos(clock_nanos(value) + nanos, value.tzinfo)
    if kind in DATES:
        return date_from_days((days_of(value) * DAY_NANOS + nanos) // DAY_NANOS)
    if kind in DATETIMES:
        return from_instant(instant(value) + nanos, value.tzinfo)
    return NotImplemented


def _multiply(_run: Run, _at: int, left: Value, right: Value) -> Value:
    if type(left) in NUMBERS:
        left, right = right, left
    return _scaled(left, right, MATH.multiply)


def _over(_run: Run, _at: int, left: Value, right: Value) -> Value:
    kind = type(left)
    if kind is type(right) and kind is YearMonthDuration:
        return _divide(Decimal(left.months), Decimal(right.months))
    if kind is type(right) and kind is DayTimeDuration:
        return _divide(Decimal(left.nanos), Decimal(right.nanos))
    return _scaled(left, right, _divide)


def _scaled(duration: Value, factor: Value, scale: Callable[[Value, Value], Decimal]) -> Value:
    if type(factor) not in NUMBERS:
        return NotImplemented
    if type(duration) is YearMonthDuration:
        return YearMonthDuration(_bounded(scale(Decimal(duration.months), factor)))
    if type(duration) is DayTimeDuration:
        return DayTimeDuration(_bounded(scale(Decimal(duration.nanos), factor)))
    return NotImplemented


def _power(_run: Run, _at: int, _left: Value, _right: Value) -> Value:
    return NotImplemented


_RULES: Mapping[str, Callable[[Run, int, Value, Value], Value]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _over,
    "**": _power,
}


def negate(run: Run, at: int, value: Value) -> Value:
    """`-value` for numbers and durations."""
    kind = type(value)
    if kind in NUMBERS:
        return MATH.minus(value)
    if kind is YearMonthDuration:
        return YearMonthDuration(-value.months)
    if kind is DayTimeDuration:
        return DayTimeDuration(-value.nanos)
    return run.null(at, "operand-type", "-", kind_of(value))
