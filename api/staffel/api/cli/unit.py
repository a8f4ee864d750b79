"""`staffel unit`: the Stellen of a municipality; list them and add further ones."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from sqlmodel import col, select

from staffel.api.cli.output import Exit, say_error
from staffel.api.cli.storage import open_database
from staffel.api.clock import utc_now
from staffel.api.settings import read_settings
from staffel.engine.accounts import create_unit
from staffel.engine.bpmn.units import UNITS_BY_KEY
from staffel.engine.errors import NotFound
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import Municipality, Unit


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parsers = parser.add_subparsers(title="what to do", metavar="ACTION", required=True)
    listing = parsers.add_parser("list", help="Stellen with their kind and municipality")
    listing.add_argument("--municipality", metavar="AGS", help="of this one only")
    listing.set_defaults(action=_list)
    adding = parsers.add_parser("add", help="add Stellen; those that are there already stay as they are")
    adding.add_argument("kinds", metavar="KIND", nargs="+", choices=sorted(UNITS_BY_KEY))
    adding.add_argument("--municipality", metavar="AGS", required=True)
    adding.add_argument("--name", help="name of the Stelle, where one kind is given (default: kind and town)")
    adding.set_defaults(action=_add)
    parser.epilog = (
        "examples:\n"
        "  staffel unit list\n"
        "  staffel unit add JC GA --municipality 05566076\n"
        "  staffel unit add SCH --name 'Josef-Pieper-Schule' --municipality 05566076\n\n"
        f"kinds: {', '.join(UNITS_BY_KEY)}\n"
        "A new Stelle serves its municipality for its kind of work where nobody does yet."
    )


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
    query = select(Unit).order_by(col(Unit.municipality), col(Unit.kind), col(Unit.name))
    if municipality is not None:
        query = query.where(Unit.municipality == municipality)
    return [f"{unit.municipality}  {unit.kind}  {unit.name}" for unit in tx.session.exec(query)]


def _add(database: Database, arguments: argparse.Namespace) -> None:
    added = database.run(
        add_units, municipality=arguments.municipality, kinds=arguments.kinds, name=arguments.name
    )
    for name in added:
        say_error(f"added {name}")
    if not added:
        say_error("nothing to add: these Stellen are there already")


def add_units(tx: Transaction, *, municipality: str, kinds: list[str], name: str | None = None) -> list[str]:
    """Add a Stelle for each kind that has none of that name yet (without a name: none at all). Gives the added names."""
    town = tx.session.get(Municipality, municipality)
    if town is None:
        raise NotFound(f"There is no municipality {municipality}; `staffel init` adds one.", ags=municipality)
    added = []
    for kind in dict.fromkeys(kinds):
        query = select(Unit.id).where(Unit.municipality == municipality, Unit.kind == kind)
        if name is not None:
            query = query.where(Unit.name == name)
        if tx.session.exec(query.limit(1)).first() is None:
            called = name or f"{UNITS_BY_KEY[kind].german} {town.name}"
            create_unit(tx, now=utc_now(), municipality=municipality, kind=kind, name=called)
            added.append(called)
    return added
