"""Connections and transactions. `Database.run` is the only place that commits."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolIsEmpty
from sqlmodel import Session

from staffel.engine.errors import Refusal
from staffel.engine.store.hot import Hot, postgresql, sqlite

P = ParamSpec("P")
Result = TypeVar("Result")

POOL_SIZE = 10
POOL_OVERFLOW = 30
_COME_BACK = 5
"""Seconds after which a refused request may try again, and which a connection may take."""
_WAITS = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Seconds before each further attempt."""


class DatabaseUnavailable(Refusal):
    """The database cannot be reached; nothing was changed. Try again in a moment."""

    status, code = 503, "database-unavailable"
    text_de = "Die Datenbank ist nicht erreichbar; nichts wurde geändert. Bitte versuchen Sie es gleich noch einmal."

    def __init__(self) -> None:
        super().__init__(retry_after=_COME_BACK)


class OutcomeUnknown(Refusal):
    """The connection to the database was lost while committing: nobody knows whether the change was made.

    Look before repeating it; with an idempotency key repeating is safe.
    """

    status, code = 503, "outcome-unknown"
    text_de = (
        "Die Verbindung zur Datenbank ist beim Speichern abgebrochen. Ob die Änderung gespeichert wurde, ist nicht bekannt. "
        "Bitte nachsehen, bevor Sie sie wiederholen; mit demselben Idempotenzschlüssel ist das Wiederholen sicher."
    )

    def __init__(self) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()), retry_after=_COME_BACK)


class _Retry(Exception):  # noqa: N818 - a signal within this module
    def __init__(self, error: BaseException, *, lost: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.lost = lost


class Transaction:
    """One transaction. `hot` has the hand-written statements, `session` everything else.

    Both see the same data: `hot` writes pending objects of the session first, and the session forgets what it has
    read when `hot` has written.
    """

    __slots__ = ("_session", "connection", "dialect", "driver", "hot")

    def __init__(self, connection: Connection, hot: type[Hot]) -> None:
        self.connection = connection
        self.driver: Any = connection.connection.dbapi_connection
        self.dialect = connection.dialect.name
        self._session: Session | None = None
        self.hot: Hot = hot(self)

    @property
    def session(self) -> Session:
        """The SQLModel session of this transaction."""
        if self._session is None:
            self._session = Session(self.connection, autoflush=True, expire_on_commit=False)
        return self._session

    def flush(self) -> None:
        """Write what is pending in the session."""
        if self._session is not None:
            self._session.flush()

    def forget(self) -> None:
        """Let the session read anew what it has read before."""
        if self._session is not None:
            self._session.expire_all()

    def close(self) -> None:
        """End the session; the connection belongs to the database."""
        if self._session is not None:
            self._session.close()


class Database:
    """SQLite (`sqlite:///PATH`) or PostgreSQL (`postgresql://USER:PASSWORD@HOST/NAME`)."""

    def __init__(self, url: str, *, pool_size: int = POOL_SIZE) -> None:
        self.url = make_url(url)
        backend = self.url.get_backend_name()
        if backend not in _DIALECTS:
            raise ValueError(f"Expected sqlite:///PATH or postgresql://…, found {self.url!r}")
        self.dialect = _DIALECTS[backend]
        self.is_sqlite = backend == "sqlite"
        self.engine = _engine(self.url, pool_size)
        event.listen(self.engine, "connect", self.dialect.prepare_connection)
        self._writer = _OneWriter(self.connect) if self.is_sqlite else None

    def run(
        self, work: Callable[Concatenate[Transaction, P], Result], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Carry out `work(tx, …)` in one transaction and commit.

        It is done again from the start after a serialization failure, deadlock, lock timeout or lost connection, so
        `work` must have no effects outside the database. A connection lost while committing is not retried, because
        nobody knows whether it was. Raises `DatabaseUnavailable`, and `OutcomeUnknown` in that case.
        """
        return self._persist(lambda: self._once(lambda tx: work(tx, *args, **kwargs)))

    def read(
        self, work: Callable[Concatenate[Transaction, P], Result], /, *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Carry out `work(tx, …)` on one unchanging view of the data; nothing it writes is kept. Raises `DatabaseUnavailable`."""
        return self._persist(lambda: self._read_once(lambda tx: work(tx, *args, **kwargs)))

    def _persist(self, attempt: Callable[[], Result]) -> Result:
        for wait in _WAITS:
            try:
                return attempt()
            except _Retry:
                time.sleep(random.uniform(wait / 2, wait))  # noqa: S311 - only spreads the retries
        try:
            return attempt()
        except _Retry as last:
            if last.lost:
                raise DatabaseUnavailable from last.error
            raise last.error from last

    def connect(self) -> Connection:
        """A connection of the pool, outside any transaction. Raises `DatabaseUnavailable`."""
        try:
            return self.engine.connect()
        except (OperationalError, PoolIsEmpty) as err:
            raise DatabaseUnavailable from err

    def _once(self, work: Callable[[Transaction], Result]) -> Result:
        with self._writer.connection() if self._writer else self.connect() as connection:
            tx = Transaction(connection, self.dialect.hot)
            try:
                self.dialect.begin(tx.driver)
                result = work(tx)
                tx.flush()
            except BaseException as error:
                self._undo(tx, error)
                raise
            self._commit(tx)
            tx.close()  # closing the session first would roll back
            return result

    def _commit(self, tx: Transaction) -> None:
        try:
            self.dialect.commit(tx.driver)
        except Exception as error:
            if self.dialect.is_lost(tx.driver):
                self._drop(tx)
                raise OutcomeUnknown from error
            self._undo(tx, error)
            raise

    def _read_once(self, work: Callable[[Transaction], Result]) -> Result:
        with self.connect() as connection:
            tx = Transaction(connection, self.dialect.hot)
            try:
                self.dialect.begin_reading(tx.driver)
                result = work(tx)
            except BaseException as error:
                self._undo(tx, error)
                raise
            self.dialect.end_reading(tx.driver)
            tx.close()  # closing the session first would roll back
            return result

    def _undo(self, tx: Transaction, error: BaseException) -> None:
        """Roll back. Raises `_Retry` where trying again may help."""
        tx.close()
        if self.dialect.is_lost(tx.driver):
            self._drop(tx)
            raise _Retry(error, lost=True) from error
        self.dialect.rollback(tx.driver)
        found = error.orig if isinstance(error, DBAPIError) else error
        if self.dialect.is_passing(found):
            raise _Retry(error) from error

    def _drop(self, tx: Transaction) -> None:
        """Forget a lost connection, and those in the pool, which were lost with it."""
        tx.connection.invalidate()
        self.engine.dispose(close=False)

    def close(self) -> None:
        """Close all connections; the next transaction opens new ones."""
        if self._writer:
            self._writer.close()
        self.engine.dispose()


class _OneWriter:
    """SQLite lets one connection write at a time, so they write by turns on one that is kept.

    Taking one from the pool and giving it back costs a tenth of completing a task.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._turn = threading.Lock()
        self._kept: Connection | None = None

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """The connection, for one transaction."""
        with self._turn:
            if self._kept is None:
                self._kept = self._connect()
                self._kept.detach()
            try:
                yield self._kept
            finally:
                if self._kept.in_transaction():
                    self._kept.rollback()

    def close(self) -> None:
        """Close the connection."""
        with self._turn:
            if self._kept is not None:
                self._kept.close()
                self._kept = None


_DIALECTS = {"sqlite": sqlite.DIALECT, "postgresql": postgresql.DIALECT}


def _engine(url: Any, pool_size: int) -> Engine:
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            max_overflow=POOL_OVERFLOW,
            pool_pre_ping=False,
            connect_args={
                "autocommit": True,
                "options": "-c timezone=UTC -c lock_timeout=10s",
                "connect_timeout": url.query.get("connect_timeout", _COME_BACK),
            },
        )
    if not url.database or url.database == ":memory:":
        raise ValueError(
            "Expected a path (sqlite:///var/staffel.db); a database in memory is not shared by threads"
        )
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return create_engine(
        url.set(drivername="sqlite+pysqlite"),
        pool_size=pool_size,
        max_overflow=POOL_OVERFLOW,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
