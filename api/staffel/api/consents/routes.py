"""The consent register of a case."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from staffel.api.consents.queries import read_register
from staffel.api.consents.schemas import NewConsent, RegisterOut
from staffel.api.dependencies import Asked
from staffel.api.schemas import Id
from staffel.engine import cases

router = APIRouter(tags=["consents"])


@router.get("/cases/{case_id}/consents", summary="Get the consent register of a case")
def get_consents(case_id: Id, asked: Asked) -> RegisterOut:
    """The entries that concern my Stellen, the youngest first, and what may be consented to."""
    return asked.database.read(read_register, actor=asked.actor, case_id=case_id)


@router.post(
    "/cases/{case_id}/consents", status_code=status.HTTP_201_CREATED, summary="Enter a consent of the person"
)
def record_consent(case_id: Id, body: NewConsent, asked: Asked) -> RegisterOut:
    """For the Stelle that holds the case."""
    asked.database.run(
        cases.record_consent, actor=asked.actor, now=asked.now, case_id=case_id, **body.model_dump()
    )
    return get_consents(case_id, asked)


@router.post("/consents/{consent_id}/revoke", summary="Enter that a consent was revoked")
def revoke_consent(consent_id: Id, asked: Asked) -> RegisterOut:
    """For every Stelle that sees the entry. Only what rests on it stops."""
    case_id: UUID = asked.database.run(
        cases.revoke_consent, actor=asked.actor, now=asked.now, consent_id=consent_id
    )
    return get_consents(case_id, asked)
