"""Shapes of the cases' requests and responses."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.references import UnitRef
from staffel.api.schemas import CONFIRMED, Input, JsonValues, Output
from staffel.engine.store.tables import CaseStatus


class CaseSummary(Output):
    """A line of the list of cases."""

    id: UUID
    reference: str = Field(description="Aktenzeichen")
    process: str = Field(description="Key of the process")
    process_name: str
    version_id: UUID
    municipality: str = Field(description="AGS")
    status: CaseStatus
    started_at: datetime
    ended_at: datetime | None
    responsible: UnitRef = Field(description="The one Stelle that holds the case now")
    open_tasks: int = Field(description="Tasks of your own Stellen that are to be done")


class CaseLinkOut(Output):
    """Another case that this one was started from, or that was started from this one."""

    id: UUID
    reference: str
    process: str = Field(description="Key of the process")
    process_name: str
    status: CaseStatus
    is_parent: bool = Field(description="Whether this case was started from it")
    reason: str
    linked_at: datetime


class WaitKind(StrEnum):
    """What is waited for."""

    TASK = "task"
    WORK = "work"
    TIME = "time"
    MESSAGE = "message"
    CONDITION = "condition"
    HANDOVER = "handover"
    INCIDENT = "incident"


class WaitOut(Output):
    """Something that has not happened yet, for which the case waits."""

    element: str = Field(description="The element, or the flow of a handover")
    name: str = Field(description="Of the element, or of the step that follows the handover")
    kind: WaitKind
    unit: UnitRef | None = Field(description="The Stelle that has to act, or in whose part this is")
    until: datetime | None = Field(description="When the moment comes; only for your own Stellen")
    listens: bool = Field(description="Whether it may come at any time, beside what the case waits for")


class CaseDetail(CaseSummary):
    """A case with what your Stelle may know of it."""

    starter: UnitRef
    units: list[UnitRef] = Field(description="The Stellen that the case was given at its start")
    active_elements: list[str] = Field(description="Where the case stands, for the diagram")
    waits: list[WaitOut] = Field(description="What it waits for; nothing of this has happened")
    variables: JsonValues = Field(description="The data of your own Stellen: their forms and their handovers")
    links: list[CaseLinkOut] = Field(description="Linked cases, of those that you may see")


class EntryKind(StrEnum):
    """What an entry of the timeline tells."""

    STARTED = "started"
    TASK = "task"
    HANDOVER = "handover"
    CHECK = "check"
    MESSAGE = "message"
    COMMENT = "comment"
    REPAIRED = "repaired"
    ELSEWHERE = "elsewhere"
    ENDED = "ended"


class TimelineEntry(Output):
    """A line of the timeline. Of other Stellen it says who has the case and since when, nothing else."""

    kind: EntryKind
    at: datetime
    until: datetime | None = None
    unit: UnitRef | None = None
    other: UnitRef | None = Field(default=None, description="The receiving Stelle of a handover or note")
    id: UUID | None = Field(default=None, description="The task, handover or comment")
    element: str | None = None
    name: str = ""
    added: bool = Field(default=False, description="A task that somebody of the Stelle added")
    status: str = ""
    reason: str = ""
    claimed_at: datetime | None = None
    begun_at: datetime | None = None
    text: str = Field(default="", description="What was noted")
    values: JsonValues = Field(default={}, description="What a message brought")
    author: str | None = Field(
        default=None, description="Who noted it, or who gave a task to the second check or did that check"
    )


class CaseEvent(Output):
    """A fact of the case, without values."""

    seq: int
    at: datetime
    type: str = Field(examples=["TaskOffered"])
    element: str | None


class Start(Input):
    """Start a case of the version that is in force."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "process": "rechtskreiswechsel",
                    "reference": "50.1-2026-0815",
                    "variables": {"aufenthaltstitel_ab": "2026-11-01"},
                }
            ]
        }
    )

    process: str = Field(min_length=1, max_length=200, description="Key of the process")
    reference: str = Field(
        min_length=1, max_length=100, description="Aktenzeichen; once per process and municipality"
    )
    unit: UUID | None = Field(
        default=None, description="The Stelle that starts; may be left out by who has only one"
    )
    element: str | None = Field(default=None, description="The start event, where the model has several")
    variables: JsonValues = Field(default={}, description="The filled-in start form")
    confirmed: bool = CONFIRMED
    idempotency_key: str | None = Field(default=None, max_length=200)


class StartLinked(Input):
    """Start a case of another process from a case, such as a Fallkonferenz."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "process": "fallkonferenz",
                    "reference": "50.1-2026-0815/1",
                    "reason": "Zweite Rückgabe",
                    "take": ["familienname", "vornamen"],
                    "variables": {"konferenz_anlass": "zweite_rueckgabe", "teilnehmende": ["JC"]},
                }
            ]
        }
    )

    process: str = Field(min_length=1, max_length=200, description="Key of the process")
    reference: str = Field(min_length=1, max_length=100, description="Aktenzeichen of the new case")
    reason: str = Field(min_length=1, max_length=1000, description="Why; shown at both cases")
    element: str | None = Field(default=None, description="The start event, where the model has several")
    take: list[str] = Field(
        default=[],
        max_length=200,
        description="Fields of the start form that are taken over from this case; nothing else travels",
    )
    variables: JsonValues = Field(default={}, description="The filled-in start form")
    confirmed: bool = CONFIRMED
    idempotency_key: str | None = Field(default=None, max_length=200)


class Cancel(Input):
    """Why the case ends now."""

    reason: str = Field(min_length=1, max_length=1000)


class NewVariables(Input):
    """Values of one's own Stelle to be changed."""

    variables: dict[str, Any] = Field(min_length=1)
    reason: str = Field(min_length=1, max_length=1000)
