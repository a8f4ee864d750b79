"""Model versions: stored with their findings, put in force, superseded, local variants first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.world import KOELN, RHEINE, TWO_STEPS, World, flows, lane, process

from staffel.engine import library
from staffel.engine.actor import Role
from staffel.engine.cases.projection import NoCompetentUnit
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.library.versions import ModelHasErrors, WrongVersionState
from staffel.engine.store.tables import ModelVersion

BROKEN = process(
    '<startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="e"/>'
    + flows(("s", "g"))
    + '<sequenceFlow id="x" sourceRef="g" targetRef="nowhere"/>'
)


def version_at(world: World, municipality: str = KOELN, **later: float) -> object:
    moment = world.now + timedelta(**later)
    return world.database.read(
        library.version_for, process_key="p", municipality=municipality, key_date=moment
    )


def test_a_model_with_errors_is_kept_with_its_findings_but_not_put_in_force(world: World) -> None:
    version = world.upload(BROKEN)

    with pytest.raises(ModelHasErrors) as refused:
        world.do(library.put_in_force, world.designer, version_id=version)

    assert refused.value.details["findings"]
    kept = world.database.read(lambda tx: tx.session.get_one(ModelVersion, version))
    assert kept.state == "entwurf"
    assert kept.errors == len(refused.value.details["findings"])


def test_only_process_designers_upload(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.upload(TWO_STEPS, world.alice)


def test_a_version_counts_from_its_key_date_on(world: World) -> None:
    old = world.deploy(TWO_STEPS)
    new = world.upload(TWO_STEPS)

    world.do(library.put_in_force, world.designer, version_id=new, valid_from=world.now + timedelta(days=30))

    assert version_at(world, days=29) == old
    assert version_at(world, days=30) == new


def test_a_municipality_uses_its_own_variant_first(world: World) -> None:
    common = world.deploy(TWO_STEPS)
    own = world.deploy(TWO_STEPS, municipality=KOELN)

    assert version_at(world) == own
    assert version_at(world, RHEINE) == common


def test_a_variant_of_another_municipality_does_not_exist(world: World) -> None:
    own = world.deploy(TWO_STEPS, municipality=KOELN)
    stranger = world.person("Eva", Role.PROZESSDESIGN, municipality=RHEINE)

    with pytest.raises(NotFound):
        world.do(library.withdraw, stranger, version_id=own)


def test_a_version_is_put_in_force_once(world: World) -> None:
    version = world.deploy(TWO_STEPS)

    with pytest.raises(WrongVersionState):
        world.do(library.put_in_force, world.designer, version_id=version)


def test_a_withdrawn_version_starts_no_cases_but_running_ones_go_on(world: World) -> None:
    version = world.deploy(TWO_STEPS)
    case = world.start()

    world.do(library.withdraw, world.designer, version_id=version)

    with pytest.raises(NotFound):
        world.start("AZ-2")
    world.finish(world.open_task(case))


def test_a_case_needs_a_competent_stelle_for_every_kind_of_its_model(world: World) -> None:
    body = '<startEvent id="s"/><userTask id="a"/><endEvent id="e"/>' + flows(("s", "a"), ("a", "e"))
    world.deploy(process(body, lanes=lane("soz", "SOZ", "s", "a", "e")))

    with pytest.raises(NoCompetentUnit, match="SOZ"):
        world.start()


def test_a_called_process_keeps_the_version_it_had_when_the_case_began(world: World) -> None:
    inner = '<startEvent id="s"/><userTask id="{0}"/><endEvent id="e"/>' + flows(("s", "{0}"), ("{0}", "e"))
    call = '<startEvent id="s"/><callActivity id="c" calledElement="inner"/><endEvent id="e"/>' + flows(
        ("s", "c"), ("c", "e")
    )
    world.deploy(process(inner.format("alt"), key="inner"))
    world.deploy(process(call))
    case = world.start()

    world.deploy(process(inner.format("neu"), key="inner"))

    world.finish(world.open_task(case, "c/alt"))
    assert world.rows('SELECT status FROM "case"') == [("completed",)]
    world.start("AZ-2")
    assert world.rows("SELECT element FROM task WHERE closed_at IS NULL") == [("c/neu",)]
