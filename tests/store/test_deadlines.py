"""Fristen in the store: what people change is kept with task, timer and history, by the Stelle whose Frist it is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlmodel import select
from tests.support.consistency import faults
from tests.support.world import KOELN, RHEINE, World, flows, lane, process

from staffel.engine import cases
from staffel.engine.actor import Role
from staffel.engine.analysis.net import Still, read_still, still_steps
from staffel.engine.analysis.reading import FristRow, find_process, read_fristen
from staffel.engine.calendar import ZONE
from staffel.engine.cases.calendars import ClosingDayFar, NoWorkingDay
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.kernel import CommandRefused
from staffel.engine.store import Transaction
from staffel.engine.store.tables import ModelVersion, StepDeadline, Task, Timer
from staffel.engine.store.types import to_microseconds

TODAY = date(2026, 11, 23)  # a Monday
MODEL = process(
    '<startEvent id="s"/><userTask id="a" name="Entscheiden"><extensionElements>'
    '<staffel:deadline kind="gesetzlich" length="1M" name="Entscheidung" extend="1M" suspensionBasis="§ 6 Abs. 4 BQFG"/>'
    '<staffel:deadline kind="intern" length="5AT"/></extensionElements></userTask>'
    '<boundaryEvent id="t" attachedToRef="a"><extensionElements><staffel:deadline kind="gesetzlich" length="2W" '
    'atEnd="consent" legalBasis="§ 36 Abs. 2 BeschV" start="zugang"/></extensionElements><timerEventDefinition/></boundaryEvent>'
    '<endEvent id="e"/><endEvent id="still"/>' + flows(("s", "a"), ("a", "e"), ("t", "still")),
    lanes=lane("abh", "ABH", "s", "a", "t", "e", "still"),
)
VALUES = {"zugang": "2026-11-23"}


@pytest.fixture
def case(world: World) -> UUID:
    world.deploy(MODEL)
    return world.start(values=VALUES)


def the_task(world: World) -> Task:
    return world.database.read(lambda tx: tx.session.get_one(Task, world.open_task()))


def the_timer(world: World) -> Timer:
    [row] = world.rows("SELECT id FROM timer")
    return world.database.read(lambda tx: tx.session.get_one(Timer, UUID(str(row[0]))))


def change(
    world: World, what: Any, case: UUID, key: int, actor: Any = None, place: int = 0, **more: Any
) -> None:
    world.do(what, actor or world.alice, case_id=case, key=key, place=place, **more)
    assert world.database.read(faults) == []


def test_every_frist_of_a_task_is_kept_with_its_computation(world: World, case: UUID) -> None:
    task = the_task(world)

    assert task.due is not None
    assert [(each["place"], each["name"], each["kind"]) for each in task.due["fristen"]] == [
        (1, "", "intern"),
        (0, "Entscheidung", "gesetzlich"),
    ]
    assert all(each["steps"] for each in task.due["fristen"])
    assert the_timer(world).deadline["legal_basis"] == "§ 36 Abs. 2 BeschV"  # type: ignore[index]
    assert world.database.read(faults) == []


def test_a_suspended_frist_leaves_the_order_of_the_inbox_and_comes_back_later(
    world: World, case: UUID
) -> None:
    key = the_task(world).key
    before = the_task(world).due_at
    change(world, cases.suspend_deadline, case, key, place=1, since=TODAY, reason="Rückfrage")
    assert the_task(world).due_at is not None, "the other Frist of the task runs on"

    change(world, cases.suspend_deadline, case, key, since=TODAY, reason="Unterlagen fehlen")
    assert the_task(world).due_at is None

    world.later(days=4)
    change(world, cases.resume_deadline, case, key, place=1, until=TODAY + timedelta(days=1))
    task = the_task(world)
    assert task.due_at is not None
    assert before is not None
    # 24.11. is the first of five working days; it stood still, so one more follows on 30.11.: Tuesday 01.12.
    assert task.due_at.astimezone(ZONE).date() == date(2026, 12, 1)
    assert task.sort_at == task.due_at > before


def test_an_extension_is_kept_with_its_reason_and_law_in_the_history(world: World, case: UUID) -> None:
    key = the_task(world).key

    change(world, cases.extend_deadline, case, key, reason="schwierig", legal_basis="§ 6 Abs. 3 BQFG")

    [(kind, data)] = world.rows("SELECT type, data FROM event ORDER BY seq DESC LIMIT 1")
    told = msgspec.msgpack.decode(bytes(data))
    assert (kind, told["change"], told["reason"], told["legal_basis"]) == (
        "DeadlineChanged", "extended", "schwierig", "§ 6 Abs. 3 BQFG",
    )  # fmt: skip
    with pytest.raises(CommandRefused):
        change(world, cases.extend_deadline, case, key, reason="noch einmal")


def test_a_timer_that_stands_still_is_not_fired_and_a_moved_one_at_its_new_end(
    world: World, case: UUID
) -> None:
    timer = the_timer(world)
    change(
        world,
        cases.suspend_deadline,
        case,
        timer.key,
        since=TODAY,
        reason="Nachfrage",
        legal_basis="§ 34 BeschV",
    )
    world.later(days=30)
    assert world.do(cases.fire_due_timers) == 0

    change(world, cases.resume_deadline, case, timer.key, until=date(2026, 12, 23))
    assert world.do(cases.fire_due_timers) == 0
    world.later(days=30)

    assert world.do(cases.fire_due_timers) == 1
    assert world.rows("SELECT type FROM event WHERE type = 'DeadlinePassed'") == [("DeadlinePassed",)]
    assert world.database.read(faults) == []


def test_a_moved_anchor_moves_the_timer_row(world: World, case: UUID) -> None:
    lead = world.person("Lea", Role.SACHBEARBEITUNG, Role.TEAMLEITUNG, unit="ABH")

    world.do(
        cases.set_variables, lead, case_id=case, values={"zugang": "2026-11-30"}, reason="später zugegangen"
    )

    assert the_timer(world).due.astimezone(ZONE).date() == date(2026, 12, 14)
    assert world.database.read(faults) == []


@pytest.mark.parametrize("what", ["suspend", "resume", "extend"])
def test_another_stelle_changes_no_frist(world: World, case: UUID, what: str) -> None:
    calls: dict[str, tuple[Any, dict[str, Any]]] = {
        "suspend": (cases.suspend_deadline, {"since": TODAY, "reason": "x"}),
        "resume": (cases.resume_deadline, {"until": TODAY}),
        "extend": (cases.extend_deadline, {"reason": "x"}),
    }
    function, more = calls[what]

    for key in (the_task(world).key, the_timer(world).key, 99):
        with pytest.raises(NotFound):
            world.do(function, world.bob, case_id=case, key=key, place=0, **more)


def test_closing_days_of_the_stelle_move_its_own_fristen_and_no_legal_one(world: World) -> None:
    lead = world.person("Lea", Role.TEAMLEITUNG, unit="ABH")
    unit = world.units[KOELN, "ABH"]
    world.do(cases.add_closing_day, lead, unit_id=unit, day=date(2026, 11, 26), name="Betriebsausflug")
    world.do(cases.add_closing_day, lead, unit_id=unit, day=date(2026, 12, 23), name="Inventur")
    world.deploy(MODEL)

    world.start(values=VALUES)

    ends = {each["kind"]: each for each in the_task(world).due["fristen"]}  # type: ignore[index]
    assert ends["intern"]["at"].startswith("2026-12-01")  # instead of 30.11.
    assert "Schließtag 26.11." in ends["intern"]["steps"][0]
    assert ends["gesetzlich"]["at"].startswith("2026-12-23")  # one month, whether the Stelle is open or not
    assert world.database.read(faults) == []


def test_closing_days_are_kept_by_the_lead_and_the_own_administration_only(world: World) -> None:
    unit = world.units[KOELN, "ABH"]
    allowed = (
        world.person("Lea", Role.TEAMLEITUNG, unit="ABH"),
        world.person("Ada", Role.ADMINISTRATION),
    )
    refused = (
        world.alice,
        world.person("Leo", Role.TEAMLEITUNG, unit="JC"),
    )
    stranger = world.person("Ali", Role.ADMINISTRATION, municipality=RHEINE)
    with pytest.raises(NotFound):
        world.do(cases.add_closing_day, stranger, unit_id=unit, day=date(2026, 12, 7), name="zu")
    for number, actor in enumerate(allowed):
        day = date(2026, 12, 1) + timedelta(days=number)
        world.do(cases.add_closing_day, actor, unit_id=unit, day=day, name="zu")
    for actor in refused:
        with pytest.raises(NotAllowed):
            world.do(cases.add_closing_day, actor, unit_id=unit, day=date(2026, 12, 7), name="zu")
        with pytest.raises(NotAllowed):
            world.do(cases.remove_closing_day, actor, unit_id=unit, day=date(2026, 12, 1))

    world.do(cases.remove_closing_day, allowed[0], unit_id=unit, day=date(2026, 12, 2))

    kept = world.database.read(cases.closing_days, actor=world.bob, unit_id=unit)
    assert [(each.day, each.name) for each in kept] == [(date(2026, 12, 1), "zu")]
    assert [row[0] for row in world.rows("SELECT action FROM audit ORDER BY id")][-1] == "closing-day.remove"


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (date(2026, 12, 25), NoWorkingDay),
        (date(2026, 11, 28), NoWorkingDay),
        (date(2026, 11, 20), ClosingDayFar),
        (date(2031, 1, 7), ClosingDayFar),
    ],
    ids=["holiday", "saturday", "past", "far"],
)
def test_a_closing_day_is_a_working_day_ahead(world: World, day: date, refusal: type[Exception]) -> None:
    lead = world.person("Lea", Role.TEAMLEITUNG, unit="ABH")

    with pytest.raises(refusal):
        world.do(cases.add_closing_day, lead, unit_id=world.units[KOELN, "ABH"], day=day, name="zu")


STEP = process(
    '<startEvent id="s"/><serviceTask id="w" name="Drucken lassen"><extensionElements><staffel:topic name="druck"/>'
    '<staffel:deadline kind="vereinbart" length="5AT" extend="3AT"/></extensionElements></serviceTask><endEvent id="e"/>'
    + flows(("s", "w"), ("w", "e")),
    lanes=lane("abh", "ABH", "s", "w", "e"),
)


def the_steps(world: World) -> list[StepDeadline]:
    return list(world.database.read(lambda tx: tx.session.exec(select(StepDeadline)).all()))


def test_the_frist_of_a_step_without_a_task_is_kept_changed_and_closed(world: World) -> None:
    world.deploy(STEP)
    case = world.start()
    [step] = the_steps(world)
    assert (step.name, step.due["kind"], step.closed_at) == ("Drucken lassen", "vereinbart", None)
    first = step.sort_at

    change(world, cases.extend_deadline, case, step.key, reason="Papier fehlt")
    [step] = the_steps(world)
    assert step.sort_at > first

    with pytest.raises(NotFound):
        change(world, cases.extend_deadline, case, step.key, actor=world.bob, reason="nicht unsere")
    world.do(cases.cancel_case, world.alice, case_id=case, reason="zurückgenommen")
    [step] = the_steps(world)
    assert (step.closing, step.closed_at) == ("cancelled", world.now)
    assert world.database.read(faults) == []


def test_fristen_of_tasks_and_steps_are_read_for_comparison_with_what_became_of_them(world: World) -> None:
    world.deploy(MODEL)
    world.start("AZ-1", values=VALUES)
    world.finish(world.open_task())
    world.deploy(STEP)
    dropped = world.start("AZ-2")
    world.start("AZ-3")
    world.do(cases.cancel_case, world.alice, case_id=dropped, reason="zurückgenommen")

    def read(tx: Transaction) -> list[FristRow]:
        return list(read_fristen(tx, find_process(tx, "p")[0], [KOELN]))

    found = world.database.read(read)
    done = to_microseconds(world.now)
    assert sorted((row.kind, row.done, row.dropped) for row in found if row.kind != "vereinbart") == [
        ("gesetzlich", done, False), ("intern", done, False),
    ]  # fmt: skip
    assert sorted((row.done, row.dropped) for row in found if row.kind == "vereinbart") == [
        (None, False), (None, True),
    ]  # fmt: skip
    assert all(row.end is not None and row.end > done for row in found)


def test_suspended_days_are_read_for_comparison_until_the_step_has_ended(world: World, case: UUID) -> None:
    key = the_task(world).key
    timer = the_timer(world).key
    change(world, cases.suspend_deadline, case, key, since=TODAY, reason="Unterlagen fehlen")
    law = "§ 36 Abs. 2 BeschV"
    change(world, cases.suspend_deadline, case, timer, since=TODAY, reason="Rückfrage", legal_basis=law)
    world.later(days=3)
    world.finish(world.open_task())

    def read(tx: Transaction) -> tuple[list[Still], list[Still]]:
        process, versions = find_process(tx, "p")[0], list(tx.session.exec(select(ModelVersion.id)))
        rows = read_fristen(tx, process, [KOELN])
        return list(still_steps(rows)), list(read_still(tx, process, [KOELN], versions))

    of_task, of_history = world.database.read(read)
    span = to_microseconds(datetime.combine(TODAY, time(), ZONE)), to_microseconds(world.now)
    assert [(each.begin, each.end) for each in of_task] == [span]
    assert [(each.begin, each.end) for each in of_history] == [span, span]
