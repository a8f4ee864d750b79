"""Shapes of changes."""

from __future__ import annotations

from pydantic import Field

from staffel.api.schemas import Output


class ChangesOut(Output):
    """Whether something has changed."""

    mark: str = Field(description="Send it as `since` the next time", examples=["5f0c2b1e9a7d4c3b8e6f1a2d"])
    changed: bool = Field(description="Whether it is another mark than `since`")
