"""Putting tasks off, and filters that are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.support.world import TWO_STEPS, World

from staffel.api.tasks.counts import count_tasks
from staffel.api.tasks.filters import InboxFilter, Order
from staffel.api.tasks.queries import inbox
from staffel.engine import cases
from staffel.engine.actor import Actor, Role
from staffel.engine.cases.desk import FollowUpDay
from staffel.engine.errors import NotFound
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import Membership, Team


def names(world: World, actor: Any = None, **wanted: Any) -> list[str]:
    page = world.database.read(inbox, actor=actor or world.alice, now=world.now, wanted=InboxFilter(**wanted))
    return [task.case.reference for task in page.items]


def test_a_task_put_off_is_out_of_the_inbox_until_its_day_and_then_back(world: World) -> None:
    world.deploy(TWO_STEPS)
    task = world.open_task(world.start("AZ-1"))

    world.do(cases.postpone_task, world.alice, task_id=task, until=world.now + timedelta(days=3))

    assert names(world) == []
    assert names(world, postponed=True) == ["AZ-1"]
    world.later(days=4)
    assert names(world) == ["AZ-1"]
    assert names(world, postponed=True) == []


def test_putting_off_is_a_fact_of_the_case_and_changes_no_deadline(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()
    before = world.rows("SELECT due_at, sort_at FROM task")

    world.do(cases.postpone_task, world.alice, task_id=world.open_task(case), until=world.now + timedelta(1))

    assert world.rows("SELECT due_at, sort_at FROM task") == before
    assert world.rows("SELECT type FROM event ORDER BY seq DESC LIMIT 1") == [("TaskPostponed",)]


def test_a_task_is_shown_again_at_once_when_the_day_is_taken_away(world: World) -> None:
    world.deploy(TWO_STEPS)
    task = world.open_task(world.start())
    world.do(cases.postpone_task, world.alice, task_id=task, until=world.now + timedelta(days=3))

    world.do(cases.postpone_task, world.alice, task_id=task, until=None)

    assert names(world) == ["AZ-1"]


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_day_that_has_passed_or_is_far_away_is_refused(world: World, days: int) -> None:
    world.deploy(TWO_STEPS)
    task = world.open_task(world.start())

    with pytest.raises(FollowUpDay):
        world.do(cases.postpone_task, world.alice, task_id=task, until=world.now + timedelta(days=days))


def test_another_stelle_puts_nothing_off(world: World) -> None:
    world.deploy(TWO_STEPS)
    task = world.open_task(world.start())

    with pytest.raises(NotFound):
        world.do(cases.postpone_task, world.bob, task_id=task, until=world.now + timedelta(days=1))


def test_the_newest_come_first_when_asked_for_page_by_page(world: World) -> None:
    world.deploy(TWO_STEPS)
    for number in range(5):
        world.start(f"AZ-{number}")
        world.later(minutes=1)
    found, cursor = [], None
    for _ in range(3):
        page = world.database.read(
            inbox,
            actor=world.alice,
            now=world.now,
            wanted=InboxFilter(order=Order.NEWEST),
            cursor=cursor,
            limit=2,
        )
        found += [task.case.reference for task in page.items]
        cursor = page.next

    assert found == ["AZ-4", "AZ-3", "AZ-2", "AZ-1", "AZ-0"]
    assert cursor is None


def test_tasks_are_found_by_step_and_by_whether_somebody_has_them(world: World) -> None:
    world.deploy(TWO_STEPS)
    first, _ = world.start("AZ-1"), world.start("AZ-2")
    world.do(cases.claim_task, world.alice, task_id=world.open_task(first))

    assert names(world, claimed=True) == ["AZ-1"]
    assert names(world, claimed=False) == ["AZ-2"]
    assert names(world, name="ERFASS") == ["AZ-1", "AZ-2"]
    assert names(world, name="Prüf") == []
    assert names(world, deadline="gesetzlich") == []


def test_a_shared_filter_is_seen_in_the_stelle_and_deleted_by_its_owner_only(world: World) -> None:
    unit = next(iter(world.alice.units))
    carla = world.person("Carla", Role.SACHBEARBEITUNG, unit="ABH")
    own = world.do(cases.save_filter, world.alice, name="meins", query={"view": "offen"})
    shared = world.do(cases.save_filter, world.alice, name="unser", query={"view": "neu"}, unit_id=unit)

    def seen(actor: Any) -> list[Any]:
        return [each.id for each in world.database.read(cases.filters_of, actor=actor)]

    assert seen(world.alice) == [own, shared]
    assert seen(carla) == [shared]
    assert seen(world.bob) == []
    with pytest.raises(NotFound):
        world.do(cases.delete_filter, carla, filter_id=shared)
    with pytest.raises(NotFound):
        world.do(cases.save_filter, world.bob, name="fremd", query={}, unit_id=unit)
    world.do(cases.delete_filter, world.alice, filter_id=shared)
    assert seen(carla) == []


def test_the_inbox_of_thirty_thousand_is_read_through_its_index(world: World) -> None:
    world.deploy(TWO_STEPS)
    world.start()
    unit = next(iter(world.alice.units))
    hexed = str(unit) if not world.database.is_sqlite else unit.hex
    for order, index in (("sort_at, id", "ix_task_inbox"), ("available_at DESC, id DESC", "ix_task_newest")):
        statement = (
            f"SELECT id FROM task WHERE unit_id = '{hexed}' AND closed_at IS NULL ORDER BY {order} LIMIT 26"
        )
        if world.database.is_sqlite:
            plan = str(world.rows(f"EXPLAIN QUERY PLAN {statement}"))
        else:
            with world.database.engine.begin() as connection:
                connection.exec_driver_sql("BEGIN")  # the driver itself begins nothing
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
                connection.exec_driver_sql("SET LOCAL enable_sort = off")
                plan = str(connection.exec_driver_sql(f"EXPLAIN {statement}").all())
        assert index in plan, plan


def test_a_team_sees_what_was_added_for_it_and_what_its_people_have_claimed_and_counts_tell_the_same(
    world: World,
) -> None:
    unit = next(iter(world.alice.units))
    carla = world.person("Carla", Role.SACHBEARBEITUNG, unit="ABH")
    team = _team_of(world, unit, carla)
    world.deploy(TWO_STEPS)
    first, second, _ = world.start("AZ-1"), world.start("AZ-2"), world.start("AZ-3")
    world.do(cases.claim_task, carla, task_id=world.open_task(first))
    world.do(cases.add_task, world.alice, case_id=second, title="Anrufen", team_id=team)

    assert sorted(names(world, team=team)) == ["AZ-1", "AZ-2"]
    assert names(world, team=team, person=carla.account) == ["AZ-1"]
    assert names(world, actor=world.bob, team=team) == []
    counts = world.database.read(
        count_tasks, actor=world.alice, now=world.now, wanted=InboxFilter(team=team, name="Anrufen")
    )
    everything = world.database.read(count_tasks, actor=world.alice, now=world.now, wanted=InboxFilter())
    assert (counts.open, counts.new, counts.mine) == (1, 1, 0)
    assert (everything.open, everything.new) == (4, 3)


def _team_of(world: World, unit: UUID, person: Actor) -> UUID:
    team = new_id(world.now)

    def found(tx: Transaction) -> None:
        tx.session.add(Team(id=team, unit_id=unit, name="Team 1"))
        tx.flush()
        tx.session.add(
            Membership(
                id=new_id(world.now),
                account_id=person.account,
                unit_id=unit,
                team_id=team,
                role=Role.SACHBEARBEITUNG,
            )
        )

    world.database.run(found)
    return team


@pytest.mark.parametrize("order", list(Order))
def test_every_order_is_paged_without_gap_or_repetition(world: World, order: Order) -> None:
    world.deploy(TWO_STEPS)
    numbers = ["AZ-2", "az-1", "AZ-3", "AZ-2b"]
    started = [world.start(number) for number in numbers]
    world.do(cases.claim_task, world.alice, task_id=world.open_task(started[1]))
    found, cursor = [], None
    for _ in numbers:
        page = world.database.read(
            inbox, actor=world.alice, now=world.now, wanted=InboxFilter(order=order), cursor=cursor, limit=1
        )
        found += [task.case.reference for task in page.items]
        cursor = page.next

    assert cursor is None
    assert sorted(found) == sorted(numbers)
    expected = {Order.REFERENCE: ["az-1", "AZ-2", "AZ-2b", "AZ-3"], Order.NEWEST: numbers[::-1]}
    assert found == expected.get(order, found)
