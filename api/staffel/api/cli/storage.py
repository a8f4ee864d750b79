"""The database of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, OperationalError

from staffel.api.settings import Settings, SettingsError
from staffel.engine.store import Database, DatabaseUnavailable, migrate


class DatabaseMissingError(OSError):
    """The database does not answer."""


@contextmanager
def open_database(settings: Settings, *, migrated: bool = True) -> Iterator[Database]:
    """The database of the settings, migrated. Raises `SettingsError` and `DatabaseMissingError`."""
    try:
        database = Database(settings.database_url)
    except (ValueError, ArgumentError) as err:
        raise SettingsError(f"STAFFEL_DATABASE_URL: {err}") from err
    try:
        if migrated:
            migrate(database)
        yield database
    except DatabaseUnavailable as err:
        raise DatabaseMissingError(f"the database {database.url!r} cannot be used: {err.__cause__}") from err
    except OperationalError as err:
        raise DatabaseMissingError(f"the database {database.url!r} cannot be used: {err.orig}") from err
    finally:
        database.close()
