"""Due timers: fired inside the transaction that locks their case, so that each fires once, whoever dies when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from staffel.engine.cases.running import carry_out
from staffel.engine.cases.selfstart import start_by_timer
from staffel.engine.kernel import FireTimer
from staffel.engine.library import deployed
from staffel.engine.library.starts import rearm
from staffel.engine.store import Transaction
from staffel.engine.store.tables import CaseStatus, Timer


def due_timers(tx: Transaction, *, now: datetime, limit: int = 100) -> list[UUID]:
    """Timers that are due at `now`, the longest due first."""
    return tx.hot.due_timers(now, limit)


def fire_timer(tx: Transaction, *, now: datetime, timer_id: UUID) -> bool:
    """Fire a timer. False when it is gone, or when its case is busy: then it stays due."""
    place = tx.hot.place("timer", timer_id)
    if place is None:
        return False
    case_id, key = place
    if case_id is None:
        return _fire_start_timer(tx, timer_id, now)
    case = tx.hot.free_case(case_id)
    if case is None or case.status != CaseStatus.RUNNING or tx.hot.place("timer", timer_id) is None:
        return False
    carry_out(tx, case=case, command=FireTimer(key=key), now=now)
    return True


def fire_due_timers(tx: Transaction, *, now: datetime, limit: int = 100) -> int:
    """Fire what is due in this one transaction. Returns how many; for the simulation and for tests."""
    return sum(fire_timer(tx, now=now, timer_id=timer) for timer in due_timers(tx, now=now, limit=limit))


def _fire_start_timer(tx: Transaction, timer_id: UUID, now: datetime) -> bool:
    """Start a case and set the next repetition; a version that is not in force any more starts none."""
    query = select(Timer).where(Timer.id == timer_id).with_for_update(skip_locked=True)
    timer = tx.session.exec(query.execution_options(populate_existing=True)).first()
    if timer is None or timer.version_id is None:
        return False
    version_id, municipality, element = timer.version_id, timer.municipality or "", timer.element
    started = start_by_timer(tx, version_id=version_id, municipality=municipality, element=element, now=now)
    if started is not None:
        starts = deployed(tx, version_id).program.starts
        rearm(tx, timer, next(start for start in starts if start.element == element))
    tx.session.delete(timer)
    tx.flush()
    return started is not None
