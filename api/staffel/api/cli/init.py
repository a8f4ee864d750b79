"""`staffel init`: prepare an empty installation."""

from __future__ import annotations

import argparse
import sys

from sqlmodel import select

from staffel.api.cli.output import Exit, UsageError, say_error
from staffel.api.cli.people import password_of
from staffel.api.cli.storage import open_database
from staffel.api.cli.unit import add_units
from staffel.api.clock import utc_now
from staffel.api.settings import read_settings
from staffel.engine.accounts import create_account, create_municipality
from staffel.engine.actor import Role
from staffel.engine.bpmn.units import UNITS_BY_KEY
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Account, Municipality


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parser.add_argument(
        "--ags", help="Amtlicher Gemeindeschlüssel of the municipality (asked for at a terminal)"
    )
    parser.add_argument("--name", help="its name (asked for at a terminal)")
    parser.add_argument("--unit", metavar="KIND", action="append", default=[], choices=sorted(UNITS_BY_KEY),
                        help=f"a Stelle to begin with; may be repeated ({', '.join(UNITS_BY_KEY)})")  # fmt: skip
    parser.add_argument(
        "--login", default="admin", help="sign-in name of the first administrator (default: admin)"
    )
    parser.add_argument("--password", choices=("-",), help="read the password from standard input")
    parser.add_argument(
        "--if-needed", action="store_true", help="do nothing where there are accounts already"
    )
    parser.epilog = (
        "examples:\n"
        "  staffel init                                                asks for what it needs\n"
        "  staffel init --ags 05566076 --name Rheine --unit ABH --unit JC\n\n"
        "Migrates the database, adds the municipality and its first administrator, who also designs processes and\n"
        "analyses. Without a terminal a password is made up and printed once. Further municipalities: run it again\n"
        "with another --ags and --login. Run again with the same ones, it adds what is missing and changes nothing else."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Prepare the database and make the first administrator."""
    with open_database(read_settings()) as database:
        if arguments.if_needed and database.read(_has_accounts):
            return Exit.DONE
        ags = arguments.ags or _ask("AGS of the municipality (8 digits, 05566076): ")
        name = arguments.name or _ask("Name of the municipality: ")
        there = database.read(_has_accounts, login=arguments.login)
        password, made_up = ("", False) if there else password_of(arguments.password)
        database.run(
            _prepare,
            ags=ags,
            name=name,
            units=arguments.unit,
            login=arguments.login,
            password=None if there else password,
        )
    say_error(f"{name} ({ags}) is ready; the administrator signs in as {arguments.login!r}")
    if there:
        say_error("that account was there already and stays as it is")
    if made_up:
        print(password)
        say_error("the line above is the password; it is shown this once")
    say_error("next: sign in, add Stellen and accounts under Verwaltung, then upload a model under Modelle")
    return Exit.DONE


def _has_accounts(tx: Transaction, *, login: str | None = None) -> bool:
    query = select(Account.id).limit(1)
    if login is not None:
        query = query.where(Account.login == login.strip().lower())
    return tx.session.exec(query).first() is not None


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask at: give --ags and --name")
    return input(question).strip()


def _prepare(
    tx: Transaction, *, ags: str, name: str, units: list[str], login: str, password: str | None
) -> None:
    """Add what is missing; without a password the account is there already."""
    if tx.session.get(Municipality, ags) is None:
        create_municipality(tx, ags=ags, name=name)
    add_units(tx, municipality=ags, kinds=units)
    if password is None:
        return
    roles = (Role.ADMINISTRATION, Role.PROZESSDESIGN, Role.ANALYSE)
    create_account(
        tx,
        now=utc_now(),
        municipality=ags,
        login=login,
        name="Administration",
        password=password,
        roles=[(role, None) for role in roles],
    )
