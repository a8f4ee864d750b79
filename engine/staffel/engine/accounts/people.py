"""Accounts and what they may do. These functions ask for no rights: the command line and `administration` call them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, select

from staffel.engine.accounts.secrets import hash_password
from staffel.engine.actor import CASEWORK, Role
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import Account, Membership, Municipality, SignIn, Unit


class LoginTaken(Refusal):
    """There is an account with this sign-in name already."""

    code = "login-taken"
    text_de = "Diesen Anmeldenamen gibt es schon."


class RoleNeedsUnit(Refusal):
    """Caseworkers and team leads belong to a Stelle: name it together with the role."""

    status, code = 422, "role-needs-unit"
    text_de = "Sachbearbeitung und Teamleitung gehören zu einer Stelle. Bitte die Stelle mit angeben."


def create_account(
    tx: Transaction,
    *,
    now: datetime,
    municipality: str,
    login: str,
    name: str,
    password: str,
    roles: Iterable[tuple[Role, UUID | None]] = (),
) -> UUID:
    """Add an account with its roles, each in a Stelle or (None) in the whole municipality.

    Raises `LoginTaken`, `secrets.PasswordTooWeak`, `RoleNeedsUnit`, `NotFound`.
    """
    login = login.strip().lower()
    if tx.session.get(Municipality, municipality) is None:
        raise NotFound(f"There is no municipality {municipality}.", ags=municipality)
    if not login or tx.session.exec(select(Account.id).where(Account.login == login)).first():
        raise LoginTaken(login=login)
    account = Account(
        id=new_id(now),
        municipality=municipality,
        login=login,
        name=name,
        password_hash=hash_password(password, login=login),
        created_at=now,
    )
    tx.session.add(account)
    tx.flush()
    for role, unit_id in roles:
        add_membership(tx, account_id=account.id, role=role, unit_id=unit_id)
    return account.id


def add_membership(tx: Transaction, *, account_id: UUID, role: Role, unit_id: UUID | None = None) -> None:
    """Give an account a role, in a Stelle or in its whole municipality. Having it already is no fault."""
    if role in CASEWORK and unit_id is None:
        raise RoleNeedsUnit(role=role.value)
    if tx.session.get(Account, account_id) is None:
        raise NotFound("There is no such account.")
    if unit_id is not None and tx.session.get(Unit, unit_id) is None:
        raise NotFound("There is no such Stelle.")
    wanted = _membership(account_id, role, unit_id)
    if tx.session.exec(select(Membership.id).where(*wanted)).first() is None:
        tx.session.add(Membership(id=new_id(), account_id=account_id, unit_id=unit_id, role=role.value))
        tx.flush()


def remove_membership(tx: Transaction, *, account_id: UUID, role: Role, unit_id: UUID | None = None) -> None:
    """Take a role from an account; its sessions lose it with their next request."""
    tx.session.execute(delete(Membership).where(*_membership(account_id, role, unit_id)))


def end_account(tx: Transaction, *, now: datetime, account_id: UUID) -> None:
    """Close an account: its sessions end at once, its name stays in the audit log."""
    account = tx.session.get(Account, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    account.ended_at = now
    tx.session.execute(delete(SignIn).where(col(SignIn.account_id) == account_id))


def set_password(tx: Transaction, *, account_id: UUID, password: str) -> None:
    """Give an account a new password; all its sessions end."""
    account = tx.session.get(Account, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    account.password_hash = hash_password(password, login=account.login)
    tx.session.execute(delete(SignIn).where(col(SignIn.account_id) == account_id))


def _membership(account_id: UUID, role: Role, unit_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    unit = col(Membership.unit_id)
    return (
        col(Membership.account_id) == account_id,
        col(Membership.role) == role.value,
        unit.is_(None) if unit_id is None else unit == unit_id,
    )
