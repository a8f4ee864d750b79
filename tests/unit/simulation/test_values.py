"""Made-up values satisfy their forms and name nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from staffel.engine.library.forms import read_form
from staffel.engine.simulation.values import Hint, ValueMaker

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["familienname", "geburtsdatum", "status", "personen"],
    "properties": {
        "familienname": {"type": "string", "minLength": 1, "maxLength": 80},
        "geburtsdatum": {"type": "string", "format": "date"},
        "status": {"type": "string", "enum": ["a", "b"]},
        "vollstaendig": {"type": "boolean"},
        "miete": {"type": "number", "minimum": 100, "maximum": 900},
        "leistungsende": {"type": "string", "format": "date"},
        "termin": {"type": "string", "format": "date-time"},
        "aktenzeichen": {"type": "string", "readOnly": True},
        "personen": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["alter"],
                "properties": {"alter": {"type": "integer", "minimum": 0}},
            },
        },
        "merkmale": {"type": "array", "uniqueItems": True, "items": {"enum": ["x", "y", "z"]}},
    },
}


@pytest.mark.parametrize("seed", range(30))
def test_values_satisfy_the_form(seed: int):
    values = ValueMaker(Random(seed)).fill(SCHEMA, NOW, {})

    read_form({"schema": SCHEMA}).read(values)
    assert "aktenzeichen" not in values


def test_what_is_known_is_repeated_but_choices_are_made_anew():
    known = {"familienname": "Ahorn", "status": "a"}
    made = [ValueMaker(Random(seed)).fill(SCHEMA, NOW, known) for seed in range(20)]

    assert {values["familienname"] for values in made} == {"Ahorn"}
    assert {values["status"] for values in made} == {"a", "b"}


def test_hints_say_more_than_the_schema():
    hints = {
        "status": Hint(choices={"b": 1}),
        "leistungsende": Hint(days=(20, 20)),
        "miete": Hint(numbers=(400, 400)),
    }
    values = ValueMaker(Random(1), hints).fill(SCHEMA, NOW, {})

    assert (values["status"], values["leistungsende"], values["miete"]) == ("b", "2026-03-22", 400)


def test_adults_are_born_before_and_periods_end_after_today():
    values = ValueMaker(Random(3), {"leistungsende": Hint(days=(5, 60))}).fill(SCHEMA, NOW, {})

    assert date.fromisoformat(values["geburtsdatum"]).year <= 2008
    assert date.fromisoformat(values["leistungsende"]) > NOW.date()
