"""The client package `staffel-client` and its example worker, against a server that really runs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import uvicorn
from models import BPMN
from people import World

from staffel_client import (
    BpmnError,
    Failure,
    LeaseLost,
    OutcomeUnknown,
    Refused,
    StaffelClient,
    Unreachable,
    Work,
    Worker,
)

CLIENT = Path(__file__).parents[2] / "api" / "client"
LETTERS = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {BPMN} id="d" targetNamespace="urn:test">
  <error id="err" name="Anschrift fehlt" errorCode="anschrift-fehlt"/>
  <process id="brief" name="Brief" isExecutable="true">
    <startEvent id="S"/>
    <serviceTask id="W" name="Drucken">
      <extensionElements>
        <staffel:topic name="drucken" retries="2"/>
        <staffel:input source="= anschrift" target="anschrift"/>
        <staffel:output source="druck" target="druck"/>
      </extensionElements>
    </serviceTask>
    <boundaryEvent id="B" attachedToRef="W"><errorEventDefinition id="bd" errorRef="err"/></boundaryEvent>
    <endEvent id="E" name="Gedruckt"/>
    <endEvent id="F" name="Anschrift fehlt"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="W"/>
    <sequenceFlow id="f2" sourceRef="W" targetRef="E"/>
    <sequenceFlow id="f3" sourceRef="B" targetRef="F"/>
  </process>
</definitions>
""".encode()


class Served:
    """The world behind a real address, and a token for work."""

    def __init__(self, world: World, url: str) -> None:
        self.world = world
        self.url = url
        self.token = world.token("work").headers["authorization"].removeprefix("Bearer ")
        world.deploy({"brief.bpmn": LETTERS})

    def start(self, reference: str, **variables: str) -> str:
        abh = self.world.client("abh.koeln")
        body = {"process": "brief", "reference": reference, "variables": variables}
        made = abh.post("/api/v1/cases", json=body)
        assert made.status_code == 201, made.text
        case: str = made.json()["id"]
        return case

    def client(self, worker: str = "w") -> StaffelClient:
        return StaffelClient(self.url, self.token, worker=worker)

    def ends(self) -> list[tuple[str, ...]]:
        """Reference, status and end of every case."""
        with self.world.database.engine.connect() as connection:
            found = connection.exec_driver_sql(
                'SELECT reference, status, end_element FROM "case" ORDER BY reference'
            )
            return [tuple(row) for row in found]


@pytest.fixture
def served(both_worlds: World) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(both_worlds.app, port=port, log_level="error", ws="none", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield Served(both_worlds, f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(timeout=10)


def test_the_example_worker_prints_what_waits_and_reports_what_the_model_knows(
    served: Served, tmp_path: Path
) -> None:
    served.start("AZ-1", anschrift="Frau Muster, Weg 1")
    served.start("AZ-2", anschrift="")
    command = [sys.executable, str(CLIENT / "examples" / "print_letters.py"), str(tmp_path / "aus"), "--once"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(CLIENT),
        "STAFFEL_URL": served.url,
        "STAFFEL_TOKEN": served.token,
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    letters = [letter.read_text(encoding="utf-8") for letter in (tmp_path / "aus").iterdir()]
    assert letters == ["Frau Muster, Weg 1\n\nAktenzeichen AZ-1\n"]
    assert served.ends() == [("AZ-1", "completed", "E"), ("AZ-2", "completed", "F")]


def test_work_is_fetched_once_extended_and_completed(served: Served) -> None:
    served.start("AZ-1", anschrift="hier")
    with served.client("eins") as first, served.client("zwei") as second:
        [work] = first.fetch(["drucken"], lease=timedelta(minutes=1))
        assert (work.reference, work.topic, work.payload) == ("AZ-1", "drucken", {"anschrift": "hier"})
        assert second.fetch(["drucken"]) == []
        assert first.extend(work, timedelta(minutes=10)) == served.world.now + timedelta(minutes=10)
        with pytest.raises(LeaseLost):
            second.complete(work)
        first.complete(work, {"druck": "x"})
        with pytest.raises(LeaseLost):
            first.complete(work, {"druck": "x"})
    assert served.ends() == [("AZ-1", "completed", "E")]


def test_a_failure_is_tried_again_after_a_pause_and_then_an_incident_stands(served: Served) -> None:
    served.start("AZ-1", anschrift="hier")
    tried: list[int] = []

    def out_of_paper(work: Work) -> None:
        tried.append(work.retries)
        raise Failure("no paper")

    with served.client() as client:
        worker = Worker(client, {"drucken": out_of_paper})
        assert worker.run_once() == 1
        assert worker.run_once() == 0, "it is offered again only after the pause"
        served.world.wait(seconds=11)
        assert worker.run_once() == 1
    assert tried == [2, 1]
    abh = served.world.client("abh.koeln")
    assert [each["code"] for each in abh.get("/api/v1/incidents").json()["items"]] == ["work-failed"]


def test_a_fault_of_the_program_is_told_without_what_it_said(served: Served) -> None:
    served.start("AZ-1", anschrift="Frau Muster")

    def faulty(work: Work) -> None:
        raise KeyError(work.payload["anschrift"])

    with served.client() as client:
        Worker(client, {"drucken": faulty}).run_once()
    with served.world.database.engine.connect() as connection:
        [message] = connection.exec_driver_sql("SELECT message FROM work").scalars()
    assert message == "KeyError in the program for drucken; its log tells more"


def test_a_worker_keeps_its_lease_while_it_works(served: Served) -> None:
    served.start("AZ-1", anschrift="hier")
    extended = threading.Event()

    class Watched(StaffelClient):
        def extend(self, work: Work, lease: timedelta = timedelta(minutes=5)) -> datetime:
            until = super().extend(work, lease)
            extended.set()
            return until

    with Watched(served.url, served.token, worker="w") as client:
        worker = Worker(
            client, {"drucken": lambda _: {"druck": str(extended.wait(30))}}, lease=timedelta(seconds=1)
        )
        assert worker.run_once() == 1
    assert extended.is_set()
    assert served.ends() == [("AZ-1", "completed", "E")]


def test_a_wrong_token_ends_the_worker(served: Served) -> None:
    with StaffelClient(served.url, "falsch", worker="w") as client, pytest.raises(Refused) as refused:
        Worker(client, {"drucken": lambda _: None}).run(threading.Event())
    assert (refused.value.status, refused.value.code) == (401, "not-signed-in")


WORK = {
    "id": str(uuid4()), "case_id": str(uuid4()), "reference": "AZ-1", "element": "W", "topic": "drucken",
    "payload": {}, "retries": 3, "lease_until": datetime(2026, 11, 2, tzinfo=UTC).isoformat(),
}  # fmt: skip


class Line:
    """A line that answers as it is told: a status, or an exception; keeps what was sent and the pauses."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, object]] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append((request.url.path, json.loads(request.content)))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self) -> StaffelClient:
        return StaffelClient(
            "https://staffel.example", "t", worker="w", tries=3, transport=httpx.MockTransport(self),
            sleep=self.pauses.append,
        )  # fmt: skip


def leased(line: Line) -> tuple[StaffelClient, Work]:
    line.answers.insert(0, httpx.Response(200, json=[WORK]))
    client = line.client()
    [work] = client.fetch(["drucken"])
    return client, work


def test_what_is_refused_for_now_is_sent_again_when_it_was_asked_to() -> None:
    line = Line(
        httpx.Response(503, headers={"retry-after": "7"}), httpx.ConnectError("away"), httpx.Response(204)
    )
    client, work = leased(line)
    client.complete(work)
    assert [path for path, _ in line.sent[1:]] == [f"/api/v1/work/{work.id}/complete"] * 3
    assert line.pauses[0] == 7
    assert 0.5 <= line.pauses[1] <= 1


def test_a_server_that_stays_away_is_told_after_the_last_try() -> None:
    line = Line(*[httpx.ConnectError("away")] * 3)
    with pytest.raises(Unreachable, match="in 3 tries"):
        line.client().fetch(["drucken"])
    assert len(line.pauses) == 2


def test_a_report_whose_answer_was_lost_is_no_lost_lease() -> None:
    lost = httpx.Response(409, json={"code": "lease-lost", "detail": "x"})
    client, work = leased(Line(httpx.ReadTimeout("late"), lost))
    with pytest.raises(OutcomeUnknown):
        client.complete(work)


def test_results_that_staffel_refuses_become_a_failure() -> None:
    line = Line(httpx.Response(422, json={"code": "values-refused", "detail": "x"}), httpx.Response(204))
    line.answers.insert(0, httpx.Response(200, json=[WORK]))
    assert Worker(line.client(), {"drucken": lambda _: {"x": "y"}}).run_once() == 1
    assert [path.rsplit("/", 1)[1] for path, _ in line.sent] == ["fetch", "complete", "fail"]


def test_a_bpmn_error_carries_its_values() -> None:
    def missing(_: Work) -> None:
        raise BpmnError("anschrift-fehlt", {"feld": "PLZ"})

    line = Line(httpx.Response(200, json=[WORK]), httpx.Response(204))
    Worker(line.client(), {"drucken": missing}).run_once()
    assert line.sent[1][1] == {"worker": "w", "code": "anschrift-fehlt", "variables": {"feld": "PLZ"}}


@pytest.mark.parametrize(
    "address", ["http://staffel.example", "http://10.0.0.1", "ftp://x", "staffel.example"]
)
def test_a_token_does_not_travel_in_the_clear(address: str) -> None:
    with pytest.raises(ValueError, match="expected an https address"):
        StaffelClient(address, "t", worker="w")


def test_redirects_are_not_followed() -> None:
    line = Line(httpx.Response(307, headers={"location": "https://other.example/"}))
    with pytest.raises(Refused, match="status 307"):
        line.client().fetch(["drucken"])
    assert len(line.sent) == 1
