"""What `staffel user` and `staffel init` share: asking for passwords, finding accounts and Stellen."""

from __future__ import annotations

import getpass
import secrets
import sys

from sqlmodel import select

from staffel.api.cli.output import UsageError
from staffel.engine.accounts.secrets import MINIMUM_LENGTH
from staffel.engine.actor import Role
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Account, Unit


def password_of(given: str | None) -> tuple[str, bool]:
    """A password and whether it was made up here: typed at a terminal, read from standard input (`-`), or random.

    A password never stands in an argument: other users of the machine could read it there.
    """
    if given == "-":
        return sys.stdin.readline().rstrip("\n"), False
    if sys.stdin.isatty():
        typed = getpass.getpass(f"Password (at least {MINIMUM_LENGTH} characters; empty: make one up): ")
        if typed and getpass.getpass("Again: ") != typed:
            raise UsageError("the two passwords differ")
        if typed:
            return typed, False
    return secrets.token_urlsafe(15), True


def find_account(tx: Transaction, login: str) -> Account:
    """An account by its sign-in name. Raises `UsageError`."""
    account = tx.session.exec(select(Account).where(Account.login == login.strip().lower())).first()
    if account is None:
        raise UsageError(f"there is no account {login!r}; `staffel user list` shows them")
    return account


def find_unit(tx: Transaction, municipality: str, kind: str) -> Unit:
    """The Stelle of a kind in a municipality. Raises `UsageError`."""
    found = tx.session.exec(select(Unit).where(Unit.municipality == municipality, Unit.kind == kind)).all()
    if len(found) != 1:
        raise UsageError(f"expected one Stelle of kind {kind} in {municipality}, found {len(found)}")
    return found[0]


def role_of(text: str) -> tuple[Role, str | None]:
    """`ROLE` or `ROLE@KIND`: a role in the municipality, or in its Stelle of that kind. Raises `UsageError`."""
    name, _, kind = text.partition("@")
    try:
        return Role(name), kind or None
    except ValueError as err:
        raise UsageError(f"expected one of the roles {', '.join(Role)}, found {name!r}") from err
