"""Shapes of the tasks' requests and responses."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field

from staffel.api.references import CaseRef, UnitRef
from staffel.api.schemas import CONFIRMED, Input, JsonValues, Output
from staffel.engine.store.tables import CheckOutcome, TaskStatus


class TaskSummary(Output):
    """A line of the inbox."""

    id: UUID
    case: CaseRef
    unit: UnitRef
    element: str = Field(description="Id of the element in the model", examples=["Task_Bescheid"])
    name: str = Field(examples=["Bescheid erstellen"])
    status: TaskStatus
    municipality: str = Field(description="Whose case it is", examples=["Köln"])
    priority: int | None
    deadline: str | None = Field(description="Kind of its Frist", examples=["gesetzlich"])
    due_at: datetime | None
    follow_up_at: datetime | None = Field(description="Wiedervorlage: not in the inbox before")
    available_at: datetime
    claimed_at: datetime | None
    begun_at: datetime | None
    completed_at: datetime | None
    claimed_by: str | None = Field(description="Who works on it; seen inside the Stelle only")
    is_mine: bool = Field(description="Whether you have claimed it")
    added: bool = Field(description="Somebody of the Stelle added it; the model knows nothing of it")
    team: str | None = Field(description="For which team it was added")


class InboxCounts(Output):
    """How many tasks each view of the inbox has."""

    open: int
    due: int = Field(description="Due within seven days, or overdue")
    overdue: int
    new: int = Field(description="Nobody has claimed it")
    mine: int
    checking: int = Field(description="Waits for a second person (four eyes)")
    postponed: int = Field(description="Put off until later (Wiedervorlage)")
    to_take_over: int = Field(description="Claimed by people whom you substitute today")


class Form(Output):
    """What is asked: a JSON Schema (2020-12) and the order in which its fields are shown."""

    schema_: dict[str, Any] = Field(alias="schema")
    ui: list[dict[str, Any]]
    rules: list[dict[str, Any]] = Field(description="What must fit together: checks in FEEL with their texts")


class CheckOut(Output):
    """A second check (four eyes); seen inside the Stelle only."""

    id: UUID
    asked_at: datetime
    first: str | None = Field(description="Who filled in; null: a program")
    decided_at: datetime | None
    second: str | None = Field(description="Who confirmed or gave back")
    outcome: CheckOutcome | None = Field(description="`withdrawn`: who filled in took it back")
    reason: str


class TaskDetail(TaskSummary):
    """A task with all that is needed to do it."""

    due: dict[str, Any] | None = Field(description="The Frist: kind, legal basis, how it was computed")
    form: Form | None
    values: JsonValues = Field(description="What the form's fields hold now")
    filled: JsonValues | None = Field(description="What was filled in and waits for the second check")
    note: str = Field(description="What was noted when the task was added")
    added_by: str | None = Field(description="Who added it")
    draft: JsonValues | None = Field(description="What you have typed and not sent yet")
    proposal: JsonValues | None = Field(description="The decision that the rules propose, with its reasons")
    decided: JsonValues | None = Field(
        description="What was decided upon the proposal, with `abweichung_begruendung` where it departs from it"
    )
    four_eyes: bool = Field(description="A second person confirms before the case goes on")
    has_second_person: bool = Field(
        description="Whether somebody of the Stelle could confirm what you fill in"
    )
    may_confirm: bool = Field(description="Whether you may confirm what waits")
    checks: list[CheckOut] = Field(description="Second checks, the oldest first")


class SecondCheck(Input):
    """What a second person says to what was filled in."""

    idempotency_key: str | None = Field(
        default=None,
        max_length=200,
        description="Sent again with the same key, the request does nothing twice",
    )


class Countersignature(SecondCheck):
    """Confirm what another person of the Stelle filled in."""

    check: UUID = Field(description="`id` of the check as it was read, the last of `checks`")


class GivenBack(SecondCheck):
    """Why it goes back; who filled it in may leave the reason out."""

    reason: str = Field(default="", max_length=2000)


class Completion(Input):
    """The filled-in form. `variables` is checked against the form's schema."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"variables": {"bewilligt": True, "ab": "2026-12-01"}}]}
    )

    variables: JsonValues = Field(default={})
    confirmed: bool = CONFIRMED
    idempotency_key: str | None = Field(
        default=None,
        max_length=200,
        description="Sent again with the same key, the request does nothing twice",
    )


class DraftIn(Input):
    """What has been typed so far; nothing is checked."""

    values: JsonValues


class FollowUp(Input):
    """Until when a task is put off; null: show it again."""

    until: AwareDatetime | None


class BulkAction(StrEnum):
    """What is done to many tasks."""

    CLAIM = "claim"
    RELEASE = "release"
    POSTPONE = "postpone"
    TAKE_OVER = "take_over"


class Bulk(Input):
    """Do the same to many tasks, each by itself."""

    action: BulkAction
    tasks: list[UUID] = Field(min_length=1, max_length=200)
    until: AwareDatetime | None = Field(default=None, description="For `postpone`; null: show them again")


class BulkResult(Output):
    """What became of one of them."""

    id: UUID
    done: bool
    code: str = ""
    text_de: str = ""
    text_en: str = ""


class TakeOver(Input):
    """Go on with what somebody absent has claimed."""

    text: str = Field(default="", max_length=4000, description="Kept as a comment at the case")


class InboxQuery(Input):
    """A filter of the inbox."""

    process: str | None = Field(default=None, max_length=200)
    name: str | None = Field(default=None, max_length=200, description="Part of the step's name")
    reference: str | None = Field(default=None, max_length=200, description="Part of the Aktenzeichen")
    deadline: str | None = Field(
        default=None, max_length=40, description="Kind of Frist", examples=["gesetzlich"]
    )
    claimed: bool | None = None
    person: UUID | None = Field(default=None, description="Claimed by this colleague")
    unit: UUID | None = Field(default=None, description="Of this Stelle")
    team: UUID | None = Field(default=None, description="Added for this team, or claimed by somebody of it")
    municipality: str | None = Field(default=None, max_length=8, description="AGS: whose case it is")
    added: bool | None = Field(default=None, description="Only added tasks, or only those of the model")
    view: str = Field(default="offen", max_length=20, description="Which of the inbox's views")
    order: str = Field(default="due", max_length=20)


class FilterIn(Input):
    """Keep a filter."""

    name: str = Field(min_length=1, max_length=100)
    unit: UUID | None = Field(default=None, description="Share it with this Stelle of yours")
    query: InboxQuery


class FilterOut(Output):
    """A kept filter."""

    id: UUID
    name: str
    unit: UUID | None
    is_mine: bool
    query: InboxQuery


class BpmnErrorIn(Input):
    """A BPMN error (§10.5.6) that the model knows how to deal with."""

    code: str = Field(min_length=1, max_length=200, examples=["unterlagen-fehlen"])
    variables: JsonValues = Field(default={})
