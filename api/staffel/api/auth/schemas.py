"""Shapes of signing in."""

from __future__ import annotations

from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.references import UnitRef
from staffel.api.schemas import Input, Output
from staffel.engine.actor import Role, Scope


class LogIn(Input):
    """Name and password."""

    model_config = ConfigDict(
        str_strip_whitespace=False,
        json_schema_extra={"examples": [{"login": "abh.rheine", "password": "a long sentence"}]},
    )

    login: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=1_000)


class NewPassword(Input):
    """The own password, changed. All sessions of the account end."""

    model_config = ConfigDict(str_strip_whitespace=False)

    old: str = Field(min_length=1, max_length=1_000)
    new: str = Field(min_length=12, max_length=256)


class UnitRoles(Output):
    """What one does in a Stelle."""

    unit: UnitRef
    roles: list[Role]


class Me(Output):
    """Who asks, and what that person or program may do now."""

    name: str
    account: UUID | None = Field(description="Null for programs")
    municipality: str = Field(description="AGS")
    municipality_name: str
    roles: list[Role]
    units: list[UnitRoles]
    scopes: list[Scope] = Field(description="Of programs")
    csrf_token: str = Field(description="For `X-CSRF-Token`; empty for programs")
