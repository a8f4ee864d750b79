"""From the times of tasks, handovers and cases to durations in seconds, open ones included.

Something still open at `now` has lasted until `now` and is censored; what was cancelled is censored when it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from staffel.engine.analysis.clocks import Clock, ClocksDiffer
from staffel.engine.analysis.reading import CaseRow, HandoverRow, Micros, TaskRow
from staffel.engine.analysis.statistics import Curve, Observation, kaplan_meier
from staffel.engine.store.tables import CaseStatus


class Measure(StrEnum):
    """What is measured. `BEARBEITUNGSZEIT` is a proxy: an open form is not work, and work happens elsewhere too."""

    DURCHLAUFZEIT = "durchlaufzeit"
    DURCHLAUFZEIT_NETTO = "durchlaufzeit_netto"
    LIEGEZEIT = "liegezeit"
    BEARBEITUNGSZEIT = "bearbeitungszeit"
    UEBERGABEZEIT = "uebergabezeit"
    BESTAETIGUNGSZEIT = "bestaetigungszeit"


@dataclass(slots=True)
class Durations:
    """Durations of one measure by one clock, and how many cases they come from."""

    measure: Measure
    clock: str
    observations: list[Observation] = field(default_factory=list)
    cases: set[str] = field(default_factory=set)

    def add(self, case: str, observation: Observation) -> None:
        """Count one more."""
        self.observations.append(observation)
        self.cases.add(case)

    @property
    def n(self) -> int:
        """The number of cases: what suppression counts, as a loop makes many durations of one person's case."""
        return len(self.cases)

    def curve(self) -> Curve:
        """The Kaplan-Meier curve."""
        return kaplan_meier(self.observations)

    def with_same_clock(self, other: Durations) -> Durations:
        """`other`, if it may be compared with this; raises `ClocksDiffer` otherwise."""
        if (self.measure, self.clock) != (other.measure, other.clock):
            raise ClocksDiffer(
                f"Expected {self.measure} by {self.clock}, found {other.measure} by {other.clock}."
                " Compute both with the same clock.",
            )
        return other


class Stopwatch:
    """Measures rows by one clock, as things stand at `now` (microseconds)."""

    def __init__(self, clock: Clock, now: int) -> None:
        self.clock, self.now = clock, now

    def case(self, row: CaseRow) -> Observation:
        """Durchlaufzeit: start to end. A cancelled case did not come to its end and is censored there."""
        reached = None if row.status == CaseStatus.CANCELLED else row.ended
        return self._span(row.started, reached, row.ended)

    def waiting(self, row: TaskRow) -> Observation:
        """Liegezeit: available until claimed (or done without a claim)."""
        claimed = row.completed if row.claimed is None else row.claimed
        return self._span(row.available, claimed, row.closed)

    def processing(self, row: TaskRow) -> Observation | None:
        """Bearbeitungszeit: begun (else claimed) until completed; None while nobody has claimed it."""
        begin = row.claimed if row.begun is None else row.begun
        return None if begin is None else self._span(begin, row.completed, row.closed)

    def acknowledging(self, row: HandoverRow) -> Observation:
        """Bestätigungszeit: offered until acknowledged; acceptance acknowledges, a return ends the wait without it."""
        answered = row.accepted if row.acknowledged is None else row.acknowledged
        return self._span(row.offered, answered, row.closed)

    def handing_over(self, row: HandoverRow) -> Observation:
        """Übergabezeit: offered until accepted; a return or withdrawal censors it."""
        return self._span(row.offered, row.accepted, row.closed)

    def _span(self, begin: int, end: Micros, closed: Micros) -> Observation:
        stop = end if end is not None else min(closed or self.now, self.now)
        return max(0.0, self.clock.seconds(begin, max(begin, stop))), end is not None


def case_durations(rows: Iterable[CaseRow], watch: Stopwatch) -> Durations:
    """The Durchlaufzeiten of cases."""
    durations = Durations(Measure.DURCHLAUFZEIT, watch.clock.id)
    for row in rows:
        durations.add(row.case, watch.case(row))
    return durations


def task_durations(row: TaskRow, watch: Stopwatch) -> Iterator[tuple[Measure, Observation]]:
    """The durations of one task."""
    yield Measure.LIEGEZEIT, watch.waiting(row)
    processing = watch.processing(row)
    if processing is not None:
        yield Measure.BEARBEITUNGSZEIT, processing


def handover_durations(row: HandoverRow, watch: Stopwatch) -> Iterator[tuple[Measure, Observation]]:
    """The durations of one handover."""
    yield Measure.BESTAETIGUNGSZEIT, watch.acknowledging(row)
    yield Measure.UEBERGABEZEIT, watch.handing_over(row)
