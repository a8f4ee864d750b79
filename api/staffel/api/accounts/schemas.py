"""Shapes of accounts and their roles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.schemas import Input, Output
from staffel.engine.actor import Role


class RoleIn(Input):
    """A role in a Stelle, or (without `unit_id`) in the whole municipality."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"role": "sachbearbeitung", "unit_id": "0198c5a0-0000-7000-8000-000000000000"}]
        }
    )

    role: Role
    unit_id: UUID | None = None


class RoleOut(Output):
    """A role that an account has."""

    role: Role
    unit_id: UUID | None
    unit: str = Field(description="Name of the Stelle; empty for the whole municipality")


class AccountOut(Output):
    """A person who signs in."""

    id: UUID
    login: str
    name: str
    created_at: datetime
    ended_at: datetime | None
    roles: list[RoleOut]


class NewAccount(Input):
    """An account to be made in one's own municipality."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"login": "m.muster", "name": "M. Muster", "password": "a long sentence", "roles": []}
            ]
        }
    )

    login: str = Field(min_length=1, max_length=200)
    name: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=12, max_length=256)
    roles: list[RoleIn] = Field(default=[], max_length=50)


class PasswordIn(Input):
    """A new password for somebody; all sessions of the account end."""

    model_config = ConfigDict(str_strip_whitespace=False)

    password: str = Field(min_length=12, max_length=256)
