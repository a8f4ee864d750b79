"""Shapes of municipalities, Stellen and competences. All of it is public knowledge inside Staffel."""

from __future__ import annotations

from pydantic import Field

from staffel.api.references import UnitRef
from staffel.api.schemas import Output


class MunicipalityOut(Output):
    """A Kommune."""

    ags: str = Field(description="Amtlicher Gemeindeschlüssel", examples=["05566076"])
    name: str = Field(examples=["Rheine"])
    kind: str = Field(examples=["kreisangehoerig"])
    parent_ags: str | None = Field(description="The Kreis of a town")


class UnitOut(UnitRef):
    """A Stelle."""

    short_name: str


class CompetenceOut(Output):
    """The Stelle that serves a municipality for a kind of work."""

    kind: str = Field(examples=["JC"])
    unit: UnitRef
