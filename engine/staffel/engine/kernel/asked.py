"""What the kernel asks of other rooms, which it does not know: the calendar and the decision models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from staffel.engine.calendar import Pause


class Calendar(Protocol):
    """Working days and Fristen: what the kernel asks of `staffel.engine.calendar`."""

    def course(
        self,
        start: datetime,
        length: str,
        *,
        kind: str,
        shift: bool | None,
        pauses: Sequence[Pause],
        extension: str,
    ) -> tuple[datetime, tuple[str, ...]]:
        """As `due`, of a Frist that was suspended or extended."""

    def due(
        self, start: datetime, length: str, *, kind: str, shift: bool | None
    ) -> tuple[datetime, tuple[str, ...]]:
        """When a Frist of `length` (`5AT`, `2W`, `3M`) from `start` ends, and the steps of the computation."""


class DecisionModel(Protocol):
    """What the kernel asks of a DMN model: `value`, `explanation` and `problems` of a decision."""

    def evaluate(
        self, decision_id: str, inputs: Mapping[str, Any], *, now: datetime, key_date: date | None = None
    ) -> Any:
        """Evaluate the version of the decision that holds on the key date (default: today) over the inputs."""
