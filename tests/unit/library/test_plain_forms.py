"""The short way for plain forms never takes what the validator refuses, and takes what people usually fill in."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from staffel.engine.library.plain import surely_right

TEXT = st.text(max_size=4)
SIZES = st.integers(0, 4)
NUMBERS = st.integers(-4, 4) | st.sampled_from([0.5, -1.5, 2.0, 3.25])
FIELDS = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={
            "minLength": SIZES, "maxLength": SIZES, "enum": st.lists(TEXT, min_size=1, max_size=3),
            "format": st.sampled_from(["date", "email"]), "pattern": st.just("^a"), "title": TEXT,
        },
    ),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"])},
        optional={"minimum": NUMBERS, "maximum": NUMBERS, "multipleOf": st.sampled_from([1, 0.5, 2])},
    ),
    st.fixed_dictionaries(
        {"type": st.just("array"), "items": st.sampled_from([{"type": "string"}, {"type": "integer"}, {}])},
        optional={"minItems": SIZES, "maxItems": SIZES},
    ),
    st.sampled_from([{"type": "boolean"}, {"type": ["string", "null"]}, {"const": 1}, True]),
)  # fmt: skip
VALUES = st.one_of(
    TEXT, st.dates(date(2020, 1, 1)).map(str), st.just("2026-02-30"), NUMBERS, st.booleans(), st.none(),
    st.lists(st.integers(0, 2) | TEXT, max_size=4),
)  # fmt: skip
NAMES = st.sampled_from("abc")


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": draw(st.dictionaries(NAMES, FIELDS, max_size=3))}
    if draw(st.booleans()):
        made["required"] = draw(st.lists(NAMES, unique=True))
    if draw(st.booleans()):
        made["additionalProperties"] = draw(st.sampled_from([True, False, {"type": "string"}]))
    if draw(st.integers(0, 5)) == 0:
        made["minProperties"] = 2
    return made


@given(schemas(), st.dictionaries(NAMES, VALUES, max_size=3))
def test_what_is_surely_right_is_right_to_the_validator(
    schema: dict[str, Any], values: dict[str, Any]
) -> None:
    surely = surely_right(schema)
    if surely and surely(values):
        assert Draft202012Validator(schema, format_checker=FormatChecker()).is_valid(values)


def test_an_ordinary_form_takes_the_short_way() -> None:
    surely = surely_right(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Bedarf",
            "type": "object",
            "properties": {
                "bemerkung": {"type": "string", "title": "Bemerkung", "minLength": 1, "maxLength": 200},
                "einzug": {"type": "string", "format": "date"},
                "art": {"type": "string", "enum": ["Wohnung", "Zimmer"]},
                "miete": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 5000},
                "personen": {"type": "integer"},
                "dringend": {"type": "boolean", "readOnly": True},
                "unterlagen": {"type": "array", "items": {"type": "string", "enum": ["Pass"]}, "maxItems": 3},
            },
            "required": ["einzug"],
            "additionalProperties": False,
        }
    )
    filled = {"bemerkung": "ja", "einzug": "2026-01-31", "art": "Zimmer", "miete": 19.99, "personen": 2}

    assert surely
    assert surely({**filled, "dringend": True, "unterlagen": ["Pass"]})
    assert not surely({**filled, "einzug": "2026-02-30"})
    assert not surely({"art": "Zimmer"})
