"""Shapes of added tasks' requests and responses."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.references import UnitRef
from staffel.api.schemas import Input, Output
from staffel.api.tasks.schemas import TaskSummary


class TeamRef(Output):
    """A team of a Stelle, in short."""

    id: UUID
    unit_id: UUID
    name: str


class AddedTasksOut(Output):
    """The added tasks of a case that my Stellen see, and what a new one may say."""

    tasks: list[TaskSummary] = Field(description="The oldest first, ended ones included")
    units: list[UnitRef] = Field(description="For which of my Stellen I may add one")
    teams: list[TeamRef] = Field(description="Their teams")
    may_add: bool = Field(description="Whether the case runs, so that one can be added")


class AddedTaskIn(Input):
    """Add a task for the own Stelle. The course of the case does not change."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Vermieter anrufen", "due": "2026-12-01"}]}
    )

    title: str = Field(max_length=200)
    text: str = Field(default="", max_length=4000, description="A note to it; the own Stelle sees it")
    due: date | None = Field(default=None, description="Last day")
    unit_id: UUID | None = Field(default=None, description="For whom, if several of your Stellen take part")
    team_id: UUID | None = Field(default=None, description="One of `teams`")
    idempotency_key: str | None = Field(
        default=None,
        max_length=200,
        description="Sent again with the same key, the request does nothing twice",
    )
