"""Shapes of the forms of model versions."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from staffel.api.models.schemas import FindingOut
from staffel.api.schemas import Input, Output


class FormSummary(Output):
    """A form of a model version."""

    name: str = Field(description="As models refer to it", examples=["aufnahme"])
    title: str = Field(examples=["Antrag aufnehmen"])
    fields: int = Field(description="How many fields it has")


class FormDocument(Input):
    """A form as it stands in `forms/NAME.json`."""

    schema_: dict[str, Any] = Field(alias="schema", description="JSON Schema 2020-12 of an object")
    ui: list[Any] = Field(default=[], description="Fields, groups and texts in their order")
    rules: list[Any] = Field(
        default=[], description="What must fit together: checks in FEEL with their texts"
    )
    title: str | None = None


class FormChecked(Output):
    """What the check of an edited form found; nothing is kept."""

    findings: list[FindingOut]
