"""What people type is read as they mean it."""

from __future__ import annotations

from typing import Any

import pytest

from staffel.engine.library.typed import read_values, tidied

AMOUNT = {"type": "number", "multipleOf": 0.01}
NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}


@pytest.mark.parametrize(
    ("typed", "field", "meant"),
    [
        ("1.234,50 €", AMOUNT, 1234.5),
        ("1,234.50", AMOUNT, 1234.5),
        ("1.234", AMOUNT, 1234),
        ("1.234", WHOLE, 1234),
        ("1.234", NUMBER, 1.234),
        ("0.125", AMOUNT, 0.125),
        ("1234.5", AMOUNT, 1234.5),
        ("12,5", NUMBER, 12.5),
        ("1 234 567,89", AMOUNT, 1234567.89),
        ("-1.234.567", WHOLE, -1234567),
        ("1,234,567", WHOLE, 1234567),
        ("1.2.2026", AMOUNT, "1.2.2026"),
        ("1,2,3", AMOUNT, "1,2,3"),
        ("1.23,50", AMOUNT, "1.23,50"),
        ("1_000", AMOUNT, "1_000"),
        ("zwölf", NUMBER, "zwölf"),
        ("1234567890123456,78", AMOUNT, "1234567890123456,78"),
        ("31.12.2026", {"type": "string", "format": "date"}, "2026-12-31"),
    ],
)
def test_numbers_and_dates_are_read_as_they_are_written(
    typed: str, field: dict[str, Any], meant: object
) -> None:
    assert read_values({"properties": {"x": field}}, {"x": [typed]}) == {"x": meant}


def test_rows_are_counted_through_without_empty_ones_and_the_one_taken_away() -> None:
    schema = {
        "properties": {
            "kinder": {
                "type": "array",
                "items": {"type": "object", "properties": {"name": {}, "hier": {"type": "boolean"}}},
            }
        }
    }
    raw = {"kinder": [""], "kinder.0.name": ["Ada"], "kinder.1.hier": ["false"], "kinder.2.name": ["Bela"]}

    assert tidied(schema, raw) == {"kinder": [""], "kinder.0.name": ["Ada"], "kinder.1.name": ["Bela"]}
    assert read_values(schema, tidied(schema, raw, without="kinder.0")) == {"kinder": [{"name": "Bela"}]}
    assert read_values(schema, {"kinder": [""]}) == {"kinder": []}
