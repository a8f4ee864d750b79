"""Shapes of the consent register."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.references import UnitRef
from staffel.api.schemas import Input, Output
from staffel.engine.cases.consents import MAX_TEXT
from staffel.engine.store.tables import ConsentEnd, ConsentForm


class ConsentOut(Output):
    """What the person has consented to."""

    id: UUID
    purpose: str
    scope: list[str] = Field(description="`*` everything, a handover rule's id, or `KIND:field`")
    language: str = Field(description="In which language the person was told", examples=["uk"])
    form: ConsentForm
    given_on: date
    valid_until: date = Field(description="The last day on which it counts")
    unit: UnitRef
    recorded_at: datetime
    ended_at: datetime | None
    ended_how: ConsentEnd | None


class ChoiceOut(Output):
    """What this model lets travel with the person's consent only."""

    scope: str = Field(examples=["JC:sprachniveau"])
    receiver: str = Field(description="Kind of Stelle", examples=["JC"])
    field: str = Field(description="Name of the field; empty for a whole rule")
    title: str = Field(description="What forms call the field", examples=["Deutschkenntnisse"])


class RegisterOut(Output):
    """The entries that concern one's Stellen, the youngest first, and what may be entered."""

    consents: list[ConsentOut]
    choices: list[ChoiceOut]
    may_record: bool = Field(description="Whether your Stelle holds the case")


class NewConsent(Input):
    """A consent to be entered. Without `valid_until` it counts for 12 months."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "purpose": "Vermittlung in einen Sprachkurs",
                    "scope": ["*"],
                    "form": "schriftlich",
                    "given_on": "2026-11-02",
                    "language": "uk",
                }
            ]
        }
    )

    purpose: str = Field(max_length=MAX_TEXT)
    scope: list[str] = Field(max_length=100)
    form: Literal[ConsentForm.WRITTEN, ConsentForm.ELECTRONIC]
    given_on: date
    valid_until: date | None = None
    language: str = Field(default="", max_length=40)
