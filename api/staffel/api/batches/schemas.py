"""Shapes of the batches' requests and responses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from staffel.api.references import UnitRef
from staffel.api.schemas import Output
from staffel.engine.store.tables import BatchRowStatus


class BatchOut(Output):
    """A table of which each row starts a case, and how far that has come."""

    id: UUID
    process: str = Field(description="Key of the process")
    process_name: str
    file: str = Field(description="Name of the file that was sent", examples=["zuweisungen-november.csv"])
    unit: UnitRef
    created_at: datetime
    total: int
    started: int
    refused: int
    cancelled: int
    waiting: int = Field(description="Rows that are still to be started; 0 when it is done")


class RowFault(Output):
    """Why a row was refused."""

    field: str = Field(description="The column; empty when it concerns the row as a whole")
    code: str
    text_de: str
    text_en: str


class BatchRowOut(Output):
    """A row and what became of it. What it said is not shown once its case has begun: the case has it."""

    line: int = Field(description="Its line in the file, the header counted")
    reference: str = Field(description="Aktenzeichen")
    status: BatchRowStatus
    case_id: UUID | None
    faults: list[RowFault]
