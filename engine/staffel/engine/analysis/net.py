"""Durchlaufzeit net of Hemmung: without the days on which a Frist of the case stood still (DOMAIN §2.0.2, §6.1).

Fristen that the law sets or the Stellen agreed on count, of steps, timers and handovers; internal ones and those of the
person do not. Days on which several stood still are taken off once. Other branches of the case may have gone on
meanwhile, so this is what the case lasted apart from Hemmung, not how long somebody worked on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlmodel import col

from staffel.engine.analysis.disclosure import MINIMUM, NOT_SHOWN, Quantiles, quantiles
from staffel.engine.analysis.durations import Durations, Measure, Stopwatch
from staffel.engine.analysis.handover_promptness import promises
from staffel.engine.analysis.promptness import COUNTED
from staffel.engine.analysis.reading import CaseRow, FristRow, Micros, OfferRow, Stored
from staffel.engine.calendar import ZONE
from staffel.engine.kernel.events import DeadlineChanged, DeadlineClosed, TaskClosed, TimerClosed
from staffel.engine.store.database import Transaction
from staffel.engine.store.tables import Case, Event
from staffel.engine.store.types import to_microseconds

_CLOSINGS = tuple(kind.__name__ for kind in (TaskClosed, TimerClosed, DeadlineClosed))
_changed = msgspec.msgpack.Decoder(DeadlineChanged).decode
_DAY = timedelta(days=1)


class Still(NamedTuple):
    """A time in which a Frist of a case stood still; `end` None: it still does."""

    case: str
    begin: int
    end: Micros


def still_steps(rows: Iterable[FristRow]) -> Iterator[Still]:
    """Of the Fristen of tasks and steps; none goes on when its step has ended."""
    for row in rows:
        for since, until in row.pauses if row.kind in COUNTED else ():
            still = _still(row.case, since, until, None)
            yield still._replace(end=_earlier(still.end, row.closed))


def read_still(
    tx: Transaction, process: UUID, municipalities: Sequence[str], versions: Collection[UUID]
) -> Iterator[Still]:
    """Of the Fristen of timers, which leave no row when they have fired: from the history of cases of these versions."""
    if not versions:
        return
    changed = (
        select(Stored(tx).key(col(Event.case_id)), col(Event.case_id), col(Event.key), col(Event.data))
        .join(Case, col(Case.id) == col(Event.case_id))
        .where(
            col(Case.process_id) == process,
            col(Case.municipality).in_(municipalities),
            col(Case.version_id).in_(versions),
            col(Event.type) == DeadlineChanged.__name__,
        )
        .order_by(col(Event.case_id), col(Event.seq))
    )
    last = {(case, case_id, key): data for case, case_id, key, data in tx.session.execute(changed)}
    for (case, case_id, key), data in last.items():
        closed = _closed(tx, case_id, key)
        for due in _changed(data).dues:
            for pause in due.pauses if due.kind in COUNTED else ():
                yield _still(case, pause.since, pause.until, closed)


def _closed(tx: Transaction, case_id: UUID, key: int) -> datetime | None:
    """When the task, step or timer of the Frist ended."""
    query = select(col(Event.at)).where(
        col(Event.case_id) == case_id, col(Event.key) == key, col(Event.type).in_(_CLOSINGS)
    )
    return tx.session.execute(query).scalar()


def still_offers(rows: Iterable[OfferRow]) -> Iterator[Still]:
    """Of the Fristen of handovers."""
    for promise in promises(rows):
        frist, offer = promise.frist, promise.offer
        if frist.kind not in COUNTED:
            continue
        for pause in offer.due[promise.name].get("pauses", ()):
            until = date.fromisoformat(pause["until"]) if pause["until"] else None
            still = _still(offer.case, date.fromisoformat(pause["since"]), until, None)
            over = offer.closed if frist.dropped else frist.done
            yield still._replace(end=_earlier(still.end, over))


def _still(case: str, since: date, until: date | None, closed: datetime | None) -> Still:
    end = _midnight(until + _DAY) if until is not None else None
    return Still(case, _midnight(since), _earlier(end, None if closed is None else to_microseconds(closed)))


def _midnight(day: date) -> int:
    return to_microseconds(datetime.combine(day, time(), ZONE))


def _earlier(one: Micros, other: Micros) -> Micros:
    return min((each for each in (one, other) if each is not None), default=None)


def net_figures(
    groups: Mapping[str, Sequence[CaseRow]], stills: Iterable[Still], watch: Stopwatch
) -> dict[str, Quantiles]:
    """The quantiles by AGS; not shown where they would tell of fewer than five suspended cases."""
    by_case: dict[str, list[Still]] = {}
    for still in stills:
        by_case.setdefault(still.case, []).append(still)
    found = {}
    for ags, rows in groups.items():
        suspended = sum(row.case in by_case for row in rows)
        durations = Durations(Measure.DURCHLAUFZEIT_NETTO, watch.clock.id)
        for row in rows:
            seconds, ended = watch.case(row)
            durations.add(row.case, (max(0.0, seconds - _off(row, by_case.get(row.case, ()), watch)), ended))
        few = 0 < suspended < MINIMUM or 0 < len(rows) - suspended < MINIMUM
        found[ags] = NOT_SHOWN if few else quantiles(durations.curve(), len(rows))
    return found


def _off(row: CaseRow, stills: Sequence[Still], watch: Stopwatch) -> float:
    """The seconds in which the case stood still, each counted once."""
    last = watch.now if row.ended is None else min(row.ended, watch.now)
    seconds, reached = 0.0, row.started
    for still in sorted(stills, key=lambda each: each.begin):
        begin, end = max(reached, still.begin), min(last, last if still.end is None else still.end)
        if end > begin:
            seconds += watch.clock.seconds(begin, end)
            reached = end
    return seconds
