"""What holds for every request, whatever its route."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator, Sequence

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.testclient import TestClient
from starlette.types import Message

from staffel.api.logs import JsonLines
from staffel.api.problems import Problem, register_page_for_problems
from staffel.api.settings import Settings
from staffel.engine.store import Database
from staffel.ui.app import create_application


def test_a_refusal_is_a_problem_document(small: TestClient) -> None:
    answer = small.get("/api/closed")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body.pop("request_id") == answer.headers["x-request-id"]
    assert body == {
        "type": "urn:staffel:problem:case-closed",
        "title": "Conflict",
        "status": 409,
        "detail": "The case is closed.",
        "code": "case-closed",
        "instance": "/api/closed",
        "message_de": "Der Vorgang ist beendet.",
        "details": {"found": "x"},
    }


def test_a_bug_answers_with_an_id_and_nothing_of_the_inside(
    small: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = small.get("/api/bug")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "secret of the inside" not in answer.text
    record = next(record for record in caplog.records if record.levelno == logging.ERROR)
    assert record.fields == {"request": answer.json()["request_id"]}  # type: ignore[attr-defined]


def test_a_malformed_body_names_the_place(small: TestClient) -> None:
    answer = small.post("/api/notes", json={"text": "x", "state": "done"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"where": "body.state", "message": "Extra inputs are not permitted"}]


def test_an_id_that_is_no_id_does_not_exist(small: TestClient) -> None:
    answer = small.get("/api/things/abc")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    "path",
    ["/api/nothing", "//api/closed", "/api/closed;x", "/api/%2e%2e/closed", "/API/closed", "/api/closed."],
)
def test_paths_with_tricks_do_not_exist(small: TestClient, path: str) -> None:
    answer = small.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_a_wrong_method_is_a_problem_too(small: TestClient) -> None:
    answer = small.delete("/api/closed")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


def test_every_response_carries_the_security_headers(small: TestClient) -> None:
    for path in ("/api/closed", "/api/bug", "/api/nothing", "/token"):
        headers = small.get(path).headers
        assert "script-src 'self'; style-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_a_declared_body_beyond_the_limit_is_refused_unread(small: TestClient) -> None:
    answer = small.post("/api/notes", json={"text": "x" * 3_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/api/notes", "application/json"), ("/form", "application/x-www-form-urlencoded")],
)
def test_an_endless_stream_is_cut_off(small: TestClient, path: str, kind: str) -> None:
    def endless() -> Iterator[bytes]:
        yield b"text="
        for _ in range(100):
            yield b"x" * 100

    answer = small.post(path, content=endless(), headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/api/notes", b'{"text": "a\\u0000b"}', "application/json"),
        ("/api/notes", b'{"text": "a\\\\\\u0000b"}', "application/json"),
        pytest.param("/api/notes", '{"text": "a\\u0000b"}'.encode("utf-16"), "application/json", id="utf-16"),
        pytest.param("/api/notes", '{"text": "a\\u0000b"}'.encode("utf-32"), "application/json", id="utf-32"),
        ("/form", b"text=a%00b", "application/x-www-form-urlencoded"),
        ("/api/notes?text=a%00b", b'{"text": "x"}', "application/json"),
    ],
)
def test_a_character_that_no_database_stores_is_refused(
    small: TestClient, path: str, body: bytes, kind: str
) -> None:
    def parts() -> Iterator[bytes]:
        yield from (body[at : at + 1] for at in range(len(body)))

    for content in (body, parts()):
        answer = small.post(path, content=content, headers={"content-type": kind})
        assert (answer.status_code, answer.json()["code"]) == (422, "nul-character")
    assert small.get("/api/things/a%00b").status_code == 404


def test_a_backslash_before_letters_is_no_such_character(small: TestClient) -> None:
    sent = b'{"text": "C:\\\\u0000"}'
    answer = small.post("/api/notes", content=sent, headers={"content-type": "application/json"})
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    ("text", "status"), [("C:\\u0000 and more text", 200), ("\\" * 40 + "u0000", 200), ("a\0b", 422)]
)
def test_a_body_is_judged_alike_wherever_it_is_cut_into_parts(
    small_app: FastAPI, text: str, status: int, kind: str
) -> None:
    body = json.dumps({"text": text}).encode(kind)
    for cut in range(1, len(body)):
        assert asyncio.run(_status(small_app, (body[:cut], body[cut:]))) == status, body[:cut]


async def _status(app: FastAPI, parts: Sequence[bytes]) -> int:
    """The answer to a body that comes in these parts; the test client sends one part only."""
    coming, said = list(parts), []

    async def receive() -> Message:
        return {"type": "http.request", "body": coming.pop(0), "more_body": bool(coming)}

    async def send(message: Message) -> None:
        said.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/api/notes", "query_string": b"", "headers": headers}
    await app(scope, receive, send)
    return int(said[0]["status"])


def test_uploads_have_their_own_limit(small: TestClient) -> None:
    assert small.post("/form", files={"text": ("a", b"x" * 3_000)}).status_code == 200
    assert small.post("/form", files={"text": ("a", b"x" * 6_000)}).status_code == 413


def test_a_foreign_host_name_is_refused(small: TestClient) -> None:
    answer = small.get("/token", headers={"host": "attacker.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown-host")
    assert small.get("/token", headers={"host": "[::1]:8000"}).status_code == 200


def test_browsers_get_the_registered_page_and_programs_the_document(
    small_app: FastAPI, small: TestClient
) -> None:
    def page(request: Request, problem: Problem) -> Response:
        return HTMLResponse(f"<p>{problem.code}", status_code=problem.status)

    register_page_for_problems(small_app, page)
    browser = {"accept": "text/html,*/*;q=0.8"}
    assert small.get("/nothing", headers=browser).text == "<p>not-found"
    assert small.get("/nothing").json()["code"] == "not-found"
    assert small.get("/api/nothing", headers=browser).json()["code"] == "not-found"


def test_a_log_entry_is_one_line_whatever_its_text() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, 'a\n{"level": "forged"}\x1b[31m\0', None, None)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "\x1b" not in line
    assert json.loads(line)["message"].startswith("a\n")


@pytest.fixture
def cut_off() -> Iterator[TestClient]:
    """A browser whose server cannot reach its database."""
    database = Database("postgresql://staffel:geheim@127.0.0.1:1/staffel")
    with TestClient(create_application(Settings(), database=database), base_url="http://localhost") as client:
        yield client
    database.close()


@pytest.mark.parametrize("path", ["/api/v1/tasks", "/api/v1/health/ready"])
def test_while_the_database_is_away_programs_hear_when_to_come_back(
    cut_off: TestClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = cut_off.get(path, headers={"authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "database-unavailable")
    assert answer.headers["retry-after"] == "5"
    assert not {"127.0.0.1", "psycopg", "geheim"} & set(re.split(r"[^\w.]+", answer.text))
    causes = [getattr(record, "fields", {}).get("cause", "") for record in caplog.records]
    assert any("127.0.0.1" in cause for cause in causes), causes
    assert "geheim" not in caplog.text


def test_while_the_database_is_away_people_see_a_page(cut_off: TestClient) -> None:
    answer = cut_off.get("/eingang", headers={"accept": "text/html", "authorization": "Bearer x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "nicht erreichbar" in answer.text
    assert "127.0.0.1" not in answer.text
