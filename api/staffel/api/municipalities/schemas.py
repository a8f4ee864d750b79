"""Shapes of municipalities, Stellen and competences. All of it is public knowledge inside Staffel."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field

from staffel.api.references import ContactOut, UnitRef
from staffel.api.schemas import Input, Output
from staffel.engine.bpmn.units import UNIT_KINDS

KINDS = tuple(kind.key for kind in UNIT_KINDS if not kind.outside)


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"Expected a kind of Stelle ({', '.join(KINDS)})")
    return kind


Kind = Annotated[
    str,
    AfterValidator(_known),
    Field(description="Kind of Stelle", examples=["JC"], json_schema_extra={"enum": list(KINDS)}),
]


class MunicipalityOut(Output):
    """A Kommune."""

    ags: str = Field(description="Amtlicher Gemeindeschlüssel", examples=["05566076"])
    name: str = Field(examples=["Rheine"])
    kind: str = Field(examples=["kreisangehoerig"])
    parent_ags: str | None = Field(description="The Kreis of a town")


class UnitOut(UnitRef):
    """A Stelle."""

    short_name: str
    contact: ContactOut | None = Field(default=None, description="Null where nothing was entered")


class Contact(Input):
    """How a Stelle is reached. Name the office, not a person."""

    address: str = Field(default="", max_length=500, examples=["Klosterstraße 14\n48431 Rheine"])
    phone: str = Field(default="", max_length=500, examples=["05971 939-0"])
    mail: str = Field(
        default="", max_length=500, description="A shared mailbox", examples=["jobcenter@example.org"]
    )
    opening_hours: str = Field(default="", max_length=500, examples=["Mo–Fr 8–12 Uhr"])


class CompetenceOut(Output):
    """The Stelle that serves a municipality for a kind of work."""

    kind: str = Field(examples=["JC"])
    unit: UnitRef


class NewUnit(Input):
    """A Stelle to be made."""

    kind: Kind
    name: str = Field(min_length=1, max_length=200, examples=["Jobcenter Rheine"])
    short_name: str = Field(default="", max_length=40)


class CompetenceIn(Input):
    """The Stelle that does this kind of work from now on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"unit_id": "0198c5a0-0000-7000-8000-000000000000"}]}
    )

    unit_id: UUID
