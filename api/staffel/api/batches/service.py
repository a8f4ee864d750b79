"""Reading a table that was sent, and keeping it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from staffel.api.archives import checked_name
from staffel.engine import cases
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.library import deployed, version_for
from staffel.engine.library.forms import Form
from staffel.engine.library.sheets import column_names, read_sheet, write_sheet
from staffel.engine.store import Database, Transaction


def plan(
    database: Database,
    *,
    actor: Actor,
    now: datetime,
    process: str,
    name: str,
    data: bytes,
    unit: UUID | None = None,
) -> UUID:
    """Read the table by the start form of the version in force, and keep its rows for the worker.

    Raises `SheetRefused`, `FileRefused`, `NotAllowed`, `NotFound`.
    """
    form = database.read(start_form, actor=actor, now=now, process=process)
    return database.run(
        cases.plan_batch,
        actor=actor,
        now=now,
        process_key=process,
        rows=read_sheet(data, form),
        file=checked_name(name or "tabelle.csv"),
        unit_id=unit,
    )


def start_form(tx: Transaction, *, actor: Actor, now: datetime, process: str) -> Form | None:
    """The start form of the version in force. Raises `NotAllowed`, `NotFound`."""
    actor.need(*CASEWORK)
    version = version_for(tx, process_key=process, municipality=actor.municipality, key_date=now)
    model = deployed(tx, version)
    return model.form(model.program.start_form())


def empty_table(tx: Transaction, *, actor: Actor, now: datetime, process: str) -> str:
    """A table with the columns of the start form and no row, to be filled in."""
    rows: Sequence[Sequence[str]] = ()
    return write_sheet(column_names(start_form(tx, actor=actor, now=now, process=process)), rows)
