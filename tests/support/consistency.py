"""Whether what is stored of cases fits together: events, state, rows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from staffel.engine.cases.facts import Fact
from staffel.engine.cases.record import read_event
from staffel.engine.kernel import decode_state, encode_state
from staffel.engine.kernel.apply import fold
from staffel.engine.kernel.positions import kind_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import (
    Case,
    Event,
    Handover,
    Incident,
    StepDeadline,
    Subscription,
    Task,
    Timer,
    Work,
)


def faults(tx: Transaction) -> list[str]:
    """Everything that does not fit; empty when all is well."""
    events: dict[UUID, list[Any]] = defaultdict(list)
    for event in tx.session.exec(select(Event).order_by(col(Event.case_id), col(Event.seq))):
        events[event.case_id].append(event)
    found = []
    for case in tx.session.exec(select(Case)):
        own = events[case.id]
        if [event.seq for event in own] != list(range(1, case.seq + 1)):
            found.append(f"{case.reference}: events are not 1 to {case.seq}")
        told = [read_event(event.type, event.data) for event in own]
        state = decode_state(case.state)
        if encode_state(fold(event for event in told if not isinstance(event, Fact))) != encode_state(state):
            found.append(f"{case.reference}: the events do not lead to the state")
        waits = sorted((key, kind_of(wait)) for key, wait in state.waits.items())
        rows = _waiting(tx, case.id)
        if waits != rows:
            found.append(f"{case.reference}: the state waits for {waits}, the rows for {rows}")
    return found


def _waiting(tx: Transaction, case_id: UUID) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for kind, table in (("task", Task), ("work", Work), ("incident", Incident), ("frist", StepDeadline)):
        query = select(table.key).where(table.case_id == case_id, col(table.closed_at).is_(None))
        found += [(key, kind) for key in tx.session.exec(query)]
    waiting = col(Handover.closed_at).is_(None) | col(Handover.waits)
    handovers = select(Handover.key).where(Handover.case_id == case_id, waiting)
    found += [(key, "handover") for key in tx.session.exec(handovers)]
    found += [(key, "timer") for key in tx.session.exec(select(Timer.key).where(Timer.case_id == case_id))]
    subscriptions = select(Subscription.key, Subscription.kind).where(Subscription.case_id == case_id)
    found += [(key, str(kind)) for key, kind in tx.session.exec(subscriptions)]
    return sorted(found)
