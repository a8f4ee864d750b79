"""What is decided instead of a proposal is read as the proposal's kind of value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from staffel.engine.cases.departing import read_decision
from staffel.engine.library.forms import ValuesRefused


def test_date_comes_back_where_a_date_was_proposed() -> None:
    assert read_decision({"ab": "2026-12-01"}, {"ab": date(2026, 11, 1)}) == {"ab": date(2026, 12, 1)}


def test_text_stays_text_where_text_was_proposed() -> None:
    assert read_decision({"ab": "2026-12-01", "grund": "eilt"}, {"ab": "nie"}) == {
        "ab": "2026-12-01",
        "grund": "eilt",
    }


def test_lists_and_records_are_read_part_by_part() -> None:
    proposed = {"je_person": [{"ab": date(2026, 11, 1), "betrag": Decimal(1)}]}
    given = {"je_person": [{"ab": "2026-12-01", "betrag": 2}]}
    assert read_decision(given, proposed) == {"je_person": [{"ab": date(2026, 12, 1), "betrag": Decimal(2)}]}


def test_what_is_no_date_is_refused_where_a_date_was_proposed() -> None:
    with pytest.raises(ValuesRefused) as refused:
        read_decision({"ab": "bald"}, {"ab": date(2026, 11, 1)})
    assert refused.value.details["fields"][0]["field"] == "ab"
