"""Shapes of work for outside programs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.schemas import Input, JsonValues, Output

Worker = Annotated[
    str, Field(min_length=1, max_length=200, description="Names the program that holds the lease")
]
Lease = Annotated[
    timedelta,
    Field(ge=timedelta(seconds=1), le=timedelta(days=1), description="ISO 8601 (`PT5M`) or seconds"),
]


class Fetch(Input):
    """Ask for work."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"worker": "zeus-1", "topics": ["bescheid-drucken"], "lease": "PT5M"}]
        }
    )

    worker: Worker
    topics: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(min_length=1, max_length=100)
    lease: Lease = timedelta(minutes=5)
    limit: int = Field(default=10, ge=1, le=100)


class WorkItemOut(Output):
    """A leased piece of work."""

    id: UUID
    case_id: UUID
    reference: str = Field(description="Aktenzeichen")
    element: str
    topic: str
    payload: JsonValues
    retries: int = Field(description="How often it may still fail")
    lease_until: datetime


class Extension(Input):
    """Ask for more time."""

    worker: Worker
    lease: Lease = timedelta(minutes=5)


class Extended(Output):
    """When the lease ends now."""

    lease_until: datetime


class WorkResult(Input):
    """The work is done."""

    worker: Worker
    variables: JsonValues = Field(default={})


class WorkFailure(Input):
    """The work failed; it is offered again until no retries are left."""

    worker: Worker
    message: str = Field(min_length=1, max_length=4000)
    retries: int | None = Field(
        default=None, ge=0, le=100, description="Those left; else one less than before"
    )
    retry_in: timedelta | None = Field(
        default=None, ge=timedelta(), le=timedelta(days=30), description="The pause; else longer each time"
    )


class WorkError(Input):
    """A BPMN error instead of a result."""

    worker: Worker
    code: str = Field(min_length=1, max_length=200)
    variables: JsonValues = Field(default={})
