"""Decisions of model versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from staffel.api.decisions import service
from staffel.api.decisions.schemas import Changes, DecisionDetail, DecisionSummary, Trial, Tried
from staffel.api.dependencies import Asked
from staffel.api.schemas import Id
from staffel.engine.feel import FeelError, Value, from_json

router = APIRouter(tags=["models"])
DecisionId = Annotated[str, Path(max_length=200, description="Id of the decision, as in the list")]


@router.get("/models/{version_id}/decisions", summary="List the decisions of a model version")
def list_decisions(version_id: Id, asked: Asked) -> list[DecisionSummary]:
    """All decisions of its DMN files."""
    return asked.database.read(service.list_decisions, actor=asked.actor, version_id=version_id)


@router.get("/models/{version_id}/decisions/{decision}", summary="Get a decision")
def get_decision(version_id: Id, decision: DecisionId, asked: Asked) -> DecisionDetail:
    """With its table and what the check of it found: overlaps, gaps, rules that never apply."""
    return asked.database.read(
        service.read_decision, actor=asked.actor, version_id=version_id, decision=decision
    )


@router.post("/models/{version_id}/decisions/{decision}/evaluate", summary="Try a decision")
def evaluate_decision(version_id: Id, decision: DecisionId, body: Trial, asked: Asked) -> Tried:
    """Evaluates it with the reasons; nothing is kept."""
    return asked.database.read(
        service.try_decision,
        actor=asked.actor,
        now=asked.now,
        version_id=version_id,
        decision=decision,
        inputs=_values(body),
        key_date=body.key_date,
    )


@router.get("/models/{version_id}/decisions/{decision}/changes", summary="Compare a decision")
def get_decision_changes(version_id: Id, decision: DecisionId, asked: Asked) -> Changes:
    """Rule by rule against the version of the process that is in force."""
    return asked.database.read(
        service.compare_decision, actor=asked.actor, now=asked.now, version_id=version_id, decision=decision
    )


def _values(body: Trial) -> dict[str, Value]:
    try:
        return {name: from_json(value) for name, value in body.inputs.items()}
    except FeelError as err:
        raise service.DecisionNotTaken(err.message_en, text_de=err.message_de) from err
