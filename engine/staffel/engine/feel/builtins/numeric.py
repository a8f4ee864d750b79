"""FEEL's functions on numbers (DMN 1.5 Table 76)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from staffel.engine.feel.builtins.signature import Builtin, Nothing, builtin
from staffel.engine.feel.run import Run
from staffel.engine.feel.values import MATH, DayTimeDuration, Value, YearMonthDuration, is_whole


def rounded(rounding: str, name: str) -> Builtin:
    """A rounding function `name(n, scale)`."""

    def code(_run: Run, number: Value, scale: Value = None) -> Decimal:
        places = int(scale or 0)
        if not -6_111 <= places <= 6_176:
            raise Nothing("argument-value", name, scale)
        value = Decimal(number)
        if value.adjusted() + places > 40 or -int(value.as_tuple().exponent) <= places:
            return value  # no digits beyond the scale
        context = MATH.copy()
        context.prec = 80
        return MATH.plus(value.quantize(Decimal((0, (1,), -places)), rounding, context))

    forms = [("n: number, scale: number", code)]
    if name in {"floor", "ceiling"}:
        forms.append(("n: number", code))
    return builtin(name, *forms)


def _absolute(_run: Run, number: Value) -> Value:
    if isinstance(number, YearMonthDuration):
        return YearMonthDuration(abs(number.months))
    if isinstance(number, DayTimeDuration):
        return DayTimeDuration(abs(number.nanos))
    return Decimal(number).copy_abs()


def _modulo(_run: Run, dividend: Value, divisor: Value) -> Decimal:
    if not divisor:
        raise Nothing("division-by-zero")
    rest = MATH.remainder(dividend, divisor)
    return MATH.add(rest, divisor) if rest and (rest < 0) is not (divisor < 0) else rest


def _sqrt(_run: Run, number: Value) -> Decimal:
    if number < 0:
        raise Nothing("argument-value", "sqrt", number)
    return MATH.sqrt(number)


def _log(_run: Run, number: Value) -> Decimal:
    if number <= 0:
        raise Nothing("argument-value", "log", number)
    return MATH.ln(number)


def _odd(_run: Run, number: Value) -> bool:
    return is_whole(number) and int(number) % 2 == 1


def _even(_run: Run, number: Value) -> bool:
    return is_whole(number) and int(number) % 2 == 0


NUMERIC = (
    rounded(ROUND_HALF_EVEN, "decimal"),
    rounded(ROUND_FLOOR, "floor"),
    rounded(ROUND_CEILING, "ceiling"),
    rounded(ROUND_UP, "round up"),
    rounded(ROUND_DOWN, "round down"),
    rounded(ROUND_HALF_UP, "round half up"),
    rounded(ROUND_HALF_DOWN, "round half down"),
    builtin("abs", ("n: number|duration", _absolute)),
    builtin("modulo", ("dividend: number, divisor: number", _modulo)),
    builtin("sqrt", ("number: number", _sqrt)),
    builtin("log", ("number: number", _log)),
    builtin("exp", ("number: number", lambda _run, number: MATH.exp(number))),
    builtin("odd", ("number: number", _odd)),
    builtin("even", ("number: number", _even)),
)
