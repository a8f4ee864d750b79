"""JSON has no dates: what a decision declares says which texts are some."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from staffel.engine.feel import parse
from staffel.engine.feel.coercion import read_as
from staffel.engine.feel.types import (
    ANY,
    DATE,
    DATE_TIME,
    DAYS_TIME,
    NUMBER,
    STRING,
    TIME,
    YEARS_MONTHS,
    Constrained,
    ContextType,
    FeelType,
    ListType,
)

PERSON = ContextType((("born", DATE), ("name", STRING)))


@pytest.mark.parametrize(
    ("value", "kind", "expression"),
    [
        ("2026-06-01", DATE, 'date("2026-06-01")'),
        ("08:30:00", TIME, 'time("08:30:00")'),
        ("2026-06-01T08:30:00Z", DATE_TIME, 'date and time("2026-06-01T08:30:00Z")'),
        ("P3D", DAYS_TIME, 'duration("P3D")'),
        ("P1Y", YEARS_MONTHS, 'duration("P1Y")'),
        (["2026-06-01"], ListType(DATE), '[date("2026-06-01")]'),
        ("2026-06-01", ListType(DATE), 'date("2026-06-01")'),
        (
            [{"born": "2020-02-29", "name": "2020-02-29"}],
            ListType(Constrained("Person", lambda: PERSON)),
            '[{born: date("2020-02-29"), name: "2020-02-29"}]',
        ),
    ],
)
def test_texts_become_what_is_declared(value: Any, kind: FeelType, expression: str) -> None:
    assert read_as(value, kind) == parse(expression).evaluate({})


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("2026-06-01", STRING),
        ("2026-06-01", ANY),
        ("2026-06-01", None),
        ("1.6.2026", DATE),
        ("30", NUMBER),
        (None, DATE),
        (True, DATE),
        (date(2026, 6, 1), DATE),
        ("P3X", DAYS_TIME),
        ({"name": "x"}, PERSON),
    ],
)
def test_all_else_stays_as_it_is(value: Any, kind: FeelType | None) -> None:
    assert read_as(value, kind) == value


def test_a_type_that_contains_itself_ends() -> None:
    child = Constrained("Child", lambda: ContextType((("child", child), ("born", DATE))))
    value: dict[str, Any] = {"born": "2026-06-01"}
    for _ in range(150):
        value = {"child": value, "born": "2026-06-01"}
    assert read_as(value, child)["born"] == date(2026, 6, 1)
