"""Fristquote of handovers: by pair of Stellen, kind of Frist and municipality (DOMAIN §6.1, §6.2). Never per person.

The acknowledgement is done when the receipt was confirmed, the check for completeness when the handover was accepted or
returned, the result when the receiver handed over to the sender, or when the case had ended. A return before the
acknowledgement answers that, too. What was withdrawn says nothing, nor does what the sender still owes. Ends are those
after Hemmung and Verlängerung.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, TypeAlias

from staffel.engine.analysis.disclosure import Share, Shown
from staffel.engine.analysis.figures import KeptHandovers
from staffel.engine.analysis.promptness import COUNTED, Decided, share_of, was_kept
from staffel.engine.analysis.reading import RETURNED, CaseRow, FristRow, Micros, OfferRow
from staffel.engine.analysis.steps import StepMap
from staffel.engine.kernel.handover_rule import FRISTEN
from staffel.engine.store.tables import HandoverStatus

Pair: TypeAlias = tuple[str, str]
"""Kinds of the sending and the receiving Stelle."""
Cells: TypeAlias = dict[tuple[Pair, str, str, str], list[Decided]]
"""By pair, kind of Frist, AGS and name of the Frist."""
_OPEN = (HandoverStatus.OFFERED, HandoverStatus.ACKNOWLEDGED)


class Promise(NamedTuple):
    """A Frist of a handover."""

    flow: str
    name: str
    frist: FristRow
    offer: OfferRow


def kept_handovers(
    groups: Mapping[str, Sequence[CaseRow]], steps: StepMap, rows: Iterable[OfferRow], now: int
) -> tuple[KeptHandovers, ...]:
    """The shares of kept Fristen of the counted cases as things stand at `now` (microseconds); all pairs first."""
    cases = {row.case: (ags, row.version) for ags, found in groups.items() for row in found}
    cells: Cells = {}
    for promise in promises(rows):
        frist, counted = promise.frist, cases.get(promise.frist.case)
        sides = steps.sides(counted[1], promise.flow) if counted is not None else None
        kept = was_kept(frist, now)
        if counted is None or sides is None or kept is None or frist.kind not in COUNTED:
            continue
        cell = (sides, frist.kind, counted[0], promise.name)
        cells.setdefault(cell, []).append(Decided(frist.case, kept))
    return tuple(_figures(cells, list(groups)))


def promises(rows: Iterable[OfferRow]) -> Iterator[Promise]:
    """The Fristen of offers that come case by case."""
    for _, offers in groupby(rows, key=lambda row: row.case):
        of_case = list(offers)
        for row in of_case:
            for name, end in zip(FRISTEN, row.ends, strict=True):
                terms = row.due.get(name)
                if terms is not None:
                    done, dropped = _done(row, name, of_case)
                    frist = FristRow(row.case, terms["kind"], end, done, dropped)
                    yield Promise(row.flow, name, frist, row)


def _done(row: OfferRow, name: str, of_case: Sequence[OfferRow]) -> tuple[Micros, bool]:
    """When what the Frist is for was done, and whether it need not be done any more."""
    answered = row.closed if row.status == RETURNED else None
    if name == FRISTEN[0]:
        done = row.acknowledged or answered
    elif name == FRISTEN[1]:
        done = row.accepted or answered
        if row.asked and row.status in _OPEN:
            return None, True
    else:
        done = _result(row, of_case) if row.accepted is not None else None
    waits = row.status in _OPEN or (name == FRISTEN[2] and row.accepted is not None)
    return done, done is None and (not waits or row.case_ended is not None)


def _result(row: OfferRow, of_case: Sequence[OfferRow]) -> Micros:
    """When the result was there."""
    for other in of_case:
        back = (other.sender, other.receiver) == (row.receiver, row.sender)
        if back and row.accepted is not None and other.offered >= row.accepted:
            return other.offered
    return None if row.stopped else row.case_ended


def _figures(cells: Cells, order: Sequence[str]) -> Iterator[KeptHandovers]:
    pairs = sorted({(pair, kind) for pair, kind, _, _ in cells}, key=lambda each: (each[1], each[0]))
    shares = {
        at: {ags: {name: share_of(cells.get((*at, ags, name), ())) for name in FRISTEN} for ags in order}
        for at in pairs
    }
    for kind in dict.fromkeys(kind for _, kind in pairs):
        of_kind = {pair: shares[pair, kind] for pair, each in pairs if each == kind}
        yield KeptHandovers(
            sender=None,
            receiver=None,
            kind=kind,
            municipalities={
                ags: {name: _whole(cells, of_kind, (kind, ags, name)) for name in FRISTEN} for ags in order
            },
        )
        for (sender, receiver), found in of_kind.items():
            yield KeptHandovers(sender=sender, receiver=receiver, kind=kind, municipalities=found)


def _whole(
    cells: Cells, of_kind: Mapping[Pair, Mapping[str, Mapping[str, Share]]], cell: tuple[str, str, str]
) -> Share:
    """Over the pairs that are shown, so that the difference tells nothing of those that are not."""
    _, ags, name = cell
    shown = [pair for pair, found in of_kind.items() if found[ags][name].shown is not Shown.SUPPRESSED]
    return share_of([each for pair in shown or of_kind for each in cells.get((pair, *cell), ())])
