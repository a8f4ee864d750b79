"""Handovers between Stellen: what the receiver does, and what the sender does."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from staffel.api.dependencies import Asked
from staffel.api.handovers import coordination, queries
from staffel.api.handovers.queries import HandoverFilter
from staffel.api.handovers.schemas import (
    Acceptance,
    Conversation,
    Direction,
    HandoverDetail,
    HandoverSummary,
    Informed,
    LateHandover,
    Return,
    Supplement,
    SupplementRequest,
    Withdrawal,
)
from staffel.api.handovers.service import read_handover
from staffel.api.schemas import Cursor, Id, Limit, Page
from staffel.engine import cases
from staffel.engine.store.tables import HandoverStatus

router = APIRouter(prefix="/handovers", tags=["handovers"])
late_router = APIRouter(prefix="/coordination/handovers", tags=["coordination"])


@router.get("", summary="List handovers")
def list_handovers(
    asked: Asked,
    *,
    direction: Direction | None = None,
    status: HandoverStatus | None = None,
    unit: Annotated[UUID | None, Query(description="To or from this Stelle")] = None,
    overdue: Annotated[bool, Query(description="Only those whose Frist has passed")] = False,
    reference: Annotated[str | None, Query(max_length=200, description="Part of the Aktenzeichen")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[HandoverSummary]:
    """The oldest offer first. Without `status`, those that are open or wait to be offered again."""
    wanted = HandoverFilter(
        direction=direction, status=status, unit=unit, overdue=overdue, reference=reference
    )
    return asked.database.read(
        queries.list_handovers,
        actor=asked.actor,
        now=asked.now,
        wanted=wanted,
        cursor=cursor,
        limit=limit,
    )


@router.get("/{handover_id}", summary="Get a handover")
def get_handover(handover_id: Id, asked: Asked) -> HandoverDetail:
    """The handover with the data that travels."""
    return asked.database.read(read_handover, actor=asked.actor, now=asked.now, handover_id=handover_id)


@router.post("/{handover_id}/read", summary="Note that it was opened")
def note_handover_read(handover_id: Id, asked: Asked) -> HandoverDetail:
    """For the receiving Stelle, when a person has opened it; the first time counts. The page notes it by itself."""
    asked.database.run(cases.note_read, actor=asked.actor, now=asked.now, handover_id=handover_id)
    return get_handover(handover_id, asked)


@router.post("/{handover_id}/acknowledge", summary="Confirm the arrival")
def acknowledge_handover(handover_id: Id, asked: Asked) -> HandoverDetail:
    """For the receiving Stelle (Eingangsbestätigung). Responsibility stays with the sender."""
    asked.database.run(cases.acknowledge_handover, actor=asked.actor, now=asked.now, handover_id=handover_id)
    return get_handover(handover_id, asked)


@router.post("/{handover_id}/accept", summary="Accept a handover")
def accept_handover(handover_id: Id, asked: Asked, body: Acceptance | None = None) -> HandoverDetail:
    """For the receiving Stelle: responsibility moves to it, and the case goes on."""
    asked.database.run(
        cases.accept_handover,
        actor=asked.actor,
        now=asked.now,
        handover_id=handover_id,
        reference=body.reference if body else "",
    )
    return get_handover(handover_id, asked)


@router.post("/{handover_id}/conversation", summary="Record the joint talk")
def record_conversation(handover_id: Id, body: Conversation, asked: Asked) -> HandoverDetail:
    """For either Stelle, before acceptance. Where the rule requires it, nothing is accepted without it."""
    asked.database.run(
        cases.record_conversation,
        actor=asked.actor,
        now=asked.now,
        handover_id=handover_id,
        on=body.on,
        participants=body.participants,
    )
    return get_handover(handover_id, asked)


@router.post("/{handover_id}/request-supplement", summary="Ask for what is missing")
def request_supplement(handover_id: Id, body: SupplementRequest, asked: Asked) -> HandoverDetail:
    """For the receiving Stelle, instead of a return: the offer stays, the sender adds to it."""
    asked.database.run(
        cases.request_supplement,
        actor=asked.actor,
        now=asked.now,
        handover_id=handover_id,
        missing=body.missing,
        text=body.text,
    )
    return get_handover(handover_id, asked)


@router.post("/{handover_id}/supplement", summary="Add what was missing")
def supplement_handover(handover_id: Id, asked: Asked, body: Supplement | None = None) -> HandoverDetail:
    """For the sending Stelle: the data set is composed anew from today's values and those that are sent with it."""
    asked.database.run(
        cases.supplement_handover,
        actor=asked.actor,
        now=asked.now,
        handover_id=handover_id,
        values=body.values if body else None,
    )
    return get_handover(handover_id, asked)


@router.post("/{handover_id}/person-informed", summary="Note that the person was told")
def inform_person(handover_id: Id, body: Informed, asked: Asked) -> HandoverDetail:
    """For the sending Stelle, where the rule says what the person is told."""
    asked.database.run(
        cases.inform_person,
        actor=asked.actor,
        now=asked.now,
        handover_id=handover_id,
        language=body.language,
    )
    return get_handover(handover_id, asked)


@router.post("/{handover_id}/return", summary="Return a handover")
def return_handover(handover_id: Id, body: Return, asked: Asked) -> HandoverDetail:
    """For the receiving Stelle, with a reason that the rule allows. Legal dates stay as they are."""
    asked.database.run(
        cases.return_handover,
        actor=asked.actor,
        now=asked.now,
        handover_id=handover_id,
        reason=body.reason,
        text=body.text,
    )
    return get_handover(handover_id, asked)


@router.post("/{handover_id}/withdraw", summary="Withdraw a handover")
def withdraw_handover(handover_id: Id, body: Withdrawal, asked: Asked) -> HandoverDetail:
    """For the sending Stelle, before it is accepted."""
    asked.database.run(
        cases.withdraw_handover,
        actor=asked.actor,
        now=asked.now,
        handover_id=handover_id,
        reason=body.reason,
    )
    return get_handover(handover_id, asked)


@router.post("/{handover_id}/offer", summary="Offer a handover again")
def offer_handover(handover_id: Id, asked: Asked) -> HandoverDetail:
    """For the sending Stelle: what came back and waits on the flow is offered anew, with today's values."""
    asked.database.run(cases.offer_handover, actor=asked.actor, now=asked.now, handover_id=handover_id)
    return get_handover(handover_id, asked)


@late_router.get("", summary="List overdue handovers")
def list_late_handovers(asked: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[LateHandover]:
    """For the coordination of the municipality: between whom, which Frist, how late. No values of the case."""
    return asked.database.read(
        coordination.late_handovers, actor=asked.actor, now=asked.now, cursor=cursor, limit=limit
    )


@late_router.post("/{late_id}/remind", summary="Remind the Stelle that is late", status_code=204)
def remind_handover(late_id: Id, asked: Asked) -> None:
    """For the coordination. It tells the late Stelle's people and changes nothing else."""
    asked.database.run(cases.remind, actor=asked.actor, now=asked.now, handover_id=late_id)


@late_router.post("/{late_id}/escalate", summary="Tell the next level of the path", status_code=204)
def escalate_handover(late_id: Id, asked: Asked) -> None:
    """For the coordination: the agreed path's next step now. Nobody takes over another Stelle's task."""
    asked.database.run(cases.escalate, actor=asked.actor, now=asked.now, handover_id=late_id)
