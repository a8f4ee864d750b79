"""What messages brought to a case, for the Stelle in whose part they were awaited; others see nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlmodel import col, select

from staffel.api.cases.queries import unit_of
from staffel.api.cases.schemas import EntryKind, TimelineEntry
from staffel.api.cases.values import plain
from staffel.engine.actor import Actor
from staffel.engine.cases.record import read_event
from staffel.engine.cases.running import model_of
from staffel.engine.kernel.events import Closing, ElementCompleted, MessageClosed, TaskClosed, VariablesSet
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Event

_LONGEST = 100
"""Events at most between the arrival of a message and the end of the event that caught it."""


def arrivals(tx: Transaction, *, actor: Actor, case: Case) -> Iterator[TimelineEntry]:
    """Each message that came at an element of the actor's Stellen, with the values that it set."""
    elements = model_of(tx, case).program.elements
    query = select(Event).where(Event.case_id == case.id, Event.type == MessageClosed.__name__)
    for row in tx.session.exec(query.order_by(col(Event.seq))).all():
        element, closed = elements.get(row.element or ""), read_event(row.type, row.data)
        came = isinstance(closed, MessageClosed) and closed.closing is Closing.DONE
        if element is not None and came and actor.works_in(unit_of(case, element)):
            yield TimelineEntry(
                kind=EntryKind.MESSAGE,
                at=row.at,
                element=element.id,
                name=element.name,
                values=_brought(tx, row),
            )


def _brought(tx: Transaction, closed: Event) -> dict[str, Any]:
    """What was set between the message and the end of the event that caught it, and by nothing else."""
    query = select(Event).where(
        Event.case_id == closed.case_id, Event.seq > closed.seq, Event.at == closed.at
    )
    found: dict[str, Any] = {}
    for row in tx.session.exec(query.order_by(col(Event.seq)).limit(_LONGEST)):
        if row.type == ElementCompleted.__name__ and row.element == closed.element:
            return found
        if row.type in {MessageClosed.__name__, TaskClosed.__name__} and row.element != closed.element:
            closing = read_event(row.type, row.data)
            if getattr(closing, "closing", None) is Closing.DONE:
                break
        written = read_event(row.type, row.data) if row.type == VariablesSet.__name__ else None
        if isinstance(written, VariablesSet):
            found |= {name: plain(value) for name, value in written.values.items()}
    return {}
