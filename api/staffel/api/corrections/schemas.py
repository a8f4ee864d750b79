"""Shapes of corrections."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from staffel.api.references import CaseRef, UnitRef
from staffel.api.schemas import JsonValues, Output


class CorrectionOut(Output):
    """Corrected fields of a handover, as its receiver is told them (Art. 19 DSGVO)."""

    id: UUID
    case: CaseRef
    handover_id: UUID
    to: UnitRef = Field(description="The Stelle that received the fields and is told")
    by: UnitRef = Field(description="The Stelle that corrected them")
    data: JsonValues
    corrected_at: datetime
    acknowledged_at: datetime | None
    to_us: bool = Field(description="Whether it is for one's own Stelle to acknowledge")
