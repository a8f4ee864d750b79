"""The database goes away and comes back; connections are cut; two want the same."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from sqlmodel import select
from tests.support.world import TWO_STEPS, World

from staffel.engine.cases.running import note
from staffel.engine.store import Database, DatabaseUnavailable, OutcomeUnknown, Transaction, VersionConflict
from staffel.engine.store.tables import Process


def _cut_all(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_after_cut_connections_the_next_command_succeeds_by_itself(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    world = World(database)
    world.deploy(TWO_STEPS)

    _cut_all(postgresql_url)

    world.finish(world.open_task(world.start()))
    database.close()


def test_a_connection_cut_in_the_middle_of_a_command_is_retried_from_the_start(postgresql_url: str) -> None:
    database, tries = Database(postgresql_url), []

    def work(tx: Transaction, process_id: UUID) -> None:
        tx.session.add(Process(id=process_id, key="p", name="P"))
        tx.flush()
        tries.append(1)
        if len(tries) == 1:
            _cut_all(postgresql_url)
        tx.session.connection().exec_driver_sql("SELECT 1")

    database.run(work, UUID(int=1))

    assert len(tries) == 2
    assert database.read(lambda tx: tx.session.get_one(Process, UUID(int=1)).name) == "P"
    database.close()


def test_a_connection_lost_while_committing_is_told_honestly_and_not_retried(postgresql_url: str) -> None:
    database, tries = Database(postgresql_url), []

    def work(tx: Transaction) -> None:
        tries.append(1)
        tx.session.add(Process(id=UUID(int=1), key="p", name="P"))
        tx.flush()
        _cut_all(postgresql_url)

    with pytest.raises(OutcomeUnknown) as refused:
        database.run(work)

    assert (len(tries), refused.value.status, refused.value.code) == (1, 503, "outcome-unknown")
    assert "repeating" in str(refused.value)
    database.close()


@pytest.mark.parametrize("way", [Database.run, Database.read])
def test_a_database_that_is_away_refuses_without_saying_where_it_is(way: Callable[..., object]) -> None:
    database = Database("postgresql://staffel:geheim@127.0.0.1:1/staffel")

    with pytest.raises(DatabaseUnavailable) as refused:
        way(database, lambda tx: None)

    assert refused.value.details == {"retry_after": 5}
    assert "127.0.0.1" not in str(refused.value) + refused.value.message_de
    database.close()


def test_a_database_that_goes_away_for_good_in_the_middle_refuses(postgresql_url: str) -> None:
    database = Database(postgresql_url)

    def work(tx: Transaction) -> None:
        _cut_all(postgresql_url)
        tx.session.connection().exec_driver_sql("SELECT 1")

    with pytest.raises(DatabaseUnavailable):
        database.run(work)
    assert database.read(lambda tx: tx.driver.execute("SELECT 1").fetchone()) == (1,)
    database.close()


def test_reading_leaves_prepared_statements_in_place(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    for _ in range(4):
        database.read(lambda tx: tx.session.get(Process, UUID(int=1)))

    count = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM process%'"

    assert database.read(lambda tx: tx.driver.execute(count).fetchone()) == (1,)
    database.close()


def test_a_command_that_fails_leaves_nothing(database: Database) -> None:
    def work(tx: Transaction) -> None:
        tx.session.add(Process(id=UUID(int=1), key="p", name="P"))
        tx.flush()
        raise LookupError("fault")

    with pytest.raises(LookupError, match="fault"):
        database.run(work)

    assert database.read(lambda tx: tx.session.get(Process, UUID(int=1))) is None


def test_a_command_finds_nothing_open_of_the_one_before_and_goes_on_after_closing(database: Database) -> None:
    def insert(tx: Transaction, number: int, *, fault: bool = False) -> bool:
        begun = tx.connection.in_transaction()
        tx.connection.exec_driver_sql(
            f"INSERT INTO process (id, \"key\", name) VALUES ('{number:032x}', 'p{number}', 'P')"
        )
        if fault:
            raise LookupError("fault")
        return begun

    def found(tx: Transaction) -> list[str]:
        return sorted(tx.session.exec(select(Process.key)).all())

    assert not database.run(insert, 1)
    with pytest.raises(LookupError):
        database.run(insert, 2, fault=True)
    assert not database.run(insert, 3)
    database.close()
    assert not database.run(insert, 4)

    assert database.read(found) == ["p1", "p3", "p4"]


def test_what_a_read_writes_is_not_kept(database: Database) -> None:
    def look(tx: Transaction) -> None:
        tx.session.add(Process(id=UUID(int=1), key="p", name="P"))

    database.read(look)

    assert database.read(lambda tx: tx.session.get(Process, UUID(int=1))) is None


def test_saving_on_an_older_version_of_a_case_is_refused(world: World) -> None:
    world.deploy(TWO_STEPS)
    case_id = world.start()

    def work(tx: Transaction) -> None:
        case = tx.hot.case(case_id)
        assert case is not None
        tx.connection.exec_driver_sql('UPDATE "case" SET row_version = row_version + 1')
        note(tx, case=case, facts=(), rows=(), now=world.now)

    with pytest.raises(VersionConflict):
        world.database.run(work)
