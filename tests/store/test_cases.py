from __future__ import annotations

import pytest
from tests.support.world import HANDED_OVER, TWO_STEPS, World

from staffel.engine import cases
from staffel.engine.cases.running import KeyUsed
from staffel.engine.errors import NotAllowed, NotFound


def test_a_case_runs_from_start_to_end(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()

    world.finish(world.open_task(case))
    world.finish(world.open_task(case))

    assert world.rows('SELECT status FROM "case"') == [("completed",)]


def test_a_handover_moves_responsibility_when_it_is_accepted(world: World) -> None:
    world.deploy(HANDED_OVER)
    case = world.start()
    world.finish(world.open_task(case))
    before = world.rows('SELECT responsible_unit FROM "case"')

    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())

    assert before != world.rows('SELECT responsible_unit FROM "case"')
    world.finish(world.open_task(case), world.bob)
    assert world.rows('SELECT status FROM "case"') == [("completed",)]


def test_a_task_of_another_stelle_does_not_exist(world: World) -> None:
    world.deploy(TWO_STEPS)
    world.start()

    with pytest.raises(NotFound):
        world.do(cases.claim_task, world.bob, task_id=world.open_task())


def test_an_idempotency_key_is_not_taken_for_another_case_or_by_another_stelle(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start("AZ-1", idempotency_key="k")

    assert world.start("AZ-1", idempotency_key="k") == case
    with pytest.raises(KeyUsed):
        world.start("AZ-2", idempotency_key="k")
    with pytest.raises(KeyUsed):
        world.start("AZ-1", world.bob, idempotency_key="k")


def test_who_works_in_no_stelle_is_told_so_when_starting_a_case(world: World) -> None:
    world.deploy(TWO_STEPS)

    with pytest.raises(NotAllowed, match="in no Stelle"):
        world.start(actor=world.designer)
