"""Agreements: each Stelle signs for itself, and where it is wanted no case starts before all parties have."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import select
from tests.support.world import HANDED_OVER, KOELN, RHEINE, TWO_STEPS, World

from staffel.engine import agreements
from staffel.engine.accounts.organisation import set_competence
from staffel.engine.actor import Actor, Role
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.store.tables import Audit, Signature


def lead(world: World, unit: str, municipality: str = KOELN) -> Actor:
    return world.person(f"Leitung {unit}", Role.TEAMLEITUNG, unit=unit, municipality=municipality)


def sign(world: World, actor: Actor, version: UUID, unit: UUID, municipality: str = KOELN) -> None:
    world.do(
        agreements.sign, actor, version_id=version, municipality=municipality, unit_id=unit,
        signatory="Kim Linde, Amtsleitung",
    )  # fmt: skip


def read(world: World, actor: Actor, version: UUID, municipality: str = KOELN) -> agreements.Agreement:
    return world.database.read(
        agreements.read_agreement, actor=actor, version_id=version, municipality=municipality
    )


def need(world: World, *, needed: bool = True) -> None:
    administrator = world.person("Admin", Role.ADMINISTRATION)
    world.do(agreements.set_needed, administrator, needed=needed)


def test_a_rule_is_active_only_when_both_sides_have_signed(world):
    version = world.deploy(HANDED_OVER)
    abh, jc = lead(world, "ABH"), lead(world, "JC")
    before = read(world, abh, version)
    sign(world, abh, version, world.units[KOELN, "ABH"])
    half = read(world, abh, version)
    sign(world, jc, version, world.units[KOELN, "JC"])
    whole = read(world, abh, version)

    assert [party.name for party in before.parties] == ["ABH Köln", "JC Köln"]
    assert [(line.flow, line.sender, line.receiver, line.active) for line in before.rules] == [
        ("f2", "ABH", "JC", False)
    ]
    assert (half.signed, half.is_complete, half.rules[0].active) == (1, False, False)
    assert (whole.signed, whole.is_complete, whole.rules[0].active) == (2, True, True)
    assert whole.parties[0].signatory == "Kim Linde, Amtsleitung"
    assert whole.parties[0].signed_at == world.now


def test_no_case_starts_before_all_have_signed_where_that_is_wanted(world):
    version = world.deploy(HANDED_OVER)
    need(world)
    sign(world, lead(world, "ABH"), version, world.units[KOELN, "ABH"])
    with pytest.raises(agreements.NotAgreed, match="JC Köln") as refusal:
        world.start()
    assert refusal.value.details["missing"] == ["JC Köln"]

    sign(world, lead(world, "JC"), version, world.units[KOELN, "JC"])
    assert world.start()


def test_where_it_is_not_wanted_and_where_nobody_hands_over_cases_start(world):
    world.deploy(HANDED_OVER)
    assert world.start("AZ-1")

    need(world)
    world.deploy(TWO_STEPS)
    assert world.start("AZ-2")

    need(world, needed=False)
    world.deploy(HANDED_OVER)
    assert world.start("AZ-3")


def test_a_new_version_needs_new_signatures(world):
    version = world.deploy(HANDED_OVER)
    for unit in ("ABH", "JC"):
        sign(world, lead(world, unit), version, world.units[KOELN, unit])
    need(world)
    assert world.start("AZ-1")

    world.later(days=1)
    world.deploy(HANDED_OVER.replace(b"Abgeben", b"Weitergeben"))
    with pytest.raises(agreements.NotAgreed):
        world.start("AZ-2")


def test_called_processes_are_agreed_on_too(world):
    called = HANDED_OVER.replace(b'process id="p"', b'process id="teil"')
    calling = TWO_STEPS.replace(
        b'<userTask id="a" name="Erfassen"/>', b'<callActivity id="a" calledElement="teil"/>'
    )
    inner = world.deploy(called)
    world.deploy(calling)
    need(world)
    with pytest.raises(agreements.NotAgreed):
        world.start()

    for unit in ("ABH", "JC"):
        sign(world, lead(world, unit), inner, world.units[KOELN, unit])
    assert world.start()


def test_who_withdraws_stops_new_cases_and_no_running_one(world):
    version = world.deploy(HANDED_OVER)
    jc = lead(world, "JC")
    unit = world.units[KOELN, "JC"]
    sign(world, lead(world, "ABH"), version, world.units[KOELN, "ABH"])
    sign(world, jc, version, unit)
    need(world)
    case = world.start("AZ-1")
    world.later(days=1)
    arguments = {"version_id": version, "municipality": KOELN, "unit_id": unit}
    with pytest.raises(agreements.ReasonMissing):
        world.do(agreements.withdraw, jc, reason=" ", **arguments)
    world.do(agreements.withdraw, jc, reason="Datensatz zu groß", **arguments)

    with pytest.raises(agreements.NotAgreed):
        world.start("AZ-2")
    world.finish(world.open_task(case))
    assert world.open_handover()
    with pytest.raises(agreements.NotSigned):
        world.do(agreements.withdraw, jc, reason="noch einmal", **arguments)
    sign(world, jc, version, unit)
    assert read(world, jc, version).is_complete
    kept = world.database.read(
        lambda tx: tx.session.exec(select(Signature).where(Signature.unit_id == unit)).all()
    )
    assert sorted((row.reason, row.withdrawn_at is None) for row in kept) == [
        ("", True),
        ("Datensatz zu groß", False),
    ]
    actions = world.database.read(lambda tx: tx.session.exec(select(Audit.action)).all())
    assert actions.count("agreement.sign") == 3
    assert actions.count("agreement.withdraw") == 1


def test_nobody_signs_for_another_stelle(world):
    version = world.deploy(HANDED_OVER)
    abh = lead(world, "ABH")
    with pytest.raises(NotAllowed):
        sign(world, abh, version, world.units[KOELN, "JC"])
    with pytest.raises(NotAllowed):
        sign(world, world.alice, version, world.units[KOELN, "ABH"])
    with pytest.raises(agreements.NoParty):
        sign(world, lead(world, "GA"), version, world.units[KOELN, "GA"])
    with pytest.raises(agreements.SignatoryMissing):
        world.do(
            agreements.sign, abh, version_id=version, municipality=KOELN,
            unit_id=world.units[KOELN, "ABH"], signatory=" ",
        )  # fmt: skip
    sign(world, abh, version, world.units[KOELN, "ABH"])
    with pytest.raises(agreements.AlreadySigned):
        sign(world, abh, version, world.units[KOELN, "ABH"])


def test_a_draft_and_the_agreement_of_strangers_do_not_exist(world):
    draft = world.upload(HANDED_OVER)
    version = world.deploy(HANDED_OVER)
    stranger = lead(world, "JC", RHEINE)

    for actor, wanted, ags in ((world.alice, draft, KOELN), (stranger, version, KOELN)):
        with pytest.raises(NotFound):
            read(world, actor, wanted, ags)


def test_a_stelle_that_serves_another_municipality_signs_there_too(world):
    version = world.deploy(HANDED_OVER, municipality=KOELN)
    jc_of_kreis = lead(world, "JC", RHEINE)
    unit = world.units[RHEINE, "JC"]
    world.database.run(set_competence, municipality=KOELN, kind="JC", unit_id=unit)
    sign(world, jc_of_kreis, version, unit)

    listed = world.database.read(agreements.list_agreements, actor=jc_of_kreis)
    assert [(each.municipality, each.signed, len(each.parties)) for each in listed] == [(KOELN, 1, 2)]
    assert [(party.name, party.may_sign) for party in listed[0].parties] == [
        ("ABH Köln", False),
        ("JC Rheine", True),
    ]
