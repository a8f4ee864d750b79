"""Noticing that something was committed, by whichever process, without reading data."""

from __future__ import annotations

from sqlalchemy import Connection

from staffel.engine.store.database import Database, DatabaseUnavailable


class ChangeMark:
    """A mark of the database that is another one after every commit of anybody else; it may change without one.

    SQLite: `PRAGMA data_version`, a number that the file keeps. PostgreSQL: the transactions that are under way
    (`pg_current_snapshot`), which differ as soon as one that wrote has ended; unlike NOTIFY this costs those who write
    nothing. It holds one connection from the first reading until `close`, and is for one thread at a time.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None

    def read(self) -> str:
        """The mark of this moment. Raises `DatabaseUnavailable`; then the next reading tries anew."""
        if self._connection is None:
            self._connection = self._database.connect()
        try:
            return self._database.dialect.mark(self._connection.connection.driver_connection)
        except Exception as err:
            lost, self._connection = self._connection, None
            lost.invalidate()
            lost.close()
            raise DatabaseUnavailable from err

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
