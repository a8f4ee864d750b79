"""Fristquote: the share of Fristen that were kept, by kind and municipality (DOMAIN §2.0.2). Never per person.

Decided is a Frist whose step was carried out, and one that has passed while its step waits; a step that was dropped and
a Frist that still runs or stands still say nothing. Internal Fristen concern their Stelle alone, and those set for the
person are never counted against an agency. Ends are those after Hemmung and Verlängerung.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from staffel.engine.analysis.disclosure import Share, share
from staffel.engine.analysis.reading import CaseRow, FristRow

COUNTED = ("gesetzlich", "soll", "vereinbart")
"""Kinds that count, each on its own."""


class Decided(NamedTuple):
    """A Frist of a case that was kept, or was not."""

    case: str
    kept: bool


def kept_shares(
    groups: Mapping[str, Sequence[CaseRow]], rows: Iterable[FristRow], now: int
) -> dict[str, dict[str, Share]]:
    """The share of kept Fristen by AGS and kind, of the counted cases, as things stand at `now` (microseconds)."""
    towns = {row.case: ags for ags, cases in groups.items() for row in cases}
    decided: dict[tuple[str, str], list[Decided]] = {(ags, kind): [] for ags in groups for kind in COUNTED}
    for row in rows:
        kept, ags = was_kept(row, now), towns.get(row.case)
        if kept is not None and ags is not None and row.kind in COUNTED:
            decided[ags, row.kind].append(Decided(row.case, kept))
    return {ags: {kind: share_of(decided[ags, kind]) for kind in COUNTED} for ags in groups}


def was_kept(row: FristRow, now: int) -> bool | None:
    """Whether the Frist was kept; None while that is not decided, and where the step was dropped."""
    if row.done is not None:
        return row.end is None or row.done <= row.end
    late = row.end is not None and row.end < now
    return False if late and not row.dropped else None


def share_of(decided: Sequence[Decided]) -> Share:
    """Shown as far as the cases on either side, those with a missed Frist and those without, are groups."""
    missed = {each.case for each in decided if not each.kept}
    cases = {each.case for each in decided}
    kept = sum(each.kept for each in decided)
    return share(kept, len(decided), len(cases) - len(missed), len(cases))
