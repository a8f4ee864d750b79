"""Shapes of the handovers' requests and responses."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.comments.schemas import NoteOut
from staffel.api.deadlines.schemas import DeadlineOut
from staffel.api.documents.schemas import DocumentOut
from staffel.api.references import CaseRef, ContactOut, UnitRef
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


class Missing(Output):
    """What is missing in the data set, since when."""

    fields: list[str]
    text: str
    since: datetime


class Conversation(Input):
    """The joint talk with the person (warme Übergabe)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"on": "2026-11-20", "participants": ["Leistungsbehörde", "Person"]}]}
    )

    on: date
    participants: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(
        min_length=2, max_length=20, description="Functions, not names: a Stelle, the person, an interpreter"
    )


class PathLevel(Output):
    """A level of the escalation path."""

    to: str
    after: str = Field(description="How long after the Frist's end", examples=["2AT"])
    told: bool


class HandoverDetail(HandoverSummary):
    """A handover with the data that travels."""

    data: JsonValues = Field(description="The fields of the rule, nothing else of the case")
    documents: list[DocumentOut] = Field(
        description="Of the sender's documents those of the kinds that the rule names"
    )
    notes: list[NoteOut] = Field(description="What the sender notes for the receiver, the oldest first")
    reason: str
    reason_text: str
    returned_to: str | None
    return_reasons: list[str] = Field(description="The reasons the rule allows; empty: any reason")
    waits: bool = Field(description="Whether it waits for the sender to offer it again")
    result_by: datetime | None
    steps: dict[str, list[str]] = Field(
        description="How `acknowledge_by`, `accept_by` and `result_by` were computed, by these names"
    )
    sender_contact: ContactOut | None = Field(description="How the sending Stelle is reached")
    receiver_contact: ContactOut | None = Field(description="How the receiving Stelle is reached")
    deadlines: list[DeadlineOut] = Field(
        description="Its Fristen: how each stands, and what your Stelle may do with it under `/cases/{case_id}/deadlines`"
    )
    read_at: datetime | None = Field(description="When the receiving Stelle first opened it")
    data_hash: str = Field(description="SHA-256 of the data set that was handed over")
    data_deleted_by: datetime | None = Field(
        description="When the receiver's copy of a rejected data set is deleted; null when it is not due or done"
    )
    receiver_reference: str | None = Field(description="The receiver's own Aktenzeichen")
    missing: Missing | None = Field(description="What the receiver has asked the sender for")
    conversation: Conversation | None = Field(description="The joint talk with the person")
    conversation_wanted: str = Field(description="Whether the rule wants it: `ja`, `empfohlen` or `nein`")
    information: dict[str, str] = Field(description="What the sender tells the person, by language")
    person_informed_at: datetime | None
    path: list[PathLevel] = Field(description="Who is told when a Frist passes, in order")


class Acceptance(Input):
    """Under which Aktenzeichen the receiver keeps the case."""

    reference: str = Field(default="", max_length=200)


class SupplementRequest(Input):
    """What the sender is asked to add."""

    missing: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(min_length=1, max_length=50)
    text: str = Field(default="", max_length=4000)


class Supplement(Input):
    """What was missing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"values": {"anschrift": "Domplatz 1"}}]})

    values: JsonValues = Field(default_factory=dict)


class Informed(Input):
    """In which language the person was told."""

    language: str = Field(default="de", min_length=2, max_length=10)


class LateHandover(Output):
    """An overdue handover as the coordination sees it: between whom and how late, nothing of the person's data."""

    id: UUID
    process_name: str
    sender: UnitRef
    receiver: UnitRef
    kind: str
    deadline: str = Field(description="`acknowledge_by`, `accept_by` or `result_by`")
    since: datetime = Field(description="When that Frist ended")
    level: int = Field(description="0: nobody told, 1: reminded, then the levels of the path")
    told: list[str] = Field(description="Who was told, in order")
    next: str | None = Field(description="Who is told next; null at the end of the path")


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
