"""Short forms of what other things point to."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from staffel.api.schemas import Output


class UnitRef(Output):
    """A Stelle."""

    id: UUID
    kind: str = Field(description="What lanes are bound to", examples=["JC"])
    name: str = Field(examples=["Jobcenter Rheine"])
    municipality: str = Field(description="Its AGS", examples=["05566076"])


class ContactOut(Output):
    """How a Stelle is reached: the office, never a person of it. What is not known is empty."""

    address: str = Field(description="Postal address, line by line")
    phone: str
    mail: str
    opening_hours: str


class CaseRef(Output):
    """A case, as far as everybody who has to do with it may know."""

    id: UUID
    reference: str = Field(description="Aktenzeichen", examples=["50.1-2026-0815"])
    process: str = Field(description="Key of the process", examples=["rechtskreiswechsel"])
    process_name: str = Field(examples=["Rechtskreiswechsel AsylbLG → SGB II"])
