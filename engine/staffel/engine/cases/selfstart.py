"""Cases that begin by themselves: by a message, a signal or a timer of a version in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from staffel.engine.cases.starting import ReferenceTaken, begin, starter_of
from staffel.engine.errors import NotFound
from staffel.engine.kernel import Start
from staffel.engine.library import Deployed, deployed, version_for
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import Subscription, SubscriptionKind


def start_by(
    tx: Transaction,
    *,
    kind: SubscriptionKind,
    name: str,
    municipality: str,
    payload: Mapping[str, Any],
    now: datetime,
    reference: str = "",
    begun: Collection[tuple[UUID, str]] = (),
) -> list[UUID]:
    """Start the cases that a message (at most one) or signal begins in the municipality.

    `begun` are model versions and their start events at which a case has just taken it.
    """
    query = (
        select(Subscription)
        .where(
            Subscription.kind == kind,
            Subscription.name == name,
            col(Subscription.case_id).is_(None),
            or_(col(Subscription.municipality).is_(None), col(Subscription.municipality) == municipality),
        )
        .order_by(col(Subscription.id))
    )
    started: list[UUID] = []
    for each in tx.session.exec(query).all():
        if each.version_id is None or not is_current(tx, each.version_id, municipality, now):
            continue
        if (each.version_id, each.element) in begun:
            continue
        start = Start(element=each.element, payload=payload, trigger=each.trigger)
        started.append(
            _begin(
                tx,
                version_id=each.version_id,
                municipality=municipality,
                start=start,
                now=now,
                reference=reference,
            )
        )
        if kind is SubscriptionKind.MESSAGE:
            break
    return started


def start_by_timer(
    tx: Transaction, *, version_id: UUID, municipality: str, element: str, now: datetime
) -> UUID | None:
    """Start the case that a start timer begins; None when another version is in force by now."""
    if not is_current(tx, version_id, municipality, now):
        return None
    return _begin(tx, version_id=version_id, municipality=municipality, start=Start(element=element), now=now)


def is_current(tx: Transaction, version_id: UUID, municipality: str, now: datetime) -> bool:
    """Whether new cases of the municipality use this version now."""
    model = deployed(tx, version_id)
    try:
        return (
            version_for(tx, process_key=model.process_key, municipality=municipality, key_date=now)
            == version_id
        )
    except NotFound:
        return False


def _begin(
    tx: Transaction, *, version_id: UUID, municipality: str, start: Start, now: datetime, reference: str = ""
) -> UUID:
    """The case is called as the message is correlated, or by date and a part of an id."""
    model: Deployed = deployed(tx, version_id)
    starter = starter_of(tx, model, municipality, start.element or "")
    own = f"{now:%Y-%m-%d}-{new_id(now).hex[-8:]}"
    for name in filter(None, (reference, f"{reference}-{own}" if reference else own)):
        try:
            return begin(
                tx,
                model=model,
                municipality=municipality,
                starter=starter,
                reference=name,
                start=start,
                now=now,
            )
        except ReferenceTaken:
            continue
    raise ReferenceTaken(reference=reference)
