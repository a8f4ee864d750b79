"""Handovers between Stellen: what the receiver does, and what the sender does."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from staffel.api.dependencies import Asked
from staffel.api.handovers import queries
from staffel.api.handovers.queries import HandoverFilter
from staffel.api.handovers.schemas import Direction, HandoverDetail, HandoverSummary, Return, Withdrawal
from staffel.api.handovers.service import read_handover
from staffel.api.schemas import Cursor, Id, Limit, Page
from staffel.engine import cases
from staffel.engine.store.tables import HandoverStatus

router = APIRouter(prefix="/handovers", tags=["handovers"])


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


@router.post("/{handover_id}/acknowledge", summary="Confirm the arrival")
def acknowledge_handover(handover_id: Id, asked: Asked) -> HandoverDetail:
    """For the receiving Stelle (Eingangsbestätigung). Responsibility stays with the sender."""
    asked.database.run(cases.acknowledge_handover, actor=asked.actor, now=asked.now, handover_id=handover_id)
    return get_handover(handover_id, asked)


@router.post("/{handover_id}/accept", summary="Accept a handover")
def accept_handover(handover_id: Id, asked: Asked) -> HandoverDetail:
    """For the receiving Stelle: responsibility moves to it, and the case goes on."""
    asked.database.run(cases.accept_handover, actor=asked.actor, now=asked.now, handover_id=handover_id)
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
