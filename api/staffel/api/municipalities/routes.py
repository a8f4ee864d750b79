"""Municipalities, their Stellen, and which Stelle serves which municipality for what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, status

from staffel.api.agreements.schemas import AgreementsNeeded, SetAgreementsNeeded
from staffel.api.dependencies import Asked
from staffel.api.municipalities import queries, service
from staffel.api.municipalities.schemas import (
    CompetenceIn,
    CompetenceOut,
    Contact,
    Kind,
    MunicipalityOut,
    NewUnit,
    UnitOut,
)
from staffel.api.schemas import Id
from staffel.engine import agreements

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


@router.post("/{ags}/units", status_code=status.HTTP_201_CREATED, summary="Make a Stelle")
def create_unit(ags: Ags, body: NewUnit, asked: Asked) -> UnitOut:
    """For the municipality's own administration. It serves the municipality if nobody does that work there yet."""
    return asked.database.run(
        service.create_unit,
        actor=asked.actor,
        now=asked.now,
        ags=ags,
        kind=body.kind,
        name=body.name,
        short_name=body.short_name,
    )


@router.put("/{ags}/units/{unit_id}/contact", summary="Say how a Stelle is reached")
def set_contact(ags: Ags, unit_id: Id, body: Contact, asked: Asked) -> UnitOut:
    """For the municipality's own administration: address, telephone, mail and opening hours of the office, not of a person."""
    return asked.database.run(
        service.set_contact, actor=asked.actor, now=asked.now, ags=ags, unit_id=unit_id, contact=body
    )


@router.get("/{ags}/competences", summary="List who serves a municipality for what")
def list_competences(ags: Ags, asked: Asked) -> list[CompetenceOut]:
    """For every kind of work the Stelle that does it; it may belong to the Kreis."""
    return asked.database.read(queries.list_competences, ags=ags)


@router.put("/{ags}/competences/{kind}", summary="Set who serves a municipality")
def set_competence(ags: Ags, kind: Kind, body: CompetenceIn, asked: Asked) -> CompetenceOut:
    """For the municipality's own administration; the Stelle may belong to the Kreis. Running cases stay where they are."""
    return asked.database.run(
        service.set_competence,
        actor=asked.actor,
        now=asked.now,
        ags=ags,
        kind=kind,
        unit_id=body.unit_id,
    )


@router.get("/{ags}/agreements", summary="Ask whether a municipality needs agreements")
def get_agreements_needed(ags: Ags, asked: Asked) -> AgreementsNeeded:
    """Whether its cases start only when all Stellen that hand over to each other have signed the version."""
    return AgreementsNeeded(needed=asked.database.read(agreements.are_needed, municipality=ags))


@router.put("/{ags}/agreements", summary="Say whether a municipality needs agreements")
def set_agreements_needed(ags: Ags, body: SetAgreementsNeeded, asked: Asked) -> AgreementsNeeded:
    """For the municipality's own administration. Running cases go on."""
    asked.database.run(
        service.set_agreements_needed, actor=asked.actor, now=asked.now, ags=ags, needed=body.needed
    )
    return get_agreements_needed(ags, asked)
