"""Shapes of the incidents' requests and responses."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from staffel.api.references import CaseRef
from staffel.api.schemas import Input, JsonValues, Output


class IncidentOut(Output):
    """A place where a case stands still."""

    id: UUID
    case: CaseRef
    element: str
    code: str = Field(examples=["no-flow"])
    text_de: str
    text_en: str
    details: dict[str, Any] | None = Field(
        description="Expression and values; only for the Stelle that holds the case"
    )
    raised_at: datetime
    closed_at: datetime | None


class Retry(Input):
    """Values to be set before what failed is done again."""

    variables: JsonValues = Field(default={})
    reason: str = Field(
        default="", max_length=2000, description="Needed where values are set; stays in the audit log"
    )
