"""FEEL values to bytes and back without loss.

None, bool, str, int, list and dict stay what they are; everything else is a MessagePack extension with its text. Reading needs
no second pass: the extensions become values while msgspec decodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from staffel.engine.feel.dates import parse_date, parse_datetime, parse_duration, parse_time
from staffel.engine.feel.errors import FeelValueError
from staffel.engine.feel.values import (
    DayTimeDuration,
    FeelTime,
    Range,
    Value,
    WideDate,
    WideDateTime,
    YearMonthDuration,
    date_text,
    datetime_text,
)

MAX_DEPTH = 100
MAX_ITEMS = 1_000_000
_NUMBER, _DATE, _TIME, _DATE_TIME, _DURATION, _RANGE = range(1, 7)
_INT64 = 1 << 63


def encode_value(value: Value) -> Any:
    """The value as msgspec writes it. Raises `FeelValueError` for functions and other foreign things."""
    return _encoded(value, 0, [MAX_ITEMS])


def _encoded(value: Value, depth: int, left: list[int]) -> Any:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if depth > MAX_DEPTH:
        raise FeelValueError("Der Wert ist zu tief geschachtelt.", "The value is nested too deeply.")
    if kind is list or kind is dict:
        left[0] -= len(value)
        if left[0] < 0:
            raise FeelValueError("Der Wert ist zu groß.", "The value is too large.")
        if kind is list:
            return [_encoded(item, depth + 1, left) for item in value]
        return {
            key: item if type(item) is str else _encoded(item, depth + 1, left) for key, item in value.items()
        }
    write = _WRITERS.get(kind)
    if write is None:
        raise FeelValueError(
            f"Ein Wert vom Typ {kind.__name__} lässt sich nicht speichern.",
            f"A value of type {kind.__name__} cannot be stored.",
        )
    return write(value)


def decode_value(encoded: Any) -> Value:
    """The value of what `encode_value` gave."""
    kind = type(encoded)
    if kind is msgspec.msgpack.Ext:
        return _ext_hook(encoded.code, memoryview(encoded.data))
    if kind is list:
        return [decode_value(item) for item in encoded]
    if kind is dict:
        return {key: decode_value(item) for key, item in encoded.items()}
    return encoded


def encode_values(values: Mapping[str, Value]) -> bytes:
    """Named values as bytes."""
    return _ENCODER.encode(_encoded(values if type(values) is dict else dict(values), 0, [MAX_ITEMS]))


def decode_values(data: bytes) -> dict[str, Value]:
    """The named values of `encode_values`."""
    return _DECODER.decode(data)


def _ext(code: int, text: str) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(code, text.encode())


def _write_int(value: int) -> Any:
    return value if -_INT64 <= value < _INT64 else _ext(_NUMBER, str(value))


def _write_range(value: Range) -> msgspec.msgpack.Ext:
    parts = [encode_value(value.low), encode_value(value.high), value.low_included, value.high_included]
    return msgspec.msgpack.Ext(_RANGE, _ENCODER.encode(parts))


_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    Decimal: lambda value: _ext(_NUMBER, str(value)),
    int: _write_int,
    date: lambda value: _ext(_DATE, value.isoformat()),
    WideDate: lambda value: _ext(_DATE, date_text(value)),
    FeelTime: lambda value: _ext(_TIME, str(value)),
    datetime: lambda value: _ext(_DATE_TIME, datetime_text(value)),
    WideDateTime: lambda value: _ext(_DATE_TIME, datetime_text(value)),
    YearMonthDuration: lambda value: _ext(_DURATION, str(value)),
    DayTimeDuration: lambda value: _ext(_DURATION, str(value)),
    Range: _write_range,
}
_READERS: Mapping[int, Callable[[str], Value]] = {
    _NUMBER: Decimal,
    _DATE: parse_date,
    _TIME: parse_time,
    _DATE_TIME: parse_datetime,
    _DURATION: parse_duration,
}


def _ext_hook(code: int, data: memoryview) -> Value:
    if code == _RANGE:
        return Range(*_DECODER_ANY.decode(data))
    read = _READERS.get(code)
    if read is None:
        raise FeelValueError(f"Unbekannte Art {code} im Speicher.", f"Unknown kind {code} in the store.")
    return read(str(data, "utf-8"))


_ENCODER = msgspec.msgpack.Encoder()
_DECODER: msgspec.msgpack.Decoder[dict[str, Any]] = msgspec.msgpack.Decoder(
    dict[str, Any], ext_hook=_ext_hook
)
_DECODER_ANY: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(ext_hook=_ext_hook)
