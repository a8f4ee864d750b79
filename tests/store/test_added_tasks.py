"""Added tasks: a Stelle sets itself something in a case, beside the model; nobody else sees it, nothing else changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.support.world import HANDED_OVER, KOELN, TWO_STEPS, World

from staffel.api.added_tasks.queries import read_added_tasks
from staffel.api.cases.queries import events_of_case
from staffel.api.cases.service import read_timeline
from staffel.api.tasks.filters import InboxFilter
from staffel.api.tasks.queries import inbox
from staffel.api.tasks.service import read_task
from staffel.engine import cases
from staffel.engine.actor import Actor, Role
from staffel.engine.analysis.reading import find_process, read_added_to, read_tasks
from staffel.engine.cases.added_tasks import DueDay, NotAdded, NotOfModel, TaskTitle, TeamUnknown
from staffel.engine.cases.running import CaseClosed
from staffel.engine.cases.tasks import TaskClaimedByOther
from staffel.engine.errors import NotFound
from staffel.engine.library.forms import ValuesRefused
from staffel.engine.store import new_id
from staffel.engine.store.tables import Team

TODAY = date(2026, 11, 23)


def add(world: World, case: UUID, actor: Actor | None = None, **said: Any) -> UUID:
    made: UUID = world.do(
        cases.add_task, actor or world.alice, case_id=case, **{"title": "Vermieter anrufen", **said}
    )
    return made


def listed(world: World, actor: Actor, **wanted: Any) -> list[str]:
    found = world.database.read(inbox, actor=actor, now=world.now, wanted=InboxFilter(**wanted))
    return [each.name for each in found.items]


def team(world: World, unit: str) -> UUID:
    row = Team(id=new_id(), unit_id=world.units[KOELN, unit], name="Team Nord")
    found = row.id
    world.database.run(lambda tx: tx.session.add(row))
    return found


def test_it_is_in_the_inbox_with_team_note_and_due_date_and_the_case_stays_where_it_is(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()
    before = world.rows('SELECT state, responsible_unit FROM "case"')
    task = add(world, case, text="Wegen der Kaution", due=TODAY, team_id=team(world, "ABH"))

    assert listed(world, world.alice) == ["Vermieter anrufen", "Erfassen"]
    assert listed(world, world.alice, added=True) == ["Vermieter anrufen"]
    assert listed(world, world.alice, added=False) == ["Erfassen"]
    seen = world.database.read(read_task, actor=world.alice, now=world.now, task_id=task)
    assert (seen.added, seen.team, seen.note, seen.added_by) == (
        True, "Team Nord", "Wegen der Kaution", "Alice",
    )  # fmt: skip
    world.later(days=1)
    assert listed(world, world.alice, due_before=world.now) == ["Vermieter anrufen"]

    world.finish(task)
    assert world.rows('SELECT state, responsible_unit FROM "case"') == before
    assert world.rows("SELECT status FROM task ORDER BY name") == [("open",), ("done",)]
    told = world.database.read(read_timeline, actor=world.alice, case_id=case)
    assert [(each.name, each.status) for each in told if each.added] == [("Vermieter anrufen", "done")]


def test_no_other_stelle_sees_anything_of_it(world: World) -> None:
    world.deploy(HANDED_OVER)
    case = world.start()
    mine = add(world, case)
    world.finish(world.open_task(element="a"))
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())
    theirs = add(world, case, world.bob, title="Nachfragen")

    assert "Vermieter anrufen" not in listed(world, world.bob)
    assert world.database.read(read_added_tasks, actor=world.bob, case_id=case).tasks[0].id == theirs
    for act in (cases.claim_task, cases.drop_task):
        with pytest.raises(NotFound):
            world.do(act, world.bob, task_id=mine)
    told = world.database.read(read_timeline, actor=world.bob, case_id=case)
    assert [each.id for each in told if each.added] == [theirs]
    added = [
        each
        for each in world.database.read(events_of_case, actor=world.bob, case_id=case)
        if each.type == "TaskAdded"
    ]
    assert [each.element for each in added] == [f"zusatz:{theirs}"]
    stranger = world.person("Gül", Role.SACHBEARBEITUNG, unit="GA")
    with pytest.raises(NotFound):
        add(world, case, stranger)


def test_it_is_dropped_by_its_stelle_and_of_others_in_the_stelle_by_the_lead(world: World) -> None:
    world.deploy(TWO_STEPS)
    task = add(world, world.start())
    world.do(cases.claim_task, world.alice, task_id=task)
    colleague = world.person("Cem", Role.SACHBEARBEITUNG, unit="ABH")
    with pytest.raises(TaskClaimedByOther):
        world.do(cases.drop_task, colleague, task_id=task)
    with pytest.raises(NotOfModel):
        world.do(cases.throw_task_error, world.alice, task_id=task, code="x")
    with pytest.raises(ValuesRefused):
        world.do(cases.complete_task, world.alice, task_id=task, values={"x": 1})
    with pytest.raises(NotFound):
        world.do(cases.report_breaking_point, world.alice, task_id=task, trouble="other")
    with pytest.raises(NotAdded):
        world.do(cases.drop_task, world.alice, task_id=world.open_task(element="a"))

    world.do(cases.drop_task, world.person("Lea", Role.TEAMLEITUNG, unit="ABH"), task_id=task)

    assert world.rows("SELECT status FROM task WHERE closed_at IS NOT NULL") == [("cancelled",)]


def test_it_ends_with_the_case_and_an_ended_case_takes_none(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()
    task = add(world, case)
    world.do(cases.claim_task, world.alice, task_id=task)
    world.do(cases.save_draft, world.alice, task_id=task, values={"x": 1})
    world.finish(world.open_task(element="a"))
    world.finish(world.open_task(element="b"))

    assert world.rows("SELECT name, status FROM task WHERE completed_at IS NULL") == [
        ("Vermieter anrufen", "cancelled")
    ]
    assert world.rows("SELECT type FROM event ORDER BY seq DESC LIMIT 1") == [("AddedTaskEnded",)]
    assert world.rows("SELECT count(*) FROM draft") == [(0,)]
    with pytest.raises(CaseClosed):
        add(world, case)


def test_it_is_added_once_and_what_makes_no_task_is_refused(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()
    assert add(world, case, idempotency_key="k") == add(world, case, idempotency_key="k")
    for said, refusal in (
        ({"title": " "}, TaskTitle), ({"due": TODAY - timedelta(days=1)}, DueDay),
        ({"due": TODAY + timedelta(days=400)}, DueDay), ({"team_id": team(world, "JC")}, TeamUnknown),
    ):  # fmt: skip
        with pytest.raises(refusal):
            add(world, case, **said)
    assert len(listed(world, world.alice, added=True)) == 1


def test_it_counts_apart_and_never_as_a_step(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()
    world.finish(add(world, case))
    process, _ = world.database.read(find_process, process_key="p")

    steps = world.database.read(read_tasks, process=process, municipalities=[KOELN])
    added = world.database.read(read_added_to, process=process, municipalities=[KOELN])

    assert [each.element for each in steps] == ["a"]
    assert [each.replace("-", "") for each in added] == [case.hex]
