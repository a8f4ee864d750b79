"""Fristen by API: each with state and computation, changed by the Stelle whose step it is, with reasons on record."""

from __future__ import annotations

from typing import Any

import pytest
from models import RELAY_FILES, WAITING_FILES
from people import KOELN, Client, World


def _case(world: World) -> tuple[Client, str]:
    world.deploy(RELAY_FILES)
    abh = world.client("abh.koeln")
    made = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"})
    return abh, f"/api/v1/cases/{made.json()['id']}/deadlines"


def _frist(client: Client, url: str, kind: str = "gesetzlich") -> Any:
    return next(each for each in client.get(url).json() if each["kind"] == kind)


def test_the_fristen_of_a_task_are_listed_with_state_and_computation(world: World) -> None:
    abh, url = _case(world)

    found = abh.get(url).json()

    assert [(each["name"], each["kind"], each["state"]) for each in found] == [
        ("", "intern", "running"),
        ("Entscheidung", "gesetzlich", "running"),
    ]
    # 02.11.2026, one month (§ 188(2) BGB): Wednesday 02.12.
    assert (found[1]["due_at"][:10], found[1]["can_be_extended_by"], found[0]["can_be_extended_by"]) == (
        "2026-12-02", "1M", "",
    )  # fmt: skip
    assert "Monatsfrist ab 02.11.2026 endet 02.12.2026" in found[1]["steps"][0]
    assert found[1]["step_name"] == "Antrag prüfen"


def test_a_frist_is_suspended_resumed_and_extended_with_reasons_in_its_history(world: World) -> None:
    abh, url = _case(world)
    frist = _frist(abh, url)
    one = f"{url}/{frist['key']}/{frist['place']}"

    suspended = abh.post(f"{one}/suspend", json={"since": "2026-11-02", "reason": "Unterlagen fehlen"}).json()
    assert (suspended["state"], suspended["due_at"], suspended["can_be_resumed"]) == ("suspended", None, True)
    world.wait(days=9)
    abh.sign_in("abh.koeln")
    resumed = abh.post(f"{one}/resume", json={"until": "2026-11-10", "reason": "eingegangen"}).json()
    # eight days from 03.11. (§ 187(1) BGB) to 10.11. stood still: Thursday 10.12.
    assert (resumed["state"], resumed["due_at"][:10]) == ("running", "2026-12-10")
    extended = abh.post(f"{one}/extend", json={"by": "2W", "reason": "schwierig"}).json()

    assert (extended["extension"], extended["due_at"][:10], extended["can_be_extended_by"]) == (
        "2W", "2026-12-24", "",
    )  # fmt: skip
    assert [(each["change"], each["reason"], each["legal_basis"]) for each in extended["changes"]] == [
        ("suspended", "Unterlagen fehlen", "§ 6 Abs. 4 BQFG"),
        ("resumed", "eingegangen", ""),
        ("extended", "schwierig", ""),
    ]
    again = abh.post(f"{one}/extend", json={"reason": "noch einmal"})
    assert (again.status_code, again.json()["code"]) == (409, "command-refused")
    listed = [each["type"] for each in abh.get(url.replace("deadlines", "events")).json()]
    assert listed.count("DeadlineChanged") == 3


def test_a_frist_is_kept_missed_or_overdue_when_its_time_comes(world: World) -> None:
    abh, url = _case(world)
    task = abh.get("/api/v1/tasks").json()["items"][0]["id"]
    world.wait(days=10)
    abh.sign_in("abh.koeln")
    assert _frist(abh, url, "intern")["state"] == "overdue"

    abh.post(f"/api/v1/tasks/{task}/claim")
    abh.post(f"/api/v1/tasks/{task}/complete", json={"variables": {"name": "Amal"}})

    states = {each["kind"]: each["state"] for each in abh.get(url).json() if each["handover"] is None}
    assert states == {"intern": "missed", "gesetzlich": "kept"}
    assert not any(each["can_be_suspended"] for each in abh.get(url).json())


@pytest.mark.parametrize("login", ["jc.koeln", "koordination.koeln", "abh.rheine", "administration.koeln"])
@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("suspend", {"since": "2026-11-02", "reason": "x"}),
        ("resume", {"until": "2026-11-02"}),
        ("extend", {"reason": "x"}),
    ],
)
def test_nobody_else_changes_or_sees_a_running_frist(
    world: World, login: str, action: str, body: dict[str, str]
) -> None:
    abh, url = _case(world)
    frist = _frist(abh, url)
    stranger = world.client(login)

    answer = stranger.post(f"{url}/{frist['key']}/{frist['place']}/{action}", json=body)

    assert answer.status_code in {403, 404}
    assert stranger.get(url).status_code in {403, 404}
    assert _frist(abh, url)["changes"] == []


def test_the_receiving_stelle_sees_the_handovers_fristen_and_none_of_the_senders_steps(world: World) -> None:
    abh, url = _case(world)
    task = abh.get("/api/v1/tasks").json()["items"][0]["id"]
    abh.post(f"/api/v1/tasks/{task}/claim")
    abh.post(f"/api/v1/tasks/{task}/complete", json={"variables": {"name": "Amal"}})

    answer = world.client("jc.koeln").get(url)

    assert {(each["name"], each["handover"] is None) for each in answer.json()} == {
        ("acknowledge_by", False),
        ("accept_by", False),
    }


def test_closing_days_are_noted_by_the_administration_and_move_internal_fristen(world: World) -> None:
    unit = world.units[KOELN, "ABH"]
    url = f"/api/v1/units/{unit}/closing-days"
    admin = world.client("administration.koeln")

    made = admin.post(url, json={"day": "2026-11-05", "name": "Betriebsausflug"})
    assert (made.status_code, made.json()) == (201, [{"day": "2026-11-05", "name": "Betriebsausflug"}])
    assert admin.post(url, json={"day": "2026-12-25", "name": "x"}).json()["code"] == "no-working-day"
    assert world.client("abh.koeln").post(url, json={"day": "2026-11-06", "name": "x"}).status_code == 403
    assert world.client("administration.rheine").get(url).status_code == 404

    abh, deadlines = _case(world)
    # five working days after Monday 02.11. without Thursday 05.11.: Tuesday 10.11.
    assert _frist(abh, deadlines, "intern")["due_at"][:10] == "2026-11-10"
    assert admin.post(f"{url}/2026-11-05/delete").json() == []


def test_steps_that_wait_for_others_show_their_fristen_to_their_stelle(world: World) -> None:
    world.deploy(WAITING_FILES)
    abh = world.client("abh.koeln")
    case = abh.post("/api/v1/cases", json={"process": "wartet", "reference": "AZ-2"}).json()["id"]

    [found] = abh.get("/api/v1/deadlines").json()["items"]
    # Monday 02.11.2026, 5 working days (§ 187(1) BGB): Monday 09.11.
    assert (found["case"]["reference"], found["step_name"], found["due_at"][:10], found["overdue"]) == (
        "AZ-2", "Drucken lassen", "2026-11-09", False,
    )  # fmt: skip
    one = abh.get(f"/api/v1/cases/{case}/deadlines/{found['key']}/{found['place']}").json()
    assert (one["state"], one["task"], one["step_name"]) == ("running", None, "Drucken lassen")
    assert world.client("lb.koeln").get("/api/v1/deadlines").json()["items"] == []

    world.wait(days=9)
    abh.sign_in("abh.koeln")
    assert abh.get("/api/v1/deadlines").json()["items"][0]["overdue"] is True
    assert abh.get(f"/api/v1/cases/{case}/deadlines").json()[0]["state"] == "overdue"
