"""Signed messages from outside systems (Standard Webhooks): the administration names the sources, they send."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status

from staffel.api.dependencies import Asked
from staffel.api.messages.schemas import DeliveryOut
from staffel.api.schemas import Id
from staffel.api.webhooks import service
from staffel.api.webhooks.schemas import MadeWebhook, NewWebhook, WebhookOut
from staffel.engine.accounts import webhooks
from staffel.engine.accounts.webhooks import Signed

router = APIRouter(tags=["messages"])


async def signed_request(request: Request) -> Signed:
    """Dependency: the headers and the body as it was sent, which the signature is over."""
    return Signed(
        id=request.headers.get("webhook-id", ""),
        timestamp=request.headers.get("webhook-timestamp", ""),
        signatures=request.headers.get("webhook-signature", ""),
        body=await request.body(),
    )


@router.get("/webhooks", summary="List webhooks")
def list_webhooks(asked: Asked) -> list[WebhookOut]:
    """The sources of one's own municipality, without their secrets. For the administration."""
    return asked.database.read(service.list_all, actor=asked.actor)


@router.post("/webhooks", status_code=status.HTTP_201_CREATED, summary="Make a webhook")
def create_webhook(body: NewWebhook, asked: Asked, request: Request) -> MadeWebhook:
    """The secret is in this answer and nowhere else; it is derived from the operator's key, not kept."""
    return asked.database.run(
        service.make,
        actor=asked.actor,
        now=asked.now,
        name=body.name,
        messages=body.messages,
        key=request.app.state.settings.webhook_key,
    )


@router.delete("/webhooks/{webhook_id}", status_code=status.HTTP_204_NO_CONTENT, summary="End a webhook")
def end_webhook(webhook_id: Id, asked: Asked) -> None:
    """From now on nothing of the source is taken."""
    asked.database.run(webhooks.end_webhook_as, actor=asked.actor, now=asked.now, webhook_id=webhook_id)


@router.post("/hooks/{hook_id}", summary="Receive a webhook")
def receive_webhook(
    hook_id: Id, request: Request, signed: Annotated[Signed, Depends(signed_request)]
) -> DeliveryOut:
    """For the source itself, by signature: `webhook-id`, `webhook-timestamp` (seconds), `webhook-signature` (`v1,…`).

    The body is JSON: `type` (name of the message), `correlation` (usually the Aktenzeichen), `data`. It may be five
    minutes old; sent again with the same `webhook-id` it is delivered once and answered alike.
    """
    delivery = request.app.state.database.run(
        service.receive,
        now=request.app.state.clock(),
        webhook_id=hook_id,
        signed=signed,
        key=request.app.state.settings.webhook_key,
    )
    return DeliveryOut(message_id=delivery.message_id, is_received=delivery.case_id is not None)
