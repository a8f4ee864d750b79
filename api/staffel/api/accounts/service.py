"""Looking after accounts: what the engine's administration does not say by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from staffel.engine.accounts import administration
from staffel.engine.accounts.administration import AccountLine
from staffel.engine.actor import Actor, Role
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.store import Transaction


class OwnAccount(Refusal):
    """You cannot take administration from yourself or close your own account; another administrator can."""

    code = "own-account"
    text_de = "Das eigene Konto kann man weder schließen noch ihm die Administration nehmen; das kann eine andere Administration."


def find_account(tx: Transaction, *, actor: Actor, account_id: UUID) -> AccountLine:
    """One account of the actor's municipality. Raises `NotAllowed`, `NotFound`."""
    for line in administration.accounts(tx, actor=actor):
        if line.id == account_id:
            return line
    raise NotFound


def add_account(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    login: str,
    name: str,
    password: str,
    roles: Sequence[tuple[Role, UUID | None]],
) -> AccountLine:
    """Make an account. Raises `NotAllowed`, `LoginTaken`, `PasswordTooWeak`, `RoleNeedsUnit`, `NotFound`."""
    account_id = administration.create_account_as(
        tx, actor=actor, now=now, login=login, name=name, password=password, roles=roles
    )
    return find_account(tx, actor=actor, account_id=account_id)


def change_role(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    account_id: UUID,
    role: Role,
    unit_id: UUID | None,
    held: bool,
) -> AccountLine:
    """Give (`held`) or take a role. Raises `NotAllowed`, `NotFound`, `RoleNeedsUnit`, `OwnAccount`."""
    actor.need(Role.ADMINISTRATION)
    if account_id == actor.account and role is Role.ADMINISTRATION and not held:
        raise OwnAccount
    administration.change_role_as(
        tx, actor=actor, now=now, account_id=account_id, role=role, unit_id=unit_id, held=held
    )
    return find_account(tx, actor=actor, account_id=account_id)


def close_account(tx: Transaction, *, actor: Actor, now: datetime, account_id: UUID) -> None:
    """Close an account. Raises `NotAllowed`, `NotFound`, `OwnAccount`."""
    actor.need(Role.ADMINISTRATION)
    if account_id == actor.account:
        raise OwnAccount
    administration.end_account_as(tx, actor=actor, now=now, account_id=account_id)
