"""Corrections reach every Stelle that received the value by a handover, with that field and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.support.world import KOELN, World, flows, lane, process, result_task

from staffel.engine import cases, library
from staffel.engine.actor import Actor, Role
from staffel.engine.cases.corrections import corrections_at
from staffel.engine.cases.repairing import Action, Wish
from staffel.engine.errors import NotFound
from staffel.engine.feel.codec import decode_values
from staffel.engine.worker import run_due

MODEL = process(
    '<startEvent id="s"/>' + result_task("a", "name", "geheim") + result_task("b", "ort")
    + '<userTask id="c" name="C"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "b"), ("b", "c"), ("c", "e")),
    lanes=lane("abh", "ABH", "s", "a") + lane("jc", "JC", "b") + lane("ga", "GA", "c", "e"),
)  # fmt: skip
RULES = """
uebergaberegeln:
  - {id: U1, fluss: f2, datensatz: [name]}
  - {id: U2, fluss: f3, datensatz: [name, ort]}
"""


def handed_on(world: World) -> UUID:
    """ABH has handed over to the JC, and that to the GA."""
    files = {"model.bpmn": MODEL, "uebergaben.yaml": RULES.encode()}
    checked = world.database.read(library.check_upload, actor=world.designer, now=world.now, files=files)
    version = world.do(library.upload, world.designer, checked=checked)
    world.do(library.put_in_force, world.designer, version_id=version)
    case = world.start()
    world.finish(world.open_task(case), name="Amal", geheim="x")
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())
    world.finish(world.open_task(case), world.bob, ort="Köln")
    return case


def correct(world: World, case: UUID, unit: str, **values: Any) -> None:
    lead = world.person("Leitung", Role.TEAMLEITUNG, unit=unit)
    world.later(minutes=1)
    world.do(cases.set_variables, lead, case_id=case, values=values, reason="verschrieben")


def told(world: World, actor: Actor, case: UUID) -> list[dict[str, Any]]:
    def read(tx):
        found = corrections_at(tx, actor=actor, case_id=case)
        return [decode_values(each.data) for each in found if actor.works_in(each.unit_id)]

    return world.database.read(read)


def test_every_stelle_that_received_the_value_is_told_and_acknowledges(world):
    case = handed_on(world)
    carol = world.person("Carol", Role.SACHBEARBEITUNG, unit="GA")
    world.do(cases.accept_handover, carol, handover_id=world.open_handover())
    correct(world, case, "GA", name="Amal M.")

    assert told(world, world.bob, case) == [{"name": "Amal M."}]
    assert told(world, carol, case) == []
    ((correction, unit),) = world.rows("SELECT id, unit_id FROM correction WHERE acknowledged_at IS NULL")
    assert UUID(str(unit)) == world.units[KOELN, "JC"]
    world.do(cases.acknowledge_correction, world.bob, correction_id=UUID(str(correction)))
    world.do(cases.acknowledge_correction, world.bob, correction_id=UUID(str(correction)))
    assert world.rows("SELECT 1 FROM correction WHERE acknowledged_at IS NULL") == []
    assert len(world.rows("SELECT 1 FROM audit WHERE action = 'correction.acknowledge'")) == 1


def test_only_the_corrected_fields_that_travelled_are_told(world):
    case = handed_on(world)
    carol = world.person("Carol", Role.SACHBEARBEITUNG, unit="GA")
    correct(world, case, "JC", name="Amal", ort="Bonn", geheim="y")

    assert told(world, carol, case) == [{"ort": "Bonn"}]
    assert told(world, world.alice, case) == []


def test_a_value_that_is_corrected_again_is_told_again_and_the_same_is_not(world):
    case = handed_on(world)
    carol = world.person("Carol", Role.SACHBEARBEITUNG, unit="GA")
    for place in ("Bonn", "Bonn", "Köln"):
        correct(world, case, "JC", ort=place)

    assert told(world, carol, case) == [{"ort": "Bonn"}, {"ort": "Köln"}]


def test_a_correction_by_repair_is_told_too(world):
    case = handed_on(world)
    carol = world.person("Carol", Role.SACHBEARBEITUNG, unit="GA")
    lead = world.person("Leitung", Role.TEAMLEITUNG, unit="JC")
    wish = Wish(action=Action.VARIABLES, variables={"ort": "Bonn"})
    world.do(cases.repair_case, lead, case_id=case, wish=wish, reason="verschrieben")

    assert told(world, carol, case) == [{"ort": "Bonn"}]


def test_what_was_told_about_a_rejected_data_set_is_deleted_with_it(world):
    case = handed_on(world)
    carol = world.person("Carol", Role.SACHBEARBEITUNG, unit="GA")
    world.do(cases.return_handover, carol, handover_id=world.open_handover(), reason="unzuständig")
    correct(world, case, "JC", ort="Bonn")
    assert told(world, carol, case) == [{"ort": "Bonn"}]
    world.later(days=11)
    run_due(world.database, world.now)

    assert world.rows("SELECT * FROM correction") == []


def test_nobody_else_acknowledges(world):
    case = handed_on(world)
    correct(world, case, "JC", ort="Bonn")
    ((correction,),) = world.rows("SELECT id FROM correction")
    for actor in (world.alice, world.bob, world.designer):
        with pytest.raises(NotFound):
            world.do(cases.acknowledge_correction, actor, correction_id=UUID(str(correction)))
