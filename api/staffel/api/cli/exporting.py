"""`staffel export`: get a model version, or the log of steps without personal data."""

from __future__ import annotations

import argparse
import io
import zipfile
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from staffel.api.cli.output import Exit, UsageError, say_error
from staffel.api.cli.storage import open_database
from staffel.api.clock import utc_now
from staffel.api.settings import read_settings
from staffel.engine.analysis import Period, step_log_csv
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import Artefact, ModelVersion, Municipality, Process


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parser.add_argument("version", metavar="VERSION", nargs="?",
                        help="id of a model version, or KEY@NUMBER; without it the versions are listed")  # fmt: skip
    parser.add_argument("--events", metavar="KEY", help="instead: the steps of this process as CSV")
    parser.add_argument(
        "--municipality", metavar="AGS", action="append", help="of these only; may be repeated"
    )
    parser.add_argument("--from", dest="first", metavar="DATE", type=_day, default=date(2000, 1, 1),
                        help="cases that started in the month of this day or later")  # fmt: skip
    parser.add_argument(
        "--until", dest="last", metavar="DATE", type=_day, help="… up to the month of this day"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="where to write (default: a name that fits)"
    )
    parser.epilog = (
        "examples:\n"
        "  staffel export                                  which versions are there?\n"
        "  staffel export rechtskreiswechsel@2             rechtskreiswechsel-2.zip\n"
        "  staffel export --events rechtskreiswechsel --municipality 05566076 -o steps.csv\n\n"
        "The steps bear case numbers drawn for the file, no names and no employees; municipalities with fewer than\n"
        "5 cases are left out."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Write a file, or list the versions."""
    with open_database(read_settings(), migrated=False) as database:
        if arguments.events:
            return _write_steps(database, arguments)
        if not arguments.version:
            for line in database.read(_versions):
                print(line)
            return Exit.DONE
        name, data = database.read(_archive, wanted=arguments.version)
    return _write(arguments.output or Path(name), data)


def _write_steps(database: Database, arguments: argparse.Namespace) -> Exit:
    now = utc_now()
    text = database.read(
        _steps,
        process=arguments.events,
        municipalities=arguments.municipality,
        period=Period(arguments.first, arguments.last or now.date()),
    )
    return _write(arguments.output or Path(f"{arguments.events}-schritte.csv"), text.encode("utf-8-sig"))


def _steps(tx: Transaction, *, process: str, municipalities: list[str] | None, period: Period) -> str:
    wanted = municipalities or list(tx.session.exec(select(Municipality.ags)))
    return step_log_csv(tx, process_key=process, municipalities=wanted, period=period, now=utc_now())


def _versions(tx: Transaction) -> list[str]:
    rows = tx.session.exec(
        select(ModelVersion, Process.key)
        .join(Process, Process.id == ModelVersion.process_id)  # type: ignore[arg-type]  # a comparison is a clause here
        .order_by(Process.key, ModelVersion.number)  # type: ignore[arg-type]
    )
    return [
        f"{key}@{version.number}  {version.id}  {version.state}  {version.municipality or 'all'}  {version.name}"
        for version, key in rows
    ]


def _archive(tx: Transaction, *, wanted: str) -> tuple[str, bytes]:
    version, key = _find(tx, wanted)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for artefact in tx.session.exec(select(Artefact).where(Artefact.version_id == version.id)):
            archive.writestr(artefact.path, artefact.content)
    return f"{key}-{version.number}.zip", buffer.getvalue()


def _find(tx: Transaction, wanted: str) -> tuple[ModelVersion, str]:
    statement = select(ModelVersion, Process.key).join(Process, Process.id == ModelVersion.process_id)  # type: ignore[arg-type]
    key, separator, number = wanted.partition("@")
    if separator and number.isdecimal():
        statement = statement.where(Process.key == key, ModelVersion.number == int(number))
    else:
        statement = statement.where(ModelVersion.id == _id(wanted))
    row = tx.session.exec(statement).first()
    if row is None:
        raise UsageError(f"there is no model version {wanted}; `staffel export` lists them")
    return row


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as err:
        raise UsageError(f"expected an id or KEY@NUMBER, found {text!r}") from err


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _write(path: Path, data: bytes) -> Exit:
    path.write_bytes(data)
    say_error(f"written: {path} ({len(data):,} bytes)")
    return Exit.DONE
