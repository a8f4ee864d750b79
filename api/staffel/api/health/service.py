"""Whether the database can be worked with."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from staffel.engine.errors import Refusal
from staffel.engine.store import Database, Transaction


class NotReady(Refusal):
    """The database cannot be reached, or it has not been migrated (`staffel migrate`)."""

    status, code = 503, "not-ready"
    text_de = "Die Datenbank ist nicht erreichbar oder nicht eingerichtet (`staffel migrate`)."


def check_database(database: Database) -> None:
    """Raise `NotReady` unless the database answers and has tables."""
    try:
        database.read(_ask)
    except SQLAlchemyError as err:
        raise NotReady from err


def _ask(tx: Transaction) -> None:
    tx.session.execute(text("SELECT count(*) FROM alembic_version"))
