"""A request that changes something and rests on a cookie must come from a page of the same session."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

COOKIE = {"cookie": "staffel-session=secret-of-the-session"}


def token(client: TestClient, cookie: dict[str, str] = COOKIE) -> str:
    return client.get("/token", headers=cookie).text


def test_a_request_without_token_is_refused(small: TestClient) -> None:
    answer = small.post("/api/notes", json={"text": "x"}, headers=COOKIE)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign-request")


def test_a_request_with_the_sessions_token_passes(small: TestClient) -> None:
    headers = COOKIE | {"x-csrf-token": token(small)}
    assert small.post("/api/notes", json={"text": "x"}, headers=headers).status_code == 200


def test_a_form_carries_the_token_in_a_field(small: TestClient) -> None:
    data = {"text": "x", "csrf_token": token(small)}
    assert small.post("/form", data=data, headers=COOKIE).text == "x"
    assert small.post("/form", data={"text": "x"}, headers=COOKIE).status_code == 403


def test_a_token_of_another_session_is_refused(small: TestClient) -> None:
    other = token(small, {"cookie": "staffel-session=another"})
    answer = small.post("/api/notes", json={"text": "x"}, headers=COOKIE | {"x-csrf-token": other})
    assert answer.status_code == 403


def test_tokens_look_different_on_every_page(small: TestClient) -> None:
    assert token(small) != token(small)


@pytest.mark.parametrize(
    "sender",
    [
        {"origin": "https://attacker.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://localhost:9000"},
    ],
)
def test_a_request_from_elsewhere_is_refused_even_with_the_token(
    small: TestClient, sender: dict[str, str]
) -> None:
    headers = COOKIE | {"x-csrf-token": token(small)} | sender
    assert small.post("/api/notes", json={"text": "x"}, headers=headers).status_code == 403


def test_a_request_from_our_own_page_passes(small: TestClient) -> None:
    headers = COOKIE | {
        "x-csrf-token": token(small),
        "origin": "http://localhost",
        "sec-fetch-site": "same-origin",
    }
    assert small.post("/api/notes", json={"text": "x"}, headers=headers).status_code == 200


def test_json_sent_as_plain_text_is_refused(small: TestClient) -> None:
    headers = COOKIE | {"x-csrf-token": token(small), "content-type": "text/plain"}
    assert small.post("/api/notes", content='{"text": "x"}', headers=headers).status_code == 403


def test_signing_in_from_a_foreign_page_is_refused(small: TestClient) -> None:
    answer = small.post("/api/notes", json={"text": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_programs_with_a_bearer_token_need_no_csrf_token(small: TestClient) -> None:
    headers = COOKIE | {"authorization": "Bearer x"}
    assert small.post("/api/notes", json={"text": "x"}, headers=headers).status_code == 200
