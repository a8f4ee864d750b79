"""The published table of Fristen (docs/fristen.md) is what the calendar computes, row by row."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from staffel.engine.calendar import ZONE, Calendar, Pause

DOCUMENT = Path(__file__).parents[3] / "docs" / "fristen.md"
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
LAW = re.compile(r"§§? \d+")


class Example(NamedTuple):
    """A row of the table."""

    start: date
    length: str
    kind: str
    shift: bool
    pauses: tuple[Pause, ...]
    extension: str
    end: date
    why: str


def _day(text: str) -> date:
    """`Mo 02.03.2026`; the weekday must be right."""
    weekday, _, rest = text.partition(" ")
    found = datetime.strptime(rest, "%d.%m.%Y").date()
    assert WEEKDAYS[found.weekday()] == weekday, text
    return found


def _pauses(text: str) -> tuple[Pause, ...]:
    if text == "–":
        return ()
    spans = (span.split("–") for span in text.split(", "))
    days = ([datetime.strptime(day, "%d.%m.%Y").date() for day in span] for span in spans)
    return tuple(Pause(first, last, "x") for first, last in days)


def _examples() -> list[Example]:
    found, columns = [], []
    for line in DOCUMENT.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| Start "):
            columns = cells
        elif line.startswith("| ") and columns:
            row = dict(zip(columns, cells, strict=True))
            found.append(
                Example(
                    _day(row["Start"]),
                    row["Length"],
                    row["Kind"],
                    row.get("Shift", "yes") == "yes",
                    _pauses(row.get("Suspended", "–")),
                    row.get("Extended", "–").replace("–", ""),
                    _day(row["Ends"]),
                    row["Why"],
                )
            )
    return found


EXAMPLES = _examples()


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row.start}-{row.length}-{row.end}")
def test_the_row_is_what_the_calendar_computes(row: Example) -> None:
    at, steps = Calendar().course(
        row.start, row.length, kind=row.kind, shift=row.shift, pauses=row.pauses, extension=row.extension
    )

    assert at.astimezone(ZONE).date() == row.end, steps


def test_the_table_is_whole_and_cites_a_paragraph_where_the_law_decides() -> None:
    assert len(EXAMPLES) >= 40
    assert [row for row in EXAMPLES if row.kind != "vereinbart" and not LAW.search(row.why)] == []
    assert {row.length[-1] for row in EXAMPLES} >= {"M", "W", "T", "J"}
