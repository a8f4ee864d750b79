"""Messages and signals across cases: exactly one receiver for a message, everybody who waits for a signal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam
from sqlmodel import col, delete, exists, func, or_, select

from staffel.engine.actor import Actor
from staffel.engine.cases import policy
from staffel.engine.cases.projection import TIME_TO_LIVE
from staffel.engine.cases.running import KeyUsed, carry_out, find_case
from staffel.engine.cases.selfstart import start_by
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.feel.codec import decode_values, encode_values
from staffel.engine.kernel import DeliverMessage, DeliverSignal
from staffel.engine.library.forms import read_free_values
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import Case, CaseStatus, Message, Subscription, SubscriptionKind

REACHED = "reached"
"""Under this name the record of a signal that was sent with a key keeps how many cases it reached."""
MOST_RECEIVERS = 20
"""How many of those that wait for the same message are tried; the first that still waits receives it."""


class MessageNameMissing(Refusal):
    """A message or signal needs a name."""

    status, code = 422, "message-name-missing"
    text_de = "Eine Nachricht oder ein Signal braucht einen Namen."


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message. `case_id` None: kept until somebody waits for it or its time to live ends."""

    message_id: UUID
    case_id: UUID | None = None


def deliver_message(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    name: str,
    correlation: str = "",
    payload: Mapping[str, Any] | None = None,
    time_to_live: timedelta | None = None,
    key: str | None = None,
) -> Delivery:
    """Give a message to the one case of the actor's municipality that waits for it, or let it start one.

    Without a receiver it is kept for `time_to_live` (default 30 days; zero: not at all). The same `key` again gives
    the same answer and delivers nothing (`KeyUsed` for another message). A person's message goes to a case that the own Stelle holds and that waits
    for it, or is refused (`NotFound`).
    """
    units = policy.send_messages(actor)
    if not name:
        raise MessageNameMissing
    before = _sent_before(tx, actor, key, (SubscriptionKind.MESSAGE, name, correlation))
    if before is not None:
        return Delivery(message_id=before.id, case_id=before.case_id)
    message = Message(
        id=new_id(now),
        municipality=actor.municipality,
        name=name,
        correlation=correlation,
        payload=encode_values(read_free_values(payload or {})),
        sent_at=now,
        expires_at=now + (TIME_TO_LIVE if time_to_live is None else time_to_live),
        key=key,
    )
    receiver = _deliver(tx, message, now, units)
    if receiver is None and units is not None:
        raise NotFound(
            "No case of your Stelle waits for this message.",
            text_de="Kein Vorgang Ihrer Stelle wartet auf diese Nachricht.",
        )
    tx.session.add(message)
    tx.flush()
    return Delivery(message_id=message.id, case_id=receiver)


def broadcast_signal(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    name: str,
    payload: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> int:
    """Give a signal to every case of the municipality that waits for it, and let it start cases. Returns how many.

    The same `key` again gives the same answer and broadcasts nothing (`KeyUsed` for another signal).
    """
    policy.send_signals(actor)
    if not name:
        raise MessageNameMissing
    before = _sent_before(tx, actor, key, (SubscriptionKind.SIGNAL, name, ""))
    if before is not None:
        return int(decode_values(before.payload)[REACHED])
    reached = _broadcast(tx, actor.municipality, name, read_free_values(payload or {}), now)
    if key is not None:
        answer = encode_values({REACHED: Decimal(reached)})
        tx.session.add(
            Message(
                id=new_id(now),
                municipality=actor.municipality,
                kind=SubscriptionKind.SIGNAL,
                name=name,
                payload=answer,
                sent_at=now,
                received_at=now,
                key=key,
            )
        )
        tx.flush()
    return reached


def _sent_before(
    tx: Transaction, actor: Actor, key: str | None, meant: tuple[SubscriptionKind, str, str]
) -> Message | None:
    """What the municipality has sent with this key. Raises `KeyUsed` when kind, name or correlation were others."""
    if key is None:
        return None
    earlier = select(Message).where(Message.municipality == actor.municipality, Message.key == key)
    before = tx.session.exec(earlier).first()
    if before is not None and (before.kind, before.name, before.correlation) != meant:
        raise KeyUsed(key=key)
    return before


def kept_messages(tx: Transaction, *, limit: int = 100) -> list[UUID]:
    """Messages that somebody waits for by now, and signals that cases have thrown, the oldest first."""
    waiting = [message_id for message_id, _ in tx.hot.waiting_messages(limit)]
    starts = exists().where(
        col(Subscription.kind) == SubscriptionKind.MESSAGE,
        col(Subscription.case_id).is_(None),
        col(Subscription.name) == col(Message.name),
        func.coalesce(Subscription.municipality, Message.municipality) == Message.municipality,
    )
    query = (
        select(Message.id)
        .where(
            col(Message.received_at).is_(None),
            or_(col(Message.kind) == SubscriptionKind.SIGNAL, starts),
        )
        .order_by(col(Message.id))
        .limit(limit)
    )
    return sorted({*waiting, *tx.session.exec(query)})[:limit]


def deliver_kept_message(tx: Transaction, *, now: datetime, message_id: UUID) -> bool:
    """Deliver one. False when nobody takes it (any more), or when somebody else is delivering it."""
    query = select(Message).where(Message.id == message_id, col(Message.received_at).is_(None))
    locked = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    message = tx.session.exec(locked).first()
    if message is None:
        return False
    if message.kind == SubscriptionKind.MESSAGE:
        received = _deliver(tx, message, now) is not None
        tx.flush()
        return received
    payload = decode_values(message.payload)
    message.received_at = now
    tx.session.add(message)
    _broadcast(tx, message.municipality, message.name, payload, now, but=message.source_case)
    return True


def deliver_kept_messages(tx: Transaction, *, now: datetime, limit: int = 100) -> int:
    """Deliver all kept ones in this one transaction. Returns how many; for the simulation and for tests."""
    messages = kept_messages(tx, limit=limit)
    return sum(deliver_kept_message(tx, now=now, message_id=message) for message in messages)


def expire_messages(tx: Transaction, *, now: datetime) -> int:
    """Forget messages whose time to live has ended. Returns how many."""
    gone = delete(Message).where(col(Message.received_at).is_(None), col(Message.expires_at) <= now)
    return int(tx.session.execute(gone).rowcount)  # type: ignore[attr-defined]  # a DELETE has one


def _deliver(
    tx: Transaction, message: Message, now: datetime, units: frozenset[UUID] | None = None
) -> UUID | None:
    """Give the message to whoever waits for it (in cases that one of `units` holds), and say in it who received it and when."""
    for subscription_id in _waiting(tx, message, units):
        receiver = _give(tx, message, subscription_id, now, units)
        if receiver is not None:
            return receiver
    if units is not None:
        return None
    payload = decode_values(message.payload)
    started = start_by(
        tx,
        kind=SubscriptionKind.MESSAGE,
        name=message.name,
        municipality=message.municipality,
        reference=message.correlation,
        payload=payload,
        now=now,
    )
    if started:
        message.received_at, message.case_id = now, started[0]
        return started[0]
    return None


_WAITING = (
    select(Subscription.id)
    .where(
        Subscription.kind == SubscriptionKind.MESSAGE,
        Subscription.name == bindparam("name"),
        Subscription.municipality == bindparam("municipality"),
        Subscription.correlation == bindparam("correlation"),
        col(Subscription.case_id).is_not(None),
    )
    .order_by(col(Subscription.id))
    .limit(MOST_RECEIVERS)
)
_WAITING_HERE = _WAITING.join(Case, col(Case.id) == col(Subscription.case_id)).where(
    col(Case.responsible_unit).in_(bindparam("units", expanding=True))
)


def _waiting(tx: Transaction, message: Message, units: frozenset[UUID] | None) -> list[UUID]:
    """Who waits for the message, the longest waiting first: references of two processes may be equal."""
    tx.flush()
    wanted = {
        "name": message.name,
        "municipality": message.municipality,
        "correlation": message.correlation,
        "units": list(units or ()),
    }
    return list(tx.connection.execute(_WAITING if units is None else _WAITING_HERE, wanted).scalars())


def _give(
    tx: Transaction, message: Message, subscription_id: UUID, now: datetime, units: frozenset[UUID] | None
) -> UUID | None:
    """Deliver to the case that waits; None when it stopped waiting while its lock was being waited for."""
    place = tx.hot.place("subscription", subscription_id)
    case_id, key = place or (None, 0)
    if case_id is None:
        return None
    case = find_case(tx, case_id)
    if units is not None and case.responsible_unit not in units:
        return None
    if case.status != CaseStatus.RUNNING or tx.hot.place("subscription", subscription_id) is None:
        return None
    command = DeliverMessage(key=key, payload=decode_values(message.payload))
    carry_out(tx, case=case, command=command, now=now)
    message.received_at, message.case_id = now, case_id
    return case_id


def _broadcast(
    tx: Transaction,
    municipality: str,
    name: str,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    but: UUID | None = None,
) -> int:
    """Cases are locked in the order of their ids, so that two signals cannot wait for each other.

    A case that another trigger of its start event began takes the signal; it begins no further one there (§10.5.2).
    """
    reached, begun = 0, set[tuple[UUID, str]]()
    for case_id, elements in _places(tx, municipality, name).items():
        if case_id == but:
            continue
        case = find_case(tx, case_id)
        if case.status == CaseStatus.RUNNING:
            begun |= {(case.version_id, element) for element in elements}
            carry_out(tx, case=case, command=DeliverSignal(name=name, payload=payload), now=now)
            reached += 1
    started = start_by(
        tx,
        kind=SubscriptionKind.SIGNAL,
        name=name,
        municipality=municipality,
        payload=payload,
        now=now,
        begun=begun,
    )
    return reached + len(started)


def _places(tx: Transaction, municipality: str, name: str) -> dict[UUID, set[str]]:
    """Where cases wait for the signal, case by case in the order of their ids."""
    query = (
        select(Subscription.case_id, Subscription.element)
        .where(
            Subscription.kind == SubscriptionKind.SIGNAL,
            Subscription.name == name,
            Subscription.municipality == municipality,
            col(Subscription.case_id).is_not(None),
        )
        .distinct()
        .order_by(col(Subscription.case_id))
    )
    places: dict[UUID, set[str]] = {}
    for case_id, element in tx.session.exec(query).all():
        if case_id is not None:
            places.setdefault(case_id, set()).add(element)
    return places
