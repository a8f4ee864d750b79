"""Tables, migrations and transactions on SQLite and PostgreSQL."""

from __future__ import annotations

from staffel.engine.store.database import Database, DatabaseUnavailable, OutcomeUnknown, Transaction
from staffel.engine.store.hot import VersionConflict
from staffel.engine.store.ids import new_id
from staffel.engine.store.migrating import migrate
from staffel.engine.store.watching import ChangeMark

__all__ = [
    "ChangeMark",
    "Database",
    "DatabaseUnavailable",
    "OutcomeUnknown",
    "Transaction",
    "VersionConflict",
    "migrate",
    "new_id",
]
