"""`staffel user`: add, list, change and disable accounts."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from staffel.api.cli.output import Exit, say_error
from staffel.api.cli.people import find_account, find_unit, password_of, role_of
from staffel.api.cli.storage import open_database
from staffel.api.clock import utc_now
from staffel.api.settings import read_settings
from staffel.engine.accounts import (
    add_membership,
    create_account,
    end_account,
    remove_membership,
    set_password,
)
from staffel.engine.actor import Role
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import Account, Membership, Unit


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parsers = parser.add_subparsers(title="what to do", metavar="ACTION", required=True)
    listing = parsers.add_parser("list", help="accounts and their roles")
    listing.add_argument("--municipality", metavar="AGS", help="of this one only")
    listing.set_defaults(action=_list)
    adding = parsers.add_parser("add", help="make an account")
    adding.add_argument("login", metavar="LOGIN")
    adding.add_argument("--municipality", metavar="AGS", required=True)
    adding.add_argument("--name", required=True, help="the person's name")
    adding.add_argument("--role", metavar="ROLE[@KIND]", action="append", default=[], help="may be repeated")
    _add_password(adding)
    adding.set_defaults(action=_add)
    password = parsers.add_parser("password", help="set a password; all sessions of the account end")
    password.add_argument("login", metavar="LOGIN")
    _add_password(password)
    password.set_defaults(action=_password)
    role = parsers.add_parser("role", help="give or take a role")
    role.add_argument("login", metavar="LOGIN")
    role.add_argument("role", metavar="ROLE[@KIND]")
    role.add_argument("--take", action="store_true", help="take it instead of giving it")
    role.set_defaults(action=_role)
    disabling = parsers.add_parser("disable", help="close an account; its sessions end at once")
    disabling.add_argument("login", metavar="LOGIN")
    disabling.set_defaults(action=_disable)
    parser.epilog = (
        "examples:\n"
        "  staffel user list\n"
        "  staffel user add m.muster --name 'M. Muster' --municipality 05566076 --role sachbearbeitung@JC\n"
        "  staffel user role m.muster analyse\n"
        "  pass show staffel/m.muster | staffel user password m.muster --password -\n"
        "  staffel user disable m.muster\n\n"
        f"roles: {', '.join(Role)}\n"
        "Without a terminal and without `--password -` a password is made up and printed once."
    )


def _add_password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password", choices=("-",), help="read it from standard input")


def run(arguments: argparse.Namespace) -> Exit:
    """Do what was asked."""
    action: Callable[[Database, argparse.Namespace], None] = arguments.action
    with open_database(read_settings(), migrated=False) as database:
        action(database, arguments)
    return Exit.DONE


def _list(database: Database, arguments: argparse.Namespace) -> None:
    for line in database.read(_lines, municipality=arguments.municipality):
        print(line)


def _lines(tx: Transaction, *, municipality: str | None) -> list[str]:
    roles: dict[UUID, list[str]] = {}
    columns: tuple[Any, ...] = (Membership, Unit.kind)
    joined = select(*columns).outerjoin(Unit, col(Unit.id) == col(Membership.unit_id))
    for membership, kind in tx.session.exec(joined):
        roles.setdefault(membership.account_id, []).append(membership.role + (f"@{kind}" if kind else ""))
    accounts = select(Account).order_by(Account.municipality, Account.login)
    if municipality:
        accounts = accounts.where(Account.municipality == municipality)
    return [
        f"{each.municipality}  {each.login}  {each.name}  {', '.join(sorted(roles.get(each.id, [])))}"
        + ("  (closed)" if each.ended_at else "")
        for each in tx.session.exec(accounts)
    ]


def _add(database: Database, arguments: argparse.Namespace) -> None:
    password, made_up = password_of(arguments.password)
    database.run(_create, arguments=arguments, password=password)
    say_error(f"account {arguments.login} made")
    _tell(password, made_up=made_up)


def _create(tx: Transaction, *, arguments: argparse.Namespace, password: str) -> None:
    wanted = [role_of(text) for text in arguments.role]
    create_account(
        tx,
        now=utc_now(),
        municipality=arguments.municipality,
        login=arguments.login,
        name=arguments.name,
        password=password,
        roles=[
            (role, find_unit(tx, arguments.municipality, kind).id if kind else None) for role, kind in wanted
        ],
    )


def _password(database: Database, arguments: argparse.Namespace) -> None:
    password, made_up = password_of(arguments.password)
    database.run(_set_password, login=arguments.login, password=password)
    _tell(password, made_up=made_up)


def _set_password(tx: Transaction, *, login: str, password: str) -> None:
    set_password(tx, account_id=find_account(tx, login).id, password=password)


def _tell(password: str, *, made_up: bool) -> None:
    if made_up:
        print(password)
        say_error("the line above is the password; it is shown this once")


def _role(database: Database, arguments: argparse.Namespace) -> None:
    database.run(_change_role, login=arguments.login, text=arguments.role, take=arguments.take)


def _change_role(tx: Transaction, *, login: str, text: str, take: bool) -> None:
    role, kind = role_of(text)
    account = find_account(tx, login)
    unit = find_unit(tx, account.municipality, kind).id if kind else None
    change = remove_membership if take else add_membership
    change(tx, account_id=account.id, role=role, unit_id=unit)


def _disable(database: Database, arguments: argparse.Namespace) -> None:
    database.run(_end, login=arguments.login)


def _end(tx: Transaction, *, login: str) -> None:
    end_account(tx, now=utc_now(), account_id=find_account(tx, login).id)
