"""Repairing a case: who may, what it leads to, what stays with other Stellen, and what is on record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.support.world import HANDED_OVER, TWO_STEPS, World, flows, form_task, lane, process

from staffel.engine import cases
from staffel.engine.actor import Actor, Role
from staffel.engine.cases.care import OthersAtWork, ReasonMissing
from staffel.engine.cases.repairing import Action, CaseMovedOn, NoSuchTarget, Outcome, PlaceGone, Wish
from staffel.engine.cases.running import CaseClosed
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.kernel import CommandRefused
from staffel.engine.kernel.events import Ending

JOINED = process(
    '<startEvent id="s"/><parallelGateway id="x"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/>'
    '<userTask id="c" name="Bescheid"/><endEvent id="e"/>'
    + flows(("s", "x"), ("x", "a"), ("x", "b"), ("a", "j"), ("b", "j"), ("j", "c"), ("c", "e")),
    lanes=lane("abh", "ABH", "s", "x", "a", "b", "j", "c", "e"),
)
STUCK = process(
    '<startEvent id="s"/><exclusiveGateway id="w" name="Alt genug?"/><userTask id="a" name="Prüfen"/>'
    '<userTask id="b" name="Fremd"/><endEvent id="e"/>'
    '<sequenceFlow id="g1" sourceRef="w" targetRef="a"><conditionExpression>person.alter &gt; 17</conditionExpression></sequenceFlow>'
    + flows(("s", "w"), ("a", "b"), ("b", "e")),
    lanes=lane("abh", "ABH", "s", "w", "a") + lane("jc", "JC", "b", "e"),
)
PARALLEL = process(
    '<startEvent id="s"/><parallelGateway id="x"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/><endEvent id="e"/>'
    + flows(("s", "x"), ("x", "a"), ("x", "b"), ("a", "j"), ("b", "j"), ("j", "e")),
    lanes=lane("abh", "ABH", "s", "x", "a", "j", "e") + lane("jc", "JC", "b"),
)


@pytest.fixture
def lead(world: World) -> Actor:
    return world.person("Lea", Role.TEAMLEITUNG, unit="ABH")


def places(world: World, actor: Actor, case_id: UUID) -> dict[str, Any]:
    found = world.database.read(cases.repairable, actor=actor, case_id=case_id)
    return {place.element: place for place in found.places}


def wish(world: World, actor: Actor, case_id: UUID, element: str, target: str = "") -> Wish:
    place = places(world, actor, case_id)[element].id
    return Wish(action=Action.MOVE if target else Action.CANCEL, place=place, target=target)


def repair(world: World, actor: Actor, case_id: UUID, what: Wish, **more: Any) -> Outcome:
    arguments = {"reason": "Irrtum bei der Erfassung", **more}
    done: Outcome = world.do(cases.repair_case, actor, case_id=case_id, wish=what, **arguments)
    return done


def preview(world: World, actor: Actor, case_id: UUID, what: Wish) -> Outcome:
    return world.database.read(cases.preview_repair, actor=actor, now=world.now, case_id=case_id, wish=what)


def elements(named: tuple[Any, ...]) -> list[str]:
    return [each.element for each in named]


def test_team_lead_moves_a_token_and_it_is_on_record(world: World, lead: Actor) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()

    done = repair(world, lead, case, wish(world, lead, case, "a", "b"))

    assert (elements(done.closes), elements(done.opens), done.ends) == (["a"], ["b"], None)
    assert world.open_task(case, "b")
    assert world.rows("SELECT status FROM task WHERE element = 'a'") == [("cancelled",)]
    events = world.rows("SELECT type, element FROM event ORDER BY seq")
    assert [row for row in events if row[0] == "Repaired"] == [("Repaired", "b"), ("Repaired", "a")]
    (audit,) = world.rows("SELECT action, subject FROM audit WHERE action = 'case.repair.move'")
    assert (audit[0], UUID(audit[1])) == ("case.repair.move", case)


def test_preview_says_what_the_repair_does_and_changes_nothing(world: World, lead: Actor) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()
    what = wish(world, lead, case, "a", "e")
    before = world.rows("SELECT count(*) FROM event")

    told = preview(world, lead, case, what)

    assert (elements(told.closes), elements(told.passes), told.ends) == (["a"], ["e"], Ending.COMPLETED)
    assert world.rows("SELECT count(*) FROM event") == before
    assert repair(world, lead, case, what, seq=told.seq) == told
    assert world.rows('SELECT status FROM "case"') == [("completed",)]


def test_repair_of_a_case_that_has_gone_on_since_the_preview_is_refused(world: World, lead: Actor) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()
    what = wish(world, lead, case, "a", "a")
    told = preview(world, lead, case, what)
    world.finish(world.open_task(case))

    with pytest.raises(PlaceGone):
        repair(world, lead, case, what, seq=told.seq)
    with pytest.raises(CaseMovedOn):
        repair(world, lead, case, wish(world, lead, case, "b", "a"), seq=told.seq)


def test_token_that_waits_for_another_that_never_comes_is_moved_past_the_join(
    world: World, lead: Actor
) -> None:
    world.deploy(JOINED)
    case = world.start()
    world.finish(world.open_task(case, "a"))
    repair(world, lead, case, wish(world, lead, case, "b"))
    assert list(places(world, lead, case)) == ["f4"]

    repair(world, lead, case, wish(world, lead, case, "f4", "c"))

    assert list(places(world, lead, case)) == ["c"]
    world.finish(world.open_task(case))
    assert world.rows('SELECT status FROM "case"') == [("completed",)]


def test_cancelling_the_last_place_ends_the_case(world: World, lead: Actor) -> None:
    world.deploy(JOINED)
    case = world.start()
    world.finish(world.open_task(case, "a"))
    repair(world, lead, case, wish(world, lead, case, "b"))

    done = repair(world, lead, case, wish(world, lead, case, "f4"))

    assert done.ends is Ending.COMPLETED
    with pytest.raises(CaseClosed):
        repair(world, lead, case, Wish(action=Action.CANCEL, place="1"))


def test_work_is_not_pushed_into_another_stelle(world: World, lead: Actor) -> None:
    world.deploy(HANDED_OVER)
    case = world.start()
    place = places(world, lead, case)["a"]
    assert "b" not in elements(place.targets)

    with pytest.raises(NoSuchTarget) as refused:
        repair(world, lead, case, Wish(action=Action.MOVE, place=place.id, target="b"))

    assert "Übergabe" in refused.value.message_de


def test_places_of_another_stelle_are_left_alone(world: World, lead: Actor) -> None:
    world.deploy(PARALLEL)
    case = world.start()
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())
    # the handover moved the case to the Jobcenter; the ABH's task goes on
    theirs = places(world, lead, case)["b"]
    assert not theirs.mine

    with pytest.raises(NotAllowed):
        repair(world, lead, case, Wish(action=Action.CANCEL, place=theirs.id))

    assert repair(world, lead, case, wish(world, lead, case, "a", "a")).ends is None


def test_a_sub_process_with_another_stelles_task_is_not_ended(world: World, lead: Actor) -> None:
    inner = (
        '<subProcess id="t" name="Teil"><startEvent id="ts"/><parallelGateway id="x"/><userTask id="a"/><userTask id="b"/>'
        '<sequenceFlow id="t1" sourceRef="ts" targetRef="x"/><sequenceFlow id="t2" sourceRef="x" targetRef="a"/>'
        '<sequenceFlow id="t3" sourceRef="x" targetRef="b"/></subProcess>'
    )
    world.deploy(
        process(
            f'<startEvent id="s"/>{inner}<endEvent id="e"/>' + flows(("s", "t"), ("t", "e")),
            lanes=lane("abh", "ABH", "s", "t", "e") + lane("jc", "JC", "b"),
        )
    )
    case = world.start()
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())

    with pytest.raises(OthersAtWork):
        repair(world, lead, case, wish(world, lead, case, "t"))


def test_caseworkers_others_and_coordination_do_not_repair(world: World, lead: Actor) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()
    what = wish(world, lead, case, "a", "b")
    chief = world.person("Karl", Role.TEAMLEITUNG, unit="JC")
    coordination = world.person("Kim", Role.KOORDINATION)

    for actor, refusal in (
        (world.alice, NotAllowed),
        (world.bob, NotFound),
        (chief, NotFound),
        (coordination, NotFound),
        (world.designer, NotFound),
    ):
        with pytest.raises(refusal):
            repair(world, actor, case, what)
        with pytest.raises(refusal):
            preview(world, actor, case, what)
        with pytest.raises(refusal):
            places(world, actor, case)


def test_process_design_moves_what_an_incident_holds_within_its_stelle(world: World) -> None:
    world.deploy(STUCK)
    case = world.start()
    place = places(world, world.designer, case)["w"]
    assert (place.mine, elements(place.targets)) == (True, ["w", "a"])
    with pytest.raises(NotAllowed):
        repair(world, world.designer, case, Wish(action=Action.CANCEL, place=place.id))

    done = repair(world, world.designer, case, wish(world, world.designer, case, "w", "a"))

    assert (elements(done.closes), elements(done.opens)) == (["w"], ["a"])
    assert world.rows("SELECT count(*) FROM incident WHERE closed_at IS NULL") == [(0,)]
    with pytest.raises(NotFound):
        places(world, world.designer, case)


def test_values_are_set_by_the_responsible_team_lead_only(world: World, lead: Actor) -> None:
    world.deploy(STUCK)
    case = world.start()
    what = Wish(action=Action.VARIABLES, variables={"person": {"alter": 18}})

    with pytest.raises(NotAllowed):
        repair(world, world.designer, case, what)
    with pytest.raises(CommandRefused):
        repair(world, lead, case, Wish(action=Action.VARIABLES))
    repair(world, lead, case, what)
    world.do(cases.retry_incident, lead, incident_id=world.open_incident())

    assert world.open_task(case, "a")


def test_repair_without_a_reason_is_refused(world: World, lead: Actor) -> None:
    world.deploy(
        process(
            '<startEvent id="s"/>'
            + form_task("a", "x")
            + '<endEvent id="e"/>'
            + flows(("s", "a"), ("a", "e")),
            lanes=lane("abh", "ABH", "s", "a", "e"),
        ),
        {"x": b'{"schema": {"type": "object", "properties": {}}}'},
    )
    case = world.start()

    with pytest.raises(ReasonMissing):
        repair(world, lead, case, wish(world, lead, case, "a"), reason="  ")

    assert world.open_task(case, "a")
