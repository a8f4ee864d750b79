from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from staffel.engine.cases.facts import TaskClaimed
from staffel.engine.cases.record import read_event, write_events
from staffel.engine.feel import DayTimeDuration, Range
from staffel.engine.kernel import events as ev

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
VALUES = {
    "miete": Decimal("512.50"),
    "frei_ab": date(2026, 12, 1),
    "frist": DayTimeDuration(5),
    "spanne": Range(Decimal(1), None),
    "liste": [{"a": Decimal("0.1")}, None, True, "2026-12-01"],
}


@pytest.mark.parametrize(
    "event",
    [
        ev.VariablesSet(scope=0, values=VALUES),
        ev.TaskOffered(
            key=1, owner=1, element="a", name="A", proposal=VALUES, due=ev.Due(at=NOW, kind="soll")
        ),
        ev.TaskOffered(key=1, owner=1, element="a", name="A"),
        ev.HandoverOffered(
            key=2,
            owner=0,
            flow="f",
            element="b",
            sender="ABH",
            receiver="JC",
            kind="falluebergabe",
            rule=None,
            data=VALUES,
        ),
        ev.DecisionMade(
            key=1, element="d", decision="D", result=Decimal("0.5"), explanation={"value": 0.5, "rules": [1]}
        ),
        ev.TimerArmed(key=3, owner=1, element="t", due=NOW),
        ev.CaseEnded(ending=ev.Ending.COMPLETED),
        TaskClaimed(key=1, element="a"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_is_read_back_as_it_was(event: Any) -> None:
    (row,) = write_events([event], 7, NOW)

    assert row.seq == 7
    assert read_event(row.type, row.data) == event
