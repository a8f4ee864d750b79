"""Accounts and tokens: within the own municipality, by its administration."""

from __future__ import annotations

import pytest
from people import KOELN, RHEINE, World

NEW = {"login": "neu", "name": "Neu", "password": "eine lange Reihe Wörter"}


def test_an_account_is_made_with_roles_and_can_sign_in(both_worlds: World) -> None:
    admin = both_worlds.client("administration.koeln")
    unit = str(both_worlds.units[KOELN, "JC"])
    made = admin.post("/api/v1/accounts", json=NEW | {"roles": [{"role": "teamleitung", "unit_id": unit}]})
    assert made.status_code == 201
    assert made.json()["roles"] == [{"role": "teamleitung", "unit_id": unit, "unit": "JC Köln"}]
    assert both_worlds.client("neu").me()["roles"] == ["teamleitung"]
    assert admin.get(f"/api/v1/accounts/{made.json()['id']}").json() == made.json()


@pytest.mark.parametrize("extra", ["municipality", "ended_at", "id", "password_hash"])
def test_fields_that_are_not_to_be_set_are_refused(world: World, extra: str) -> None:
    admin = world.client("administration.koeln")
    answer = admin.post("/api/v1/accounts", json=NEW | {extra: RHEINE})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == f"body.{extra}"


def test_roles_in_stellen_of_another_municipality_cannot_be_given(world: World) -> None:
    admin = world.client("administration.koeln")
    unit = str(world.units[RHEINE, "JC"])
    answer = admin.post("/api/v1/accounts", json=NEW | {"roles": [{"role": "teamleitung", "unit_id": unit}]})
    assert answer.status_code == 404
    assert all(account["login"] != "neu" for account in admin.get("/api/v1/accounts").json())


def test_casework_without_a_stelle_is_refused(world: World) -> None:
    admin = world.client("administration.koeln")
    answer = admin.post("/api/v1/accounts", json=NEW | {"roles": [{"role": "sachbearbeitung"}]})
    assert (answer.status_code, answer.json()["code"]) == (422, "role-needs-unit")


def test_roles_are_given_and_taken(world: World) -> None:
    admin = world.client("administration.koeln")
    made = admin.post("/api/v1/accounts", json=NEW).json()
    given = admin.post(f"/api/v1/accounts/{made['id']}/roles", json={"role": "analyse"})
    assert [role["role"] for role in given.json()["roles"]] == ["analyse"]
    taken = admin.delete(f"/api/v1/accounts/{made['id']}/roles/analyse")
    assert taken.json()["roles"] == []


def test_a_closed_account_is_out_at_once(world: World) -> None:
    admin, worker = world.client("administration.koeln"), world.client("jc.koeln")
    account = worker.me()["account"]
    assert admin.delete(f"/api/v1/accounts/{account}").status_code == 204
    assert worker.get("/api/v1/auth/me").status_code == 401


def test_a_password_set_by_the_administration_ends_the_sessions(world: World) -> None:
    admin, worker = world.client("administration.koeln"), world.client("jc.koeln")
    path = f"/api/v1/accounts/{worker.me()['account']}/password"
    assert admin.put(path, json={"password": "short"}).status_code == 422
    assert admin.put(path, json={"password": "ein neues langes Kennwort"}).status_code == 204
    assert worker.get("/api/v1/auth/me").status_code == 401
    world.client().sign_in("jc.koeln", "ein neues langes Kennwort")


def test_administrators_cannot_lock_themselves_out(world: World) -> None:
    admin = world.client("administration.koeln")
    me = admin.me()["account"]
    assert admin.delete(f"/api/v1/accounts/{me}").json()["code"] == "own-account"
    assert admin.delete(f"/api/v1/accounts/{me}/roles/administration").json()["code"] == "own-account"


@pytest.mark.parametrize("login", ["jc.koeln", "prozessdesign.koeln", "analyse.koeln", "revision.koeln"])
def test_other_roles_do_not_administer(world: World, login: str) -> None:
    client = world.client(login)
    assert client.get("/api/v1/accounts").status_code == 403
    assert client.post("/api/v1/accounts", json=NEW).status_code == 403
    assert client.get("/api/v1/tokens").status_code == 403


def test_a_token_opens_what_its_scopes_say_until_it_ends(both_worlds: World) -> None:
    admin = both_worlds.client("administration.koeln")
    made = admin.post("/api/v1/tokens", json={"name": "Fachverfahren", "scopes": ["work"]}).json()
    bearer = {"authorization": f"Bearer {made['secret']}"}
    program = both_worlds.client()
    assert program.get("/api/v1/auth/me", headers=bearer).json()["scopes"] == ["work"]
    assert "secret" not in admin.get("/api/v1/tokens").json()[0]
    assert admin.delete(f"/api/v1/tokens/{made['id']}").status_code == 204
    assert program.get("/api/v1/auth/me", headers=bearer).status_code == 401


def test_an_expired_token_opens_nothing(world: World) -> None:
    admin = world.client("administration.koeln")
    body = {"name": "x", "scopes": ["cases"], "expires_at": "2026-11-02T09:00:00Z"}
    bearer = {"authorization": f"Bearer {admin.post('/api/v1/tokens', json=body).json()['secret']}"}
    assert world.client().get("/api/v1/auth/me", headers=bearer).status_code == 200
    world.wait(hours=2)
    assert world.client().get("/api/v1/auth/me", headers=bearer).status_code == 401


def test_a_program_does_casework_in_one_stelle_or_none(world: World) -> None:
    admin = world.client("administration.koeln")
    unit = str(world.units[KOELN, "JC"])
    for body in ({"unit_id": unit}, {"role": "sachbearbeitung"}, {"unit_id": unit, "role": "administration"}):
        answer = admin.post("/api/v1/tokens", json={"name": "x", "scopes": ["cases"]} | body)
        assert (answer.status_code, answer.json()["code"]) == (422, "casework-only")


def test_municipalities_and_their_stellen_are_known_to_all(world: World) -> None:
    client = world.client("jc.koeln")
    assert [each["name"] for each in client.get("/api/v1/municipalities").json()] == ["Köln", "Rheine"]
    units = client.get(f"/api/v1/municipalities/{RHEINE}/units").json()
    assert [unit["kind"] for unit in units] == ["ABH", "JC", "LB"]
    competences = client.get(f"/api/v1/municipalities/{RHEINE}/competences").json()
    assert competences[0]["unit"]["name"] == "ABH Rheine"
    assert client.get("/api/v1/municipalities/99999999/units").status_code == 404


def test_a_stelle_is_made_and_given_its_work(both_worlds: World) -> None:
    admin, rheine = both_worlds.client("administration.koeln"), f"/api/v1/municipalities/{RHEINE}"
    koeln = f"/api/v1/municipalities/{KOELN}"
    made = admin.post(
        f"{koeln}/units", json={"kind": "JC", "name": "Jobcenter Mülheim", "short_name": "JC M"}
    )
    assert made.status_code == 201
    assert made.json() in admin.get(f"{koeln}/units").json()
    served = admin.put(f"{koeln}/competences/JC", json={"unit_id": made.json()["id"]})
    assert served.json() in admin.get(f"{koeln}/competences").json()
    assert served.json()["unit"]["name"] == "Jobcenter Mülheim"
    assert made.json()["id"] not in admin.get(f"{rheine}/competences").text


def test_a_stelle_of_another_kind_or_of_no_kind_gets_no_work(world: World) -> None:
    admin, path = world.client("administration.koeln"), f"/api/v1/municipalities/{KOELN}"
    body = {"unit_id": str(world.units[KOELN, "ABH"])}
    assert admin.put(f"{path}/competences/JC", json=body).status_code == 404
    assert admin.put(f"{path}/competences/XY", json=body).status_code == 404
    assert admin.post(f"{path}/units", json={"kind": "BAMF", "name": "x"}).status_code == 422


@pytest.mark.parametrize(
    "login", ["administration.rheine", "jc.koeln", "prozessdesign.koeln", "koordination.koeln"]
)
def test_only_the_own_administration_changes_the_stellen_of_a_municipality(world: World, login: str) -> None:
    client, path = world.client(login), f"/api/v1/municipalities/{KOELN}"
    before = client.get(f"{path}/units").json(), client.get(f"{path}/competences").json()
    unit = {"unit_id": str(world.units[RHEINE, "JC"])}
    assert client.post(f"{path}/units", json={"kind": "JC", "name": "x"}).status_code == 403
    assert client.put(f"{path}/competences/JC", json=unit).status_code == 403
    assert (client.get(f"{path}/units").json(), client.get(f"{path}/competences").json()) == before


def test_the_server_says_whether_it_lives_and_can_work(world: World) -> None:
    client = world.client()
    assert client.get("/api/v1/health/live").json() == {"status": "ok"}
    assert client.get("/api/v1/health/ready").json() == {"status": "ok"}


def test_a_stelle_is_reached_as_its_administration_says(both_worlds: World) -> None:
    admin, unit = both_worlds.client("administration.koeln"), both_worlds.units[KOELN, "JC"]
    url = f"/api/v1/municipalities/{KOELN}/units/{unit}/contact"
    contact = {"address": "Domplatz 1\n50667 Köln", "phone": "0221 1", "mail": "jc@example.org"}
    saved = admin.put(url, json=contact)
    assert saved.json()["contact"] == contact | {"opening_hours": ""}

    listed = both_worlds.client("abh.koeln").get(f"/api/v1/municipalities/{KOELN}/units").json()
    assert [each["contact"] is None for each in listed if each["id"] == str(unit)] == [False]
    wrong = admin.put(url, json={"mail": "beim Pförtner"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "contact-malformed")


def test_only_the_own_administration_says_how_a_stelle_is_reached(both_worlds: World) -> None:
    foreign = both_worlds.units[RHEINE, "JC"]
    admin, caseworker = both_worlds.client("administration.koeln"), both_worlds.client("abh.koeln")
    own = f"/api/v1/municipalities/{KOELN}/units/{foreign}/contact"
    assert admin.put(own, json={}).status_code == 404
    assert admin.put(own.replace(KOELN, RHEINE), json={"mail": "x"}).status_code == 403
    assert caseworker.put(own, json={}).status_code == 403
