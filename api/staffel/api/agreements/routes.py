"""Agreements: which Stellen have signed which model version."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from staffel.api.agreements.annex import print_annex
from staffel.api.agreements.annex_words import AnnexLanguage
from staffel.api.agreements.schemas import AgreementOut, AgreementSummary, NewSignature, Withdrawal
from staffel.api.dependencies import Asked, Inquiry
from staffel.api.downloads import PDF, pdf_file
from staffel.api.schemas import Id
from staffel.engine import agreements

router = APIRouter(prefix="/agreements", tags=["agreements"])
Served = Annotated[
    str | None, Query(max_length=8, description="AGS of the municipality that is served; default: your own")
]


@router.get("", summary="List agreements")
def list_agreements(asked: Asked) -> list[AgreementSummary]:
    """Of your municipality, and of others that a Stelle of yours serves: released versions and those in force."""
    found = asked.database.read(agreements.list_agreements, actor=asked.actor)
    return [AgreementSummary.model_validate(each) for each in found]


@router.get("/{version_id}", summary="Get an agreement")
def get_agreement(version_id: Id, asked: Asked, municipality: Served = None) -> AgreementOut:
    """Its parties and its rules; a rule is active when both Stellen have signed."""
    return _read(asked, version_id, municipality)


@router.get(
    "/{version_id}/annex.pdf",
    summary="Print the annex of an agreement",
    response_class=Response,
    responses=PDF,
)
def get_annex(
    version_id: Id, asked: Asked, municipality: Served = None, language: AnnexLanguage = AnnexLanguage.DE
) -> Response:
    """Diagram, rules, decision tables and signatures as PDF/UA, with the hash of the version on every page.

    What is signed is the German text; the English one is for information.
    """
    made = print_annex(
        asked.database,
        actor=asked.actor,
        now=asked.now,
        version_id=version_id,
        municipality=municipality or asked.actor.municipality,
        language=language,
    )
    return pdf_file(made, "anlage.pdf")


@router.post("/{version_id}/signatures", summary="Sign an agreement")
def sign_agreement(version_id: Id, body: NewSignature, asked: Asked) -> AgreementOut:
    """For a Stelle that you lead."""
    return _do(agreements.sign, asked, version_id, body)


@router.post("/{version_id}/withdrawals", summary="Withdraw from an agreement")
def withdraw_from_agreement(version_id: Id, body: Withdrawal, asked: Asked) -> AgreementOut:
    """For a Stelle that you lead. Running cases keep to what was agreed when they began."""
    return _do(agreements.withdraw, asked, version_id, body)


def _do(change: Any, asked: Inquiry, version_id: UUID, body: NewSignature | Withdrawal) -> AgreementOut:
    said = body.model_dump()
    municipality = said.pop("municipality") or asked.actor.municipality
    asked.database.run(
        change, actor=asked.actor, now=asked.now, version_id=version_id, municipality=municipality, **said
    )
    return _read(asked, version_id, municipality)


def _read(asked: Inquiry, version_id: UUID, municipality: str | None) -> AgreementOut:
    found = asked.database.read(
        agreements.read_agreement,
        actor=asked.actor,
        version_id=version_id,
        municipality=municipality or asked.actor.municipality,
    )
    return AgreementOut.model_validate(found)
