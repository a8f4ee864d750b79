"""FEEL values from and to JSON: numbers become Decimal, dates stay text until a type asks for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from staffel.engine.feel.errors import FeelValueError
from staffel.engine.feel.values import MATH, Value, is_whole, plain_text

MAX_DEPTH = 100
MAX_ITEMS = 1_000_000
_EXACT = 1 << 53


def from_json(data: Any, depth: int = 0) -> Value:
    """The value of what a parser of JSON or YAML gave, whose dates stay dates. Raises `FeelValueError`."""
    _check_depth(depth)
    match data:
        case str():
            return _text(data)
        case None | bool() | date():
            return data
        case int() | Decimal():
            return _number(data)
        case float():
            return _number(repr(data))
        case list() | tuple():
            return [from_json(item, depth + 1) for item in data]
        case dict():
            return {_text(str(key)): from_json(item, depth + 1) for key, item in data.items()}
    name = type(data).__name__
    raise FeelValueError(f"{name} ist kein JSON-Wert.", f"{name} is not a JSON value.")


def _text(data: str) -> str:
    try:
        data.encode()
    except (
        UnicodeEncodeError
    ):  # Python's JSON reads half of a pair such as \ud800; nothing can store or send it
        raise FeelValueError(
            "Der Text enthält ein halbes Zeichen.", "The text holds half of a character."
        ) from None
    if "\0" in data:  # no database stores it
        raise FeelValueError("Der Text enthält das Zeichen U+0000.", "The text holds the character U+0000.")
    return data


def _number(data: int | Decimal | str) -> Decimal:
    try:
        number = MATH.create_decimal(data)
    except ArithmeticError as err:
        raise FeelValueError("Die Zahl ist zu groß.", "The number is too large.") from err
    if not number.is_finite():  # Python's JSON reads NaN, Infinity and 1e999 as such
        raise FeelValueError(
            "Das ist keine Zahl, mit der sich rechnen lässt.", "This is no number to calculate with."
        )
    return number


def to_json(value: Value) -> Any:
    """The value as JSON takes it: whole numbers as integers, others as floats where that loses nothing, else as text.

    Dates, times, durations, ranges and functions become their FEEL text. Raises `FeelValueError` for values of more
    than a million parts.
    """
    return _json(value, 0, [MAX_ITEMS])


def _json(value: Value, depth: int, left: list[int]) -> Any:
    match value:
        case None | bool() | str():
            return value
        case Decimal() | int():
            return _json_number(Decimal(value))
        case list() | dict():
            _check_depth(depth)
            left[0] -= len(value)
            if left[0] < 0:
                raise FeelValueError("Der Wert ist zu groß.", "The value is too large.")
            if isinstance(value, list):
                return [_json(item, depth + 1, left) for item in value]
            return {key: _json(item, depth + 1, left) for key, item in value.items()}
    return plain_text(value)


def _json_number(value: Decimal) -> int | float | str:
    if not value.is_finite():
        return str(value)
    if value.adjusted() < 16 and is_whole(value) and abs(value) <= _EXACT:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else plain_text(value)


def _check_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise FeelValueError("Der Wert ist zu tief geschachtelt.", "The value is nested too deeply.")
