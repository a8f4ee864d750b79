"""Bring a database to the current schema."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from staffel.engine.store.database import Database

_ADVISORY_LOCK = 0x5354414646454C


def migrate(database: Database, revision: str = "head") -> None:
    """Run the migrations that the database has not had yet. Several processes may call it at once."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        try:
            command.upgrade(_config(connection), revision)
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("staffel.engine.store") / "migrations"))
    config.attributes["connection"] = connection
    return config
