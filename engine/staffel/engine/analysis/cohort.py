"""The cases that a comparison counts, and the models they ran on."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from staffel.engine.analysis.periods import Period, month_of, months_counted
from staffel.engine.analysis.reading import CaseRow, read_cases
from staffel.engine.analysis.steps import Model, model_of
from staffel.engine.library.deployed import deployed
from staffel.engine.store.database import Transaction
from staffel.engine.store.tables import Case
from staffel.engine.store.types import to_microseconds


def cases_of(
    tx: Transaction, process: UUID, order: Sequence[str], period: Period, now: datetime
) -> dict[str, list[CaseRow]]:
    """The cases of each municipality that the period counts (`periods`)."""
    groups: dict[str, list[CaseRow]] = {ags: [] for ags in order}
    until = to_microseconds(now)
    for row in read_cases(tx, process, order):
        if row.started <= until:
            groups[row.municipality].append(row)
    for ags, cases in groups.items():
        months = months_counted([row.started for row in cases], period)
        groups[ags] = [row for row in cases if month_of(row.started) in months]
    return groups


def models_of(tx: Transaction, versions: Collection[UUID]) -> dict[UUID, Model]:
    """What comparison needs of model versions; called processes are those that the latest case calls."""
    models = {}
    for version in sorted(versions):
        calls = tx.connection.execute(
            select(col(Case.calls))
            .where(col(Case.version_id) == version)
            .order_by(col(Case.id).desc())
            .limit(1)
        ).scalar_one()
        models[version] = model_of(version, deployed(tx, version, json.dumps(calls)).program)
    return models
