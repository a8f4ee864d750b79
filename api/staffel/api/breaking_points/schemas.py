"""Shapes of reports of breaking points."""

from __future__ import annotations

from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from staffel.api.schemas import Input, Output
from staffel.engine.cases.breaking_points import Trouble


class BreakingPointIn(Input):
    """Report one, at a task or at a handover. Nothing of the case is kept, and there is no free text."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"trouble": "retyped", "task_id": "0198c5a0-0000-7000-8000-000000000000"}]
        }
    )

    trouble: Trouble
    task_id: UUID | None = None
    handover_id: UUID | None = None

    @model_validator(mode="after")
    def _one_place(self) -> BreakingPointIn:
        if (self.task_id is None) == (self.handover_id is None):
            raise ValueError("expected either task_id or handover_id")
        return self


class TroubleOut(Output):
    """A kind of trouble with at least five reports, rounded to fives."""

    trouble: Trouble
    reports: int


class BreakingPointsOut(Output):
    """Reports at a step in a municipality, rounded to fives. Steps with fewer than five are left out."""

    municipality: str
    element: str
    name: str
    reports: int
    troubles: list[TroubleOut]
    other_kinds: list[str] = Field(description="Kinds of Stellen on the other side of handovers")
