"""Shapes of the tasks' requests and responses."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.references import CaseRef, UnitRef
from staffel.api.schemas import Input, JsonValues, Output
from staffel.engine.store.tables import TaskStatus


class TaskSummary(Output):
    """A line of the inbox."""

    id: UUID
    case: CaseRef
    unit: UnitRef
    element: str = Field(description="Id of the element in the model", examples=["Task_Bescheid"])
    name: str = Field(examples=["Bescheid erstellen"])
    status: TaskStatus
    priority: int | None
    due_at: datetime | None
    available_at: datetime
    claimed_at: datetime | None
    begun_at: datetime | None
    completed_at: datetime | None
    claimed_by: str | None = Field(description="Who works on it; seen inside the Stelle only")
    is_mine: bool = Field(description="Whether you have claimed it")


class Form(Output):
    """What is asked: a JSON Schema (2020-12) and the order in which its fields are shown."""

    schema_: dict[str, Any] = Field(alias="schema")
    ui: list[dict[str, Any]]


class TaskDetail(TaskSummary):
    """A task with all that is needed to do it."""

    due: dict[str, Any] | None = Field(description="The Frist: kind, legal basis, how it was computed")
    form: Form | None
    values: JsonValues = Field(description="What the form's fields hold now")
    draft: JsonValues | None = Field(description="What you have typed and not sent yet")
    proposal: JsonValues | None = Field(description="The decision that the rules propose, with its reasons")


class Completion(Input):
    """The filled-in form. `variables` is checked against the form's schema."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"variables": {"bewilligt": True, "ab": "2026-12-01"}}]}
    )

    variables: JsonValues = Field(default={})
    idempotency_key: str | None = Field(
        default=None,
        max_length=200,
        description="Sent again with the same key, the request does nothing twice",
    )


class DraftIn(Input):
    """What has been typed so far; nothing is checked."""

    values: JsonValues


class BpmnErrorIn(Input):
    """A BPMN error (§10.5.6) that the model knows how to deal with."""

    code: str = Field(min_length=1, max_length=200, examples=["unterlagen-fehlen"])
    variables: JsonValues = Field(default={})
