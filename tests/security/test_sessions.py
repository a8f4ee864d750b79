"""Signing in, what a session is worth, and when it ends."""

from __future__ import annotations

from uuid import UUID

from people import KOELN, PASSWORD, World

from staffel.api.app import create_app
from staffel.api.settings import Settings
from staffel.engine.accounts import add_membership, remove_membership
from staffel.engine.actor import Role

LOGIN = "/api/v1/auth/login"
ME = "/api/v1/auth/me"


def test_signing_in_tells_who_one_is(both_worlds: World) -> None:
    me = both_worlds.client("jc.koeln").me()
    assert (me["name"], me["municipality"], me["roles"]) == ("jc.koeln", KOELN, ["sachbearbeitung"])
    assert me["units"][0]["unit"]["kind"] == "JC"
    assert me["csrf_token"]


def test_nobody_is_nobody(world: World) -> None:
    answer = world.client().get(ME)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_cookie_is_for_this_host_and_not_for_scripts(world: World) -> None:
    answer = world.client().post(LOGIN, json={"login": "jc.koeln", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "domain" not in cookie


def test_under_https_the_cookie_is_secure_and_bound_to_the_host(world: World) -> None:
    app = create_app(Settings(cookie_secure=True), database=world.database, clock=lambda: world.now)
    world.app = app
    answer = world.client().post(LOGIN, json={"login": "jc.koeln", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-staffel-session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert answer.headers["strict-transport-security"]


def test_wrong_names_and_wrong_passwords_get_the_same_answer(world: World) -> None:
    client = world.client()
    answers = [
        client.post(LOGIN, json={"login": login, "password": "something else here"})
        for login in ("jc.koeln", "nobody.knows")
    ]
    bodies = [answer.json() | {"request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert bodies[0] == bodies[1]


def test_guessing_is_slowed_down_and_the_right_password_has_to_wait_too(world: World) -> None:
    client = world.client()
    answers = [
        client.post(LOGIN, json={"login": "jc.koeln", "password": f"guess {number}"}).status_code
        for number in range(8)
    ]
    assert answers[:4] == [401] * 4
    assert answers[-1] == 429
    held = client.post(LOGIN, json={"login": "jc.koeln", "password": PASSWORD})
    assert held.status_code == 429
    assert int(held.headers["retry-after"]) >= 1
    world.wait(minutes=16)
    client.sign_in("jc.koeln")


def test_a_new_session_begins_at_every_sign_in_and_ends_the_one_before(world: World) -> None:
    client = world.client("jc.koeln")
    before = client.cookies["staffel-session"]
    client.sign_in("jc.koeln")
    assert client.cookies["staffel-session"] != before
    old = world.client()
    assert old.get(ME, headers={"cookie": f"staffel-session={before}"}).status_code == 401


def test_a_session_that_was_planted_is_not_taken_over(world: World) -> None:
    client = world.client()
    client.cookies.set("staffel-session", "planted")
    headers = {"x-csrf-token": ""}
    assert (
        client.post(LOGIN, json={"login": "jc.koeln", "password": PASSWORD}, headers=headers).status_code
        == 403
    )
    planted = world.client().get(ME, headers={"cookie": "staffel-session=planted"})
    assert planted.status_code == 401


def test_after_signing_out_the_session_is_worth_nothing(world: World) -> None:
    client = world.client("jc.koeln")
    secret = client.cookies["staffel-session"]
    assert client.post("/api/v1/auth/logout").status_code == 204
    assert world.client().get(ME, headers={"cookie": f"staffel-session={secret}"}).status_code == 401


def test_a_session_without_requests_ends(world: World) -> None:
    client = world.client("jc.koeln")
    world.wait(minutes=61)
    assert client.get(ME).status_code == 401


def test_a_session_in_use_lives_on_but_not_for_ever(both_worlds: World) -> None:
    client = both_worlds.client("jc.koeln")
    for _ in range(14):
        both_worlds.wait(minutes=50)
        assert client.get(ME).status_code == 200
    both_worlds.wait(minutes=30)
    assert client.get(ME).status_code == 401


def test_reading_often_keeps_a_session_alive_on_both_databases(both_worlds: World) -> None:
    client = both_worlds.client("jc.koeln")
    for _ in range(130):
        both_worlds.wait(seconds=50)
        assert client.get(ME).status_code == 200


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(world: World) -> None:
    client = world.client("administration.koeln")
    account = client.me()["account"]
    assert client.get("/api/v1/accounts").status_code == 200

    world.database.run(remove_membership, account_id=UUID(account), role=Role.ADMINISTRATION)
    assert client.get("/api/v1/accounts").status_code == 403
    world.database.run(add_membership, account_id=UUID(account), role=Role.ADMINISTRATION)
    assert client.get("/api/v1/accounts").status_code == 200


def test_changing_the_password_ends_all_sessions(world: World) -> None:
    client, other = world.client("jc.koeln"), world.client("jc.koeln")
    new = {"old": PASSWORD, "new": "eine andere lange Reihe"}
    assert client.post("/api/v1/auth/password", json=new | {"old": "wrong and long"}).status_code == 401
    assert client.post("/api/v1/auth/password", json=new).status_code == 204
    assert other.get(ME).status_code == 401
    world.client().sign_in("jc.koeln", new["new"])


def test_a_bearer_token_is_believed_alone_even_beside_a_cookie(world: World) -> None:
    client = world.client("jc.koeln")
    for header in ("Bearer wrong", "Basic amM6", "Bearer"):
        assert client.get(ME, headers={"authorization": header}).status_code == 401
