"""Asking whether something has changed."""

from __future__ import annotations

from models import RELAY_FILES
from people import World


def test_the_mark_is_another_one_as_soon_as_the_inbox_or_the_case_has_changed(world: World) -> None:
    world.deploy(RELAY_FILES)
    abh, jc = world.client("abh.koeln"), world.client("jc.koeln")
    before = abh.get("/api/v1/changes").json()["mark"]
    foreign = jc.get("/api/v1/changes").json()["mark"]
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).json()["id"]

    now = abh.get("/api/v1/changes", params={"since": before}).json()
    assert now["changed"]
    assert not abh.get("/api/v1/changes", params={"since": now["mark"]}).json()["changed"]
    assert not jc.get("/api/v1/changes", params={"since": foreign}).json()["changed"]

    seen = abh.get("/api/v1/changes", params={"case": case}).json()["mark"]
    abh.post(f"/api/v1/cases/{case}/comments", json={"text": "Rückruf zugesagt"})
    assert abh.get("/api/v1/changes", params={"case": case, "since": seen}).json()["changed"]
    assert jc.get("/api/v1/changes", params={"case": case}).status_code == 404


def test_asking_for_changes_does_not_keep_a_session_alive(world: World) -> None:
    client = world.client("jc.koeln")
    for _ in range(2):
        world.wait(minutes=25)
        assert client.get("/api/v1/changes").status_code == 200
    world.wait(minutes=25)
    assert client.get("/api/v1/changes").status_code == 401
