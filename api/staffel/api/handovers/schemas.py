"""Shapes of the handovers' requests and responses."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.references import CaseRef, UnitRef
from staffel.api.schemas import Input, JsonValues, Output
from staffel.engine.store.tables import HandoverStatus


class Direction(StrEnum):
    """Whose turn a handover is, seen from one's own Stelle."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class HandoverSummary(Output):
    """A handover as both Stellen see it."""

    id: UUID
    case: CaseRef
    sender: UnitRef
    receiver: UnitRef
    flow: str = Field(description="Id of the sequence flow it stands on")
    element: str = Field(description="Id of the element it leads to")
    kind: str = Field(examples=["falluebergabe"])
    rule: str | None
    attempt: int
    status: HandoverStatus
    offered_at: datetime
    acknowledge_by: datetime | None
    accept_by: datetime | None
    acknowledged_at: datetime | None
    accepted_at: datetime | None
    closed_at: datetime | None
    is_overdue: bool = Field(description="Whether a Frist of it has passed and the step is still to be done")
    direction: Direction = Field(description="`incoming` when your Stelle receives it")


class HandoverDetail(HandoverSummary):
    """A handover with the data that travels."""

    data: JsonValues = Field(description="The fields of the rule, nothing else of the case")
    reason: str
    reason_text: str
    returned_to: str | None
    return_reasons: list[str] = Field(description="The reasons the rule allows; empty: any reason")
    waits: bool = Field(description="Whether it waits for the sender to offer it again")


class Return(Input):
    """Why the receiver sends it back."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "unterlagen-fehlen", "text": "Der Mietvertrag fehlt."}]}
    )

    reason: str = Field(min_length=1, max_length=200, description="A reason of the rule")
    text: str = Field(default="", max_length=4000)


class Withdrawal(Input):
    """Why the sender takes it back."""

    reason: str = Field(min_length=1, max_length=1000)
