"""The consent register: entered, revoked, expired; only what rests on a consent stops with it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlmodel import select
from tests.support.world import HANDED_OVER, World, flows, form_task, lane, process

from staffel.engine import cases, library
from staffel.engine.actor import Role
from staffel.engine.cases.consents import EVERYTHING, Choice, ConsentEnded, ConsentIncomplete, choices_of
from staffel.engine.cases.running import find_case
from staffel.engine.errors import NotFound
from staffel.engine.feel.codec import decode_values
from staffel.engine.kernel import decode_state
from staffel.engine.kernel.state import ROOT
from staffel.engine.store.tables import Consent, ConsentForm, Handover
from staffel.engine.worker.loop import run_due

RULE = """
- id: R1
  schnittstelle: f2
  absender: ABH
  empfaenger: JC
  art: falluebergabe
  datensatz: [{feld: name, pflicht: ja}, {feld: sprachniveau, pflicht: nein, nur_mit_einwilligung: ja}]
  rechtsgrundlagen: ["§ 16 Abs. 2 SGB I", "Einwilligung (nur sprachniveau)"]
"""
FORM = (
    b'{"schema": {"type": "object", "properties": {"name": {"type": "string"}, "sprachniveau": {"type": "string"},'
    b' "einwilligung": {"type": "boolean"}, "einwilligung_sprache": {"type": "string"}}}}'
)
TODAY = date(2026, 11, 23)


def started(world: World) -> UUID:
    files = {
        "model.bpmn": HANDED_OVER.replace(b'<userTask id="a" name="Abgeben"/>', form_task("a", "f").encode()),
        "forms/f.json": FORM,
        "uebergaben.yaml": RULE.encode(),
    }
    checked = world.database.read(library.check_upload, actor=world.designer, now=world.now, files=files)
    version = world.do(library.upload, world.designer, checked=checked)
    world.do(library.put_in_force, world.designer, version_id=version)
    return world.start()


def consent(world: World, case: UUID, *scope: str, **more) -> UUID:
    arguments = {
        "purpose": "Sprachkurs finden", "form": ConsentForm.WRITTEN, "given_on": TODAY, "language": "uk", **more
    }  # fmt: skip
    return world.do(cases.record_consent, world.alice, case_id=case, scope=scope, **arguments)


def hand_over(world: World, case: UUID, **values) -> dict[str, object]:
    world.finish(world.open_task(case), name="Amal", sprachniveau="b1", **values)
    return travels(world)


def travels(world: World) -> dict[str, object]:
    return decode_values(offered(world).data)


def offered(world: World) -> Handover:
    return world.database.read(lambda tx: tx.session.exec(select(Handover)).one())


def register(world: World) -> list[Consent]:
    return world.database.read(lambda tx: list(tx.session.exec(select(Consent).order_by(Consent.id))))


def test_a_field_travels_only_to_the_stelle_that_the_person_consented_to(world):
    case = started(world)
    consent(world, case, "JC:sprachniveau")

    assert hand_over(world, case) == {"name": "Amal", "sprachniveau": "b1"}


def test_without_a_consent_the_field_stays(world):
    case = started(world)

    assert hand_over(world, case) == {"name": "Amal"}


def test_revoking_takes_out_what_rested_on_it_and_nothing_else(world):
    case = started(world)
    entered = consent(world, case, "JC:sprachniveau")
    hand_over(world, case)
    world.do(cases.revoke_consent, world.bob, consent_id=entered)

    assert travels(world) == {"name": "Amal"}
    assert offered(world).status == "offered"
    (row,) = register(world)
    assert (row.ended_how, row.ended_by, row.ended_at) == ("widerrufen", world.bob.account, world.now)
    with pytest.raises(ConsentEnded):
        world.do(cases.revoke_consent, world.alice, consent_id=entered)


def test_of_two_consents_the_other_still_counts(world):
    case = started(world)
    first, second = consent(world, case, EVERYTHING), consent(world, case, "JC:sprachniveau")
    hand_over(world, case)
    world.do(cases.revoke_consent, world.alice, consent_id=first)
    assert "sprachniveau" in travels(world)

    world.do(cases.revoke_consent, world.alice, consent_id=second)
    assert "sprachniveau" not in travels(world)


def test_a_consent_ends_after_its_last_day(world):
    case = started(world)
    consent(world, case, "JC:sprachniveau", valid_until=TODAY + timedelta(days=2))
    hand_over(world, case)
    world.later(days=2)
    run_due(world.database, world.now)
    assert "sprachniveau" in travels(world)

    world.later(days=1)
    run_due(world.database, world.now)
    assert "sprachniveau" not in travels(world)
    assert [(row.ended_how, row.ended_by) for row in register(world)] == [("abgelaufen", None)]
    assert world.database.read(cases.due_consents, now=world.now) == []


def test_the_form_of_a_task_enters_the_register(world):
    case = started(world)
    hand_over(world, case, einwilligung=True, einwilligung_sprache="uk")

    (row,) = register(world)
    assert (row.purpose, row.scope, row.language, row.form) == ("a", ["*"], "uk", "aufgabe")
    assert (row.given_on, row.valid_until) == (TODAY, date(2027, 11, 23))
    assert "sprachniveau" in travels(world)
    world.do(cases.revoke_consent, world.alice, consent_id=row.id)
    assert "sprachniveau" not in travels(world)


def test_who_declines_in_a_form_revokes_what_was_given_before(world):
    case = started(world)
    consent(world, case, "JC:sprachniveau")
    data = hand_over(world, case, einwilligung=False)

    assert data == {"name": "Amal"}
    assert [row.ended_how for row in register(world)] == ["widerrufen"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": " "},
        {"scope": ()},
        {"scope": ("JC:name",)},
        {"given_on": TODAY + timedelta(days=1)},
        {"valid_until": TODAY - timedelta(days=1)},
    ],
)
def test_an_entry_is_complete(world, wrong):
    case = started(world)
    given = {"scope": ("JC:sprachniveau",), **wrong}
    with pytest.raises(ConsentIncomplete):
        consent(world, case, *given.pop("scope"), **given)
    assert register(world) == []


def test_only_those_whom_it_concerns_enter_and_revoke(world):
    case = started(world)
    with pytest.raises(NotFound):
        world.do(
            cases.record_consent, world.bob, case_id=case, purpose="x", scope=[EVERYTHING],
            form=ConsentForm.WRITTEN, given_on=TODAY,
        )  # fmt: skip
    entered = consent(world, case, EVERYTHING)
    stranger = world.person("Gast", Role.SACHBEARBEITUNG, unit="GA")
    with pytest.raises(NotFound):
        world.do(cases.revoke_consent, stranger, consent_id=entered)


def test_who_gets_data_by_a_consent_to_everything_may_take_its_revocation(world):
    case = started(world)
    entered = consent(world, case, EVERYTHING)
    world.do(cases.revoke_consent, world.bob, consent_id=entered)
    with pytest.raises(ConsentEnded):
        world.do(cases.revoke_consent, world.alice, consent_id=entered)


def test_what_can_be_consented_to_follows_from_the_rules(world):
    started(world)
    version = world.rows('SELECT version_id FROM "case"')[0][0]
    found = world.database.read(
        lambda tx: choices_of(library.deployed(tx, version if isinstance(version, UUID) else UUID(version)))
    )

    assert found == [Choice("JC:sprachniveau", "JC", "sprachniveau")]


CALLED = process(
    '<startEvent id="s"/><userTask id="a" name="Abgeben"/><userTask id="b" name="Prüfen"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "b"), ("b", "e")),
    lanes=lane("abh", "ABH", "s", "a") + lane("jc", "JC", "b", "e"),
    key="teil",
).replace(b'<userTask id="a" name="Abgeben"/>', form_task("a", "f").encode())


def started_with_call(world: World) -> UUID:
    """A case whose called process hands over by the rule; what the call knows comes back to the caller."""
    caller = process(
        '<startEvent id="s"/><callActivity id="c" calledElement="teil"/><userTask id="d" name="Danach"/>'
        + flows(("s", "c"), ("c", "d")),
        lanes=lane("abh", "ABH", "s", "c", "d"),
    )
    for model, more in (
        (CALLED, {"forms/f.json": FORM, "uebergaben.yaml": RULE.encode()}),
        (caller, {}),
    ):
        files = {"model.bpmn": model, **more}
        checked = world.database.read(library.check_upload, actor=world.designer, now=world.now, files=files)
        version = world.do(library.upload, world.designer, checked=checked)
        world.do(library.put_in_force, world.designer, version_id=version)
    return world.start()


def process_knows(world: World, case: UUID) -> object:
    return world.database.run(
        lambda tx: decode_state(find_case(tx, case).state).values(ROOT).get("einwilligung")
    )


def test_a_withdrawn_consent_reaches_a_called_process_and_does_not_come_back_from_it(world):
    case = started_with_call(world)
    assert "sprachniveau" in hand_over(world, case, einwilligung=True)
    assert process_knows(world, case) is True

    (row,) = register(world)
    world.do(cases.revoke_consent, world.bob, consent_id=row.id)
    assert travels(world) == {"name": "Amal"}

    world.do(cases.accept_handover, world.bob, handover_id=world.open_handover(), reference="JC-1")
    world.finish(world.open_task(case, "c/b"), world.bob)
    assert world.open_task(case, "d")
    assert process_knows(world, case) is False


def test_who_declines_in_a_called_process_declines_for_the_whole_case(world):
    case = started_with_call(world)
    consent(world, case, "JC:sprachniveau")
    assert hand_over(world, case, einwilligung=False) == {"name": "Amal"}

    assert process_knows(world, case) is False


def test_a_consent_that_is_given_later_counts_in_a_called_process(world):
    case = started_with_call(world)
    consent(world, case, "JC:sprachniveau")

    assert "sprachniveau" in hand_over(world, case)


def test_a_consent_that_begins_the_case_is_entered_and_can_be_revoked(world):
    started(world)
    case = world.start("AZ-2", values={"einwilligung": True, "einwilligung_sprache": "fa"})
    (row,) = register(world)
    assert (row.case_id, row.scope, row.language, row.purpose) == (case, ["*"], "fa", "Prozess")

    world.do(cases.revoke_consent, world.alice, consent_id=row.id)
    assert process_knows(world, case) is False
