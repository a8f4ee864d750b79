"""Messages and signals from outside: from programs with the scope `messages`; people send messages to cases of their own Stelle."""

from __future__ import annotations

from fastapi import APIRouter

from staffel.api.dependencies import Asked
from staffel.api.messages.schemas import DeliveryOut, MessageIn, SignalIn, SignalOut
from staffel.engine import cases

router = APIRouter(tags=["messages"])


@router.post("/messages", summary="Send a message")
def send_message(body: MessageIn, asked: Asked) -> DeliveryOut:
    """To the one case of the municipality that waits for it; it may also start one."""
    delivery = asked.database.run(
        cases.deliver_message,
        actor=asked.actor,
        now=asked.now,
        name=body.name,
        correlation=body.correlation,
        payload=body.payload,
        time_to_live=body.time_to_live,
        key=body.key,
    )
    return DeliveryOut(message_id=delivery.message_id, is_received=delivery.case_id is not None)


@router.post("/signals", summary="Broadcast a signal")
def broadcast_signal(body: SignalIn, asked: Asked) -> SignalOut:
    """To every case of the municipality that waits for it; it may also start cases."""
    reached = asked.database.run(
        cases.broadcast_signal,
        actor=asked.actor,
        now=asked.now,
        name=body.name,
        payload=body.payload,
        key=body.key,
    )
    return SignalOut(cases=reached)
