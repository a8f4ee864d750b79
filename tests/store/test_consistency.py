"""Events, state and rows tell the same at every moment."""

from __future__ import annotations

from pathlib import Path

from tests.support.consistency import faults
from tests.support.world import HANDED_OVER, World, flows, lane, process

from staffel.engine import cases
from staffel.engine.worker import run_due

SPLIT_BEFORE_HANDOVER = process(
    '<startEvent id="s"/><userTask id="a"/><exclusiveGateway id="g"/><userTask id="b"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "g"), ("g", "b"), ("b", "e")),
    lanes=lane("abh", "ABH", "s", "a", "g") + lane("jc", "JC", "b", "e"),
)
"""What comes back waits on its flow, for a gateway cannot take it."""
HUMAN_CASE = Path(__file__).parents[2] / "tools/bench/human_case.bpmn"


def test_events_state_and_rows_agree_after_every_step_of_a_case(world: World) -> None:
    world.deploy(HUMAN_CASE.read_bytes())
    case = world.start(process_key="human_case")
    steps = 0
    while tasks := world.rows("SELECT id FROM task WHERE closed_at IS NULL"):
        assert len(tasks) < 5
        for task in world.open_tasks():
            world.finish(task, vollstaendig=False, betrag=5)
            steps += 1
            assert world.database.read(faults) == []
        run_due(world.database, world.later(days=10))
        assert world.database.read(faults) == []
    assert steps >= 5
    assert world.rows('SELECT status FROM "case"') == [("completed",)]
    assert case is not None


def test_a_returned_handover_waits_with_the_sender_and_can_be_offered_again(world: World) -> None:
    world.deploy(HANDED_OVER)
    world.start()
    world.finish(world.open_task())
    world.do(cases.acknowledge_handover, world.bob, handover_id=world.open_handover())

    world.do(cases.return_handover, world.bob, handover_id=world.open_handover(), reason="unvollstaendig")

    assert world.database.read(faults) == []
    world.finish(world.open_task())
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())
    assert world.database.read(faults) == []
    assert world.rows("SELECT attempt, status FROM handover ORDER BY attempt") == [
        (1, "returned"),
        (2, "accepted"),
    ]


def test_a_returned_handover_stays_returned_when_its_case_ends(world: World) -> None:
    world.deploy(SPLIT_BEFORE_HANDOVER)
    case = world.start()
    world.finish(world.open_task(case))
    world.do(cases.return_handover, world.bob, handover_id=world.open_handover(), reason="unvollstaendig")

    world.do(cases.cancel_case, world.alice, case_id=case, reason="Antrag zurückgenommen")

    assert [(row[0], bool(row[1])) for row in world.rows("SELECT status, waits FROM handover")] == [
        ("returned", False)
    ]
    assert world.database.read(faults) == []


def test_a_cancelled_case_leaves_nothing_open(world: World) -> None:
    world.deploy(HANDED_OVER)
    case = world.start()

    world.do(cases.cancel_case, world.alice, case_id=case, reason="Antrag zurückgenommen")

    assert world.database.read(faults) == []
    assert world.rows("SELECT count(*) FROM task WHERE closed_at IS NULL") == [(0,)]
