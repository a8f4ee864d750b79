"""A signed message, checked and delivered in one transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from staffel.api.webhooks.schemas import MadeWebhook, WebhookMessage, WebhookOut
from staffel.engine import cases
from staffel.engine.accounts import webhooks
from staffel.engine.accounts.webhooks import Signed
from staffel.engine.actor import Actor
from staffel.engine.errors import Refusal
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Webhook


class WebhookFaulty(Refusal):
    """The body is signed but not shaped as expected: JSON with `type`, `correlation`, `data`."""

    status, code = 422, "webhook-body"
    text_de = "Der Inhalt hat nicht die erwartete Form: JSON mit „type“, „correlation“ und „data“."


def receive(
    tx: Transaction, *, now: datetime, webhook_id: UUID, signed: Signed, key: bytes
) -> cases.Delivery:
    """Deliver the message once, however often it is sent. Nothing of the body is read before its signature holds."""
    source = webhooks.source_of(tx, now=now, webhook_id=webhook_id, signed=signed, key=key)
    try:
        message = WebhookMessage.model_validate_json(signed.body)
    except ValidationError as err:
        places = [".".join(str(part) for part in each["loc"]) or "body" for each in err.errors()]
        raise WebhookFaulty(places=places) from err
    if message.type not in source.messages:
        raise webhooks.MessageNotAllowed(message=message.type)
    return cases.deliver_message(
        tx,
        actor=webhooks.sender(source),
        now=now,
        name=message.type,
        correlation=message.correlation,
        payload=message.data,
        key=f"webhook:{webhook_id}:{signed.id}",
    )


def make(
    tx: Transaction, *, actor: Actor, now: datetime, name: str, messages: list[str], key: bytes
) -> MadeWebhook:
    """A new source with its secret."""
    webhook_id, secret = webhooks.create_webhook_as(
        tx, actor=actor, now=now, name=name, messages=messages, key=key
    )
    made = WebhookOut.model_validate(tx.session.get_one(Webhook, webhook_id))
    return MadeWebhook(**made.model_dump(), secret=secret)


def list_all(tx: Transaction, *, actor: Actor) -> list[WebhookOut]:
    """The sources of the actor's municipality."""
    return [WebhookOut.model_validate(each) for each in webhooks.webhooks(tx, actor=actor)]
