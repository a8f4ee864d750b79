"""Messages and signals from outside: from programs with the scope `messages`; people send messages to cases of their own Stelle."""

from __future__ import annotations

from fastapi import APIRouter

from staffel.api.dependencies import Asked
from staffel.api.messages.queries import read_awaited
from staffel.api.messages.schemas import ArrivalIn, AwaitedOut, DeliveryOut, MessageIn, SignalIn, SignalOut
from staffel.api.schemas import Id
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


@router.get("/cases/{case_id}/messages", summary="List the messages that a case waits for")
def list_awaited(case_id: Id, asked: Asked) -> list[AwaitedOut]:
    """As long as my Stelle holds the case."""
    return asked.database.read(read_awaited, actor=asked.actor, case_id=case_id)


@router.post("/cases/{case_id}/messages", summary="Enter a message that came by letter or visit")
def enter_message(case_id: Id, body: ArrivalIn, asked: Asked) -> list[AwaitedOut]:
    """For the Stelle that holds the case: it goes on as if the message had been sent to it.

    The values are checked against the form of the event (422 `values-refused`; 409 `values-doubtful`).
    """
    asked.database.run(
        cases.enter_message,
        actor=asked.actor,
        now=asked.now,
        case_id=case_id,
        name=body.name,
        values=body.values,
        confirmed=body.confirmed,
    )
    return list_awaited(case_id, asked)


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
