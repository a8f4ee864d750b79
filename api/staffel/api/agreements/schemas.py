"""Shapes of agreements. What Stellen have agreed on is public knowledge between them; of people it names those who signed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.schemas import Input, Output
from staffel.engine.agreements.signing import MAX_TEXT
from staffel.engine.store.tables import VersionState


class PartyOut(Output):
    """A Stelle that hands over or receives."""

    unit_id: UUID
    name: str = Field(examples=["Jobcenter Rheine"])
    municipality: str = Field(description="Its AGS; a Kreis may serve a town", examples=["05566"])
    kind: str = Field(examples=["JC"])
    signatory: str = Field(description="Name and office under which it has signed; empty when it has not")
    signed_at: datetime | None
    may_sign: bool = Field(description="Whether you lead this Stelle")


class LevelOut(Output):
    """A level of a rule's way up: how long after the end of the Frist, and who is told."""

    after: str = Field(examples=["2AT"])
    to: str = Field(examples=["Teamleitung"])


class RuleOut(Output):
    """A handover rule. Lengths such as `2AT` (working days), `2W`, `1M`."""

    flow: str
    name: str
    rule: str
    ruled: bool = Field(description="False: no rule was agreed on, so the general Fristen hold")
    kind: str = Field(examples=["falluebergabe"])
    sender: str = Field(description="Kind of Stelle", examples=["LB"])
    receiver: str = Field(description="Kind of Stelle", examples=["JC"])
    fields: list[str]
    consent_fields: list[str] = Field(description="Travel only with the person's consent")
    documents: list[str] = Field(description="Kinds of documents that go along")
    legal_bases: list[str]
    acknowledge_within: str
    complete_within: str
    result_within: str | None
    extend: dict[str, str] = Field(
        description="How much the one Verlängerung of `acknowledge_by`, `accept_by` or `result_by` adds at most"
    )
    extended_by: dict[str, str] = Field(
        description="Who extends which of them: `absender`, `empfaenger` or `beide`"
    )
    kinds: dict[str, str] = Field(
        description="The kinds of `acknowledge_by`, `accept_by` and `result_by`",
        examples=[{"accept_by": "soll"}],
    )
    suspended_by: str = Field(description="Who suspends (Hemmung)")
    paused_by: list[str] = Field(description="Steps that suspend the Frist of the result while they run")
    return_reasons: list[str]
    max_returns: int
    escalation: list[LevelOut]
    delete_after: str = Field(description="How long the receiver keeps a rejected data set")
    further: list[tuple[str, str]] = Field(
        description="What else was agreed, each with its text",
        examples=[[["empfaenger.vertretung", "Eingangszone"]]],
    )
    active: bool = Field(description="Whether both Stellen have signed")


class AgreementSummary(Output):
    """A model version as the agreement of the Stellen that serve a municipality."""

    version_id: UUID
    process: str
    process_name: str
    version_name: str
    number: int
    state: VersionState
    municipality: str = Field(description="The AGS of the municipality that is served")
    municipality_name: str
    parties: list[PartyOut]
    signed: int = Field(description="How many parties have signed")
    is_complete: bool = Field(description="Whether all have")


class AgreementOut(AgreementSummary):
    """With its rules."""

    rules: list[RuleOut]


class NewSignature(Input):
    """Signing for a Stelle that you lead. `municipality` defaults to your own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "unit_id": "0198c5a0-0000-7000-8000-000000000000",
                    "signatory": "Kim Linde, Leitung des Jobcenters",
                }
            ]
        }
    )

    unit_id: UUID
    signatory: str = Field(max_length=MAX_TEXT, description="Name and office of the person who signs")
    municipality: str | None = Field(default=None, max_length=8)


class Withdrawal(Input):
    """Withdrawing the signature of a Stelle that you lead. `municipality` defaults to your own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"unit_id": "0198c5a0-0000-7000-8000-000000000000", "reason": "Der Datensatz geht zu weit."}
            ]
        }
    )

    unit_id: UUID
    reason: str = Field(max_length=MAX_TEXT, description="The other Stellen read it")
    municipality: str | None = Field(default=None, max_length=8)


class AgreementsNeeded(Output):
    """Whether cases of the municipality start only when all parties have signed."""

    needed: bool


class SetAgreementsNeeded(Input):
    """See `AgreementsNeeded`."""

    needed: bool
