"""What an administrator does to accounts, tokens and Stellen of the own municipality. Never a look into a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlmodel import col, or_, select

from staffel.engine.accounts import organisation, people, tokens
from staffel.engine.actor import Actor, Role, Scope
from staffel.engine.errors import NotFound
from staffel.engine.store import Transaction
from staffel.engine.store.audit import record
from staffel.engine.store.tables import Account, Competence, Membership, Municipality, Token, Unit


class RoleLine(msgspec.Struct, frozen=True, kw_only=True):
    """A role of an account; `unit_id` None: in the whole municipality."""

    role: Role
    unit_id: UUID | None = None
    unit: str = ""


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """An account as the administration sees it."""

    id: UUID
    login: str
    name: str
    created_at: datetime
    ended_at: datetime | None
    roles: tuple[RoleLine, ...]


class UnitLine(msgspec.Struct, frozen=True, kw_only=True):
    """A Stelle, and the municipalities it serves by AGS."""

    id: UUID
    municipality: str
    kind: str
    name: str
    short_name: str
    serves: tuple[str, ...]


class TokenLine(msgspec.Struct, frozen=True, kw_only=True):
    """A token without its secret."""

    id: UUID
    name: str
    scopes: tuple[Scope, ...]
    unit_id: UUID | None
    role: Role | None
    created_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None


def create_account_as(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    login: str,
    name: str,
    password: str,
    roles: Sequence[tuple[Role, UUID | None]] = (),
) -> UUID:
    """Add an account to the actor's municipality."""
    actor.need(Role.ADMINISTRATION)
    for _, unit_id in roles:
        _own_unit(tx, actor, unit_id)
    account_id = people.create_account(
        tx,
        now=now,
        municipality=actor.municipality,
        login=login,
        name=name,
        password=password,
        roles=roles,
    )
    record(tx, actor=actor, now=now, action="account.create", subject=account_id, roles=_told(roles))
    return account_id


def change_role_as(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    account_id: UUID,
    role: Role,
    unit_id: UUID | None = None,
    held: bool,
) -> None:
    """Give (`held`) or take a role; it counts from the account's next request."""
    _own_account(tx, actor, account_id)
    _own_unit(tx, actor, unit_id)
    change = people.add_membership if held else people.remove_membership
    change(tx, account_id=account_id, role=role, unit_id=unit_id)
    action = "account.role.add" if held else "account.role.remove"
    record(tx, actor=actor, now=now, action=action, subject=account_id, roles=_told([(role, unit_id)]))


def end_account_as(tx: Transaction, *, actor: Actor, now: datetime, account_id: UUID) -> None:
    """Close an account of the actor's municipality."""
    _own_account(tx, actor, account_id)
    people.end_account(tx, now=now, account_id=account_id)
    record(tx, actor=actor, now=now, action="account.end", subject=account_id)


def set_password_as(tx: Transaction, *, actor: Actor, now: datetime, account_id: UUID, password: str) -> None:
    """Give an account of the actor's municipality a new password."""
    _own_account(tx, actor, account_id)
    people.set_password(tx, account_id=account_id, password=password)
    record(tx, actor=actor, now=now, action="account.password", subject=account_id)


def create_token_as(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    name: str,
    scopes: Iterable[Scope],
    unit_id: UUID | None = None,
    role: Role | None = None,
    expires_at: datetime | None = None,
) -> tuple[UUID, str]:
    """A token of the actor's municipality: its id, and its secret, which is shown this once."""
    actor.need(Role.ADMINISTRATION)
    _own_unit(tx, actor, unit_id)
    token_id, secret = tokens.create_token(
        tx,
        now=now,
        municipality=actor.municipality,
        name=name,
        scopes=scopes,
        unit_id=unit_id,
        role=role,
        expires_at=expires_at,
    )
    record(tx, actor=actor, now=now, action="token.create", subject=token_id, name=name)
    return token_id, secret


def end_token_as(tx: Transaction, *, actor: Actor, now: datetime, token_id: UUID) -> None:
    """End a token of the actor's municipality."""
    actor.need(Role.ADMINISTRATION)
    token = tx.session.get(Token, token_id)
    if token is None or token.municipality != actor.municipality:
        raise NotFound("There is no such token.")
    tokens.end_token(tx, now=now, token_id=token_id)
    record(tx, actor=actor, now=now, action="token.end", subject=token_id)


def create_unit_as(
    tx: Transaction, *, actor: Actor, now: datetime, kind: str, name: str, short_name: str = ""
) -> UUID:
    """Add a Stelle to the actor's municipality."""
    actor.need(Role.ADMINISTRATION)
    unit_id = organisation.create_unit(
        tx, now=now, municipality=actor.municipality, kind=kind, name=name, short_name=short_name
    )
    record(tx, actor=actor, now=now, action="unit.create", subject=unit_id, kind=kind)
    return unit_id


def set_competence_as(tx: Transaction, *, actor: Actor, now: datetime, kind: str, unit_id: UUID) -> None:
    """Let a Stelle, of whatever AGS, serve the actor's municipality for a kind of work from now on."""
    actor.need(Role.ADMINISTRATION)
    organisation.set_competence(tx, municipality=actor.municipality, kind=kind, unit_id=unit_id)
    record(tx, actor=actor, now=now, action="competence.set", subject=unit_id, kind=kind)


def accounts(tx: Transaction, *, actor: Actor) -> tuple[AccountLine, ...]:
    """The accounts of the actor's municipality, by sign-in name."""
    actor.need(Role.ADMINISTRATION)
    mine = col(Account.municipality) == actor.municipality
    held: dict[UUID, list[RoleLine]] = {}
    rows = tx.session.exec(
        select(Membership, Unit.name)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .outerjoin(Unit, col(Unit.id) == col(Membership.unit_id))
        .where(mine)
        .order_by(col(Membership.role), col(Unit.name))
    )
    for each, unit in rows:
        line = RoleLine(role=Role(each.role), unit_id=each.unit_id, unit=unit or "")
        held.setdefault(each.account_id, []).append(line)
    return tuple(
        AccountLine(
            id=account.id,
            login=account.login,
            name=account.name,
            created_at=account.created_at,
            ended_at=account.ended_at,
            roles=tuple(held.get(account.id, ())),
        )
        for account in tx.session.exec(select(Account).where(mine).order_by(Account.login))
    )


def account_tokens(tx: Transaction, *, actor: Actor) -> tuple[TokenLine, ...]:
    """The tokens of the actor's municipality, newest first."""
    actor.need(Role.ADMINISTRATION)
    found = select(Token).where(Token.municipality == actor.municipality).order_by(col(Token.id).desc())
    return tuple(
        TokenLine(
            id=token.id,
            name=token.name,
            scopes=tuple(Scope(scope) for scope in token.scopes),
            unit_id=token.unit_id,
            role=Role(token.role) if token.role else None,
            created_at=token.created_at,
            expires_at=token.expires_at,
            ended_at=token.ended_at,
        )
        for token in tx.session.exec(found)
    )


def units(tx: Transaction, *, actor: Actor, everywhere: bool = False) -> tuple[UnitLine, ...]:
    """The Stellen of the actor's municipality and those that serve it; `everywhere`: all, as a directory of names."""
    serving = select(Competence.unit_id).where(Competence.municipality == actor.municipality)
    query = select(Unit).order_by(col(Unit.municipality), col(Unit.kind), col(Unit.name))
    if not everywhere:
        query = query.where(or_(col(Unit.municipality) == actor.municipality, col(Unit.id).in_(serving)))
    serves: dict[UUID, list[str]] = {}
    for each in tx.session.exec(select(Competence).order_by(Competence.municipality)):
        serves.setdefault(each.unit_id, []).append(each.municipality)
    return tuple(
        UnitLine(
            id=unit.id,
            municipality=unit.municipality,
            kind=unit.kind,
            name=unit.name,
            short_name=unit.short_name,
            serves=tuple(serves.get(unit.id, ())),
        )
        for unit in tx.session.exec(query)
    )


def municipalities(tx: Transaction) -> tuple[tuple[str, str], ...]:
    """AGS and name of every municipality, by name. Public: nothing here is a secret."""
    return tuple(tx.session.exec(select(Municipality.ags, Municipality.name).order_by(Municipality.name)))


def _own_account(tx: Transaction, actor: Actor, account_id: UUID) -> None:
    actor.need(Role.ADMINISTRATION)
    account = tx.session.get(Account, account_id)
    if account is None or account.municipality != actor.municipality:
        raise NotFound("There is no such account.")


def _own_unit(tx: Transaction, actor: Actor, unit_id: UUID | None) -> None:
    unit = tx.session.get(Unit, unit_id) if unit_id else None
    if unit_id is not None and (unit is None or unit.municipality != actor.municipality):
        raise NotFound("There is no such Stelle in your municipality.")


def _told(roles: Iterable[tuple[Role, UUID | None]]) -> list[str]:
    return [f"{role.value}@{unit or 'municipality'}" for role, unit in roles]
