"""Fristen of a case: how each was computed, and what people do with those that run."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from staffel.api.deadlines import queries
from staffel.api.deadlines.schemas import DeadlineOut, Prolongation, Resumption, Suspension, WaitingDeadline
from staffel.api.deadlines.waiting import list_waiting
from staffel.api.dependencies import Asked
from staffel.api.schemas import Cursor, Id, Limit, Page
from staffel.engine import cases

router = APIRouter(prefix="/cases/{case_id}/deadlines", tags=["deadlines"])
waiting = APIRouter(prefix="/deadlines", tags=["deadlines"])
Key = Annotated[int, Path(ge=0, le=2**31 - 1, description="`key` of the Frist")]
Place = Annotated[int, Path(ge=0, le=1000, description="`place` of the Frist")]


@waiting.get("", summary="List the Fristen of steps without a task")
def list_waiting_deadlines(asked: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[WaitingDeadline]:
    """Running Fristen of my own Stellen whose steps wait for outside work, a message or other steps, by their ends."""
    return asked.database.read(list_waiting, actor=asked.actor, now=asked.now, cursor=cursor, limit=limit)


@router.get("", summary="List the Fristen of a case")
def list_deadlines(case_id: Id, asked: Asked) -> list[DeadlineOut]:
    """Those of my own Stellen and of handovers from and to them, with state and computation."""
    return asked.database.read(queries.deadlines_of_case, actor=asked.actor, now=asked.now, case_id=case_id)


@router.get("/{key}/{place}", summary="Get a Frist")
def get_deadline(case_id: Id, key: Key, place: Place, asked: Asked) -> DeadlineOut:
    """One of my own Stellen's."""
    return asked.database.read(
        queries.find_deadline, actor=asked.actor, now=asked.now, case_id=case_id, key=key, place=place
    )


@router.post("/{key}/{place}/suspend", summary="Suspend a Frist")
def suspend_deadline(case_id: Id, key: Key, place: Place, body: Suspension, asked: Asked) -> DeadlineOut:
    """Hemmung: the days do not count, as many follow at the end (§ 209 BGB). For the Stelle whose step it is."""
    asked.database.run(
        cases.suspend_deadline,
        actor=asked.actor,
        now=asked.now,
        case_id=case_id,
        key=key,
        place=place,
        **body.model_dump(),
    )
    return get_deadline(case_id, key, place, asked)


@router.post("/{key}/{place}/resume", summary="Resume a Frist")
def resume_deadline(case_id: Id, key: Key, place: Place, body: Resumption, asked: Asked) -> DeadlineOut:
    """It runs on after the day named. A suspension that the model set ends with the step that caused it."""
    asked.database.run(
        cases.resume_deadline,
        actor=asked.actor,
        now=asked.now,
        case_id=case_id,
        key=key,
        place=place,
        **body.model_dump(),
    )
    return get_deadline(case_id, key, place, asked)


@router.post("/{key}/{place}/extend", summary="Extend a Frist")
def extend_deadline(case_id: Id, key: Key, place: Place, body: Prolongation, asked: Asked) -> DeadlineOut:
    """Verlängerung: once, counted from the end as it is (§ 190 BGB), where the model allows it and by no more."""
    asked.database.run(
        cases.extend_deadline,
        actor=asked.actor,
        now=asked.now,
        case_id=case_id,
        key=key,
        place=place,
        **body.model_dump(),
    )
    return get_deadline(case_id, key, place, asked)
