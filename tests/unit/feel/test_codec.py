"""Values keep everything on their way through storage and JSON."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from staffel.engine.feel import (
    DayTimeDuration,
    FeelTime,
    FeelValueError,
    Range,
    Value,
    YearMonthDuration,
    from_json,
    to_json,
)
from staffel.engine.feel.codec import decode_value, decode_values, encode_value, encode_values
from staffel.engine.feel.values import WideDate, WideDateTime

VALUES: dict[str, Value] = {
    "null": None,
    "true": True,
    "text": "Straße",
    "number": Decimal("12.50"),
    "whole": 7,
    "big": Decimal("1E+30"),
    "date": date(2026, 2, 28),
    "far": WideDate(-12345, 1, 2),
    "time": FeelTime(1, 2, 3, 4, timezone(timedelta(hours=1))),
    "local": datetime(2026, 1, 1, 10, 30, 0, 5),
    "utc": datetime(2026, 1, 1, tzinfo=UTC),
    "zoned": datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Berlin")),
    "fine": WideDateTime(2026, 1, 1, 0, 0, 0, 1, UTC),
    "months": YearMonthDuration(-14),
    "nanos": DayTimeDuration(123_456_789_000_000_001),
    "range": Range(date(2026, 1, 1), None, True, False),
    "list": [Decimal(1), {"a": [date(2026, 1, 1)]}],
}


def test_storage_loses_nothing() -> None:
    found = decode_values(encode_values(VALUES))
    assert found == VALUES
    assert [type(value) for value in found.values()] == [type(value) for value in VALUES.values()]
    assert str(found["number"]) == "12.50"


def test_tagged_values_come_back() -> None:
    assert decode_value(encode_value(VALUES)) == VALUES


@pytest.mark.parametrize("value", [object(), 1.5, {"a": object()}])
def test_foreign_values_are_not_stored(value: object) -> None:
    with pytest.raises(FeelValueError):
        encode_values({"x": value})


def test_deep_values_are_refused_not_crashed_on() -> None:
    deep: Value = []
    for _ in range(5_000):
        deep = [deep]
    for convert in (encode_value, from_json, to_json):
        with pytest.raises(FeelValueError):
            convert(deep)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_pythons_json_calls_a_number_and_is_none_is_refused(number: str) -> None:
    with pytest.raises(FeelValueError):
        from_json({"a": [json.loads(number)]})


@pytest.mark.parametrize("text", [r'"\ud800"', r'{"\udfff": 1}', r'"a\u0000"'])
def test_half_a_character_and_nul_are_refused_not_crashed_on(text: str) -> None:
    with pytest.raises(FeelValueError):
        from_json(json.loads(text))


def test_json_keeps_exact_numbers() -> None:
    assert from_json({"a": 1.1, "b": [1]}) == {"a": Decimal("1.1"), "b": [Decimal(1)]}
    numbers = [Decimal("1.50"), Decimal(3), Decimal("0.1234567890123456789012345")]
    assert to_json(numbers) == [1.5, 3, "0.1234567890123456789012345"]
    assert to_json(YearMonthDuration(14)) == "P1Y2M"
