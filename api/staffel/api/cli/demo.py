"""`staffel demo`: a lifelike demonstration on this machine."""

from __future__ import annotations

import argparse
import dataclasses
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlmodel import select

from staffel.api.cli.output import Exit, console, say_error
from staffel.api.cli.serve import add_address, address, serve, settings_of, with_free_port
from staffel.api.cli.storage import open_database
from staffel.api.clock import utc_now
from staffel.api.settings import Settings
from staffel.engine.simulation.demo import (
    DEMO_PASSWORD,
    REFERENCE,
    SignInHint,
    build_demo,
    read_towns,
    sign_ins,
)
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import Account

DATABASE = "sqlite:///var/demo.db"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    add_address(parser)
    parser.add_argument(
        "--finished", type=int, default=3000, metavar="N", help="about how many finished cases"
    )
    parser.add_argument(
        "--open", dest="open_cases", type=int, default=300, metavar="N", help="… and open ones"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="throw away the data of an earlier demo (SQLite only)"
    )
    parser.add_argument("--no-serve", action="store_true", help="make the data and stop")
    parser.epilog = (
        "examples:\n"
        "  staffel demo                  a minute or two the first time, at once after that\n"
        "  staffel demo --fresh          from the beginning\n"
        "  staffel demo --port 9000\n\n"
        "Twelve municipalities of North Rhine-Westphalia whose agencies have worked on two processes for 18 months;\n"
        "all people and cases are made up, by the real engine under a virtual clock. The data stands in var/demo.db\n"
        "(or where STAFFEL_DATABASE_URL says). The accounts of the demo are for trying out, not for real work."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Make the data if there is none, then serve."""
    settings = settings_of(arguments)
    if not os.environ.get("STAFFEL_DATABASE_URL"):
        settings = dataclasses.replace(settings, database_url=DATABASE)
    if arguments.fresh:
        _forget(settings)
    _prepare(settings, arguments)
    if arguments.no_serve:
        return Exit.DONE
    settings = with_free_port(settings)
    _welcome(settings, sign_ins(read_towns(REFERENCE)))
    serve(settings, level=logging.WARNING)
    return Exit.DONE


def _prepare(settings: Settings, arguments: argparse.Namespace) -> None:
    """A file gets its name only when it is complete, so that an interrupted start leaves no half demo behind."""
    target = _file(settings)
    if target is None or target.exists():
        with open_database(settings) as database:
            if not database.read(_is_filled):
                _build(database, arguments)
        return
    part = target.with_name(target.name + ".part")
    _remove(part)
    with open_database(dataclasses.replace(settings, database_url=f"sqlite:///{part}")) as database:
        _build(database, arguments)
    part.rename(target)
    _remove(part)


def _build(database: Database, arguments: argparse.Namespace) -> None:
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn(),
        console=Console(stderr=True),
    )  # fmt: skip
    with bar:
        task = bar.add_task("Demo data", total=None)
        report = build_demo(
            database,
            until=utc_now(),
            finished=arguments.finished,
            open_cases=arguments.open_cases,
            progress=lambda done, total, text: bar.update(
                task, completed=done, total=total, description=text
            ),
        )
    say_error(
        f"{report.finished} finished and {report.open} open cases in {report.municipalities} municipalities"
    )


def _welcome(settings: Settings, hints: Sequence[SignInHint]) -> None:
    table = Table(title=f"Password of all: {DEMO_PASSWORD}", title_justify="left", title_style="", box=None)
    for heading in ("Sign-in", "Role", "Stelle"):
        table.add_column(heading)
    for hint in hints:
        table.add_row(hint.login, hint.role.value, hint.unit)
    out = console()
    out.print(table)
    out.print(f"\nStaffel is ready: [bold]{address(settings)}[/bold]   (Ctrl+C ends; the data stays)\n")


def _is_filled(tx: Transaction) -> bool:
    return tx.session.exec(select(Account.id).limit(1)).first() is not None


def _file(settings: Settings) -> Path | None:
    """The file of an SQLite database."""
    path = settings.database_url.removeprefix("sqlite:///")
    return Path(path) if path != settings.database_url else None


def _forget(settings: Settings) -> None:
    target = _file(settings)
    if target is None:
        say_error("--fresh is for SQLite; drop the PostgreSQL database yourself")
    else:
        _remove(target)


def _remove(path: Path) -> None:
    for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        each.unlink(missing_ok=True)
