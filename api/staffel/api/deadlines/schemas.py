"""Shapes of the Fristen's requests and responses."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from staffel.api.references import CaseRef, UnitRef
from staffel.api.schemas import Input, Output


class DeadlineState(StrEnum):
    """Where a Frist stands. The last three are those of steps that have ended."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    OVERDUE = "overdue"
    KEPT = "kept"
    MISSED = "missed"
    DROPPED = "dropped"


class PauseOut(Output):
    """Days that do not count."""

    since: date
    until: date | None = Field(description="The last of them; null: until it is resumed")
    reason: str
    legal_basis: str
    automatic: bool = Field(description="Set by the model while a step runs")


class DeadlineChange(Output):
    """How the course of a Frist was changed."""

    at: datetime
    change: str = Field(examples=["suspended", "resumed", "extended", "anchored", "passed", "consent"])
    reason: str
    legal_basis: str


class DeadlineOut(Output):
    """A Frist of one's own Stelle, or of a handover from or to it. `key` and `place` name it within its case."""

    key: int = Field(description="The task, step, timer or handover it runs on")
    place: int = Field(description="Which of its Fristen")
    task: UUID | None = Field(description="The task; null for a timer or a step without a task of people")
    handover: UUID | None = Field(description="The handover; null for the Fristen of steps")
    element: str
    step: str = Field(description="Id of the step it belongs to, or of the handover's flow")
    step_name: str
    unit: UnitRef = Field(description="The Stelle that has to keep it")
    name: str = Field(
        description="As the model names it; of a handover `acknowledge_by`, `accept_by` or `result_by`"
    )
    kind: str = Field(examples=["gesetzlich"])
    legal_basis: str
    state: DeadlineState
    due_at: datetime | None = Field(description="Null while it is suspended until further notice")
    begins_at: datetime | None
    steps: list[str] = Field(description="How the end was computed, in German")
    pauses: list[PauseOut]
    extension: str = Field(description="What the one Verlängerung added: a length or a new last day")
    can_be_suspended: bool
    can_be_resumed: bool
    can_be_extended_by: str = Field(description="A length; empty: not, or not any more")
    changes: list[DeadlineChange] = Field(description="In the order of time")


class WaitingDeadline(Output):
    """The Frist that ends first at a step without a task of people; `case`, `key` and `place` name it."""

    case: CaseRef
    key: int
    place: int
    step: str = Field(description="Id of the step")
    step_name: str
    unit: UnitRef
    name: str
    kind: str = Field(examples=["gesetzlich"])
    due_at: datetime | None = Field(description="Null while it is suspended until further notice")
    overdue: bool


class Suspension(Input):
    """Days on which a Frist stands still (Hemmung, § 209 BGB)."""

    since: date = Field(description="The first day that does not count; today or before")
    until: date | None = Field(default=None, description="The last; null: until it is resumed")
    reason: str = Field(min_length=1, max_length=500, description="Without personal data")
    legal_basis: str = Field(default="", max_length=200, examples=["§ 6 Abs. 4 BQFG"])


class Resumption(Input):
    """What suspended the Frist is over."""

    until: date = Field(description="The last day that does not count; today or before")
    reason: str = Field(default="", max_length=500)


class Prolongation(Input):
    """The one Verlängerung (§ 190 BGB)."""

    by: str = Field(
        default="",
        max_length=20,
        description="A length or a new last day; empty: as much as the model allows",
        examples=["2W"],
    )
    reason: str = Field(min_length=1, max_length=500, description="Without personal data")
    legal_basis: str = Field(default="", max_length=200, examples=["§ 42a Abs. 2 VwVfG"])
