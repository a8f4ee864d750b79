"""Every route of the OpenAPI document against everybody who has no business there.

The routes come from the document itself, so that a new one is tested without anybody thinking of it; a new kind of
id in a path fails `test_every_id_in_a_path_is_in_the_matrix` until it is said here who may use it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from models import MACHINE, RELAY_FILES
from operations import Operation, operations_of
from people import Client, World, build_world, use_quick_hashes
from sqlalchemy import text

from staffel.api.app import create_app
from staffel.api.settings import Settings
from staffel.engine.accounts import create_account
from staffel.engine.accounts.webhooks import create_webhook
from staffel.engine.actor import Role
from staffel.engine.feel.codec import encode_values
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import Correction, Handover

pytestmark = pytest.mark.xdist_group("matrix")

DOCUMENT = create_app(Settings(), database=object()).openapi()  # type: ignore[arg-type]  # only described, never used
OPERATIONS = operations_of(DOCUMENT)
BY_ID = [operation for operation in OPERATIONS if operation.parameters]
PEOPLE = [
    f"{who}.{town}"
    for town in ("koeln", "rheine")
    for who in ("abh", "lb", "jc", "administration", "prozessdesign", "analyse", "koordination", "revision")
]
PUBLIC_NAMES = {
    "ags": "the directory of municipalities and their Stellen is open to everybody who is signed in",
    "process": "processes are named by their key, and those in force are open to their municipality",
    "path": "a file inside a version, which is in the matrix itself",
    "hook_id": "whoever comes there is known by the signature alone (test_webhooks)",
    "decision": "a decision inside a version, which is in the matrix itself",
    "form": "a form inside a version, which is in the matrix itself",
    "key": "a number inside a case, which is in the matrix itself",
    "place": "a number inside a case, which is in the matrix itself",
    "day": "a day of a Stelle, which is in the matrix itself",
    "kind": "a word of a closed list, inside a municipality",
    "role": "a word of a closed list, inside an account, which is in the matrix itself",
}
ALLOWED = {
    "case_id": {"abh.koeln", "jc.koeln"},
    "consent_id": {"abh.koeln"},
    "task_id": {"abh.koeln"},
    "handover_id": {"abh.koeln", "jc.koeln"},
    "late_id": {"koordination.koeln"},
    "incident_id": {"abh.koeln", "koordination.koeln", "prozessdesign.koeln"},
    "stuck_case_id": {"abh.koeln", "prozessdesign.koeln"},
    "work_id": set(),
    "substitution_id": {"abh.koeln"},
    "correction_id": {"jc.koeln"},
    "document_id": {"abh.koeln"},
    "batch_id": {"abh.koeln"},
    "filter_id": {"abh.koeln"},
    "version_id": {name for name in PEOPLE if name.endswith(".koeln")},
    "unit_id": {name for name in PEOPLE if name.endswith(".koeln")},
    "account_id": {"administration.koeln"},
    "token_id": {"administration.koeln"},
    "webhook_id": {"administration.koeln"},
}
SECRET = "AZ-geheim-4711"


@pytest.fixture(scope="module")
def full_world(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Iterator[tuple[World, dict[str, str]]]:
    """Köln with one thing of every kind, and their ids by the name of the path's parameter."""
    database = Database(f"sqlite:///{shutil.copy(migrated_file, tmp_path_factory.mktemp('matrix'))}")
    with pytest.MonkeyPatch.context() as patch:
        use_quick_hashes(patch)
        world = build_world(database)
        yield world, _fill(world)
    database.close()


def _fill(world: World) -> dict[str, str]:
    world.deploy(RELAY_FILES)
    world.deploy({"machine.bpmn": MACHINE})
    abh = world.client("abh.koeln")
    handed = _start(abh, "relay", f"{SECRET}-1")
    task = abh.get("/api/v1/tasks").json()["items"][0]["id"]
    abh.post(f"/api/v1/tasks/{task}/claim")
    abh.post(f"/api/v1/tasks/{task}/complete", json={"variables": {"name": "Amal"}})
    handover = abh.get("/api/v1/handovers").json()["items"][0]["id"]
    _start(abh, "relay", f"{SECRET}-2")
    broken = _start(abh, "machine", f"{SECRET}-3")
    program = world.token("work")
    fetch = {"worker": "x", "topics": ["drucken"]}
    work = program.post("/api/v1/work/fetch", json=fetch).json()[0]["id"]
    failure = {"worker": "x", "message": "x", "retries": 0}
    program.post(f"/api/v1/work/{work}/fail", json=failure)
    table = ("liste.csv", f"aktenzeichen\n{SECRET}-4\n".encode())
    batch = abh.post("/api/v1/batches", data={"process": "relay"}, files={"files": table})
    paper = {"files": ("brief.txt", SECRET.encode())}
    papers = abh.post(f"/api/v1/cases/{handed}/documents", files=paper).json()
    kept = abh.post("/api/v1/tasks/filters", json={"name": SECRET, "query": {}})
    written = {"purpose": SECRET, "scope": ["*"], "form": "schriftlich", "given_on": "2026-11-02"}
    register = abh.post(f"/api/v1/cases/{handed}/consents", json=written).json()
    admin = world.client("administration.koeln")
    local = world.client("prozessdesign.koeln").post(
        "/api/v1/models", data={"local": "true"}, files=[("files", each) for each in RELAY_FILES.items()]
    )
    hook = world.database.run(
        create_webhook, now=world.now, municipality="05315000", name="x", messages=["Antwort"]
    )
    return {
        "hook_id": str(hook),
        "webhook_id": str(hook),
        "case_id": handed,
        "consent_id": register["consents"][0]["id"],
        "task_id": abh.get("/api/v1/tasks").json()["items"][0]["id"],
        "handover_id": handover,
        "late_id": handover,
        "incident_id": abh.get("/api/v1/incidents").json()["items"][0]["id"],
        "stuck_case_id": broken,
        "work_id": work,
        "substitution_id": _substitution(world, abh),
        "correction_id": _correction(world, handover),
        "document_id": papers["documents"][0]["id"],
        "batch_id": batch.json()["id"],
        "filter_id": kept.json()["id"],
        "version_id": local.json()["version"]["id"],
        "account_id": abh.me()["account"],
        "token_id": admin.get("/api/v1/tokens").json()[0]["id"],
        "ags": "05315000",
        "process": "relay",
        "path": "relay.bpmn",
        "decision": "keine",
        "form": "pruefen",
        "key": str(_first_frist(abh, handed)),
        "place": "0",
        "unit_id": str(world.units["05315000", "ABH"]),
        "day": "2026-12-01",
        "role": "analyse",
        "kind": "JC",
    }


def _substitution(world: World, absent: Client) -> str:
    """A colleague substitutes."""
    unit = world.units["05315000", "ABH"]
    colleague = world.database.run(
        create_account,
        now=world.now,
        municipality="05315000",
        login="vertretung.koeln",
        name="Vertretung",
        password=SECRET,
        roles=[(Role.SACHBEARBEITUNG, unit)],
    )
    days = {"first": "2026-11-02", "last": "2026-11-20"}
    people = {"absent_id": absent.me()["account"], "substitute_id": str(colleague)}
    made = absent.post("/api/v1/substitutions", json={"unit_id": str(unit)} | people | days)
    return made.json()["substitutions"][0]["id"]  # type: ignore[no-any-return]


def _correction(world: World, handover_id: str) -> str:
    """What the receiver of the handover is told."""

    def tell(tx: Transaction) -> str:
        handover = tx.session.get_one(Handover, UUID(handover_id))
        told = Correction(
            id=uuid4(),
            case_id=handover.case_id,
            handover_id=handover.id,
            unit_id=handover.receiver_unit,
            from_unit=handover.sender_unit,
            data=encode_values({"name": "Amal"}),
            corrected_at=world.now,
        )
        tx.session.add(told)
        return str(told.id)

    return world.database.run(tell)


def _first_frist(client: Client, case: str) -> int:
    """The key of a running Frist of the case."""
    return client.get(f"/api/v1/cases/{case}/deadlines").json()[0]["key"]  # type: ignore[no-any-return]


def _start(client: Client, process: str, reference: str) -> str:
    made = client.post("/api/v1/cases", json={"process": process, "reference": reference})
    return made.json()["id"]  # type: ignore[no-any-return]


def call(client: Client, operation: Operation, ids: dict[str, str]) -> tuple[int, str]:
    files = [("files", ("m.bpmn", MACHINE))] if operation.is_upload and operation.parameters else None
    answer = client.request(
        operation.method.upper(),
        operation.url(**ids),
        params=operation.query,
        json=operation.body,
        files=files,
    )
    return answer.status_code, answer.text


def test_every_id_in_a_path_is_in_the_matrix() -> None:
    named = {name for operation in OPERATIONS for name in operation.parameters}
    assert named == ALLOWED.keys() | PUBLIC_NAMES.keys()


@pytest.mark.parametrize("operation", [o for o in BY_ID if set(o.parameters) & ALLOWED.keys()], ids=str)
def test_ids_of_others_are_of_no_use(
    full_world: tuple[World, dict[str, str]], operation: Operation, clients: dict[str, Client]
) -> None:
    world, ids = full_world
    before = state_of(world)
    kind = next(name for name in operation.parameters if name in ALLOWED)
    nothing = ids | {kind: str(uuid4())}
    for name, client in clients.items():
        if name in ALLOWED[kind]:
            continue
        status, said = call(client, operation, ids)
        assert status in {403, 404}, (name, status, said)
        absent, absent_said = call(client, operation, nothing)
        assert (status, _shape(said)) == (absent, _shape(absent_said)), (name, said, absent_said)
        assert SECRET not in said
    assert state_of(world) == before


@pytest.mark.parametrize(
    "operation", [o for o in OPERATIONS if o.method == "get" and not o.parameters], ids=str
)
def test_lists_and_searches_show_nothing_of_others(
    full_world: tuple[World, dict[str, str]], operation: Operation, clients: dict[str, Client]
) -> None:
    _, ids = full_world
    searches = [{}, {"reference": SECRET}, {"include_closed": "true"}]
    hidden = {
        kind: ids[kind]
        for kind in ("case_id", "task_id", "handover_id", "incident_id", "work_id", "batch_id")
    }
    for name, client in clients.items():
        for search in searches:
            answer = client.get(operation.path, params=operation.query | search)
            for kind, number in hidden.items():
                if name not in ALLOWED[kind] and not (kind == "case_id" and name in ALLOWED["incident_id"]):
                    assert number not in answer.text, (name, kind, search)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if not o.is_public], ids=str)
def test_nobody_gets_in_without_signing_in(
    full_world: tuple[World, dict[str, str]], operation: Operation
) -> None:
    world, ids = full_world
    status, said = call(world.client(), operation, ids)
    assert (status, '"not-signed-in"' in said) == (401, True)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.method != "get"], ids=str)
def test_no_route_that_changes_something_does_so_without_the_csrf_token(
    full_world: tuple[World, dict[str, str]], operation: Operation, clients: dict[str, Client]
) -> None:
    world, ids = full_world
    before = state_of(world)
    stranger = world.client()
    stranger.cookies.update(clients["abh.koeln"].cookies)
    status, said = call(stranger, operation, ids)
    assert (status, '"foreign-request"' in said) == (403, True)
    assert state_of(world) == before


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.body is not None], ids=str)
def test_fields_that_nobody_asked_for_are_refused(
    full_world: tuple[World, dict[str, str]], operation: Operation, clients: dict[str, Client]
) -> None:
    _, ids = full_world
    for extra in ("state", "assignee", "unit_id_", "completed_at", "account_id", "is_admin"):
        body = (operation.body or {}) | {extra: "x"}
        answer = clients["abh.koeln"].request(operation.method.upper(), operation.url(**ids), json=body)
        assert answer.status_code == 422
        assert any(fault["where"] == f"body.{extra}" for fault in answer.json()["errors"])


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.id != "check_live"], ids=str)
def test_a_bug_in_any_route_shows_nothing_of_the_inside(
    full_world: tuple[World, dict[str, str]],
    operation: Operation,
    clients: dict[str, Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("table account, column password_hash")

    _, ids = full_world
    monkeypatch.setattr(Database, "run", broken)
    monkeypatch.setattr(Database, "read", broken)
    files = [("files", ("m.bpmn", MACHINE))] if operation.is_upload else None
    answer = clients["abh.koeln"].request(
        operation.method.upper(),
        operation.url(**ids),
        params=operation.query,
        json=operation.body,
        files=files,
    )
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "password_hash" not in answer.text
    assert answer.json()["request_id"]


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.method == "get"], ids=str)
def test_reading_changes_nothing(
    full_world: tuple[World, dict[str, str]], operation: Operation, clients: dict[str, Client]
) -> None:
    world, ids = full_world
    before = state_of(world)
    for login in ("abh.koeln", "administration.koeln", "prozessdesign.koeln", "analyse.koeln"):
        status, said = call(clients[login], operation, ids)
        assert status < 500, said
    assert state_of(world) == before


def test_every_operation_is_described(small_app: FastAPI) -> None:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            assert operation["summary"], name
            assert operation["description"], name
            assert operation["tags"], name
            assert name.islower(), name
            assert any(status.startswith("2") for status in operation["responses"]), (path, method)
            for status, response in operation["responses"].items():
                if status.startswith(("4", "5")):
                    assert list(response["content"]) == ["application/problem+json"], name


def test_operation_ids_are_unique() -> None:
    names = [operation.id for operation in OPERATIONS]
    assert len(names) == len(set(names))


@pytest.fixture(scope="module")
def clients(full_world: tuple[World, dict[str, str]]) -> dict[str, Client]:
    """A signed-in browser per person, and programs of another municipality."""
    world, _ = full_world
    found = {login: world.client(login) for login in PEOPLE}
    found["program.rheine"] = world.token("work", "cases", "messages", "models", "analysis", town="rheine")
    return found


def state_of(world: World) -> list[object]:
    """What must not change: cases, tasks, handovers, versions, accounts, tokens, work."""
    tables = (
        "case",
        "task",
        "handover",
        "model_version",
        "account",
        "membership",
        "unit",
        "competence",
        "token",
        "work",
        "message",
        "batch",
        "batch_row",
        "saved_filter",
        "mail_setting",
        "webhook",
        "document",
        "substitution",
        "breaking_point",
        "correction",
    )
    with world.database.engine.connect() as connection:
        return [
            sorted(map(str, connection.execute(text(f'SELECT * FROM "{table}"')).all())) for table in tables
        ]


def _shape(answer: str) -> object:
    body = json.loads(answer)
    return {name: value for name, value in body.items() if name not in {"request_id", "instance"}}
