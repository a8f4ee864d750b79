"""Closing days of Stellen (Rosenmontag, Betriebsausflug): they count for agreed and internal Fristen."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, status
from pydantic import Field

from staffel.api.dependencies import Asked
from staffel.api.schemas import Id, Input, Output
from staffel.engine import cases
from staffel.engine.actor import Actor
from staffel.engine.store import Transaction

router = APIRouter(prefix="/units/{unit_id}/closing-days", tags=["municipalities"])


class ClosingDayOut(Output):
    """A day on which a Stelle is closed."""

    day: date
    name: str = Field(examples=["Rosenmontag"])


class ClosingDayIn(Input):
    """A day on which a Stelle is closed; said again it gets the new name."""

    day: date = Field(description="A working day, today or later, at most three years ahead")
    name: str = Field(min_length=1, max_length=100, examples=["Rosenmontag"])


@router.get("", summary="List the closing days of a Stelle")
def list_closing_days(unit_id: Id, asked: Asked) -> list[ClosingDayOut]:
    """Of a Stelle of my municipality, or one I work in; in order."""
    return asked.database.read(_closing_days, actor=asked.actor, unit_id=unit_id)


@router.post("", status_code=status.HTTP_201_CREATED, summary="Note a closing day")
def add_closing_day(unit_id: Id, body: ClosingDayIn, asked: Asked) -> list[ClosingDayOut]:
    """For the lead of the Stelle and the municipality's administration. It counts for Fristen computed from now on."""
    asked.database.run(
        cases.add_closing_day,
        actor=asked.actor,
        now=asked.now,
        unit_id=unit_id,
        day=body.day,
        name=body.name,
    )
    return list_closing_days(unit_id, asked)


@router.post("/{day}/delete", summary="Take a closing day back")
def remove_closing_day(
    unit_id: Id, day: Annotated[date, Path(description="The day")], asked: Asked
) -> list[ClosingDayOut]:
    """For the lead of the Stelle and the municipality's administration. Fristen that were computed stay as they are."""
    asked.database.run(cases.remove_closing_day, actor=asked.actor, now=asked.now, unit_id=unit_id, day=day)
    return list_closing_days(unit_id, asked)


def _closing_days(tx: Transaction, *, actor: Actor, unit_id: UUID) -> list[ClosingDayOut]:
    return [
        ClosingDayOut(day=each.day, name=each.name)
        for each in cases.closing_days(tx, actor=actor, unit_id=unit_id)
    ]
