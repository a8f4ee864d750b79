"""FEEL's functions on ranges and points (DMN 1.5 Table 78) and `range()` itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from staffel.engine.feel.builtins.signature import Builtin, Nothing, builtin
from staffel.engine.feel.dates import parse_date, parse_datetime, parse_duration, parse_time
from staffel.engine.feel.lexer import unescape
from staffel.engine.feel.operators import order_key
from staffel.engine.feel.run import Run
from staffel.engine.feel.values import MATH, Range, Value

_TEXT = re.compile(r"\s*([\[\](])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])\[])\s*", re.DOTALL)
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)", re.ASCII)
_TEMPORAL_CALL = re.compile(r'(?:@|(date and time|date|time|duration)\(\s*)"([^"\\]*)"(\s*\))?')
_READERS: dict[str | None, tuple[Callable[[str], Value], ...]] = {
    "date": (parse_date,),
    "time": (parse_time,),
    "date and time": (parse_datetime,),
    "duration": (parse_duration,),
    None: (parse_datetime, parse_date, parse_time, parse_duration),
}


class _Ends:
    """A point or a range as comparable bounds; an open bound is beyond every other."""

    __slots__ = ("high", "high_in", "kind", "low", "low_in", "point")

    def __init__(self, name: str, value: Value) -> None:
        self.point = type(value) is not Range
        interval = Range(value, value) if type(value) is not Range else value
        low, high = order_key(interval.low), order_key(interval.high)
        if low is None and high is None:
            raise Nothing("argument-value", name, value)
        self.kind = (low or high or ("",))[0]
        self.low = _Bound(-1 if low is None else 0, low[1] if low else None)
        self.high = _Bound(1 if high is None else 0, high[1] if high else None)
        self.low_in, self.high_in = interval.low_included, interval.high_included

    def holds(self, point: _Bound) -> bool:
        above = self.low < point or (self.low_in and self.low == point)
        return above and (point < self.high or (self.high_in and self.high == point))


class _Bound:
    """A bound: minus infinity (-1), a value (0) or infinity (1)."""

    __slots__ = ("side", "value")

    def __init__(self, side: int, value: Value) -> None:
        self.side, self.value = side, value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Bound) and self.side == other.side == 0 and bool(self.value == other.value)

    def __lt__(self, other: _Bound) -> bool:
        return bool(self.value < other.value) if self.side == other.side == 0 else self.side < other.side

    __hash__ = None  # type: ignore[assignment]  # bounds are compared, never looked up


def _before(a: _Ends, b: _Ends) -> bool:
    return a.high < b.low or (a.high == b.low and not (a.high_in and b.low_in))


def _meets(a: _Ends, b: _Ends) -> bool:
    return a.high_in and b.low_in and a.high == b.low


def _overlaps(a: _Ends, b: _Ends) -> bool:
    return not _before(a, b) and not _before(b, a)


def _starts_earlier(a: _Ends, b: _Ends) -> bool:
    return a.low < b.low or (a.low == b.low and a.low_in and not b.low_in)


def _ends_earlier(a: _Ends, b: _Ends) -> bool:
    return a.high < b.high or (a.high == b.high and b.high_in and not a.high_in)


def _overlaps_before(a: _Ends, b: _Ends) -> bool:
    return _starts_earlier(a, b) and _overlaps(a, b) and not _ends_earlier(b, a)


def _same_low(a: _Ends, b: _Ends) -> bool:
    return (a.low == b.low or a.low.side == b.low.side == -1) and a.low_in is b.low_in


def _same_high(a: _Ends, b: _Ends) -> bool:
    return (a.high == b.high or a.high.side == b.high.side == 1) and a.high_in is b.high_in


def _finishes(a: _Ends, b: _Ends) -> bool:
    if a.point:
        return b.high_in and a.high == b.high
    return _same_high(a, b) and not _starts_earlier(a, b)


def _starts(a: _Ends, b: _Ends) -> bool:
    if a.point:
        return b.low_in and a.low == b.low
    return _same_low(a, b) and not _ends_earlier(b, a)


def _includes(a: _Ends, b: _Ends) -> bool:
    if b.point:
        return a.holds(b.low)
    return not _starts_earlier(b, a) and not _ends_earlier(a, b)


def _coincides(a: _Ends, b: _Ends) -> bool:
    return _same_low(a, b) and _same_high(a, b)


def _swapped(relation: Callable[[_Ends, _Ends], bool]) -> Callable[[_Ends, _Ends], bool]:
    return lambda a, b: relation(b, a)


def _relation(name: str, first: str, second: str, relation: Callable[[_Ends, _Ends], bool]) -> Builtin:
    """A relation; `first` and `second` say what each side may be: `p` point, `r` range, `pr` both."""

    def code(_run: Run, one: Value, two: Value) -> bool:
        for value, allowed in ((one, first), (two, second)):
            if ("r" if type(value) is Range else "p") not in allowed:
                raise Nothing("argument-value", name, value)
        a, b = _Ends(name, one), _Ends(name, two)
        if a.kind != b.kind:
            raise Nothing("argument-value", name, f"{one}, {two}")
        return relation(a, b)

    names = [("point" if kind == "p" else "range") for kind in (first[0], second[0])]
    forms = {
        f"{names[0]}1: any, {names[1]}2: any",
        f"{names[0]}: any, range: any" if names[0] == "point" else "range: any, point: any",
    }
    if "p" in first and "p" in second:
        forms |= {"point1: any, point2: any", "range1: any, range2: any", "point: any, range: any"}
    if "p" in first or "p" in second:
        forms.add("range1: any, range2: any")
    pairs: list[tuple[str, Any]] = [(form, code) for form in sorted(forms)]
    return builtin(name, *pairs)


def _range(_run: Run, text: str) -> Range:
    found = _TEXT.fullmatch(text)
    if not found or len(text) > 1000:
        raise Nothing("argument-value", "range", text)
    opening, low_text, high_text, closing = found.groups()
    low, high = _endpoint(text, low_text), _endpoint(text, high_text)
    low_in, high_in = opening == "[", closing == "]"
    if low is None and high is None:
        raise Nothing("argument-value", "range", text)
    if (low is None and low_in) or (high is None and high_in):
        raise Nothing("argument-value", "range", text)
    if low is not None and high is not None:
        one, two = order_key(low), order_key(high)
        if one is None or two is None or one[0] != two[0] or one[1] > two[1]:
            raise Nothing("range-bounds", low, high)
    return Range(low, high, low_in, high_in)


def _endpoint(text: str, part: str) -> Value:
    """A literal bound: number, string, `@"…"` or a call such as `date("…")`; empty is open."""
    if not part:
        return None
    if _NUMBER.fullmatch(part):
        return MATH.create_decimal(part)
    if len(part) > 1 and part[0] == part[-1] == '"':
        return unescape(part[1:-1])
    call = _TEMPORAL_CALL.fullmatch(part)
    if call and (call[1] is None) == (call[3] is None):
        for read in _READERS[call[1]]:
            if (value := read(call[2])) is not None:
                return value
    raise Nothing("argument-value", "range", text)


RANGES = (
    builtin("range", ("from: string", _range)),
    _relation("before", "pr", "pr", _before),
    _relation("after", "pr", "pr", _swapped(_before)),
    _relation("meets", "r", "r", _meets),
    _relation("met by", "r", "r", _swapped(_meets)),
    _relation("overlaps", "r", "r", _overlaps),
    _relation("overlaps before", "r", "r", _overlaps_before),
    _relation("overlaps after", "r", "r", _swapped(_overlaps_before)),
    _relation("finishes", "pr", "r", _finishes),
    _relation("finished by", "r", "pr", _swapped(_finishes)),
    _relation("includes", "r", "pr", _includes),
    _relation("during", "pr", "r", _swapped(_includes)),
    _relation("starts", "pr", "r", _starts),
    _relation("started by", "r", "pr", _swapped(_starts)),
    _relation("coincides", "pr", "pr", _coincides),
)
