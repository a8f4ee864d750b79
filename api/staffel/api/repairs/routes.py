"""Repairing cases: move a token, cancel a step, set variables."""

from __future__ import annotations

from fastapi import APIRouter

from staffel.api.dependencies import Asked
from staffel.api.repairs.schemas import OutcomeOut, Repair, RepairableOut, RepairWish
from staffel.api.schemas import Id
from staffel.engine import cases

router = APIRouter(prefix="/repairs", tags=["incidents"])


@router.get("/{stuck_case_id}", summary="Get what can be repaired of a case")
def get_repairable(stuck_case_id: Id, asked: Asked) -> RepairableOut:
    """Where the case stands. For the team lead of the Stelle whose step it is; at an incident for process design, too."""
    return RepairableOut.model_validate(
        asked.database.read(cases.repairable, actor=asked.actor, case_id=stuck_case_id)
    )


@router.post("/{stuck_case_id}/preview", summary="Preview a repair")
def preview_repair(stuck_case_id: Id, body: RepairWish, asked: Asked) -> OutcomeOut:
    """What would close, open and be run through. Nothing is changed."""
    return OutcomeOut.model_validate(
        asked.database.read(
            cases.preview_repair, actor=asked.actor, now=asked.now, case_id=stuck_case_id, wish=body.wish()
        )
    )


@router.post("/{stuck_case_id}", summary="Repair a case")
def repair_case(stuck_case_id: Id, body: Repair, asked: Asked) -> OutcomeOut:
    """Move a token, cancel a step or set variables. No other Stelle gets or loses work by it; that goes by handover."""
    return OutcomeOut.model_validate(
        asked.database.run(
            cases.repair_case,
            actor=asked.actor,
            now=asked.now,
            case_id=stuck_case_id,
            wish=body.wish(),
            reason=body.reason,
            seq=body.seq,
        )
    )
