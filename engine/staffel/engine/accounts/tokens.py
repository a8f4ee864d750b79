"""Access for programs: a token has scopes in one municipality and, for casework, a role in one Stelle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from staffel.engine.accounts.secrets import hash_secret, new_secret
from staffel.engine.actor import Actor, Role, Scope
from staffel.engine.errors import NotFound
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import Token

PREFIX = "staffel_"
"""Lets secret scanners find a token that has got into a file."""


def create_token(
    tx: Transaction,
    *,
    now: datetime,
    municipality: str,
    name: str,
    scopes: Iterable[Scope],
    unit_id: UUID | None = None,
    role: Role | None = None,
    expires_at: datetime | None = None,
) -> tuple[UUID, str]:
    """A new token: its id and its secret, which is kept nowhere and cannot be shown again."""
    secret = new_secret(PREFIX)
    token = Token(
        id=new_id(now),
        municipality=municipality,
        name=name,
        secret_hash=hash_secret(secret),
        scopes=sorted(scope.value for scope in scopes),
        unit_id=unit_id,
        role=role.value if role else None,
        created_at=now,
        expires_at=expires_at,
    )
    tx.session.add(token)
    tx.flush()
    return token.id, secret


def actor_of_token(tx: Transaction, *, now: datetime, secret: str) -> Actor | None:
    """The program behind a token; None when it was ended, has expired or never was."""
    token = tx.session.exec(select(Token).where(Token.secret_hash == hash_secret(secret))).first()
    return _actor(token, now)


def actor_of_token_id(tx: Transaction, *, now: datetime, token_id: UUID | None) -> Actor | None:
    """The program that a token of this id lets in, for what it began earlier; None as in `actor_of_token`."""
    return _actor(tx.session.get(Token, token_id) if token_id else None, now)


def _actor(token: Token | None, now: datetime) -> Actor | None:
    if (
        token is None
        or token.ended_at is not None
        or (token.expires_at is not None and token.expires_at <= now)
    ):
        return None
    roles = frozenset({Role(token.role)} if token.role else ())
    return Actor(
        name=token.name,
        municipality=token.municipality,
        token=token.id,
        units={token.unit_id: roles} if token.unit_id else {},
        roles=roles,
        scopes=frozenset(Scope(scope) for scope in token.scopes),
    )


def end_token(tx: Transaction, *, now: datetime, token_id: UUID) -> None:
    """From now on the token opens nothing."""
    token = tx.session.get(Token, token_id)
    if token is None:
        raise NotFound("There is no such token.")
    token.ended_at = token.ended_at or now
