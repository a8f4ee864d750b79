from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from staffel.engine.store import Database, migrate
from staffel.engine.store.tables import METADATA


def test_the_migrated_schema_equals_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        differences = compare_metadata(context, METADATA)

    assert differences == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)

    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0020"
