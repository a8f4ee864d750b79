"""Comments by API: a Stelle reads its own, and of another's only the notes on a handover to it."""

from __future__ import annotations

from models import RELAY_FILES
from people import World


def test_only_the_note_is_told_to_the_receiver(world: World) -> None:
    world.deploy(RELAY_FILES)
    abh, jc = world.client("abh.koeln"), world.client("jc.koeln")
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).json()["id"]
    path = f"/api/v1/cases/{case}/comments"
    abh.post(path, json={"text": "nur wir"})
    (receiver,) = abh.get(path).json()["receivers"]
    assert [unit["kind"] for unit in abh.get(path).json()["units"]] == ["ABH"]
    written = abh.post(path, json={"text": "bitte {{ 7*7 }}", "for_unit": receiver["id"]})
    assert written.status_code == 201, written.text
    assert jc.get(path).status_code == 404
    (task,) = abh.get("/api/v1/tasks").json()["items"]
    abh.post(f"/api/v1/tasks/{task['id']}/claim")
    abh.post(f"/api/v1/tasks/{task['id']}/complete", json={"variables": {"name": "Amal"}})

    (handover,) = jc.get("/api/v1/handovers").json()["items"]
    offered = jc.get(f"/api/v1/handovers/{handover['id']}").json()
    assert [note["text"] for note in offered["notes"]] == ["bitte {{ 7*7 }}"]
    assert jc.get(path).json()["comments"] == []
    assert [each["text"] for each in abh.get(path).json()["comments"]] == ["nur wir", "bitte {{ 7*7 }}"]
    assert "nur wir" not in jc.get(f"/api/v1/handovers/{handover['id']}").text


def test_too_long_and_unknown_fields_are_refused(world: World) -> None:
    world.deploy(RELAY_FILES)
    abh = world.client("abh.koeln")
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).json()["id"]
    path = f"/api/v1/cases/{case}/comments"
    for body in ({"text": "x" * 4001}, {"text": "x", "author": "Chef"}, {"text": " "}):
        assert abh.post(path, json=body).status_code == 422
    assert abh.get(path).json()["comments"] == []
