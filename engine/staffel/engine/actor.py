"""Who asks for something, and what that person or program may do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

import msgspec

from staffel.engine.errors import NotAllowed


class Role(StrEnum):
    """What an account does. The first two belong to one Stelle, the others to a Stelle or a whole municipality."""

    SACHBEARBEITUNG = "sachbearbeitung"
    TEAMLEITUNG = "teamleitung"
    KOORDINATION = "koordination"
    PROZESSDESIGN = "prozessdesign"
    ANALYSE = "analyse"
    ADMINISTRATION = "administration"
    REVISION = "revision"


CASEWORK = frozenset({Role.SACHBEARBEITUNG, Role.TEAMLEITUNG})
"""The roles that work on tasks and handovers of their own Stelle. No other role does, whatever else it may."""


class Scope(StrEnum):
    """What a machine token may do, within its municipality. A token for casework has a Stelle and a role as people do."""

    CASES = "cases"
    MESSAGES = "messages"
    WORK = "work"
    MODELS = "models"
    ANALYSIS = "analysis"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """The account or machine token behind a request, with rights as they stand now.

    `units` maps each Stelle of the actor to the roles there; `roles` are all roles, those for the whole municipality
    included. `scopes` is empty for people. `token` is set for machines.
    """

    name: str
    municipality: str
    account: UUID | None = None
    units: Mapping[UUID, frozenset[Role]] = {}
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[Scope] = frozenset()
    token: UUID | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the actor has one of the roles anywhere."""
        return not self.roles.isdisjoint(roles)

    def need(self, *roles: Role) -> None:
        """Raise `NotAllowed` unless the actor has one of the roles."""
        if self.roles.isdisjoint(roles):
            raise NotAllowed(
                f"Needs one of the roles {', '.join(roles)}; you have {', '.join(sorted(self.roles)) or 'none'}.",
                text_de=f"Dafür braucht es eine der Rollen {', '.join(roles)}.",
            )

    def need_scope(self, scope: Scope) -> None:
        """Raise `NotAllowed` unless the actor is a machine with the scope."""
        if scope not in self.scopes:
            raise NotAllowed(
                f"Needs a machine token with the scope {scope}.",
                text_de=f"Dafür braucht es einen Maschinenzugang mit dem Recht {scope}.",
            )

    def units_as(self, *roles: Role) -> frozenset[UUID]:
        """The Stellen in which the actor has one of the roles."""
        return frozenset(unit for unit, held in self.units.items() if not held.isdisjoint(roles))

    def works_in(self, unit: UUID) -> bool:
        """Whether the actor does casework in the Stelle."""
        return not CASEWORK.isdisjoint(self.units.get(unit, frozenset()))
