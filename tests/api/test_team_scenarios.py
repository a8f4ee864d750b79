"""Scenarios of a team by API: an absence, what breaks again and again, and a wrong value that others have received."""

from __future__ import annotations

from uuid import UUID

from models import RELAY_FILES
from people import KOELN, PASSWORD, Client, World

from staffel.engine.accounts import create_account
from staffel.engine.actor import Role

ASKED = {
    path: content.replace(b"<staffel:handover>", b'<staffel:handover kind="beteiligung">')
    for path, content in RELAY_FILES.items()
}
"""The Jobcenter is asked; the Ausländerbehörde goes on answering for the case."""


def _join(world: World, login: str, role: Role, kind: str = "ABH") -> tuple[UUID, Client]:
    """A further person of a Stelle in Köln, signed in."""
    account = world.database.run(
        create_account, now=world.now, municipality=KOELN, login=login, name=login, password=PASSWORD,
        roles=[(role, world.units[KOELN, kind])],
    )  # fmt: skip
    return account, world.client(login)


def _claimed(client: Client, reference: str) -> str:
    """A new case's task, claimed."""
    client.post("/api/v1/cases", json={"process": "relay", "reference": reference})
    (task,) = client.get("/api/v1/tasks", params={"reference": reference}).json()["items"]
    assert client.post(f"/api/v1/tasks/{task['id']}/claim").status_code == 200
    return str(task["id"])


def test_a_colleague_finishes_the_tasks_of_an_absent_person_and_no_stelle_beside_sees_them(
    both_worlds: World,
) -> None:
    both_worlds.deploy(RELAY_FILES)
    alice = both_worlds.client("abh.koeln")
    colleague, bob = _join(both_worlds, "abh2.koeln", Role.SACHBEARBEITUNG)
    _, lead = _join(both_worlds, "abh.leitung", Role.TEAMLEITUNG)
    task = _claimed(alice, "AZ-1")
    taking = f"/api/v1/tasks/{task}/take-over"
    assert bob.post(taking, json={}).status_code in {403, 404, 409}

    wish = {
        "unit_id": str(both_worlds.units[KOELN, "ABH"]), "absent_id": alice.me()["account"],
        "substitute_id": str(colleague), "first": "2026-11-03", "last": "2026-11-05",
    }  # fmt: skip
    made = lead.post("/api/v1/substitutions", json=wish)
    assert (made.status_code, made.json()["substitutions"][0]["runs"]) == (201, False)
    shown = {"to_take_over": True}
    assert bob.get("/api/v1/tasks", params=shown).json()["items"] == []

    both_worlds.wait(days=1)
    bob.sign_in("abh2.koeln")
    assert [each["id"] for each in bob.get("/api/v1/tasks", params=shown).json()["items"]] == [task]
    assert both_worlds.client("jc.koeln").post(taking, json={}).status_code == 404
    assert bob.post(taking, json={"text": "Rückruf ist zugesagt."}).json()["is_mine"]
    done = bob.post(f"/api/v1/tasks/{task}/complete", json={"variables": {"name": "Amal"}})
    assert (done.status_code, done.json()["status"]) == (200, "done")

    alice.sign_in("abh.koeln")
    later = _claimed(alice, "AZ-2")
    both_worlds.wait(days=3)
    bob.sign_in("abh2.koeln")
    lead.sign_in("abh.leitung")
    assert bob.post(f"/api/v1/tasks/{later}/take-over", json={}).status_code in {403, 404, 409}
    assert lead.get("/api/v1/substitutions").json()["substitutions"] == []


def test_five_reports_from_both_sides_show_the_step_and_nobody_who_reported(both_worlds: World) -> None:
    both_worlds.deploy(RELAY_FILES)
    abh, jc, analyst = (both_worlds.client(f"{who}.koeln") for who in ("abh", "jc", "analyse"))
    question = {
        "process": "relay", "municipality": KOELN, "from": "2026-11-01", "until": "2026-11-30",
    }  # fmt: skip
    for number in range(5):
        task = _claimed(abh, f"AZ-geheim-{number}")
        abh.post(f"/api/v1/tasks/{task}/complete", json={"variables": {"name": "Amal"}})
        (handover,) = jc.get("/api/v1/handovers", params={"reference": f"AZ-geheim-{number}"}).json()["items"]
        reporter = jc if number else abh
        report = {"trouble": "missing", "handover_id": handover["id"]}
        assert analyst.get("/api/v1/analysis/breaking-points", params=question).json() == []
        assert reporter.post("/api/v1/breaking-points", json=report).status_code == 204
    foreign = both_worlds.client("lb.koeln").post("/api/v1/breaking-points", json=report)
    assert foreign.status_code == 404

    found = analyst.get("/api/v1/analysis/breaking-points", params=question)
    (step,) = found.json()
    assert (step["name"], step["reports"]) == ("Bescheid erstellen", 5)
    assert step["troubles"] == [{"trouble": "missing", "reports": 5}]
    assert "geheim" not in found.text
    assert str(abh.me()["account"]) not in found.text


def test_a_corrected_value_reaches_the_stelle_that_had_received_it_until_it_confirms(
    both_worlds: World,
) -> None:
    both_worlds.deploy(ASKED)
    abh, jc = both_worlds.client("abh.koeln"), both_worlds.client("jc.koeln")
    _, lead = _join(both_worlds, "abh.leitung", Role.TEAMLEITUNG)
    task = _claimed(abh, "AZ-1")
    filled = {"name": "Amal", "geheim": "nur wir"}
    case = abh.post(f"/api/v1/tasks/{task}/complete", json={"variables": filled}).json()["case"]["id"]
    (handover,) = jc.get("/api/v1/handovers").json()["items"]
    assert jc.post(f"/api/v1/handovers/{handover['id']}/accept", json={}).status_code == 200

    values = {"name": "Amal Muster", "geheim": "auch nur wir"}
    wish = {"variables": values, "reason": "verschrieben"}
    assert jc.post(f"/api/v1/cases/{case}/variables", json=wish).status_code in {403, 404}
    assert lead.post(f"/api/v1/cases/{case}/variables", json=wish).status_code == 200

    (told,) = jc.get("/api/v1/corrections").json()
    assert (told["data"], told["to_us"], told["acknowledged_at"]) == ({"name": "Amal Muster"}, True, None)
    path = f"/api/v1/corrections/{told['id']}/acknowledge"
    assert both_worlds.client("lb.koeln").post(path).status_code == 404
    assert jc.post(path).status_code == 200
    assert jc.get("/api/v1/corrections").json() == []
    (sent,) = lead.get(f"/api/v1/cases/{case}/corrections").json()
    assert (sent["to"]["kind"], sent["to_us"]) == ("JC", False)
    assert sent["acknowledged_at"] is not None
