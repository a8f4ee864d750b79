"""Making a token with the rules for what a program may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from staffel.engine.accounts.administration import TokenLine, account_tokens, create_token_as
from staffel.engine.actor import CASEWORK, Actor, Role, Scope
from staffel.engine.errors import Refusal
from staffel.engine.store import Transaction


class CaseworkOnly(Refusal):
    """A token has a Stelle and a casework role together, or neither; other roles are for people."""

    status, code = 422, "casework-only"
    text_de = "Ein Maschinenzugang hat eine Stelle und eine Rolle der Sachbearbeitung zusammen, oder keins von beiden."


def make_token(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    name: str,
    scopes: Sequence[Scope],
    unit_id: UUID | None,
    role: Role | None,
    expires_at: datetime | None,
) -> tuple[TokenLine, str]:
    """The token and its secret. Raises `NotAllowed`, `NotFound`, `CaseworkOnly`."""
    if (unit_id is None) != (role is None) or (role is not None and role not in CASEWORK):
        raise CaseworkOnly
    token_id, secret = create_token_as(
        tx,
        actor=actor,
        now=now,
        name=name,
        scopes=scopes,
        unit_id=unit_id,
        role=role,
        expires_at=expires_at,
    )
    line = next(line for line in account_tokens(tx, actor=actor) if line.id == token_id)
    return line, secret
