"""What requests and responses of all slices have in common."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")

JsonValues = Annotated[
    dict[str, Any],
    Field(description="Names to values: text, number, boolean, list, object; dates as ISO 8601 text"),
]
Id = Annotated[UUID, Path(description="The id that a list or an earlier answer gave")]
CONFIRMED: Any = Field(
    default=False, description="What the form's rules find unusual is right; without it they answer 409"
)
Cursor = Annotated[str | None, Query(max_length=400, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]


class Input(BaseModel):
    """The body of a request. Fields that it does not name are refused with 422."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Output(BaseModel):
    """The body of a response."""

    model_config = ConfigDict(from_attributes=True)


class Page(Output, Generic[Item]):
    """A part of a list. `next` goes into `cursor` for the part that follows; null at the end."""

    items: list[Item]
    next: str | None = None
