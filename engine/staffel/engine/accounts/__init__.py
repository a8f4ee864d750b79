"""People and machines: accounts, roles, sign-in, sessions, tokens; and the organisation they belong to."""

from __future__ import annotations

from staffel.engine.accounts.organisation import create_municipality, create_unit, set_competence
from staffel.engine.accounts.people import (
    add_membership,
    create_account,
    end_account,
    remove_membership,
    set_password,
)
from staffel.engine.accounts.sessions import SignInResult, actor_of_session, sign_in, sign_out
from staffel.engine.accounts.tokens import actor_of_token, create_token, end_token

__all__ = [
    "SignInResult",
    "actor_of_session",
    "actor_of_token",
    "add_membership",
    "create_account",
    "create_municipality",
    "create_token",
    "create_unit",
    "end_account",
    "end_token",
    "remove_membership",
    "set_competence",
    "set_password",
    "sign_in",
    "sign_out",
]
