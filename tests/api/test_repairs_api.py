"""Repairing a case by API."""

from __future__ import annotations

from models import MACHINE, RELAY_FILES
from people import BEGIN, KOELN, PASSWORD, Client, World

from staffel.engine import accounts
from staffel.engine.actor import Role

API = "/api/v1"


def lead(world: World) -> Client:
    unit = world.units[KOELN, "ABH"]
    world.database.run(
        accounts.create_account,
        now=BEGIN,
        municipality=KOELN,
        login="leitung.koeln",
        name="Lea",
        password=PASSWORD,
        roles=[(Role.TEAMLEITUNG, unit)],
    )
    return world.client("leitung.koeln")


def test_a_step_is_begun_anew_after_a_preview_and_the_history_says_why(both_worlds: World) -> None:
    both_worlds.deploy(RELAY_FILES)
    boss = lead(both_worlds)
    case = boss.post(f"{API}/cases", json={"process": "relay", "reference": "R-1"}).json()
    path = f"{API}/repairs/{case['id']}"
    (place,) = boss.get(path).json()["places"]
    wish = {"action": "move", "place": place["id"], "target": place["element"]}

    told = boss.post(f"{path}/preview", json=wish)
    assert told.status_code == 200, told.text
    names = [each["element"] for each in told.json()["opens"]]
    assert (names, told.json()["ends"]) == ([place["element"]], None)
    assert boss.post(path, json=wish).json()["code"] == "reason-missing"

    done = boss.post(path, json=wish | {"reason": "doppelt erfasst", "seq": told.json()["seq"]})

    assert done.json() == told.json()
    history = boss.get(f"{API}/cases/{case['id']}/timeline").json()
    repaired = [(entry["status"], entry["reason"]) for entry in history if entry["kind"] == "repaired"]
    assert repaired == [("ActivateElement", "doppelt erfasst"), ("CancelElement", "doppelt erfasst")]
    again = boss.post(path, json=wish | {"reason": "x"})
    assert (again.status_code, again.json()["code"]) == (409, "place-gone")


def test_process_design_repairs_an_incident_without_seeing_values(world: World) -> None:
    world.deploy({"machine.bpmn": MACHINE})
    case = world.client("abh.koeln").post(f"{API}/cases", json={"process": "machine", "reference": "M-1"})
    path = f"{API}/repairs/{case.json()['id']}"
    design, program = world.client("prozessdesign.koeln"), world.token("work")
    assert design.get(path).status_code == 404
    item = program.post(f"{API}/work/fetch", json={"worker": "w", "topics": ["drucken"]}).json()[0]
    failure = {"worker": "w", "message": "Papierstau", "retries": 0}
    program.post(f"{API}/work/{item['id']}/fail", json=failure)

    found = design.get(path)
    place = next(place for place in found.json()["places"] if place["mine"])
    assert (found.json()["values"], place["element"]) == (False, "W")
    assert "Papierstau" not in found.text
    values = design.post(path, json={"action": "variables", "variables": {"x": 1}, "reason": "r"})
    assert values.status_code == 403
    wish = {"action": "cancel", "place": place["id"], "reason": "von Hand gedruckt"}
    assert design.post(path, json=wish).status_code == 403
    assert [target["element"] for target in place["targets"]] == ["W", "M"]
    done = design.post(path, json=wish | {"action": "move", "target": "M"})

    assert done.status_code == 200
    assert design.get(f"{API}/incidents").json()["items"] == []
