"""Corrections told to those who received the data."""

from __future__ import annotations

from fastapi import APIRouter

from staffel.api.corrections.queries import open_corrections, read_corrections
from staffel.api.corrections.schemas import CorrectionOut
from staffel.api.dependencies import Asked
from staffel.api.schemas import Id
from staffel.engine import cases

router = APIRouter(tags=["corrections"])


@router.get("/corrections", summary="List corrections to acknowledge")
def list_corrections(asked: Asked) -> list[CorrectionOut]:
    """Of my Stellen, the oldest first, 50 at most."""
    return asked.database.read(open_corrections, actor=asked.actor)


@router.get("/cases/{case_id}/corrections", summary="Get the corrections of a case")
def get_corrections(case_id: Id, asked: Asked) -> list[CorrectionOut]:
    """Those told to my Stellen, and those that my Stellen have told others."""
    return asked.database.read(read_corrections, actor=asked.actor, case_id=case_id)


@router.post("/corrections/{correction_id}/acknowledge", summary="Acknowledge a correction")
def acknowledge_correction(correction_id: Id, asked: Asked) -> list[CorrectionOut]:
    """By the Stelle that was told, when it has corrected its own data. Doing it again changes nothing."""
    case_id = asked.database.run(
        cases.acknowledge_correction, actor=asked.actor, now=asked.now, correction_id=correction_id
    )
    return get_corrections(case_id, asked)
