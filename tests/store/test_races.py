"""Many at once on one thing: exactly one succeeds, the others are refused, nothing fails otherwise."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from tests.support.world import HANDED_OVER, NOON, TWO_STEPS, World, flows, process

from staffel.engine import cases
from staffel.engine.actor import Actor, Role, Scope
from staffel.engine.errors import Refusal
from staffel.engine.worker import run_due

AT_ONCE = 50


def at_once(work: Callable[[int], object], times: int = AT_ONCE) -> Counter[str]:
    """Run `work(number)` in as many threads, all let go together; how they ended, by name."""
    gate = threading.Barrier(times)
    endings: list[str] = []

    def run(number: int) -> None:
        gate.wait()
        try:
            work(number)
        except Refusal as refusal:
            endings.append(refusal.code)
        except Exception as error:  # the test says which
            endings.append(repr(error))
        else:
            endings.append("done")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(endings)


def people(world: World, unit: str) -> list[Actor]:
    return [world.person(f"P{number}", Role.SACHBEARBEITUNG, unit=unit) for number in range(5)]


def test_of_fifty_claims_exactly_one_succeeds(world: World) -> None:
    world.deploy(TWO_STEPS)
    world.start()
    task, team = world.open_task(), people(world, "ABH")

    endings = at_once(lambda number: world.do(cases.claim_task, team[number % 5], task_id=task))

    assert endings == {"done": 1, "task-claimed": AT_ONCE - 1}
    assert world.rows("SELECT count(*) FROM event WHERE type = 'TaskClaimed'") == [(1,)]


def test_of_fifty_completions_exactly_one_succeeds(world: World) -> None:
    world.deploy(TWO_STEPS)
    world.start()
    task = world.open_task()
    world.do(cases.claim_task, world.alice, task_id=task)

    endings = at_once(lambda _: world.do(cases.complete_task, world.alice, task_id=task))

    assert endings == {"done": 1, "task-closed": AT_ONCE - 1}
    assert world.rows("SELECT count(*) FROM task") == [(2,)]


def test_of_fifty_acceptances_exactly_one_succeeds(world: World) -> None:
    world.deploy(HANDED_OVER)
    world.start()
    world.finish(world.open_task())
    handover = world.open_handover()

    endings = at_once(lambda _: world.do(cases.accept_handover, world.bob, handover_id=handover))

    assert endings == {"done": 1, "handover-closed": AT_ONCE - 1}


def test_of_fifty_starts_with_one_reference_exactly_one_succeeds(world: World) -> None:
    world.deploy(TWO_STEPS)

    endings = at_once(lambda _: world.start("AZ-7"))

    assert endings == {"done": 1, "reference-taken": AT_ONCE - 1}


def test_fifty_starts_with_one_idempotency_key_start_one_case(world: World) -> None:
    world.deploy(TWO_STEPS)
    started: list[UUID] = []

    endings = at_once(lambda _: started.append(world.start("AZ-7", idempotency_key="once")))

    assert endings == {"done": AT_ONCE}
    assert len(set(started)) == 1


WAITING = process(
    '<startEvent id="s"/><receiveTask id="r" messageRef="m"/><endEvent id="e"/>'
    + flows(("s", "r"), ("r", "e")),
    roots='<message id="m" name="Antwort"/>',
)


def test_of_fifty_messages_exactly_one_is_received_and_the_others_are_kept(world: World) -> None:
    world.deploy(WAITING)
    world.start("AZ-1")
    sender = world.machine(Scope.MESSAGES)

    endings = at_once(lambda _: world.do(cases.deliver_message, sender, name="Antwort", correlation="AZ-1"))

    assert endings == {"done": AT_ONCE}
    assert world.rows("SELECT count(*) FROM message WHERE case_id IS NOT NULL") == [(1,)]
    assert world.rows('SELECT status FROM "case"') == [("completed",)]


TIMED = process(
    '<startEvent id="s"/><intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    '</timerEventDefinition></intermediateCatchEvent><endEvent id="e"/>' + flows(("s", "t"), ("t", "e")),
)


def test_many_workers_fire_each_timer_once(world: World) -> None:
    world.deploy(TIMED)
    for number in range(10):
        world.start(f"AZ-{number}")
    later = world.later(hours=2)

    at_once(lambda _: run_due(world.database, later), times=6)

    assert world.rows("SELECT count(*) FROM event WHERE type = 'TimerClosed'") == [(10,)]
    assert world.rows("SELECT count(*) FROM \"case\" WHERE status = 'completed'") == [(10,)]


SERVICE = process(
    '<startEvent id="s"/><serviceTask id="w"><extensionElements><staffel:topic name="bescheid" retries="2"/>'
    '</extensionElements></serviceTask><endEvent id="e"/>' + flows(("s", "w"), ("w", "e")),
)


def test_no_work_item_is_leased_to_two_workers(world: World) -> None:
    world.deploy(SERVICE)
    for number in range(20):
        world.start(f"AZ-{number}")
    machine, leased = world.machine(Scope.WORK), []

    def fetch(number: int) -> None:
        found = world.do(
            cases.fetch_work,
            machine,
            topics=["bescheid"],
            worker=f"w{number}",
            lease=timedelta(minutes=1),
            limit=3,
        )
        leased.extend(item.id for item in found)

    endings = at_once(fetch, times=10)

    assert endings == {"done": 10}
    assert len(leased) == len(set(leased)) == 20
    assert world.now == NOON
