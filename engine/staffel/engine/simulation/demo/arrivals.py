"""When cases begin: over the months, in office hours, each municipality by its size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random

from staffel.engine.analysis.clocks import WorkingClock
from staffel.engine.calendar import ZONE
from staffel.engine.calendar.fristen import add_months
from staffel.engine.simulation.demo.organisation import Town
from staffel.engine.simulation.world import Arrival
from staffel.engine.store.types import from_microseconds, to_microseconds

OFFICES = {"rechtskreiswechsel": "50", "seiteneinsteiger": "40"}
"""Organisation numbers in references: social welfare office, school administration (KGSt plan)."""
OTHER_OFFICE = "10"


def begin_of(until: datetime, months: int) -> datetime:
    """The day so many months before, at its first hour."""
    day = add_months(until.astimezone(ZONE).date(), -months)
    return datetime.combine(day, datetime.min.time(), ZONE)


def arrivals(
    towns: Sequence[Town],
    offices: Mapping[str, str],
    *,
    cases: int,
    begin: datetime,
    until: datetime,
    clock: WorkingClock,
    random: Random,
) -> list[Arrival]:
    """So many cases, evenly over the working time of the period; as many of each process. `offices` by process key."""
    start = to_microseconds(begin)
    span = clock.seconds(start, to_microseconds(until))
    moments = sorted(clock.after(start, random.uniform(0, span)) for _ in range(cases))
    chosen = random.choices(towns, [town.size for town in towns], k=cases)
    keys = random.choices(list(offices), k=cases)
    numbers: Counter[tuple[str, str, int]] = Counter()
    found = []
    for moment, town, key in zip(moments, chosen, keys, strict=True):
        at = from_microseconds(moment)
        office, year = offices[key], at.astimezone(ZONE).year
        numbers[town.ags, office, year] += 1
        reference = f"{town.sign}-{office}/{year}-{numbers[town.ags, office, year]:05}"
        found.append(Arrival(at=at, process=key, municipality=town.ags, reference=reference))
    return found
