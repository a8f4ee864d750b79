"""The whole story by API on PostgreSQL: two servers, two workers, one of which is killed midway.

A designer uploads a file of an own, twenty cases run through three Stellen in Köln and in Rheine, every case's timer
fires, and the comparison counts what happened: nothing lost, nothing twice.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import pytest

from staffel.engine import accounts
from staffel.engine.actor import Role, Scope
from staffel.engine.store import Database, Transaction

STAFFEL = Path(sys.executable).parent / "staffel"
MODEL = Path(__file__).with_name("kautionsdarlehen.bpmn")
PROCESS = "kautionsdarlehen"
TOWNS = {"05315000": "Köln", "05566076": "Rheine"}
STELLEN = {"CM": "Case Management", "JC": "Jobcenter", "WOH": "Amt für Wohnungswesen"}
CASES_PER_TOWN = 10
PATIENCE = 60.0

Tokens = dict[tuple[str, str], str]


def _set_up(tx: Transaction) -> Tokens:
    now = datetime.now(UTC)
    tokens: Tokens = {}
    for ags, town in TOWNS.items():
        accounts.create_municipality(tx, ags=ags, name=town)
        for kind, name in STELLEN.items():
            unit = accounts.create_unit(tx, now=now, municipality=ags, kind=kind, name=f"{name} {town}")
            tokens[ags, kind] = accounts.create_token(
                tx,
                now=now,
                municipality=ags,
                name=kind,
                scopes=[Scope.CASES],
                unit_id=unit,
                role=Role.SACHBEARBEITUNG,
            )[1]
        scopes = [Scope.MODELS, Scope.ANALYSIS]
        tokens[ags, "Leitstelle"] = accounts.create_token(
            tx, now=now, municipality=ags, name="Leitstelle", scopes=scopes
        )[1]
    return tokens


@contextmanager
def _process(url: str, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "STAFFEL_DATABASE_URL": url, "STAFFEL_WORKER_IN_SERVER": "no"}
    running = subprocess.Popen([STAFFEL, *command], env=environment)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, f"waited {PATIENCE} s for {what}"
        time.sleep(0.1)


class Office:
    """A Stelle that speaks to both servers in turn."""

    def __init__(self, client: httpx.Client, servers: list[str], token: str) -> None:
        self.client = client
        self.headers = {"authorization": f"Bearer {token}"}
        self.servers = cycle(servers)

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """The answer's JSON; anything but success fails the test with what the server said."""
        address = f"{next(self.servers)}/api/v1{path}"
        answer = self.client.request(method, address, headers=self.headers, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content and "json" in answer.headers["content-type"] else answer.text

    def everything(self, path: str) -> list[dict[str, Any]]:
        """All items of a list, page by page."""
        page = self.ask("GET", path, params={"limit": 7})
        items: list[dict[str, Any]] = page["items"]
        while page["next"]:
            page = self.ask("GET", path, params={"limit": 7, "cursor": page["next"]})
            items += page["items"]
        return items

    def accept_all(self) -> int:
        """Take over everything that is offered to this Stelle."""
        offers = [each for each in self.everything("/handovers") if each["direction"] == "incoming"]
        for offer in offers:
            self.ask("POST", f"/handovers/{offer['id']}/acknowledge")
            self.ask("POST", f"/handovers/{offer['id']}/accept")
        return len(offers)

    def complete_all(self, element: str, **values: Any) -> int:
        """Claim and complete every task of the step."""
        tasks = [each for each in self.everything("/tasks") if each["element"] == element]
        for task in tasks:
            self.ask("POST", f"/tasks/{task['id']}/claim")
            self.ask("POST", f"/tasks/{task['id']}/complete", json={"variables": values})
        return len(tasks)


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30) as client:
        yield client


@pytest.fixture
def servers(postgresql_url: str) -> Iterator[list[str]]:
    ports = [_free_port(), _free_port()]
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    with ExitStack() as stack:
        for port in ports:
            stack.enter_context(_process(postgresql_url, "serve", "--port", str(port)))
        for address in addresses:
            _wait_for(lambda address=address: _answers(address), f"the server at {address}")  # type: ignore[misc]
        yield addresses


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/api/v1/health/ready", timeout=5).is_success
    except httpx.TransportError:
        return False


@pytest.mark.timeout(240)
def test_nothing_is_lost_and_nothing_happens_twice_when_a_worker_is_killed(
    postgresql_url: str, servers: list[str], client: httpx.Client
) -> None:
    database = Database(postgresql_url)
    offices = {who: Office(client, servers, token) for who, token in database.run(_set_up).items()}
    koeln = offices["05315000", "Leitstelle"]
    model = MODEL.read_bytes().replace(b">P2D<", b">PT2S<")
    upload = koeln.ask("POST", "/models", files=[("files", (MODEL.name, model))])
    assert upload["report"]["errors"] == 0
    koeln.ask("POST", f"/models/{upload['version']['id']}/in-force", json={})

    with (
        _process(postgresql_url, "worker") as doomed,
        _process(postgresql_url, "worker"),
    ):
        for ags in TOWNS:
            for number in range(CASES_PER_TOWN):
                start = {
                    "process": PROCESS,
                    "reference": f"KD-{number}",
                    "idempotency_key": f"start-{number}",
                }
                first = offices[ags, "CM"].ask("POST", "/cases", json=start)
                again = offices[ags, "CM"].ask("POST", "/cases", json=start)
                assert first["id"] == again["id"]
            offices[ags, "CM"].complete_all("Task_Aufnehmen", miete=540)
            assert offices[ags, "JC"].accept_all() == CASES_PER_TOWN
        time.sleep(1.5)  # the first timers are firing now
        doomed.send_signal(signal.SIGKILL)
        for ags in TOWNS:
            jobcenter = offices[ags, "JC"]
            _wait_for(lambda office=jobcenter: len(_reminders(office)) >= CASES_PER_TOWN, "every timer")  # type: ignore[misc]
            time.sleep(1.5)  # a second firing would show by now
            assert set(Counter(_reminders(jobcenter)).values()) == {1}
            assert jobcenter.complete_all("Task_Erinnern") == CASES_PER_TOWN
            assert jobcenter.complete_all("Task_Pruefen", angemessen=True) == CASES_PER_TOWN
            assert offices[ags, "WOH"].accept_all() == CASES_PER_TOWN
            assert offices[ags, "WOH"].complete_all("Task_Belegung", auszug_am="2026-12-01") == CASES_PER_TOWN
            assert offices[ags, "CM"].accept_all() == CASES_PER_TOWN
            assert offices[ags, "CM"].complete_all("Task_Unterschreiben") == CASES_PER_TOWN
        assert doomed.wait() == -signal.SIGKILL

    for ags in TOWNS:
        cases = offices[ags, "CM"].everything("/cases")
        assert Counter(case["status"] for case in cases) == {"completed": CASES_PER_TOWN}
    _check_events(database)
    _check_comparison(koeln)
    database.close()


def _reminders(office: Office) -> list[str]:
    return [task["case"]["id"] for task in office.everything("/tasks") if task["element"] == "Task_Erinnern"]


def _check_events(database: Database) -> None:
    """Every case has each fact once, numbered without a gap."""
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT case_id, seq, type, element FROM event ORDER BY case_id, seq"
        )
        facts: dict[Any, list[tuple[int, str, str | None]]] = {}
        for case_id, seq, kind, element in rows:
            facts.setdefault(case_id, []).append((seq, kind, element))
        waiting = connection.exec_driver_sql("SELECT count(*) FROM timer").scalar()
    assert len(facts) == len(TOWNS) * CASES_PER_TOWN
    assert waiting == 0
    for events in facts.values():
        assert [seq for seq, _, _ in events] == list(range(1, len(events) + 1))
        counted = Counter((kind, element) for _, kind, element in events)
        assert counted["CaseEnded", "End_Gemietet"] == 1
        assert counted["TimerClosed", "Timer_Zwei_Tage"] == 1
        assert counted["TaskOffered", "Task_Erinnern"] == 1
        assert sum(number for (kind, _), number in counted.items() if kind == "HandoverAccepted") == 3


def _check_comparison(office: Office) -> None:
    today = datetime.now(UTC).date().isoformat()
    found = office.ask(
        "GET",
        "/analysis/comparison",
        params={"process": PROCESS, "municipality": list(TOWNS), "from": today, "until": today},
    )
    counts = {each["ags"]: each["finished"] for each in found["municipalities"]}
    assert counts == dict.fromkeys(TOWNS, CASES_PER_TOWN)
