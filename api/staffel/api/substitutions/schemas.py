"""Shapes of substitutions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.references import UnitRef
from staffel.api.schemas import Input, Output


class PersonRef(Output):
    """Somebody of one's own Stelle."""

    id: UUID
    name: str


class SubstitutionOut(Output):
    """Who takes over whose claimed tasks in a Stelle, from the first to the last day."""

    id: UUID
    unit: UnitRef
    absent: PersonRef
    substitute: PersonRef
    first: date
    last: date
    runs: bool = Field(description="Whether today is one of its days")
    may_end: bool


class ColleagueOut(Output):
    """Who does casework in a Stelle of mine, and whether I may arrange a substitution for that person's absence."""

    unit: UnitRef
    person: PersonRef
    may_arrange: bool


class SubstitutionsOut(Output):
    """Running and coming substitutions, and the people to choose from."""

    substitutions: list[SubstitutionOut]
    colleagues: list[ColleagueOut]


class NewSubstitution(Input):
    """Arrange a substitution for oneself or, as team lead, for somebody of the team."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "unit_id": "0198c5a0-0000-7000-8000-000000000000",
                    "absent_id": "0198c5a0-0000-7000-8000-000000000001",
                    "substitute_id": "0198c5a0-0000-7000-8000-000000000002",
                    "first": "2026-12-21",
                    "last": "2027-01-08",
                }
            ]
        }
    )

    unit_id: UUID
    absent_id: UUID
    substitute_id: UUID
    first: date
    last: date
