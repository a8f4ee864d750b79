"""Substitution for absences within a team."""

from __future__ import annotations

from fastapi import APIRouter, status

from staffel.api.dependencies import Asked
from staffel.api.schemas import Id
from staffel.api.substitutions.queries import read_substitutions
from staffel.api.substitutions.schemas import NewSubstitution, SubstitutionsOut
from staffel.engine import cases

router = APIRouter(prefix="/substitutions", tags=["substitutions"])


@router.get("", summary="List substitutions")
def list_substitutions(asked: Asked) -> SubstitutionsOut:
    """My own that run or come; a team lead's: those of the team. With the people to choose from."""
    return asked.database.read(read_substitutions, actor=asked.actor, now=asked.now)


@router.post("", status_code=status.HTTP_201_CREATED, summary="Arrange a substitution")
def arrange_substitution(body: NewSubstitution, asked: Asked) -> SubstitutionsOut:
    """By the absent person or the team lead. It ends by itself with its last day."""
    asked.database.run(cases.arrange_substitution, actor=asked.actor, now=asked.now, **body.model_dump())
    return list_substitutions(asked)


@router.post("/{substitution_id}/end", summary="End a substitution early")
def end_substitution(substitution_id: Id, asked: Asked) -> SubstitutionsOut:
    """By the absent person or the team lead; what was taken over stays with the substitute."""
    asked.database.run(
        cases.end_substitution, actor=asked.actor, now=asked.now, substitution_id=substitution_id
    )
    return list_substitutions(asked)
