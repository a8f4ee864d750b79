"""What happens to a handover besides its acceptance: late, incomplete, rejected, talked over, told."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlmodel import select
from tests.support.consistency import faults
from tests.support.world import HANDED_OVER, World, form_task

from staffel.api.handovers.coordination import late_handovers
from staffel.engine import cases, library
from staffel.engine.actor import Role
from staffel.engine.cases.escalation import NotOverdue
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.kernel import CommandRefused
from staffel.engine.store.tables import Handover
from staffel.engine.worker.loop import run_due

RULE = """
- id: R1
  schnittstelle: f2
  absender: ABH
  empfaenger: JC
  art: falluebergabe
  datensatz: [{feld: name, pflicht: ja}, {feld: miete, pflicht: nein}]
  rechtsgrundlagen: ["§ 16 Abs. 2 SGB I"]
  fristen: {eingangsbestaetigung: 2AT, vollstaendigkeit: 5AT, ergebnis: 20AT}
  eskalation:
    - {nach: 2AT, an: "Teamleitung Jobcenter"}
    - {nach: 4AT, an: "KIM-Koordination"}
  loeschung_nach: 10T
"""


FORM = b'{"schema": {"type": "object", "properties": {"name": {"type": "string"}, "miete": {"type": "integer"}}}}'


def handed_over(world: World, more: str = "") -> UUID:
    files = {
        "model.bpmn": HANDED_OVER.replace(b'<userTask id="a" name="Abgeben"/>', form_task("a", "f").encode()),
        "forms/f.json": FORM,
        "uebergaben.yaml": (RULE + more).encode(),
    }
    checked = world.database.read(library.check_upload, actor=world.designer, now=world.now, files=files)
    version = world.do(library.upload, world.designer, checked=checked)
    world.do(library.put_in_force, world.designer, version_id=version)
    case = world.start()
    world.finish(world.open_task(case), name="Amal")
    return world.open_handover()


def facts(world: World) -> list[str]:
    names = "'HandoverReminded', 'HandoverEscalated', 'HandoverDataDeleted', 'PersonInformed'"
    return [row[0] for row in world.rows(f"SELECT type FROM event WHERE type IN ({names}) ORDER BY seq")]


def notices(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT kind, role FROM notice WHERE done_at IS NULL ORDER BY created_at, id")


def work(world: World, **later: float) -> None:
    world.later(**later)
    while run_due(world.database, world.now):
        pass


def test_a_late_acknowledgement_is_reminded_then_told_to_team_lead_and_coordination(world: World) -> None:
    handed_over(world)  # offered on Monday, 23.11.2026; to be acknowledged until Wednesday, 25.11.

    work(world, days=1)
    assert notices(world) == []
    work(world, days=2)  # Thursday
    assert notices(world) == [("reminder", "sachbearbeitung")]
    work(world, days=4)  # Monday, after Friday the 27th
    assert notices(world)[1:] == [("escalation", "teamleitung")]
    work(world, days=2)  # Wednesday, after Tuesday the 1st
    assert ("escalation", "koordination") in notices(world)

    assert facts(world)[:3] == ["HandoverReminded", "HandoverEscalated", "HandoverEscalated"]
    assert world.rows("SELECT status FROM handover") == [("offered",)]
    assert world.database.read(faults) == []


def test_closing_days_of_the_late_stelle_put_off_the_next_level_of_an_agreed_frist(world: World) -> None:
    handed_over(world)
    [(unit,)] = world.rows("SELECT receiver_unit FROM handover")
    administration = world.person("verwaltung", Role.ADMINISTRATION)
    friday = date(2026, 11, 27)
    world.do(
        cases.add_closing_day, administration, unit_id=UUID(str(unit)), day=friday, name="Betriebsausflug"
    )

    work(
        world, days=3
    )  # Thursday: reminded; two working days from Wednesday on are Thursday and, Friday closed, Monday
    work(world, days=4)  # Monday
    assert notices(world) == [("reminder", "sachbearbeitung")]
    work(world, days=1)
    assert notices(world)[1:] == [("escalation", "teamleitung")]
    assert world.database.read(faults) == []


def test_a_kept_deadline_escalates_nothing_and_the_next_one_is_watched(world: World) -> None:
    handover = handed_over(world)
    world.do(cases.acknowledge_handover, world.bob, handover_id=handover)

    work(world, days=3)
    assert notices(world) == []
    work(world, days=5)  # Tuesday, 01.12.: acceptance was due on Monday
    assert notices(world) == [("reminder", "sachbearbeitung")]


def test_a_result_that_does_not_come_is_escalated_and_the_end_of_the_case_ends_it(world: World) -> None:
    handover = handed_over(world)
    world.do(cases.accept_handover, world.bob, handover_id=handover, reference=" JC-77 ")
    assert world.rows("SELECT receiver_reference FROM handover") == [("JC-77",)]

    work(world, days=31)
    assert notices(world)[0] == ("reminder", "sachbearbeitung")
    told = len(notices(world))
    world.finish(world.open_task(), world.bob)
    work(world, days=31)
    assert len(notices(world)) == told
    assert world.rows("SELECT escalate_at FROM handover") == [(None,)]


def test_the_coordination_reminds_and_escalates_what_is_late_and_nothing_else(world: World) -> None:
    handover = handed_over(world)
    coordination = world.person("Kim", Role.KOORDINATION)

    with pytest.raises(NotOverdue):
        world.do(cases.remind, coordination, handover_id=handover)
    with pytest.raises(NotAllowed):
        world.do(cases.remind, world.alice, handover_id=handover)
    with pytest.raises(NotFound):
        world.do(cases.accept_handover, coordination, handover_id=handover)
    elsewhere = world.person("Ria", Role.KOORDINATION, municipality="05566076")
    with pytest.raises(NotFound):
        world.do(cases.escalate, elsewhere, handover_id=handover)
    world.later(days=3)
    world.do(cases.remind, coordination, handover_id=handover)
    world.do(cases.escalate, coordination, handover_id=handover)

    (late,) = world.database.read(late_handovers, actor=coordination, now=world.now).items
    assert (late.deadline, late.level, late.told, late.next) == (
        "acknowledge_by",
        1,
        ["Team"],
        "Teamleitung Jobcenter",
    )
    assert "AZ-1" not in late.model_dump_json()
    with pytest.raises(NotAllowed):
        world.database.read(late_handovers, actor=world.alice, now=world.now)


def test_a_rejected_data_set_is_deleted_at_the_receiver_after_the_agreed_time(world: World) -> None:
    handover = handed_over(world)
    world.do(cases.return_handover, world.bob, handover_id=handover, reason="unvollstaendig")
    ((before, digest),) = world.rows("SELECT data, data_hash FROM handover")

    work(world, days=9)
    assert world.rows("SELECT data FROM handover") == [(before,)]
    work(world, days=2)
    ((after, kept),) = world.rows("SELECT data, data_hash FROM handover")
    assert after != before
    assert kept == digest
    assert facts(world) == ["HandoverDataDeleted"]


def test_a_rejected_data_set_is_deleted_in_an_ended_case_too(world: World) -> None:
    handover = handed_over(world)
    world.do(cases.return_handover, world.bob, handover_id=handover, reason="unvollstaendig")
    ((case,),) = world.rows('SELECT id FROM "case"')
    world.do(cases.cancel_case, world.alice, case_id=UUID(str(case)), reason="erledigt")
    ended = world.rows('SELECT status, ended_at FROM "case"')
    work(world, days=11)

    assert facts(world) == ["HandoverDataDeleted"]
    assert world.rows('SELECT status, ended_at FROM "case"') == ended


def test_without_the_joint_talk_that_the_rule_requires_nothing_is_accepted(world: World) -> None:
    handover = handed_over(world, "  warme_uebergabe: ja\n")

    with pytest.raises(CommandRefused, match="joint talk"):
        world.do(cases.accept_handover, world.bob, handover_id=handover)
    tomorrow = world.now.date() + timedelta(days=1)
    for on, who in ((tomorrow, ["ABH", "Person"]), (world.now.date(), ["ABH", " "])):
        with pytest.raises(CommandRefused):
            world.do(cases.record_conversation, world.bob, handover_id=handover, on=on, participants=who)
    world.do(
        cases.record_conversation,
        world.alice,
        handover_id=handover,
        on=date(2026, 11, 23),
        participants=["ABH", "JC", "Person"],
    )
    world.do(cases.accept_handover, world.bob, handover_id=handover)

    assert world.rows("SELECT status FROM handover") == [("accepted",)]
    assert world.database.read(faults) == []


def test_what_is_missing_is_added_by_the_sender_and_the_check_begins_anew(world: World) -> None:
    handover = handed_over(world)
    world.do(cases.request_supplement, world.bob, handover_id=handover, missing=["miete"], text="Bitte")
    with pytest.raises(CommandRefused, match="missing"):
        world.do(cases.accept_handover, world.bob, handover_id=handover)
    work(world, days=10)
    assert notices(world) == []  # the receiver waits for the sender, so it is not late

    with pytest.raises(CommandRefused, match="fields of the rule"):
        world.do(cases.supplement_handover, world.alice, handover_id=handover, values={"einkommen": 1})
    world.do(cases.supplement_handover, world.alice, handover_id=handover, values={"miete": 500})
    accept_by = world.database.read(lambda tx: tx.session.exec(select(Handover.accept_by)).one())
    world.do(cases.accept_handover, world.bob, handover_id=handover)

    assert accept_by.date() == date(2026, 12, 10)  # five working days after Thursday, 03.12.
    assert world.database.read(faults) == []


def test_the_sender_notes_that_the_person_was_told(world: World) -> None:
    handover = handed_over(world, "  information_person: Ihr Antrag geht an das Jobcenter.\n")
    assert notices(world) == [("inform-person", "sachbearbeitung")]

    with pytest.raises(NotAllowed):
        world.do(cases.inform_person, world.bob, handover_id=handover)
    world.do(cases.inform_person, world.alice, handover_id=handover, language="ar")

    assert notices(world) == []
    assert facts(world) == ["PersonInformed"]
