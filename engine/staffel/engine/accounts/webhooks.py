"""Sources of signed messages (webhooks) of a municipality, by the scheme of Standard Webhooks 1.0.

No secret is kept: that of a source is derived from the operator's key and the source's id (HMAC-SHA256), so that a copy of
the database opens nothing. A new operator's key gives every source a new secret.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from staffel.engine.actor import Actor, Role, Scope
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.tables import Webhook

WINDOW = timedelta(minutes=5)
PREFIX = "whsec_"
_ID = re.compile(r"[A-Za-z0-9_-]{1,150}")
_SECONDS = re.compile(r"[0-9]{1,12}")


class WebhooksOff(Refusal):
    """Webhooks need the operator's key: STAFFEL_SECRET_KEY with at least 32 characters."""

    code = "webhooks-off"
    text_de = "Webhooks sind nicht eingerichtet; der Betrieb muss STAFFEL_SECRET_KEY setzen (mindestens 32 Zeichen)."


class SignatureRefused(Refusal):
    """No source signed this: unknown or ended source, wrong signature, or headers that are missing or malformed; check address, secret and headers."""

    status, code = 401, "webhook-signature"
    text_de = "Diese Nachricht ist von keiner bekannten Quelle gültig unterschrieben; bitte Adresse, Geheimnis und Kopfzeilen prüfen."


class OutsideWindow(Refusal):
    """The message is signed, but its time is more than five minutes off; check the clock and sign anew."""

    status, code = 401, "webhook-time"
    text_de = "Der Zeitstempel der Nachricht weicht um mehr als fünf Minuten ab; bitte die Uhr prüfen und neu unterschreiben."


class MessageNotAllowed(Refusal):
    """The source may not send messages of this name; the administration says which."""

    status, code = 403, "webhook-message"
    text_de = (
        "Diese Quelle darf Nachrichten dieses Namens nicht senden; die Administration legt fest, welche."
    )


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What came in: the three headers and the body as it was sent."""

    id: str
    timestamp: str
    signatures: str
    body: bytes


def secret_of(key: bytes, webhook_id: UUID) -> bytes:
    """The secret of a source. Raises `WebhooksOff` without a key."""
    if not key:
        raise WebhooksOff
    return hmac.new(key, b"staffel-webhook\0" + webhook_id.bytes, hashlib.sha256).digest()


def shown(secret: bytes) -> str:
    """The secret as senders take it: `whsec_…`."""
    return PREFIX + b64encode(secret).decode()


def sign(secret: bytes, signed: Signed) -> str:
    """The signature `v1,…` over id, timestamp and body."""
    content = b".".join((signed.id.encode(), signed.timestamp.encode(), signed.body))
    return "v1," + b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()


def create_webhook_as(
    tx: Transaction, *, actor: Actor, now: datetime, name: str, messages: Iterable[str], key: bytes
) -> tuple[UUID, str]:
    """A source that may send messages of these names to cases of the actor's municipality: its id and its secret."""
    actor.need(Role.ADMINISTRATION)
    webhook_id = create_webhook(tx, now=now, municipality=actor.municipality, name=name, messages=messages)
    secret = shown(secret_of(key, webhook_id))
    record(tx, actor=actor, now=now, action="webhook.create", subject=webhook_id, name=name)
    return webhook_id, secret


def create_webhook(
    tx: Transaction, *, now: datetime, municipality: str, name: str, messages: Iterable[str]
) -> UUID:
    """Add a source."""
    webhook = Webhook(
        id=new_id(now), municipality=municipality, name=name, messages=sorted(set(messages)), created_at=now
    )
    tx.session.add(webhook)
    tx.flush()
    return webhook.id


def end_webhook_as(tx: Transaction, *, actor: Actor, now: datetime, webhook_id: UUID) -> None:
    """From now on nothing of the source is taken."""
    actor.need(Role.ADMINISTRATION)
    webhook = tx.session.get(Webhook, webhook_id)
    if webhook is None or webhook.municipality != actor.municipality:
        raise NotFound("There is no such webhook.")
    webhook.ended_at = webhook.ended_at or now
    record(tx, actor=actor, now=now, action="webhook.end", subject=webhook_id)


def webhooks(tx: Transaction, *, actor: Actor) -> Sequence[Webhook]:
    """The sources of the actor's municipality, the newest first."""
    actor.need(Role.ADMINISTRATION)
    query = select(Webhook).where(col(Webhook.municipality) == actor.municipality)
    return tx.session.exec(query.order_by(col(Webhook.created_at).desc(), col(Webhook.id))).all()


def source_of(tx: Transaction, *, now: datetime, webhook_id: UUID, signed: Signed, key: bytes) -> Webhook:
    """The source that signed. Raises `SignatureRefused`, `OutsideWindow`."""
    webhook = tx.session.get(Webhook, webhook_id)
    if webhook is None or webhook.ended_at is not None or not key:
        raise SignatureRefused
    if not (_ID.fullmatch(signed.id) and _SECONDS.fullmatch(signed.timestamp)):
        raise SignatureRefused
    right = sign(secret_of(key, webhook_id), signed).encode()
    given = signed.signatures.encode().split(b" ")[:10]
    if not any(hmac.compare_digest(right, each) for each in given):
        raise SignatureRefused
    if abs(now.timestamp() - int(signed.timestamp)) > WINDOW.total_seconds():
        raise OutsideWindow
    return webhook


def sender(webhook: Webhook) -> Actor:
    """The source as the one who sends messages."""
    return Actor(name=webhook.name, municipality=webhook.municipality, scopes=frozenset({Scope.MESSAGES}))
