"""Fristen of handovers: suspended, resumed and extended by the Stelle that the rule names, watched by their new ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select
from tests.support.consistency import faults
from tests.support.world import HANDED_OVER, World, flows, form_task, lane, process

from staffel.api.handovers.service import read_handover
from staffel.engine import cases, library
from staffel.engine.actor import Actor, Role
from staffel.engine.calendar import ZONE
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.kernel import CommandRefused
from staffel.engine.store.tables import Handover, Notice
from staffel.engine.worker.loop import run_due

TODAY = date(2026, 11, 23)  # a Monday
RULE = """
- id: R1
  schnittstelle: f2
  absender: ABH
  empfaenger: JC
  art: falluebergabe
  datensatz: [{feld: name, pflicht: ja}]
  rechtsgrundlagen: ["§ 16 Abs. 2 SGB I"]
  fristen:
    eingangsbestaetigung: {dauer: 2AT, art: KIND}
    vollstaendigkeit: {dauer: 5AT, art: KIND, verlaengerung: 5AT}
    ergebnis: RESULT
"""
FORM = b'{"schema": {"type": "object", "properties": {"name": {"type": "string"}, "ende": {"type": "string", "format": "date"}}}}'
ACKNOWLEDGE, ACCEPT, RESULT = range(3)


ASKING = process(
    '<startEvent id="s"/><userTask id="a" name="Abgeben"/><userTask id="b" name="Prüfen"/>'
    '<userTask id="c" name="Unterlagen nachfordern"/><userTask id="d" name="Entscheiden"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")),
    lanes=lane("abh", "ABH", "s", "a") + lane("jc", "JC", "b", "c", "d", "e"),
)


def handed_over(
    world: World,
    *,
    kind: str = "vereinbart",
    result: str = "{dauer: 20AT, art: KIND}",
    model: bytes = HANDED_OVER,
) -> UUID:
    rule = RULE.replace("RESULT", result).replace("KIND", kind)
    files = {
        "model.bpmn": model.replace(b'<userTask id="a" name="Abgeben"/>', form_task("a", "f").encode()),
        "forms/f.json": FORM,
        "uebergaben.yaml": rule.encode(),
    }
    checked = world.database.read(library.check_upload, actor=world.designer, now=world.now, files=files)
    version = world.do(library.upload, world.designer, checked=checked)
    world.do(library.put_in_force, world.designer, version_id=version)
    case = world.start()
    world.finish(world.open_task(case), name="Amal", ende="2026-12-31")
    return case


def the_row(world: World) -> Handover:
    return world.database.read(lambda tx: tx.session.exec(select(Handover)).one())


def change(world: World, what: Any, actor: Actor, place: int, **more: Any) -> None:
    row = the_row(world)
    world.do(what, actor, case_id=row.case_id, key=row.key, place=place, **more)
    assert world.database.read(faults) == []


def day(at: datetime | None) -> date | None:
    return None if at is None else at.astimezone(ZONE).date()


def shown(world: World, place: int, actor: Actor | None = None) -> Any:
    row = the_row(world)
    return world.database.read(
        read_handover, actor=actor or world.bob, now=world.now, handover_id=row.id
    ).deadlines[place]


def test_the_receiver_suspends_with_a_reason_and_the_days_follow_at_the_end(world: World) -> None:
    handed_over(world)
    assert day(the_row(world).acknowledge_by) == date(2026, 11, 25)
    change(world, cases.suspend_deadline, world.bob, ACKNOWLEDGE, since=TODAY, reason="Stelle geräumt")
    assert the_row(world).acknowledge_by is None
    assert shown(world, ACKNOWLEDGE, world.alice).state == "suspended"

    world.later(days=3)
    run_due(world.database, world.now)
    change(world, cases.resume_deadline, world.bob, ACKNOWLEDGE, until=TODAY + timedelta(days=2))
    # 24. and 25.11. stood still: two working days follow after the 25th
    assert day(the_row(world).acknowledge_by) == date(2026, 11, 27)
    assert the_row(world).escalate_at == the_row(world).acknowledge_by
    frist = shown(world, ACKNOWLEDGE, world.alice)
    assert "Gehemmt vom 24.11.2026 bis 25.11.2026, 2 Arbeitstage: Stelle geräumt" in frist.steps[1]
    assert [(each.change, each.reason) for each in frist.changes] == [
        ("suspended", "Stelle geräumt"),
        ("resumed", ""),
    ]


def test_what_was_promised_is_extended_once_by_whom_it_was_promised_to(world: World) -> None:
    handed_over(world)
    with pytest.raises(NotAllowed):
        change(world, cases.extend_deadline, world.bob, ACCEPT, reason="viel zu tun")
    assert (
        shown(world, ACCEPT, world.alice).can_be_extended_by,
        shown(world, ACCEPT).can_be_extended_by,
    ) == (
        "5AT",
        "",
    )
    change(world, cases.extend_deadline, world.alice, ACCEPT, by="2AT", reason="Urlaubszeit")

    # 5 working days from 23.11.: 30.11.; two more: 02.12.
    assert day(the_row(world).accept_by) == date(2026, 12, 2)
    with pytest.raises(CommandRefused):
        change(world, cases.extend_deadline, world.alice, ACCEPT, reason="noch einmal")
    with pytest.raises(CommandRefused):  # the rule gives none
        change(world, cases.extend_deadline, world.alice, ACKNOWLEDGE, reason="bitte")


def test_what_the_law_sets_is_extended_by_whom_it_binds_and_suspended_on_a_legal_basis(world: World) -> None:
    handed_over(world, kind="gesetzlich")
    with pytest.raises(NotAllowed):
        change(world, cases.extend_deadline, world.alice, ACCEPT, reason="schwierig")
    change(world, cases.extend_deadline, world.bob, ACCEPT, reason="schwierig", legal_basis="§ 6 Abs. 3 BQFG")
    assert shown(world, ACCEPT).changes[0].legal_basis == "§ 6 Abs. 3 BQFG"

    with pytest.raises(CommandRefused):
        change(world, cases.suspend_deadline, world.bob, RESULT, since=TODAY, reason="Unterlagen fehlen")
    change(world, cases.suspend_deadline, world.bob, RESULT, since=TODAY, reason="Unterlagen fehlen",
           legal_basis="§ 6 Abs. 4 BQFG")  # fmt: skip
    assert the_row(world).result_by is None


def test_only_the_two_stellen_and_only_what_still_runs(world: World) -> None:
    handed_over(world)
    why = {"since": TODAY, "reason": "Brand"}
    with pytest.raises(NotFound):
        change(
            world,
            cases.suspend_deadline,
            world.person("Gast", Role.SACHBEARBEITUNG, unit="GA"),
            RESULT,
            **why,
        )
    with pytest.raises(NotAllowed):
        change(world, cases.suspend_deadline, world.alice, RESULT, **why)
    world.do(cases.acknowledge_handover, world.bob, handover_id=world.open_handover())
    with pytest.raises(CommandRefused):
        change(world, cases.suspend_deadline, world.bob, ACKNOWLEDGE, **why)
    with pytest.raises(NotFound):
        change(world, cases.suspend_deadline, world.bob, 3, **why)
    assert [shown(world, place).state for place in range(3)] == ["kept", "running", "running"]


def test_an_extension_in_time_settles_the_reminder_and_the_path_begins_anew(world: World) -> None:
    handed_over(world)
    world.do(cases.acknowledge_handover, world.bob, handover_id=world.open_handover())
    world.later(days=3)
    run_due(world.database, world.now)
    change(world, cases.suspend_deadline, world.bob, ACCEPT, since=TODAY, reason="Umzug der Stelle")
    world.later(days=30)
    run_due(world.database, world.now)
    assert world.rows("SELECT count(*) FROM notice WHERE kind = 'reminder'") == [(0,)]

    change(world, cases.resume_deadline, world.bob, ACCEPT, until=TODAY)
    run_due(world.database, world.now)
    assert the_row(world).escalation_level > 0
    change(
        world, cases.suspend_deadline, world.bob, ACCEPT, since=TODAY + timedelta(days=1), reason="doch noch"
    )
    open_notices = world.database.read(
        lambda tx: [each for each in tx.session.exec(select(Notice)) if each.done_at is None]
    )
    assert open_notices == []
    assert (the_row(world).escalation_level, the_row(world).escalate_at) == (0, None)


def test_the_result_is_watched_though_nothing_was_when_the_case_was_accepted(world: World) -> None:
    handed_over(world)
    handover = world.open_handover()
    world.do(cases.acknowledge_handover, world.bob, handover_id=handover)
    world.later(days=3)
    run_due(world.database, world.now)
    change(world, cases.suspend_deadline, world.bob, ACCEPT, since=TODAY, reason="Umzug der Stelle")
    world.do(cases.accept_handover, world.bob, handover_id=handover)
    run_due(world.database, world.now)

    assert (the_row(world).escalation_for, the_row(world).escalate_at) == (
        "result_by",
        the_row(world).result_by,
    )
    world.later(days=60)
    run_due(world.database, world.now)
    assert world.rows("SELECT count(*) FROM notice WHERE kind = 'reminder'") == [(1,)]


def test_the_named_day_of_a_result_follows_its_variable_after_the_acceptance_too(world: World) -> None:
    case = handed_over(world, result='{bis: "ende", art: KIND}')
    assert day(the_row(world).result_by) == date(2026, 12, 31)
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())
    lead = world.person("Lea", Role.TEAMLEITUNG, unit="JC")
    world.do(cases.set_variables, lead, case_id=case, values={"ende": "2027-01-31"}, reason="verlängert")

    assert day(the_row(world).result_by) == date(2027, 1, 31)
    assert the_row(world).escalate_at == the_row(world).result_by
    assert [each.change for each in shown(world, RESULT).changes] == ["anchored"]
    with pytest.raises(CommandRefused):
        change(world, cases.suspend_deadline, world.bob, RESULT, since=TODAY, reason="nie")


def test_a_supplement_begins_the_check_for_completeness_anew_and_tells_how_it_is_computed(
    world: World,
) -> None:
    handed_over(world)
    change(world, cases.extend_deadline, world.alice, ACCEPT, reason="Urlaubszeit")
    handover = world.open_handover()
    lead = world.person("Lea", Role.TEAMLEITUNG, unit="JC")
    unit = the_row(world).receiver_unit
    world.do(cases.add_closing_day, lead, unit_id=unit, day=date(2026, 12, 3), name="Betriebsausflug")
    world.do(cases.request_supplement, world.bob, handover_id=handover, missing=["name"])
    assert shown(world, ACCEPT).state == "suspended"
    world.later(days=7)
    world.do(cases.supplement_handover, world.alice, handover_id=handover)

    frist = shown(world, ACCEPT)
    assert (day(frist.due_at), frist.extension, frist.state) == (date(2026, 12, 8), "", "running")
    assert frist.steps == [
        "5 Arbeitstage nach dem 30.11.2026: 08.12.2026, ohne Schließtag 03.12. (§ 187 Abs. 1 BGB)"
    ]


def test_the_model_suspends_the_result_while_a_step_of_the_rule_runs(world: World) -> None:
    case = handed_over(world, result="{dauer: 20AT, art: KIND, hemmung_bei: [c]}", model=ASKING)
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())
    assert day(the_row(world).result_by) == date(2026, 12, 21)  # 20 working days after Monday 23.11.
    world.finish(world.open_task(case), world.bob)
    frist = shown(world, RESULT, world.alice)
    assert (frist.state, frist.due_at, frist.pauses[0].reason) == (
        "suspended",
        None,
        "Unterlagen nachfordern",
    )
    with pytest.raises(CommandRefused, match="Unterlagen nachfordern"):
        change(world, cases.resume_deadline, world.bob, RESULT, until=TODAY)

    world.later(days=60)
    run_due(world.database, world.now)
    assert world.rows("SELECT count(*) FROM notice WHERE kind = 'reminder'") == [(0,)]
    world.finish(world.open_task(case), world.bob)
    # 24.11. to 22.01. stood still, 42 working days (25.12. and 01.01. are none); as many follow after the 21.12.
    assert day(the_row(world).result_by) == date(2027, 2, 19)
    assert the_row(world).escalate_at == the_row(world).result_by
    assert [(each.change, each.reason) for each in shown(world, RESULT).changes] == [
        ("suspended", "Unterlagen nachfordern"),
        ("resumed", ""),
    ]
    assert world.database.read(faults) == []
