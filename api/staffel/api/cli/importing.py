"""`staffel import`: put a model into the database."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from staffel.api.cli.bundles import one_bundle
from staffel.api.cli.output import Exit, UsageError, say_error
from staffel.api.cli.storage import open_database
from staffel.api.clock import utc_now
from staffel.api.models.service import checked_upload
from staffel.api.settings import read_settings
from staffel.engine import library
from staffel.engine.actor import Actor, Role
from staffel.engine.findings import Finding
from staffel.engine.library.imported import import_jobs
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import ModelVersion, Municipality


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="a BPMN file, a folder or a zip archive")
    parser.add_argument("--municipality", metavar="AGS", required=True,
                        help="on whose behalf; with --local the only one that the version is for")  # fmt: skip
    parser.add_argument("--local", action="store_true", help="a variant of this municipality; else for all")
    parser.add_argument("--process", metavar="KEY", help="which process, of a file with several")
    parser.add_argument(
        "--lane", metavar="ID=KIND", action="append", default=[], help="bind a lane; may be repeated"
    )
    parser.add_argument("--in-force", action="store_true", help="put it in force at once")
    parser.epilog = (
        "examples:\n"
        "  staffel import processes/p1/ --municipality 05566076 --in-force\n"
        "  staffel import model.bpmn --municipality 05315000 --local --lane Lane_1=ABH --lane Lane_2=JC\n\n"
        "A model with errors is kept as a draft, and the exit code is 1; see `staffel check`."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Keep the model and say under which id."""
    bundle = one_bundle(arguments.model)
    with open_database(read_settings()) as database:
        errors = _import(database, arguments, bundle.files)
    if errors:
        say_error(f"kept as a draft with {errors} error(s); see: staffel check {arguments.model}")
    return Exit.NO if errors else Exit.DONE


def _import(database: Database, arguments: argparse.Namespace, files: dict[str, bytes]) -> int:
    """The number of errors."""
    ags, now = arguments.municipality, utc_now()
    if database.read(lambda tx: tx.session.get(Municipality, ags)) is None:
        raise UsageError(f"there is no municipality {ags}; see: staffel init --help")
    actor = Actor(name="staffel import", municipality=ags, roles=frozenset({Role.PROZESSDESIGN}))
    lanes = dict(_lane(text) for text in arguments.lane)
    checked = checked_upload(database, actor=actor, now=now, files=files, lanes=lanes)
    return database.run(_keep, actor=actor, now=now, arguments=arguments, checked=checked)


def _keep(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    arguments: argparse.Namespace,
    checked: library.CheckedUpload,
) -> int:
    version_id = library.upload(
        tx,
        actor=actor,
        now=now,
        checked=checked,
        process_key=arguments.process,
        municipality=arguments.municipality if arguments.local else None,
    )
    _tell_import(checked.bundle.findings)
    version = tx.session.get_one(ModelVersion, version_id)
    if arguments.in_force and not version.errors:
        library.put_in_force(
            tx, actor=actor, now=now, version_id=version_id, endpoints=read_settings().endpoint_names()
        )
    say_error(f"{version.name}, version {version.number}: {version_id} ({version.state})")
    return version.errors


def _tell_import(findings: Sequence[Finding]) -> None:
    """What became of another tool's details, line by line."""
    for job in import_jobs(findings, lambda _: True):
        say_error(f"{job.title_de} ({len(job.findings)})")
        for each in job.findings:
            what = f"{each.was} → {each.became}" if each.became else each.text_de
            say_error(f"  {each.element} {what}")


def _lane(text: str) -> tuple[str, str]:
    name, separator, kind = text.partition("=")
    if not separator:
        raise UsageError(f"--lane: expected ID=KIND, found {text!r}")
    return name, kind
