"""Shapes of the search."""

from __future__ import annotations

from pydantic import Field

from staffel.api.cases.schemas import CaseSummary
from staffel.api.models.schemas import VersionSummary
from staffel.api.schemas import Output
from staffel.api.tasks.schemas import TaskSummary


class Found(Output):
    """What was found, the first of each kind."""

    cases: list[CaseSummary] = Field(description="By Aktenzeichen, the youngest first")
    tasks: list[TaskSummary] = Field(description="Open ones, by Aktenzeichen or step, by due date")
    models: list[VersionSummary] = Field(
        description="By name or key of the process: the version in force, else the youngest"
    )
