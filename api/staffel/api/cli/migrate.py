"""`staffel migrate`: bring the database to this release's shape."""

from __future__ import annotations

import argparse

from staffel.api.cli.output import Exit, say_error
from staffel.api.cli.storage import open_database
from staffel.api.settings import read_settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parser.epilog = (
        "examples:\n"
        "  staffel migrate\n"
        "  STAFFEL_DATABASE_URL=postgresql://staffel:…@db/staffel staffel migrate\n\n"
        "Run it once after each upgrade, before the servers start. Running it again does nothing. Make a backup first."
    )


def run(arguments: argparse.Namespace) -> Exit:  # noqa: ARG001 - the command has no options
    """Migrate."""
    with open_database(read_settings()) as database:
        say_error(f"{database.url!r} is up to date")
    return Exit.DONE
