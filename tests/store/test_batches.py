"""Sammelstart on both databases: every row once, nothing lost, what is refused is said."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.support.world import World, flows, lane, process

from staffel.engine import accounts, cases
from staffel.engine.actor import Role, Scope
from staffel.engine.cases.batches import KEPT
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.library.sheets import SheetRow
from staffel.engine.worker import run_due

FORM = json.dumps(
    {
        "schema": {
            "type": "object",
            "properties": {"personen": {"type": "integer", "minimum": 1}},
            "required": ["personen"],
        }
    }
).encode()
MODEL = process(
    '<startEvent id="s"><extensionElements><staffel:form ref="antrag"/></extensionElements></startEvent>'
    '<userTask id="a" name="Prüfen"/><endEvent id="e"/>' + flows(("s", "a"), ("a", "e")),
    lanes=lane("abh", "ABH", "s", "a", "e"),
)


@pytest.fixture
def alice(world: World) -> Any:
    """A caseworker whose role stands in the database: the worker reads it there."""
    world.deploy(MODEL, {"antrag": FORM})
    unit = next(iter(world.alice.units))
    world.database.run(
        accounts.add_membership, account_id=world.alice.account, role=Role.SACHBEARBEITUNG, unit_id=unit
    )
    return world.alice


def plan(world: World, actor: Any, *rows: tuple[str, Any]) -> UUID:
    sheet = [SheetRow(line, reference, {"personen": n}) for line, (reference, n) in enumerate(rows, 2)]
    batch: UUID = world.do(cases.plan_batch, actor, process_key="p", rows=sheet, file="x.csv")
    return batch


def rows(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT line, status, case_id IS NOT NULL FROM batch_row ORDER BY line")


def test_every_row_starts_its_case_and_what_is_refused_is_kept_with_its_reason(
    world: World, alice: Any
) -> None:
    plan(world, alice, ("AZ-1", 2), ("AZ-2", 0), ("AZ-1", 3), ("", 1), ("AZ-5", 1))

    done = run_due(world.database, world.now)

    assert done == 5
    assert [(line, status, bool(case)) for line, status, case in rows(world)] == [
        (2, "started", True),
        (3, "refused", False),
        (4, "refused", False),
        (5, "refused", False),
        (6, "started", True),
    ]
    found = {line: str(faults) for line, faults in world.rows("SELECT line, faults FROM batch_row")}
    assert "Mindestens 1." in found[3]
    assert "reference-taken" in found[4]
    assert "reference-missing" in found[5]
    assert len(world.rows('SELECT id FROM "case"')) == 2


def test_values_are_kept_until_the_case_has_begun_and_no_longer(world: World, alice: Any) -> None:
    plan(world, alice, ("AZ-1", 2), ("AZ-2", 0))

    run_due(world.database, world.now)

    kept = dict(world.rows("SELECT line, values FROM batch_row".replace("values", '"values"')))
    assert "personen" not in str(kept[2])
    assert "personen" in str(kept[3])


def test_two_workers_at_once_start_nothing_twice(world: World, alice: Any) -> None:
    plan(world, alice, *((f"AZ-{number}", 1) for number in range(40)))
    workers = [threading.Thread(target=run_due, args=(world.database, world.now)) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    run_due(world.database, world.now)

    assert {status for _, status, _ in rows(world)} == {"started"}
    assert world.rows('SELECT count(*) FROM "case"') == [(40,)]


def test_a_batch_that_broke_off_goes_on_where_it_stood(world: World, alice: Any) -> None:
    plan(world, alice, *((f"AZ-{number}", 1) for number in range(6)))
    run_due(world.database, world.now, limit=4)

    run_due(world.database, world.now)

    assert world.rows('SELECT count(*) FROM "case"') == [(6,)]


def test_a_cancelled_batch_starts_no_further_row(world: World, alice: Any) -> None:
    batch = plan(world, alice, *((f"AZ-{number}", 1) for number in range(6)))
    run_due(world.database, world.now, limit=2)

    world.do(cases.cancel_batch, alice, batch_id=batch)
    run_due(world.database, world.now)

    assert [status for _, status, _ in rows(world)] == ["started"] * 2 + ["cancelled"] * 4


def test_another_stelle_neither_cancels_nor_knows_the_batch(world: World, alice: Any) -> None:
    batch = plan(world, alice, ("AZ-1", 1))

    with pytest.raises(NotFound):
        world.do(cases.cancel_batch, world.bob, batch_id=batch)


def test_the_rights_are_those_of_the_moment_in_which_a_row_is_started(world: World, alice: Any) -> None:
    plan(world, alice, ("AZ-1", 1))
    world.do(accounts.end_account, account_id=alice.account)

    run_due(world.database, world.now)

    assert [status for _, status, _ in rows(world)] == ["refused"]
    assert "beendet" in str(world.rows("SELECT faults FROM batch_row"))


def test_a_program_without_a_role_starts_no_cases(world: World, alice: Any) -> None:
    with pytest.raises(NotAllowed):
        plan(world, world.machine(Scope.CASES), ("AZ-1", 1))


def test_batches_are_forgotten_when_they_are_done_and_old(world: World, alice: Any) -> None:
    plan(world, alice, ("AZ-1", 1), ("AZ-2", 0))
    run_due(world.database, world.now)

    world.now += KEPT + timedelta(days=1)
    run_due(world.database, world.now)

    assert rows(world) == []
    assert world.rows('SELECT count(*) FROM "case"') == [(1,)]
