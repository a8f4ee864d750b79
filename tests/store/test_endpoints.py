"""Service tasks that call an endpoint: from the model to the result, the BPMN error or the incident."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from other_system import OtherSystem, other_system
from sqlmodel import select
from tests.support.apart import apart
from tests.support.world import KOELN, World, flows, process

from staffel.engine import cases, library
from staffel.engine.actor import Actor, Scope
from staffel.engine.cases.work import EndpointWork
from staffel.engine.library.endpoints import EndpointUnknown
from staffel.engine.store import new_id
from staffel.engine.store.tables import Work
from staffel.engine.worker.connector import Connector
from staffel.engine.worker.endpoints import CredentialKind, Credentials, Endpoint, Network

MODEL = process(
    '<startEvent id="s"/>'
    '<userTask id="a"><extensionElements><staffel:output source="name" target="name"/>'
    '<staffel:output source="geheim" target="geheim"/></extensionElements></userTask>'
    '<serviceTask id="w" name="Anschrift holen"><extensionElements>'
    '<staffel:endpoint name="melderegister" retries="2"><staffel:error status="404" code="UNBEKANNT"/></staffel:endpoint>'
    '<staffel:input source="name" target="name"/>'
    '<staffel:output source="response.ort" target="ort"/></extensionElements></serviceTask>'
    '<boundaryEvent id="b" attachedToRef="w"><errorEventDefinition errorRef="err"/></boundaryEvent>'
    '<userTask id="c" name="Klären"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "w"), ("w", "e"), ("b", "c"), ("c", "e")),
    roots='<error id="err" name="Unbekannt" errorCode="UNBEKANNT"/>',
)
SECRET = "streng-geheim"


@pytest.fixture
def system() -> Iterator[OtherSystem]:
    with other_system() as running:
        yield running


look_after = apart(Connector.call_due)


def connector(world: World, system: OtherSystem, **given: object) -> Connector:
    made = Endpoint(
        url=system.url,
        path="/suche",
        network=Network.LOOPBACK,
        credentials=Credentials(kind=CredentialKind.BEARER, env="REGISTER_TOKEN"),
        **given,  # type: ignore[arg-type]
    )
    return Connector(world.database, lambda: world.now, "melderegister", made)


def put_in_force(world: World, model: bytes = MODEL, **endpoints: frozenset[str]) -> None:
    version = world.upload(model)
    known = endpoints or {"melderegister": frozenset[str]()}
    world.do(library.put_in_force, world.designer, version_id=version, endpoints=known)


@pytest.fixture
def waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world with a case that waits for the endpoint."""
    monkeypatch.setenv("REGISTER_TOKEN", SECRET)
    put_in_force(world)
    world.start()
    world.finish(world.open_task(), name="Muster", geheim="bleibt hier")
    return world


def test_only_mapped_fields_go_out_and_come_in(waiting: World, system: OtherSystem) -> None:
    system.answer("/suche", body={"ort": "Rheine", "steuer_id": "123"})

    assert look_after(connector(waiting, system)) == 1

    assert [got.body for got in system.got] == [{"name": "Muster"}]
    assert waiting.rows('SELECT status FROM "case"') == [("completed",)]
    stored = repr(waiting.rows("SELECT data FROM event") + waiting.rows('SELECT state FROM "case"'))
    assert "Rheine" in stored
    assert "steuer_id" not in stored
    assert SECRET not in stored + repr(waiting.rows("SELECT * FROM work"))


def test_a_status_that_the_model_names_is_its_bpmn_error(waiting: World, system: OtherSystem) -> None:
    system.answer("/suche", 404, body={})
    look_after(connector(waiting, system))
    assert waiting.rows("SELECT element FROM task WHERE closed_at IS NULL") == [("c",)]


def test_a_status_that_the_model_does_not_name_is_an_incident_at_once(
    waiting: World, system: OtherSystem
) -> None:
    system.answer("/suche", 422, body={"grund": "Muster"})
    look_after(connector(waiting, system))
    ((code, told),) = waiting.rows("SELECT code, text_de FROM incident")
    assert (code, "HTTP 422" in told, "Muster" in told) == ("work-failed", True, False)


def test_an_answer_that_no_case_can_keep_is_an_incident_and_not_asked_for_forever(
    waiting: World, system: OtherSystem
) -> None:
    system.answer("/suche", body={"ort": "\ud800"})
    look_after(connector(waiting, system))
    assert waiting.rows("SELECT code FROM incident") == [("work-failed",)]


def test_a_failing_endpoint_is_asked_again_with_the_same_key_and_then_is_an_incident(
    waiting: World, system: OtherSystem
) -> None:
    system.answer("/suche", 503, body={})
    one = connector(waiting, system)

    made = [look_after(one), look_after(one)]
    waiting.later(seconds=11)
    made += [look_after(one), look_after(one)]

    assert made == [1, 0, 1, 0]
    assert len({got.headers["idempotency-key"] for got in system.got}) == 1
    assert waiting.rows("SELECT code FROM incident") == [("work-failed",)]


def test_an_endpoint_of_another_municipality_is_not_called(waiting: World, system: OtherSystem) -> None:
    look_after(connector(waiting, system, municipalities=frozenset({"05566076"})))
    assert (system.got, waiting.rows("SELECT code FROM incident")) == ([], [("work-failed",)])


def test_a_model_names_only_endpoints_that_the_installation_has_for_it(world: World) -> None:
    for known in ({"anderes": frozenset[str]()}, {"melderegister": frozenset({KOELN})}):
        with pytest.raises(EndpointUnknown, match="melderegister"):
            put_in_force(world, **known)

    put_in_force(world)
    assert world.database.read(library.uses_in_force) == [
        library.EndpointUse("melderegister", "p", 3, None, ("Anschrift holen",))
    ]


def test_an_answer_that_an_output_cannot_use_is_an_incident_and_asked_for_again(
    world: World, system: OtherSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTER_TOKEN", SECRET)
    faulty = MODEL.replace(
        b'source="response.ort"', b'source="if response.ort = null then function(x) x else response.ort"'
    )
    put_in_force(world, faulty)
    world.start()
    world.finish(world.open_task(), name="Muster")
    one = connector(world, system)
    system.answer("/suche", body={"ort": None})
    look_after(one)
    system.answer("/suche", body={"ort": "Rheine"})
    world.do(cases.retry_incident, world.alice, incident_id=world.open_incident())

    assert look_after(one) == 1
    assert world.rows('SELECT status FROM "case"') == [("completed",)]
    assert len({got.headers["idempotency-key"] for got in system.got}) == 1


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'status="404"', b'status="500"', "extension-value-unknown"),
        (b'retries="2"', b'url="https://elsewhere.example"', "extension-unknown"),
        (
            b'<staffel:input source="name"',
            b'<staffel:topic name="x"/><staffel:input source="name"',
            "endpoint-topic",
        ),
        (b'name="melderegister" retries="2"', b'retries="2"', "extension-incomplete"),
    ],
)
def test_slips_at_an_endpoint_are_told_at_upload(old: bytes, new: bytes, code: str) -> None:
    found = library.check_bundle({"model.bpmn": MODEL.replace(old, new)}, lanes={}, calls={}).findings
    assert code in {finding.code for finding in found if finding.severity == "error"}


def test_an_outside_program_gets_no_calls_of_endpoints(waiting: World) -> None:
    program = Actor(name="Programm", municipality=KOELN, scopes=frozenset({Scope.WORK}), token=new_id())
    work = waiting.database.read(lambda tx: tx.session.exec(select(Work.id)).one())

    with pytest.raises(EndpointWork):
        waiting.do(cases.fetch_work, program, topics=["anderes", "endpoint:melderegister"], worker="w")
    with pytest.raises(EndpointWork):
        waiting.do(cases.complete_work, program, work_id=work, worker="w")
