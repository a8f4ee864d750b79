"""The course of a Frist that was suspended (gehemmt) or extended (verlängert): §§ 190, 193, 209 BGB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from staffel.engine.calendar.lengths import Length, Unit, parse_length

NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""The end of a Frist that is suspended until further notice."""
_DAY: Final = timedelta(days=1)


class Pause(msgspec.Struct, frozen=True, array_like=True):
    """Days that do not count, first and last included (§ 209 BGB); `until` None: until further notice.

    `automatic`: the model suspends the Frist while one of the steps it names runs; else people have said so.
    """

    since: date
    until: date | None
    reason: str
    legal_basis: str = ""
    automatic: bool = False

    def covers(self, day: date) -> bool:
        """Whether the Frist stands still on that day."""
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def why(self) -> str:
        """The reason with its legal basis, in brackets."""
        return f"{self.reason} ({self.legal_basis})" if self.legal_basis else self.reason


@dataclass(frozen=True, slots=True)
class Span:
    """Pauses without overlap: their days, and why."""

    first: date
    last: date | None
    why: str

    def __str__(self) -> str:
        """`vom 03.03.2026 bis 10.03.2026 wegen …`."""
        return (
            f"vom {self.first:%d.%m.%Y} bis {self.last:%d.%m.%Y}"
            if self.last
            else f"seit {self.first:%d.%m.%Y}"
        )


def runs_in_days(text: str) -> bool:
    """Whether a Frist of this length runs in days: only such a one can be suspended or extended."""
    try:
        need_running(parse_length(text))
    except ValueError:
        return False
    return True


def need_running(length: Length) -> None:
    """Raise `ValueError` for a length that does not run in days."""
    if length.exact or length.back or all(count == 0 for count, _ in length.parts):
        raise ValueError(
            "A Frist that ends on a named day, before an anchor or after hours does not run in days."
        )


def joined(pauses: Iterable[Pause], begin: date) -> list[Span]:
    """The pauses from the first day that counts on, those that overlap or touch made one: no day is counted twice."""
    spans: list[Span] = []
    for pause in sorted(pauses, key=lambda each: (each.since, each.until or date.max)):
        first = max(pause.since, begin + _DAY)
        if pause.until is not None and pause.until < first:
            continue
        before = spans[-1] if spans else None
        if before is None or (before.last is not None and before.last + _DAY < first):
            spans.append(Span(first, pause.until, pause.why))
            continue
        open_end = before.last is None or pause.until is None
        last = None if open_end else max(before.last, pause.until)  # type: ignore[type-var]  # neither is None
        why = before.why if pause.why in before.why.split("; ") else f"{before.why}; {pause.why}"
        spans[-1] = Span(before.first, last, why)
    return spans


def extension_of(text: str) -> Length | date:
    """What a Verlängerung adds: a length (`1M`) or a new last day (`2026-05-04`). Raises `ValueError`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        length = parse_length(text)
        if length.announced:
            raise ValueError(f"A Verlängerung has no Bekanntgabe of its own: '{text}'.") from None
        need_running(length)
        return length


def counts_working_days(length: Length) -> bool:
    """Whether only working days count."""
    return any(unit is Unit.WORKING_DAYS for _, unit in length.parts)
