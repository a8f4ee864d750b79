"""Fields under a condition, rows included, and rules of plausibility: judged by the form, whoever sends the values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from staffel.engine.library.forms import Form, ValuesDoubtful, ValuesRefused

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
FORM = Form(
    {
        "type": "object",
        "required": ["wohnt", "strasse", "bis"],
        "properties": {
            "titel": {"type": "string", "readOnly": True},
            "wohnt": {"type": "string", "enum": ["fest", "notunterkunft", "nirgends"]},
            "strasse": {"type": "string"},
            "unterkunft": {"type": "string"},
            "bis": {"type": "string", "format": "date"},
            "einkommen": {"type": "number"},
            "kinder": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["alter", "schule"],
                    "properties": {"alter": {"type": "integer"}, "schule": {"type": "string"}},
                },
            },
        },
    },
    [
        {"field": "wohnt"},
        {"field": "strasse", "showIf": {"field": "wohnt", "equals": "fest"}},
        {"group": "Übergang", "showIf": 'wohnt = "notunterkunft"', "items": [
            {"field": "unterkunft"},
            {"field": "bis", "showIf": "unterkunft != null"},
        ]},
        {"field": "einkommen", "showIf": 'titel != "par_24"'},
        {"field": "kinder", "items": [{"field": "alter"}, {"field": "schule", "showIf": 'alter >= 6 and wohnt != "nirgends"'}]},
    ],
    [
        {"check": "bis > today()", "text": "Das Ende liegt in der Zukunft.", "fields": ["bis"]},
        {"check": "einkommen < 10000", "text": "Sehr hoch.", "text_en": "Very high.", "severity": "warning", "fields": ["einkommen"]},
    ],
)  # fmt: skip


def read(**values: Any) -> dict[str, Any]:
    return FORM.read(values, given={"titel": "par_25"}, now=NOW)


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    assert read(wohnt="fest", strasse="Weg 1", unterkunft="Halle", bis="2026-12-31") == {
        "wohnt": "fest",
        "strasse": "Weg 1",
    }


def test_a_field_that_is_shown_is_required_again() -> None:
    with pytest.raises(ValuesRefused) as refused:
        read(wohnt="notunterkunft", unterkunft="Halle")

    assert [fault["field"] for fault in refused.value.details["fields"]] == ["bis"]


def test_what_hangs_on_a_hidden_field_is_hidden_too() -> None:
    view = FORM.view({"wohnt": "fest", "unterkunft": "Halle"}, now=NOW)

    assert {"unterkunft", "bis"} <= view.hidden
    assert {"#2", "#2.1"} <= view.closed


def test_a_condition_reads_what_an_earlier_step_set() -> None:
    filled = {"wohnt": "nirgends", "einkommen": 12.5}

    assert read(**filled)["einkommen"] == Decimal("12.5")
    assert FORM.read(filled, given={"titel": "par_24"}, now=NOW) == {"wohnt": "nirgends"}


def test_each_row_has_its_own_condition() -> None:
    kinder = [{"alter": 3, "schule": "keine"}, {"alter": 7, "schule": "Nord"}]

    assert read(wohnt="fest", strasse="Weg 1", kinder=kinder)["kinder"] == [
        {"alter": 3},
        {"alter": 7, "schule": "Nord"},
    ]
    with pytest.raises(ValuesRefused) as refused:
        read(wohnt="fest", strasse="Weg 1", kinder=[{"alter": 3}, {"alter": 7}])
    assert [fault["field"] for fault in refused.value.details["fields"]] == ["kinder.1.schule"]


def test_of_a_row_to_be_filled_in_the_page_knows_what_is_shown() -> None:
    view = FORM.view({"wohnt": "fest", "kinder": [{"alter": 7}]}, now=NOW)

    assert "kinder.0.#1" in view.open
    assert "kinder.1.#1" in view.closed


def test_a_broken_rule_is_a_fault_at_its_fields() -> None:
    with pytest.raises(ValuesRefused) as refused:
        read(wohnt="notunterkunft", unterkunft="Halle", bis="2026-11-30")

    assert refused.value.details["fields"] == [
        {"field": "bis", "code": "implausible"}
        | dict.fromkeys(("text_de", "text_en"), "Das Ende liegt in der Zukunft.")
    ]
    assert read(wohnt="notunterkunft", unterkunft="Halle", bis="2026-12-01")["bis"] == date(2026, 12, 1)


def test_a_warning_can_be_confirmed() -> None:
    filled = {"wohnt": "nirgends", "einkommen": 20_000}

    with pytest.raises(ValuesDoubtful) as doubtful:
        read(**filled)
    assert doubtful.value.details["fields"][0]["text_en"] == "Very high."
    assert FORM.read(filled, now=NOW, confirmed=True)["einkommen"] == Decimal(20_000)


def test_a_rule_without_its_values_breaks_nothing() -> None:
    assert read(wohnt="nirgends") == {"wohnt": "nirgends"}
