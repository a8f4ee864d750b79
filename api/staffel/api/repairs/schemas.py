"""Shapes of the repairs' requests and responses."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from staffel.api.schemas import Input, JsonValues, Output
from staffel.engine.cases.repairing import Action, Wish
from staffel.engine.kernel.events import Ending


class NamedOut(Output):
    """An element or flow with its name for people."""

    element: str
    name: str


class PlaceOut(Output):
    """A place where the case stands."""

    id: str = Field(description="Names the place while the case stands there", examples=["7", "f3@0"])
    element: str
    name: str
    unit: UUID = Field(description="The Stelle whose step it is")
    waits: list[str] = Field(description="What it waits for", examples=[["task", "timer"]])
    mine: bool = Field(description="Whether you may move and cancel it")
    targets: list[NamedOut] = Field(description="Where its token can be moved to")


class RepairableOut(Output):
    """A case that you may repair."""

    id: UUID
    reference: str
    version_id: UUID
    seq: int = Field(description="The last event of the case")
    places: list[PlaceOut]
    values: bool = Field(description="Whether you may set variables")


class OutcomeOut(Output):
    """What the repair leads to."""

    closes: list[NamedOut] = Field(description="Places that close")
    opens: list[NamedOut] = Field(description="Places that open")
    passes: list[NamedOut] = Field(description="Elements that are run through at once")
    incidents: list[NamedOut] = Field(description="Where the case then stands still")
    ends: Ending | None = Field(description="How the case ends by it")
    seq: int = Field(description="The last event before it")


class RepairWish(Input):
    """What to do."""

    action: Action
    place: str = Field(default="", max_length=300, description="For `move` and `cancel`: the id of the place")
    target: str = Field(default="", max_length=300, description="For `move`: the element to go on at")
    variables: JsonValues = Field(default={}, description="For `variables`: the new values")

    def wish(self) -> Wish:
        """As the engine takes it."""
        return Wish(action=self.action, place=self.place, target=self.target, variables=self.variables)


class Repair(RepairWish):
    """What to do, and why."""

    reason: str = Field(
        default="", max_length=1000, description="Needed; stays with the case and in the audit log"
    )
    seq: int | None = Field(
        default=None, description="`seq` of the preview: refused when the case has gone on since"
    )
