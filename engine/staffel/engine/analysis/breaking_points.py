"""Where work breaks again and again: reported breaking points per step, and per 100 cases (DOMAIN §6.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlmodel import col, func, select

from staffel.engine.analysis.disclosure import MINIMUM, rounded
from staffel.engine.analysis.periods import Period
from staffel.engine.analysis.reading import find_process
from staffel.engine.store.database import Transaction
from staffel.engine.store.tables import BreakingPoint


class BreakingPoints(NamedTuple):
    """Reports at a step in a municipality, rounded to fives: all of them, and by trouble those of which there are five.

    `other_kinds` are the kinds of Stellen on the other side, as far as five reports name them.
    """

    municipality: str
    element: str
    name: str
    reports: int
    troubles: tuple[tuple[str, int], ...]
    other_kinds: tuple[str, ...]


def breaking_points(
    tx: Transaction, *, process_key: str, municipalities: Sequence[str], period: Period
) -> list[BreakingPoints]:
    """The steps with at least five reports in the months of the period, the most frequent first."""
    process, _ = find_process(tx, process_key)
    months = period.months()
    first, last = (date(month // 12, month % 12 + 1, 1) for month in (months[0], months[-1]))
    point = BreakingPoint
    columns = (point.municipality, point.element, point.name, point.trouble, point.other_kind)
    query = (
        select(*columns, func.count())  # type: ignore[call-overload]  # more columns than it has types for
        .where(
            point.process_id == process,
            col(point.municipality).in_(municipalities),
            col(point.month) >= first,
            col(point.month) <= last,
        )
        .group_by(*columns)
    )
    names: dict[tuple[str, str], str] = {}
    troubles: dict[tuple[str, str], Counter[str]] = {}
    others: dict[tuple[str, str], Counter[str]] = {}
    for municipality, element, name, trouble, other, count in tx.session.exec(query):
        step = (municipality, element)
        names[step] = name
        troubles.setdefault(step, Counter())[trouble] += count
        others.setdefault(step, Counter())[other] += count
    found = [
        BreakingPoints(
            municipality=step[0],
            element=step[1],
            name=names[step],
            reports=rounded(counts.total()),
            troubles=tuple(
                (trouble, rounded(count)) for trouble, count in counts.most_common() if count >= MINIMUM
            ),
            other_kinds=tuple(
                kind for kind, count in others[step].most_common() if kind and count >= MINIMUM
            ),
        )
        for step, counts in troubles.items()
        if counts.total() >= MINIMUM
    ]
    return sorted(found, key=lambda each: (-each.reports, each.element, each.municipality))
