"""Substitution: for the days arranged, one colleague of the same Stelle goes on with what another has claimed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.support.world import KOELN, TWO_STEPS, World

from staffel.api.tasks.filters import InboxFilter
from staffel.api.tasks.queries import inbox
from staffel.engine import cases
from staffel.engine.actor import Actor, Role
from staffel.engine.cases.substitution import NotColleagues, SubstitutionDays, substitutions_of
from staffel.engine.cases.tasks import TaskClaimedByOther
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.store import new_id
from staffel.engine.store.tables import Membership

TODAY = date(2026, 11, 23)


def colleague(world: World, name: str, role: Role = Role.SACHBEARBEITUNG, unit: str = "ABH") -> Actor:
    """A person of the Stelle who is a member of it in the database, too."""
    found = world.person(name, role, unit=unit)
    join(world, found, role, unit)
    return found


def join(world: World, actor: Actor, role: Role = Role.SACHBEARBEITUNG, unit: str = "ABH") -> None:
    row = Membership(id=new_id(), account_id=actor.account, unit_id=world.units[KOELN, unit], role=role.value)
    world.database.run(lambda tx: tx.session.add(row))


def arrange(world: World, actor: Actor, absent: Actor, substitute: Actor, **days: Any) -> UUID:
    arguments = {
        "unit_id": world.units[KOELN, "ABH"], "absent_id": absent.account, "substitute_id": substitute.account,
        "first": TODAY, "last": TODAY + timedelta(days=4), **days,
    }  # fmt: skip
    made: UUID = world.do(cases.arrange_substitution, actor, **arguments)
    return made


def claimed(world: World) -> UUID:
    """A task that Alice has claimed."""
    world.deploy(TWO_STEPS)
    join(world, world.alice)
    task = world.open_task(world.start())
    world.do(cases.claim_task, world.alice, task_id=task)
    return task


def to_take_over(world: World, actor: Actor) -> list[UUID]:
    wanted = InboxFilter(to_take_over=True)
    return [each.id for each in world.database.read(inbox, actor=actor, now=world.now, wanted=wanted).items]


def test_the_substitute_takes_over_under_the_own_name_with_a_note_and_the_clocks_run_on(world):
    task, carla = claimed(world), colleague(world, "Carla")
    arrange(world, world.alice, world.alice, carla)
    before = world.rows("SELECT claimed_at, begun_at, available_at FROM task")
    assert to_take_over(world, carla) == [task]
    world.later(hours=3)
    world.do(cases.take_over_task, carla, task_id=task, text="Rückruf steht aus")

    assert world.rows("SELECT claimed_at, begun_at, available_at FROM task") == before
    assert world.rows("SELECT type FROM event ORDER BY seq DESC LIMIT 1") == [("TaskTakenOver",)]
    assert world.rows("SELECT text FROM comment") == [("Rückruf steht aus",)]
    assert len(world.rows("SELECT 1 FROM audit WHERE action = 'task.take-over'")) == 1
    with pytest.raises(TaskClaimedByOther):
        world.do(cases.complete_task, world.alice, task_id=task)
    world.do(cases.complete_task, carla, task_id=task)


def test_it_begins_and_ends_by_itself(world):
    task, carla = claimed(world), colleague(world, "Carla")
    arrange(world, world.alice, world.alice, carla, first=TODAY + timedelta(days=1))
    assert to_take_over(world, carla) == []
    world.later(days=1)
    assert to_take_over(world, carla) == [task]
    world.later(days=4)

    assert to_take_over(world, carla) == []
    assert world.database.read(substitutions_of, actor=carla, now=world.now) == []
    with pytest.raises(TaskClaimedByOther):
        world.do(cases.take_over_task, carla, task_id=task)


def test_it_is_for_one_person_only_and_is_not_passed_on(world):
    task, carla, dora = claimed(world), colleague(world, "Carla"), colleague(world, "Dora")
    arrange(world, world.alice, world.alice, carla)
    arrange(world, carla, carla, dora)
    assert to_take_over(world, dora) == []
    with pytest.raises(TaskClaimedByOther):
        world.do(cases.take_over_task, dora, task_id=task)


def test_the_person_or_the_team_lead_arranges_and_ends_it_nobody_else(world):
    task, carla = claimed(world), colleague(world, "Carla")
    lead = colleague(world, "Leitung", Role.TEAMLEITUNG)
    with pytest.raises(NotAllowed):
        arrange(world, carla, world.alice, carla)
    with pytest.raises(NotFound):
        arrange(world, world.bob, world.alice, carla)
    made = arrange(world, lead, world.alice, carla)
    with pytest.raises(NotAllowed):
        world.do(cases.end_substitution, carla, substitution_id=made)
    for other in (world.bob, colleague(world, "Dora")):
        with pytest.raises(NotFound):
            world.do(cases.end_substitution, other, substitution_id=made)
    world.do(cases.end_substitution, world.alice, substitution_id=made)

    assert to_take_over(world, carla) == []
    assert world.rows("SELECT status FROM task WHERE closed_at IS NULL") == [("claimed",)]
    assert task


def test_both_are_people_of_the_stelle(world):
    claimed(world)
    join(world, world.bob, unit="JC")
    for substitute in (world.alice, world.bob, world.designer):
        with pytest.raises(NotColleagues):
            arrange(world, world.alice, world.alice, substitute)


@pytest.mark.parametrize(("first", "last"), [(2, 1), (-9, -1), (0, 400)])
def test_days_that_make_no_substitution_are_refused(world, first, last):
    claimed(world)
    carla = colleague(world, "Carla")
    with pytest.raises(SubstitutionDays):
        arrange(
            world, world.alice, world.alice, carla,
            first=TODAY + timedelta(days=first), last=TODAY + timedelta(days=last),
        )  # fmt: skip
