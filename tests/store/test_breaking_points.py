"""Breaking points are counted for the steering groups; nothing leads from a report to a case or a person."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import select
from tests.support.world import HANDED_OVER, KOELN, RHEINE, World

from staffel.engine import cases
from staffel.engine.actor import Role
from staffel.engine.analysis import BreakingPoints, Period, breaking_points
from staffel.engine.cases.breaking_points import Trouble
from staffel.engine.errors import NotFound
from staffel.engine.store.tables import BreakingPoint

MONTH = Period(date(2026, 11, 1), date(2026, 11, 30))


def report(world: World, times: int, trouble: Trouble = Trouble.RETYPED, **place: UUID) -> None:
    for _ in range(times):
        world.do(cases.report_breaking_point, world.alice, trouble=trouble, **place)


def counted(world: World, period: Period = MONTH) -> list[BreakingPoints]:
    towns = [KOELN, RHEINE]
    return world.database.read(breaking_points, process_key="p", municipalities=towns, period=period)


def task_of(world: World) -> UUID:
    world.deploy(HANDED_OVER)
    return world.open_task(world.start())


def test_reports_are_counted_by_step_and_trouble(world):
    task = task_of(world)
    report(world, 6, task_id=task)
    report(world, 5, Trouble.PAPER, task_id=task)
    report(world, 2, Trouble.RULE, task_id=task)

    (found,) = counted(world)
    assert (found.municipality, found.element, found.name, found.reports) == (KOELN, "a", "Abgeben", 15)
    assert found.troubles == (("retyped", 5), ("paper", 5))
    assert counted(world, Period(date(2026, 12, 1), date(2026, 12, 31))) == []


def test_fewer_than_five_reports_are_not_shown(world):
    report(world, 4, task_id=task_of(world))
    assert counted(world) == []


def test_a_handover_names_the_kinds_of_both_stellen(world):
    world.finish(task_of(world))
    report(world, 5, Trouble.WAITING, handover_id=world.open_handover())
    world.do(
        cases.report_breaking_point, world.bob, trouble=Trouble.WAITING, handover_id=world.open_handover()
    )

    (found,) = counted(world)
    assert (found.element, found.reports, found.other_kinds) == ("b", 5, ("JC",))
    assert sorted(set(world.rows("SELECT unit_kind, other_kind FROM breaking_point"))) == [
        ("ABH", "JC"),
        ("JC", "ABH"),
    ]


def test_a_report_leads_to_no_case_person_or_hour(world):
    task = task_of(world)
    before = world.rows("SELECT COUNT(*) FROM audit"), world.rows("SELECT COUNT(*) FROM event")
    report(world, 1, task_id=task)

    (row,) = world.database.read(
        lambda tx: [each.model_dump() for each in tx.session.exec(select(BreakingPoint))]
    )
    assert set(row) == {
        "id", "municipality", "process_id", "element", "name", "unit_kind", "other_kind", "trouble", "month",
    }  # fmt: skip
    assert row["month"] == date(2026, 11, 1)
    assert (row["id"].int >> 80) / 1000 == 1793491200  # 1 November 2026, not now
    assert (world.rows("SELECT COUNT(*) FROM audit"), world.rows("SELECT COUNT(*) FROM event")) == before


def test_for_others_there_is_nothing_to_report_on(world):
    task = task_of(world)
    guest = world.person("Gast", Role.SACHBEARBEITUNG, unit="GA")
    for actor in (world.bob, guest, world.designer):
        with pytest.raises(NotFound):
            world.do(cases.report_breaking_point, actor, trouble=Trouble.OTHER, task_id=task)
    world.finish(task)
    with pytest.raises(NotFound):
        world.do(cases.report_breaking_point, guest, trouble=Trouble.OTHER, handover_id=world.open_handover())
    assert world.rows("SELECT * FROM breaking_point") == []
