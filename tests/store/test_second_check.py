"""Four eyes: what one person filled in counts when another of the same Stelle has confirmed it, and not before."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.support.world import KOELN, World, flows, lane, process

from staffel.api.cases.service import read_timeline
from staffel.api.tasks.filters import InboxFilter
from staffel.api.tasks.queries import inbox
from staffel.api.tasks.schemas import BulkAction
from staffel.api.tasks.service import do_to_many
from staffel.engine import cases
from staffel.engine.actor import Actor, Role
from staffel.engine.cases.second_check import (
    CheckMovedOn,
    CheckReason,
    NoSecondPerson,
    NotSecondPerson,
    TaskInCheck,
    TaskNotInCheck,
    checks_of,
)
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.kernel import decode_state, variables
from staffel.engine.store import new_id
from staffel.engine.store.tables import Case, ConsentForm, Membership, TaskStatus

MODEL = process(
    '<startEvent id="s"/><userTask id="a" name="Bewilligen"><extensionElements><staffel:fourEyes/>'
    '<staffel:output source="ja" target="ja"/></extensionElements></userTask>'
    '<userTask id="b" name="Versenden"/><endEvent id="e"/>' + flows(("s", "a"), ("a", "b"), ("b", "e")),
    lanes=lane("abh", "ABH", "s", "a", "b", "e"),
)


def member(world: World, name: str, unit: str = "ABH", role: Role = Role.SACHBEARBEITUNG) -> Actor:
    return join(world, world.person(name, role, unit=unit), unit)


def join(world: World, actor: Actor, unit: str = "ABH") -> Actor:
    """Make the person a member of the Stelle in the database, too."""
    row = Membership(
        id=new_id(), account_id=actor.account, unit_id=world.units[KOELN, unit], role=Role.SACHBEARBEITUNG
    )
    world.database.run(lambda tx: tx.session.add(row))
    return actor


def submitted(world: World) -> tuple[UUID, Actor]:
    """A task that Alice has filled in, and her colleague."""
    world.deploy(MODEL)
    join(world, world.alice)
    carla = member(world, "Carla")
    task = world.open_task(world.start())
    world.finish(task, ja=True)
    return task, carla


def substitute(world: World, absent: Actor, other: Actor) -> UUID:
    today = date(2026, 11, 23)
    made: UUID = world.do(
        cases.arrange_substitution, absent, unit_id=world.units[KOELN, "ABH"], absent_id=absent.account,
        substitute_id=other.account, first=today, last=today + timedelta(days=4),
    )  # fmt: skip
    return made


def seen(world: World, task: UUID) -> UUID:
    """The check that a page of the task shows."""
    return world.database.read(checks_of, task_ids=[task])[-1].id


def confirm(world: World, actor: Actor, task: UUID, **arguments: str) -> None:
    world.do(cases.confirm_task, actor, task_id=task, check_id=seen(world, task), **arguments)


def facts(world: World) -> list[str]:
    return [row[0] for row in world.rows("SELECT type FROM event ORDER BY seq")]


def test_the_case_goes_on_only_when_a_second_person_has_confirmed(world: World) -> None:
    task, carla = submitted(world)
    assert world.rows("SELECT element, status FROM task") == [("a", "checking")]
    assert facts(world)[-1] == "TaskSubmitted"
    world.later(hours=2)

    confirm(world, carla, task)

    row = world.database.read(lambda tx: tx.session.exec(Case.__table__.select()).one())  # type: ignore[attr-defined]
    assert variables(decode_state(row.state))["ja"] is True
    assert world.rows("SELECT element, status FROM task ORDER BY element") == [("a", "done"), ("b", "open")]
    countersigned = facts(world).index("TaskCountersigned")
    assert facts(world)[countersigned + 1] == "TaskClosed"
    stored = world.rows('SELECT outcome, "values" FROM task_check')
    assert stored == [("confirmed", None)]
    assert world.rows("SELECT count(*) FROM draft") == [(0,)]
    assert len(world.rows("SELECT 1 FROM audit WHERE action = 'task.confirmed'")) == 1


def test_nobody_but_another_person_of_the_stelle_confirms(world: World) -> None:
    task, _ = submitted(world)
    with pytest.raises(NotSecondPerson):
        confirm(world, world.alice, task)
    with pytest.raises(NotFound):
        confirm(world, world.bob, task)
    program = Actor(
        name="Programm", municipality=KOELN, token=new_id(), units=world.alice.units, roles=world.alice.roles
    )
    with pytest.raises(NotAllowed):
        confirm(world, program, task)
    with pytest.raises(NotAllowed):
        world.do(cases.give_task_back, program, task_id=task)
    assert world.rows("SELECT status FROM task") == [("checking",)]


def test_who_substitutes_for_the_other_is_no_second_person(world: World) -> None:
    task, carla = submitted(world)
    arranged = substitute(world, world.alice, carla)
    with pytest.raises(NotSecondPerson):
        confirm(world, carla, task)
    world.do(cases.end_substitution, world.alice, substitution_id=arranged)
    substitute(world, carla, world.alice)
    with pytest.raises(NotSecondPerson):
        confirm(world, carla, task)

    confirm(world, member(world, "Dora"), task)


def test_it_goes_back_with_a_reason_to_who_filled_it_in_as_it_was_typed(world: World) -> None:
    task, carla = submitted(world)
    with pytest.raises(CheckReason):
        world.do(cases.give_task_back, carla, task_id=task, reason="  ")
    world.do(cases.give_task_back, carla, task_id=task, reason="Der Betrag fehlt.")

    assert world.rows("SELECT status FROM task") == [("claimed",)]
    assert facts(world)[-1] == "TaskGivenBack"
    assert world.database.read(cases.read_draft, actor=world.alice, task_id=task) == {"ja": True}
    assert world.rows('SELECT outcome, reason, "values" FROM task_check') == [
        ("given_back", "Der Betrag fehlt.", None)
    ]
    with pytest.raises(TaskNotInCheck):
        confirm(world, carla, task)

    world.do(cases.complete_task, world.alice, task_id=task, values={"ja": False})
    confirm(world, carla, task)
    told = world.database.read(read_timeline, actor=world.alice, case_id=_case(world))
    acts = [(each.status, each.author, each.reason) for each in told if each.kind == "check"]
    assert sorted(acts) == [
        ("asked", "Alice", ""), ("asked", "Alice", ""), ("confirmed", "Carla", ""),
        ("given_back", "Carla", "Der Betrag fehlt."),
    ]  # fmt: skip


def _case(world: World) -> UUID:
    return UUID(str(world.rows('SELECT id FROM "case"')[0][0]))


def test_who_filled_it_in_takes_it_back_without_a_reason(world: World) -> None:
    task, _ = submitted(world)
    world.do(cases.give_task_back, world.alice, task_id=task)

    assert world.rows("SELECT status FROM task") == [("claimed",)]
    assert world.rows("SELECT outcome FROM task_check") == [("withdrawn",)]


def test_nobody_confirms_what_was_exchanged_after_it_was_looked_at(world: World) -> None:
    task, carla = submitted(world)
    looked_at = seen(world, task)
    world.do(cases.give_task_back, world.alice, task_id=task)
    world.do(cases.complete_task, world.alice, task_id=task, values={"ja": False})

    with pytest.raises(CheckMovedOn):
        world.do(cases.confirm_task, carla, task_id=task, check_id=looked_at)

    assert world.rows("SELECT status FROM task") == [("checking",)]
    confirm(world, carla, task)


def test_an_answer_that_was_lost_and_sent_again_later_does_nothing_to_the_next_check(world: World) -> None:
    world.deploy(MODEL)
    join(world, world.alice)
    carla = member(world, "Carla")
    task = world.open_task(world.start())
    world.do(cases.claim_task, world.alice, task_id=task)
    first = {"task_id": task, "values": {"ja": True}, "idempotency_key": "k"}
    back = {"task_id": task, "reason": "Nein", "idempotency_key": "l"}
    world.do(cases.complete_task, world.alice, **first)
    world.do(cases.give_task_back, carla, **back)

    world.do(cases.complete_task, world.alice, **first)
    assert world.rows("SELECT status FROM task") == [("claimed",)]

    world.do(cases.complete_task, world.alice, task_id=task, values={"ja": False}, idempotency_key="m")
    world.do(cases.give_task_back, carla, **back)
    assert world.rows("SELECT status FROM task") == [("checking",)]


def test_without_a_second_person_it_is_refused_and_nothing_changes(world: World) -> None:
    world.deploy(MODEL)
    join(world, world.alice)
    task = world.open_task(world.start())
    with pytest.raises(NoSecondPerson) as refused:
        world.finish(task, ja=True)
    assert "Administration" in refused.value.message_de
    carla = member(world, "Carla")
    substitute(world, world.alice, carla)
    with pytest.raises(NoSecondPerson):
        world.do(cases.complete_task, world.alice, task_id=task, values={"ja": True})

    assert world.rows("SELECT status FROM task") == [("claimed",)]
    assert world.rows("SELECT count(*) FROM task_check") == [(0,)]


def test_nothing_else_is_done_with_what_waits_for_the_second_check(world: World) -> None:
    task, carla = submitted(world)
    for act in (cases.claim_task, cases.release_task, cases.begin_task, cases.complete_task):
        for actor in (world.alice, carla):
            with pytest.raises(TaskInCheck):
                world.do(act, actor, task_id=task)
    for action in BulkAction:
        [result] = do_to_many(world.database, actor=carla, now=world.now, action=action, tasks=[task])
        assert result.code == "task-in-check"


def test_the_same_sent_again_is_no_fault(world: World) -> None:
    world.deploy(MODEL)
    join(world, world.alice)
    carla = member(world, "Carla")
    task = world.open_task(world.start())
    world.do(cases.claim_task, world.alice, task_id=task)
    for _ in range(2):
        world.do(cases.complete_task, world.alice, task_id=task, values={"ja": True}, idempotency_key="k")
    for _ in range(2):
        world.do(cases.give_task_back, carla, task_id=task, reason="Nein", idempotency_key="l")
    world.do(cases.complete_task, world.alice, task_id=task, values={"ja": True}, idempotency_key="m")
    for _ in range(2):
        confirm(world, carla, task, idempotency_key="n")

    assert world.rows("SELECT count(*) FROM task_check") == [(2,)]
    assert world.rows("SELECT count(*) FROM task") == [(2,)]


def test_what_waits_is_listed_by_itself_and_is_in_nobodys_hand(world: World) -> None:
    task, carla = submitted(world)

    def listed(actor: Actor, **wanted: object) -> list[UUID]:
        found = world.database.read(inbox, actor=actor, now=world.now, wanted=InboxFilter(**wanted))  # type: ignore[arg-type]
        return [each.id for each in found.items]

    assert listed(carla, status=TaskStatus.CHECKING) == [task]
    assert listed(world.alice, mine=True) == []
    assert listed(world.bob, status=TaskStatus.CHECKING) == []


def test_a_cancelled_case_keeps_nothing_of_what_was_filled_in(world: World) -> None:
    task, _ = submitted(world)
    lead = world.person("Lea", Role.TEAMLEITUNG, unit="ABH")
    world.do(cases.cancel_case, lead, case_id=_case(world), reason="Antrag zurückgenommen")

    assert world.rows('SELECT "values" FROM task_check') == [(None,)]
    assert world.rows("SELECT count(*) FROM draft") == [(0,)]
    with pytest.raises(TaskNotInCheck):
        world.do(cases.give_task_back, lead, task_id=task, reason="x")


@pytest.mark.parametrize("revoked", [True, False])
def test_a_consent_revoked_while_its_form_waits_is_not_entered_by_the_confirmation(
    world: World, revoked: bool
) -> None:
    model = MODEL.replace(b'source="ja" target="ja"', b'source="einwilligung" target="einwilligung"')
    world.deploy(model)
    join(world, world.alice)
    carla = member(world, "Carla")
    case = world.start()
    consent = world.do(
        cases.record_consent, world.alice, case_id=case, purpose="Beratung", scope=["*"],
        form=ConsentForm.WRITTEN, given_on=date(2026, 11, 23),
    )  # fmt: skip
    task = world.open_task(case)
    world.finish(task, einwilligung=True)
    world.later(hours=1)
    if revoked:
        world.do(cases.revoke_consent, world.alice, consent_id=consent)
    world.later(hours=1)

    confirm(world, carla, task)

    assert world.rows("SELECT count(*) FROM consent WHERE ended_at IS NULL") == [(0 if revoked else 2,)]
    row = world.database.read(lambda tx: tx.session.exec(Case.__table__.select()).one())  # type: ignore[attr-defined]
    assert variables(decode_state(row.state))["einwilligung"] is not revoked
