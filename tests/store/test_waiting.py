"""Messages, signals, timers and work that wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.support.world import KOELN, RHEINE, World, flows, lane, process

from staffel.engine import cases, library
from staffel.engine.actor import Role, Scope
from staffel.engine.cases.running import KeyUsed
from staffel.engine.cases.work import LeaseLost
from staffel.engine.errors import NotFound
from staffel.engine.store.tables import Work
from staffel.engine.worker import run_due
from staffel.engine.worker.loop import PAUSE_AFTER_FAULT

WAITING = process(
    '<startEvent id="s"/><receiveTask id="r" messageRef="m"/><endEvent id="e"/>'
    + flows(("s", "r"), ("r", "e")),
    roots='<message id="m" name="Antwort"/>',
)
STARTED_BY_MESSAGE = process(
    '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent><userTask id="a"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "e")),
    lanes=lane("abh", "ABH", "s", "a", "e"),
    roots='<message id="m" name="Antrag"/>',
)
STARTED_BY_BOTH = process(
    '<startEvent id="s" parallelMultiple="true"><messageEventDefinition messageRef="m"/><signalEventDefinition '
    'signalRef="g"/></startEvent><endEvent id="e"/>' + flows(("s", "e")),
    lanes=lane("abh", "ABH", "s", "e"),
    roots='<message id="m" name="Antrag"/><signal id="g" name="Erlass"/>',
)
WAITING_FOR_SIGNAL = process(
    '<startEvent id="s"/><intermediateCatchEvent id="c"><signalEventDefinition signalRef="g"/></intermediateCatchEvent>'
    '<endEvent id="e"/>' + flows(("s", "c"), ("c", "e")),
    roots='<signal id="g" name="Erlass"/>',
)
STARTED_DAILY = process(
    '<startEvent id="s"><timerEventDefinition><timeCycle>R2/P1D</timeCycle></timerEventDefinition></startEvent>'
    '<userTask id="a"/><endEvent id="e"/>' + flows(("s", "a"), ("a", "e")),
    lanes=lane("abh", "ABH", "s", "a", "e"),
)
SERVICE = process(
    '<startEvent id="s"/><serviceTask id="w"><extensionElements><staffel:topic name="bescheid" retries="2"/>'
    '</extensionElements></serviceTask><endEvent id="e"/>' + flows(("s", "w"), ("w", "e")),
)


def status(world: World) -> list[tuple[str]]:
    return world.rows('SELECT status FROM "case" ORDER BY reference')


def send(world: World, municipality: str = KOELN, **arguments: object) -> cases.Delivery:
    sender = world.machine(Scope.MESSAGES, municipality=municipality)
    delivery: cases.Delivery = world.do(cases.deliver_message, sender, **arguments)
    return delivery


def test_a_message_that_comes_too_early_is_kept_until_the_case_waits(world: World) -> None:
    world.deploy(WAITING)
    assert send(world, name="Antwort", correlation="AZ-1").case_id is None
    world.start("AZ-1")

    assert run_due(world.database, world.now) == 1

    assert status(world) == [("completed",)]


def test_a_message_is_forgotten_when_its_time_to_live_has_ended(world: World) -> None:
    world.deploy(WAITING)
    send(world, name="Antwort", correlation="AZ-1", time_to_live=timedelta(hours=1))

    run_due(world.database, world.later(hours=2))

    assert world.rows("SELECT count(*) FROM message") == [(0,)]


def test_a_message_of_another_municipality_does_not_arrive(world: World) -> None:
    world.deploy(WAITING)
    world.start("AZ-1")

    assert send(world, RHEINE, name="Antwort", correlation="AZ-1").case_id is None

    assert status(world) == [("running",)]


def test_a_person_sends_messages_to_cases_of_the_own_stelle_only(world: World) -> None:
    world.deploy(WAITING)
    world.start("AZ-1")

    with pytest.raises(NotFound):
        world.do(cases.deliver_message, world.bob, name="Antwort", correlation="AZ-1")
    world.do(cases.deliver_message, world.alice, name="Antwort", correlation="AZ-1")

    assert status(world) == [("completed",)]


def test_the_same_message_key_is_delivered_once(world: World) -> None:
    world.deploy(STARTED_BY_MESSAGE)
    sender = world.machine(Scope.MESSAGES)
    first = world.do(cases.deliver_message, sender, name="Antrag", correlation="A-1", key="k")

    again = world.do(cases.deliver_message, sender, name="Antrag", correlation="A-1", key="k")

    assert again == first
    assert len(status(world)) == 1


def test_a_message_key_is_not_taken_for_another_message(world: World) -> None:
    sender = world.machine(Scope.MESSAGES)
    world.do(cases.deliver_message, sender, name="Antrag", correlation="A-1", key="k")

    with pytest.raises(KeyUsed):
        world.do(cases.deliver_message, sender, name="Antrag", correlation="A-2", key="k")


def test_a_persons_message_finds_the_own_case_where_another_stelle_has_one_of_the_same_reference(
    world: World,
) -> None:
    world.deploy(WAITING)
    world.deploy(WAITING.replace(b'process id="p"', b'process id="q"'))
    world.start("AZ-1", world.bob, process_key="q")
    own = world.start("AZ-1", world.alice)

    delivery = world.do(cases.deliver_message, world.alice, name="Antwort", correlation="AZ-1")

    assert delivery.case_id == own


def test_messages_that_start_cases_elsewhere_only_do_not_hold_up_others(world: World) -> None:
    rheine = world.person("Rita", Role.PROZESSDESIGN, municipality=RHEINE)
    files = {"m.bpmn": STARTED_BY_MESSAGE}
    checked = world.database.read(library.check_upload, actor=rheine, now=world.now, files=files)
    version = world.do(library.upload, rheine, checked=checked, municipality=RHEINE)
    world.do(library.put_in_force, rheine, version_id=version)
    send(world, name="Antrag", correlation="A-1")

    assert world.database.read(cases.kept_messages, limit=10) == []


def test_a_message_starts_a_case_for_the_stelle_of_the_lane(world: World) -> None:
    world.deploy(STARTED_BY_MESSAGE)

    delivery = send(world, name="Antrag", correlation="A-1", payload={"miete": 5})

    assert world.rows('SELECT reference FROM "case"') == [("A-1",)]
    assert delivery.case_id is not None
    world.finish(world.open_task(delivery.case_id))


def test_a_signal_reaches_every_case_that_waits(world: World) -> None:
    world.deploy(WAITING_FOR_SIGNAL)
    for reference in ("AZ-1", "AZ-2"):
        world.start(reference)

    reached = world.do(cases.broadcast_signal, world.machine(Scope.MESSAGES), name="Erlass")

    assert reached == 2
    assert status(world) == [("completed",), ("completed",)]


def test_a_message_and_a_signal_that_are_needed_together_make_one_case_each_time(world: World) -> None:
    """BPMN 2.0.2 §10.5.2: all triggers of a parallel multiple start event belong to one case."""
    world.deploy(STARTED_BY_BOTH)
    for number in range(2):
        send(world, name="Antrag", correlation=f"AZ-{number}")
        world.do(cases.broadcast_signal, world.machine(Scope.MESSAGES), name="Erlass")
    assert status(world) == [("completed",), ("completed",)]


def test_a_start_timer_starts_cases_as_often_as_it_says(world: World) -> None:
    world.deploy(STARTED_DAILY)

    for _ in range(5):
        run_due(world.database, world.later(days=1))

    assert len(status(world)) == 2


def test_a_superseded_version_starts_nothing_any_more(world: World) -> None:
    world.deploy(STARTED_BY_MESSAGE)
    new = world.deploy(STARTED_BY_MESSAGE)

    send(world, name="Antrag", correlation="A-1")

    assert [str(row[0]).replace("-", "") for row in world.rows('SELECT version_id FROM "case"')] == [new.hex]


def test_failed_work_is_offered_again_and_then_becomes_an_incident(world: World) -> None:
    world.deploy(SERVICE)
    world.start()
    machine = world.machine(Scope.WORK)

    for _ in range(2):
        world.later(hours=1)
        (item,) = world.do(cases.fetch_work, machine, topics=["bescheid"], worker="w")
        world.do(cases.fail_work, machine, work_id=item.id, worker="w", message="Drucker aus")

    assert world.do(cases.fetch_work, machine, topics=["bescheid"], worker="w") == []
    assert world.rows("SELECT code FROM incident WHERE closed_at IS NULL") == [("work-failed",)]


def test_the_pause_before_work_is_offered_again_grows_with_failures_not_with_time(world: World) -> None:
    world.deploy(SERVICE.replace(b'retries="2"', b'retries="9"'))
    world.start()
    machine = world.machine(Scope.WORK)
    pauses = []
    for _ in range(3):
        world.later(hours=1)
        (item,) = world.do(cases.fetch_work, machine, topics=["bescheid"], worker="w")
        world.do(cases.fail_work, machine, work_id=item.id, worker="w", message="Drucker aus")
        due = world.database.read(lambda tx, work: tx.session.get_one(Work, work).available_at, item.id)
        pauses.append((due - world.now).total_seconds())

    assert pauses == [10, 20, 40]


def test_a_signal_sent_again_with_its_key_is_broadcast_once(world: World) -> None:
    world.deploy(WAITING_FOR_SIGNAL)
    machine = world.machine(Scope.MESSAGES)
    world.start("AZ-1")
    first = world.do(cases.broadcast_signal, machine, name="Erlass", key="k1")
    world.start("AZ-2")
    again = world.do(cases.broadcast_signal, machine, name="Erlass", key="k1")

    assert (first, again) == (1, 1)
    assert status(world) == [("completed",), ("running",)]
    with pytest.raises(KeyUsed):
        world.do(cases.broadcast_signal, machine, name="Wahl", key="k1")
    with pytest.raises(KeyUsed):
        world.do(cases.deliver_message, machine, name="Erlass", key="k1")


def test_a_message_that_nobody_takes_is_left_alone_for_a_while(world: World) -> None:
    world.deploy(STARTED_BY_MESSAGE)
    plain = STARTED_BY_MESSAGE.replace(b'<messageEventDefinition messageRef="m"/>', b"")
    world.deploy(plain, municipality=KOELN)
    send(world, name="Antrag", correlation="A-1")
    failing: dict[UUID, datetime] = {}

    assert run_due(world.database, world.now, failing=failing) == 0
    assert list(failing.values()) == [world.now + PAUSE_AFTER_FAULT]
    assert status(world) == []


def test_a_lease_that_has_ended_goes_to_another_worker(world: World) -> None:
    world.deploy(SERVICE)
    world.start()
    machine = world.machine(Scope.WORK)
    (first,) = world.do(
        cases.fetch_work, machine, topics=["bescheid"], worker="w1", lease=timedelta(minutes=1)
    )
    world.later(minutes=2)

    (second,) = world.do(cases.fetch_work, machine, topics=["bescheid"], worker="w2")

    assert second.id == first.id
    with pytest.raises(LeaseLost):
        world.do(cases.complete_work, machine, work_id=first.id, worker="w1")
    world.do(cases.complete_work, machine, work_id=first.id, worker="w2", values={"nummer": 7})
    assert status(world) == [("completed",)]


def test_work_of_another_municipality_does_not_exist(world: World) -> None:
    world.deploy(SERVICE)
    world.start()
    (item,) = world.do(cases.fetch_work, world.machine(Scope.WORK), topics=["bescheid"], worker="w")
    other = world.machine(Scope.WORK, municipality=RHEINE)

    with pytest.raises(NotFound):
        world.do(cases.complete_work, other, work_id=item.id, worker="w")
