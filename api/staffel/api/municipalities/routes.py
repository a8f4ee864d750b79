"""Municipalities, their Stellen, and which Stelle serves which municipality for what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from staffel.api.dependencies import Asked
from staffel.api.municipalities import queries
from staffel.api.municipalities.schemas import CompetenceOut, MunicipalityOut, UnitOut

router = APIRouter(prefix="/municipalities", tags=["municipalities"])
Ags = Annotated[str, Path(max_length=8, description="Amtlicher Gemeindeschlüssel", examples=["05566076"])]


@router.get("", summary="List municipalities")
def list_municipalities(asked: Asked) -> list[MunicipalityOut]:
    """All municipalities by name."""
    return asked.database.read(queries.list_municipalities)


@router.get("/{ags}/units", summary="List the Stellen of a municipality")
def list_units(ags: Ags, asked: Asked) -> list[UnitOut]:
    """By name."""
    return asked.database.read(queries.list_units, ags=ags)


@router.get("/{ags}/competences", summary="List who serves a municipality for what")
def list_competences(ags: Ags, asked: Asked) -> list[CompetenceOut]:
    """For every kind of work the Stelle that does it; it may belong to the Kreis."""
    return asked.database.read(queries.list_competences, ags=ags)
