"""What people may do with tasks, handovers and cases, and what is refused."""

from __future__ import annotations

import json

import pytest
from tests.support.world import (
    HANDED_OVER,
    KOELN,
    TWO_STEPS,
    World,
    flows,
    form_task,
    lane,
    process,
    result_task,
)

from staffel.engine import cases
from staffel.engine.actor import Role
from staffel.engine.cases.care import OthersAtWork, ReasonMissing
from staffel.engine.cases.handovers import HandoverNotWaiting
from staffel.engine.cases.running import CaseClosed
from staffel.engine.cases.tasks import TaskClaimedByOther, TaskClosed, TaskNotClaimed
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.kernel import decode_state, variables
from staffel.engine.library.forms import ValuesRefused
from staffel.engine.store.tables import Case

FORM = {
    "schema": {
        "type": "object",
        "properties": {
            "miete": {"type": "number", "minimum": 1},
            "frei_ab": {"type": "string", "format": "date"},
            "name": {"type": "string", "readOnly": True},
        },
        "required": ["miete", "name"],
    },
    "ui": [],
}
WITH_FORM = process(
    '<startEvent id="s"/>' + form_task("a", "wohnung") + '<userTask id="b"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "b"), ("b", "e")),
    lanes=lane("abh", "ABH", "s", "a", "b", "e"),
)  # fmt: skip


def test_an_unclaimed_task_cannot_be_completed(world: World) -> None:
    world.deploy(TWO_STEPS)
    world.start()

    with pytest.raises(TaskNotClaimed):
        world.do(cases.complete_task, world.alice, task_id=world.open_task())


def test_the_task_of_a_colleague_cannot_be_completed(world: World) -> None:
    world.deploy(TWO_STEPS)
    world.start()
    world.do(cases.claim_task, world.alice, task_id=world.open_task())
    colleague = world.person("Cem", Role.SACHBEARBEITUNG, unit="ABH")

    with pytest.raises(TaskClaimedByOther):
        world.do(cases.complete_task, colleague, task_id=world.open_task())


def test_a_task_is_completed_once(world: World) -> None:
    world.deploy(TWO_STEPS)
    world.start()
    task = world.open_task()
    world.finish(task)

    with pytest.raises(TaskClosed):
        world.do(cases.complete_task, world.alice, task_id=task)


def test_the_same_completion_sent_again_is_no_fault(world: World) -> None:
    world.deploy(TWO_STEPS)
    world.start()
    task = world.open_task()
    world.do(cases.claim_task, world.alice, task_id=task)

    for _ in range(2):
        world.do(cases.complete_task, world.alice, task_id=task, idempotency_key="k")

    assert world.rows("SELECT count(*) FROM task") == [(2,)]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SACHBEARBEITUNG, Role.TEAMLEITUNG}))
def test_no_other_role_works_on_tasks_not_even_in_the_same_stelle(world: World, role: Role) -> None:
    world.deploy(TWO_STEPS)
    world.start()
    other = world.person("X", role, unit="ABH")

    with pytest.raises(NotAllowed):
        world.do(cases.claim_task, other, task_id=world.open_task())


def test_a_team_lead_gives_back_what_a_colleague_has_claimed(world: World) -> None:
    world.deploy(TWO_STEPS)
    world.start()
    world.do(cases.claim_task, world.alice, task_id=world.open_task())
    lead = world.person("Lea", Role.TEAMLEITUNG, unit="ABH")

    world.do(cases.release_task, lead, task_id=world.open_task())

    assert world.rows("SELECT status, account_id FROM task") == [("open", None)]


def test_values_are_judged_by_the_form_and_become_feel_values(world: World) -> None:
    world.deploy(WITH_FORM, {"wohnung": json.dumps(FORM).encode()})
    case = world.start()

    world.finish(world.open_task(), miete=512.5, frei_ab="2026-12-01")

    row = world.database.read(lambda tx: tx.session.get_one(Case, case))
    found = variables(decode_state(row.state))
    assert {name: repr(value) for name, value in found.items()} == {
        "miete": "Decimal('512.5')",
        "frei_ab": "datetime.date(2026, 12, 1)",
    }


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "required"),
        ({"miete": 0}, "minimum"),
        ({"miete": "viel"}, "type"),
        ({"miete": 1, "frei_ab": "morgen"}, "format"),
        ({"miete": 1, "status": "done"}, "unknown"),
        ({"miete": 1, "name": "X"}, "unknown"),
    ],
)
def test_values_that_the_form_does_not_allow_are_refused(
    world: World, values: dict[str, object], code: str
) -> None:
    world.deploy(WITH_FORM, {"wohnung": json.dumps(FORM).encode()})
    world.start()

    with pytest.raises(ValuesRefused) as refused:
        world.finish(world.open_task(), **values)

    assert [fault["code"] for fault in refused.value.details["fields"]] == [code]
    assert world.rows("SELECT status FROM task") == [("claimed",)]


def test_a_draft_is_seen_by_its_author_only_and_ends_with_the_task(world: World) -> None:
    world.deploy(TWO_STEPS)
    world.start()
    task = world.open_task()
    world.do(cases.claim_task, world.alice, task_id=task)
    world.do(cases.save_draft, world.alice, task_id=task, values={"miete": "5"})
    colleague = world.person("Cem", Role.SACHBEARBEITUNG, unit="ABH")

    own = world.database.read(cases.read_draft, actor=world.alice, task_id=task)
    others = world.database.read(cases.read_draft, actor=colleague, task_id=task)
    world.do(cases.complete_task, world.alice, task_id=task)

    assert (own, others) == ({"miete": "5"}, None)
    assert world.rows("SELECT count(*) FROM draft") == [(0,)]


def test_the_sender_cannot_accept_its_own_handover_and_third_parties_do_not_see_it(world: World) -> None:
    world.deploy(HANDED_OVER)
    world.start()
    world.finish(world.open_task())
    third = world.person("Gül", Role.SACHBEARBEITUNG, unit="GA")

    with pytest.raises(NotAllowed):
        world.do(cases.accept_handover, world.alice, handover_id=world.open_handover())
    with pytest.raises(NotFound):
        world.do(cases.accept_handover, third, handover_id=world.open_handover())


def test_only_what_came_back_can_be_offered_again(world: World) -> None:
    world.deploy(HANDED_OVER)
    world.start()
    world.finish(world.open_task())

    with pytest.raises(HandoverNotWaiting):
        world.do(cases.offer_handover, world.alice, handover_id=world.open_handover())


def test_a_case_is_cancelled_by_the_responsible_stelle_with_a_reason_only(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()

    with pytest.raises(NotFound):
        world.do(cases.cancel_case, world.bob, case_id=case, reason="x")
    with pytest.raises(ReasonMissing):
        world.do(cases.cancel_case, world.alice, case_id=case, reason=" ")


def test_a_case_is_not_cancelled_while_another_stelle_works_on_it(world: World) -> None:
    beside = process(
        '<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/><endEvent id="e"/><endEvent id="z"/>'
        + flows(("s", "g"), ("g", "a"), ("g", "b"), ("a", "e"), ("b", "z")),
        lanes=lane("abh", "ABH", "s", "g", "a", "e") + lane("jc", "JC", "b", "z"),
    )
    world.deploy(beside)
    case = world.start()
    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover())
    lead = world.rows('SELECT responsible_unit FROM "case"')[0][0]
    actor = world.bob if str(lead).replace("-", "") == world.units[KOELN, "JC"].hex else world.alice

    with pytest.raises(OthersAtWork):
        world.do(cases.cancel_case, actor, case_id=case, reason="x")


def test_nothing_is_done_in_a_closed_case(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()
    world.do(cases.cancel_case, world.alice, case_id=case, reason="erledigt")

    with pytest.raises(CaseClosed):
        world.do(cases.cancel_case, world.alice, case_id=case, reason="noch einmal")


def test_an_incident_is_retried_with_the_value_that_was_missing(world: World) -> None:
    model = process(
        '<startEvent id="s"/>'
        + result_task("a", "ja")
        + '<exclusiveGateway id="g"/><userTask id="b"/><endEvent id="e"/>'
        + flows(("s", "a"), ("a", "g"), ("b", "e"))
        + '<sequenceFlow id="x" sourceRef="g" targetRef="b"><conditionExpression xsi:type="tFormalExpression">ja'
        "</conditionExpression></sequenceFlow>",
        lanes=lane("abh", "ABH", "s", "a", "g", "b", "e"),
    )
    world.deploy(model)
    case = world.start()
    world.finish(world.open_task(), ja="vielleicht")
    incident = world.open_incident()

    world.do(
        cases.retry_incident, world.alice, incident_id=incident, values={"ja": True}, reason="Tippfehler"
    )

    world.finish(world.open_task(case, "b"))
    assert world.rows('SELECT status FROM "case"') == [("completed",)]


BARRED = process(
    '<startEvent id="s"/>'
    + result_task("a", "ja")
    + '<boundaryEvent id="b" attachedToRef="a"><extensionElements><staffel:output source="grund" target="abbruch"/>'
    '</extensionElements><errorEventDefinition errorRef="E"/></boundaryEvent>'
    '<userTask id="c"/><endEvent id="e"/>' + flows(("s", "a"), ("a", "e"), ("b", "c"), ("c", "e")),
    lanes=lane("abh", "ABH", "s", "a", "b", "c", "e"),
    roots='<error id="E" errorCode="zu-spaet"/>',
)


def test_a_task_takes_only_the_results_that_the_model_declares(world: World) -> None:
    world.deploy(BARRED)
    task = world.open_task(world.start())

    with pytest.raises(ValuesRefused) as refused:
        world.finish(task, ja=True, bankverbindung="DE00")

    assert [fault["field"] for fault in refused.value.details["fields"]] == ["bankverbindung"]
    world.do(cases.complete_task, world.alice, task_id=task, values={"ja": True})
    assert world.rows('SELECT status FROM "case"') == [("completed",)]


def test_an_error_at_a_task_brings_only_what_its_catching_event_maps(world: World) -> None:
    world.deploy(BARRED)
    case = world.start()
    task = world.open_task(case)
    world.do(cases.claim_task, world.alice, task_id=task)
    world.do(cases.save_draft, world.alice, task_id=task, values={"ja": True})

    with pytest.raises(ValuesRefused) as refused:
        world.do(
            cases.throw_task_error,
            world.alice,
            task_id=task,
            code="zu-spaet",
            values={"bankverbindung": "DE00"},
        )
    assert [fault["field"] for fault in refused.value.details["fields"]] == ["bankverbindung"]

    world.do(cases.throw_task_error, world.alice, task_id=task, code="zu-spaet", values={"grund": "Umzug"})
    assert world.open_task(case, "c")
    assert world.rows("SELECT task_id FROM draft") == []


def test_what_was_typed_at_a_task_that_is_cancelled_is_forgotten(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start()
    task = world.open_task(case)
    world.do(cases.claim_task, world.alice, task_id=task)
    world.do(cases.save_draft, world.alice, task_id=task, values={"name": "Amal"})

    world.do(cases.cancel_case, world.alice, case_id=case, reason="Antrag zurückgenommen")

    assert world.rows("SELECT task_id FROM draft") == []
