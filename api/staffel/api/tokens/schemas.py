"""Shapes of bearer tokens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field

from staffel.api.schemas import Input, Output
from staffel.engine.actor import Role, Scope


class NewToken(Input):
    """A program's access. With `unit_id` and `role` it does casework in that Stelle."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Fachverfahren", "scopes": ["work", "messages"]}]}
    )

    name: str = Field(min_length=1, max_length=200)
    scopes: list[Scope] = Field(min_length=1)
    unit_id: UUID | None = None
    role: Role | None = None
    expires_at: AwareDatetime | None = None


class TokenOut(Output):
    """A program's access, without its secret."""

    id: UUID
    name: str
    scopes: list[Scope]
    unit_id: UUID | None
    role: Role | None
    created_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None


class MadeToken(TokenOut):
    """A token with its secret, which is shown this once only."""

    secret: str = Field(examples=["staffel_…"])
