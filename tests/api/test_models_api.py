"""Uploading, checking and putting models in force by API."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from models import BPMN, RELAY, RELAY_FILES
from people import World

from staffel.engine.library import versions

API = "/api/v1"
BROKEN = RELAY.replace(b'targetRef="B"', b'targetRef="Nirgends"')
UNBOUND = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {BPMN} id="d" targetNamespace="urn:test">
  <process id="loose" isExecutable="true">
    <laneSet id="ls"><lane id="L1" name="Wir"><flowNodeRef>S</flowNodeRef><flowNodeRef>E</flowNodeRef></lane></laneSet>
    <startEvent id="S"/><endEvent id="E"/><sequenceFlow id="f" sourceRef="S" targetRef="E"/>
  </process>
</definitions>
""".encode()


DRAWN = UNBOUND.replace(b' isExecutable="true"', b"").replace(
    b'<endEvent id="E"/>', b'<task id="E" name="Antrag lesen"/>'
)


def upload(world: World, *files: tuple[str, bytes], path: str = "/models", **fields: str) -> Any:
    designer = world.client("prozessdesign.koeln")
    return designer.post(API + path, data=fields, files=[("files", each) for each in files])


def test_a_model_is_uploaded_with_its_files_and_comes_back_as_it_was(both_worlds: World) -> None:
    made = upload(both_worlds, *RELAY_FILES.items())
    assert made.status_code == 201
    assert made.json()["report"]["can_be_put_in_force"]
    version = made.json()["version"]
    assert (version["process"], version["number"], version["state"]) == ("relay", 1, "entwurf")
    anyone = both_worlds.client("jc.koeln")
    detail = anyone.get(f"{API}/models/{version['id']}").json()
    assert {each["path"]: each["size"] for each in detail["artefacts"]} == {
        path: len(content) for path, content in RELAY_FILES.items()
    }
    for path, content in RELAY_FILES.items():
        answer = anyone.get(f"{API}/models/{version['id']}/artefacts/{path}")
        assert answer.content == content
        assert answer.headers["content-disposition"] == "attachment"
        assert answer.headers["content-type"] == "application/octet-stream"


def test_a_model_without_a_diagram_is_laid_out(world: World) -> None:
    version = world.deploy(RELAY_FILES)
    answer = world.client("jc.koeln").get(f"{API}/models/{version}/bpmn")
    assert answer.headers["content-type"] == "application/xml"
    assert b"BPMNShape" in answer.content
    assert b"BPMNShape" not in RELAY


@pytest.mark.parametrize("path", ["/models", "/models/{version}/lanes"])
def test_others_go_on_writing_while_a_model_is_checked(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    version, check, done = world.deploy(RELAY_FILES), versions.check_bundle, []

    def slow_check(*files: Any, **parts: Any) -> Any:
        with ThreadPoolExecutor(1) as other:
            done.append(other.submit(world.database.run, lambda tx: None).result(timeout=10))
        return check(*files, **parts)

    monkeypatch.setattr(versions, "check_bundle", slow_check)
    if path == "/models":
        made = upload(world, *RELAY_FILES.items())
    else:
        designer = world.client("prozessdesign.koeln")
        made = designer.post(API + path.format(version=version), json={"lanes": {"L_ABH": "ABH"}})

    assert made.status_code == 201
    assert done == [None]


def test_an_archive_is_unpacked(world: World) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in RELAY_FILES.items():
            archive.writestr(f"relay/{path}", content)
    made = upload(world, ("relay.zip", buffer.getvalue()))
    assert made.json()["report"]["errors"] == 0


@pytest.mark.parametrize("name", ["../relay.bpmn", "a/../../b.bpmn", "x\u202e.bpmn"])
def test_names_with_tricks_are_refused(world: World, name: str) -> None:
    answer = upload(world, (name, RELAY))
    assert (answer.status_code, answer.json()["code"]) == (422, "file-refused")


def test_an_upload_that_is_too_large_is_refused(world: World) -> None:
    answer = upload(world, ("m.bpmn", b"x" * 26 * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_fields_that_an_upload_does_not_have_are_refused(world: World) -> None:
    answer = upload(world, ("m.bpmn", RELAY), state="in_kraft")
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_a_model_with_errors_is_kept_but_never_in_force(world: World) -> None:
    made = upload(world, ("m.bpmn", BROKEN)).json()
    assert made["report"]["errors"] > 0
    finding = next(each for each in made["report"]["findings"] if each["element"] == "f2")
    assert finding["line"] > 0
    assert finding["text_de"]
    designer = world.client("prozessdesign.koeln")
    answer = designer.post(f"{API}/models/{made['version']['id']}/in-force", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "model-has-errors")
    report = designer.get(f"{API}/models/{made['version']['id']}/findings").json()
    assert report == made["report"]


def test_what_is_no_model_is_refused_with_its_findings(world: World) -> None:
    answer = upload(world, ("m.bpmn", b"<!DOCTYPE x><x/>"))
    assert (answer.status_code, answer.json()["code"]) == (422, "no-process")
    assert answer.json()["details"]["findings"][0]["code"] == "xml-doctype-forbidden"


def test_checking_keeps_nothing(both_worlds: World) -> None:
    report = upload(both_worlds, ("m.bpmn", BROKEN), path="/models/check")
    assert report.status_code == 200
    assert report.json()["errors"] > 0
    assert both_worlds.client("prozessdesign.koeln").get(f"{API}/models").json() == []


def test_lanes_are_bound_in_a_new_draft(world: World) -> None:
    version = upload(world, ("m.bpmn", UNBOUND)).json()["version"]["id"]
    designer = world.client("prozessdesign.koeln")
    lanes = f"{API}/models/{version}/lanes"
    assert designer.get(lanes).json() == [{"id": "L1", "name": "Wir", "kind": None}]
    made = designer.post(lanes, json={"lanes": {"L1": "JC"}})
    assert made.status_code == 201
    bound = made.json()["version"]
    assert bound["number"] == 2
    assert designer.get(f"{API}/models/{bound['id']}/lanes").json()[0]["kind"] == "JC"
    assert upload(world, ("m.bpmn", UNBOUND), lanes="[1]").status_code == 422


def test_a_new_version_takes_over_and_running_cases_stay(world: World) -> None:
    first = world.deploy(RELAY_FILES)
    abh = world.client("abh.koeln")
    case = abh.post(f"{API}/cases", json={"process": "relay", "reference": "1"}).json()
    world.wait(minutes=20)
    second = world.deploy(RELAY_FILES)
    world.wait(minutes=20)
    later = abh.post(f"{API}/cases", json={"process": "relay", "reference": "2"}).json()
    assert (case["version_id"], later["version_id"]) == (first, second)
    states = abh.get(f"{API}/models?process=relay").json()
    assert [each["number"] for each in states] == [2, 1]


def test_a_local_variant_serves_its_own_municipality_only(world: World) -> None:
    common = world.deploy(RELAY_FILES)
    designer = world.client("prozessdesign.koeln")
    made = upload(world, *RELAY_FILES.items(), local="true").json()["version"]
    assert made["municipality"] == "05315000"
    designer.post(f"{API}/models/{made['id']}/in-force", json={})
    processes = {
        town: world.client(f"abh.{town}").get(f"{API}/processes").json()[0]["version_id"]
        for town in ("koeln", "rheine")
    }
    assert processes == {"koeln": made["id"], "rheine": common}
    assert world.client("prozessdesign.rheine").get(f"{API}/models/{made['id']}").status_code == 404


def test_a_withdrawn_version_starts_no_cases(world: World) -> None:
    version = world.deploy(RELAY_FILES)
    designer = world.client("prozessdesign.koeln")
    assert designer.post(f"{API}/models/{version}/withdraw").json()["state"] == "zurueckgezogen"
    answer = world.client("abh.koeln").post(f"{API}/cases", json={"process": "relay", "reference": "1"})
    assert answer.status_code == 404


@pytest.mark.parametrize("login", ["abh.koeln", "administration.koeln", "analyse.koeln"])
def test_only_process_designers_change_models(world: World, login: str) -> None:
    version = world.deploy(RELAY_FILES)
    client = world.client(login)
    files = [("files", ("m.bpmn", RELAY))]
    assert client.post(f"{API}/models", files=files).status_code == 403
    assert client.post(f"{API}/models/check", files=files).status_code == 403
    for step in ("release", "withdraw"):
        assert client.post(f"{API}/models/{version}/{step}").status_code == 403


def test_the_start_form_says_what_a_start_takes(world: World) -> None:
    world.deploy(RELAY_FILES)
    form = world.client("abh.koeln").get(f"{API}/processes/relay/start-form").json()
    assert (form["process"], form["schema"]) == ("relay", None)
    assert world.client("abh.koeln").get(f"{API}/processes/nothing/start-form").status_code == 404


def test_a_model_is_compared_with_spiffworkflow_by_those_who_design(world: World) -> None:
    version = world.deploy(RELAY_FILES)
    found = world.client("prozessdesign.koeln").post(f"{API}/models/{version}/portability")
    assert found.status_code == 200
    assert found.json()["verdict"] in {"runs", "differs", "not-loaded"}
    assert found.json()["ways"] >= 1
    assert {each["layer"] for each in found.json()["findings"]} == {"portability"}
    assert {each["severity"] for each in found.json()["findings"]} == {"hint"}
    assert world.client("jc.koeln").post(f"{API}/models/{version}/portability").status_code == 403


def test_a_model_with_errors_is_not_compared(world: World) -> None:
    version = upload(world, ("m.bpmn", BROKEN)).json()["version"]["id"]
    answer = world.client("prozessdesign.koeln").post(f"{API}/models/{version}/portability")
    assert (answer.status_code, answer.json()["code"]) == (409, "model-has-errors")


def test_a_model_drawn_to_be_read_gets_its_to_do_list_with_upload_check_and_report(world: World) -> None:
    checked = upload(world, ("m.bpmn", DRAWN), path="/models/check").json()
    made = upload(world, ("m.bpmn", DRAWN)).json()
    again = world.client("jc.koeln").get(f"{API}/models/{made['version']['id']}/findings").json()
    assert checked["todo"] == made["report"]["todo"] == again["todo"]
    assert {job["kind"]: [each["element"] for each in job["findings"]] for job in again["todo"]} == {
        "task-types": ["E"],
        "lanes": ["L1"],
        "executable": ["loose"],
    }
    assert upload(world, ("m.bpmn", UNBOUND), path="/models/check").json()["todo"] == []
