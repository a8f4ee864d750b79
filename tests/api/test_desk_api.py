from __future__ import annotations

from models import RELAY_FILES
from people import World


def test_the_same_is_done_to_many_tasks_and_each_tells_what_became_of_it(world: World) -> None:
    world.deploy(RELAY_FILES)
    abh, jc = world.client("abh.koeln"), world.client("jc.koeln")
    for number in range(3):
        abh.post("/api/v1/cases", json={"process": "relay", "reference": f"AZ-{number}"})
    tasks = [each["id"] for each in abh.get("/api/v1/tasks").json()["items"]]
    abh.post(f"/api/v1/tasks/{tasks[0]}/claim")

    results = abh.post("/api/v1/tasks/bulk", json={"action": "claim", "tasks": tasks}).json()

    assert [(each["done"], each["code"]) for each in results] == [
        (False, "task-claimed"),
        (True, ""),
        (True, ""),
    ]
    foreign = jc.post("/api/v1/tasks/bulk", json={"action": "claim", "tasks": tasks}).json()
    assert {each["code"] for each in foreign} == {"not-found"}


def test_a_filter_is_kept_and_nothing_but_the_grammar_is_taken(world: World) -> None:
    abh = world.client("abh.koeln")
    made = abh.post("/api/v1/tasks/filters", json={"name": "Fristen", "query": {"deadline": "gesetzlich"}})

    assert made.status_code == 201
    assert abh.get("/api/v1/tasks/filters").json()[0]["query"]["deadline"] == "gesetzlich"
    bad = abh.post("/api/v1/tasks/filters", json={"name": "x", "query": {"sql": "1=1"}})
    assert bad.status_code == 422
    assert abh.post(f"/api/v1/tasks/filters/{made.json()['id']}/delete").status_code == 204
    assert abh.get("/api/v1/tasks/filters").json() == []


def test_a_task_is_put_off_and_listed_as_such(world: World) -> None:
    world.deploy(RELAY_FILES)
    abh = world.client("abh.koeln")
    abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"})
    task = abh.get("/api/v1/tasks").json()["items"][0]["id"]

    answer = abh.post(f"/api/v1/tasks/{task}/follow-up", json={"until": "2026-11-09T00:00:00+01:00"})

    assert answer.json()["follow_up_at"] == "2026-11-08T23:00:00Z"
    assert abh.get("/api/v1/tasks").json()["items"] == []
    assert len(abh.get("/api/v1/tasks", params={"postponed": True}).json()["items"]) == 1


def test_a_stelle_adds_a_task_once_and_completes_it_or_drops_it(world: World) -> None:
    world.deploy(RELAY_FILES)
    abh, jc = world.client("abh.koeln"), world.client("jc.koeln")
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).json()["id"]
    asked = f"/api/v1/cases/{case}/added-tasks"
    said = {"title": "Vermieter anrufen", "text": "Kaution", "due": "2026-11-05", "idempotency_key": "k"}
    for _ in range(2):
        made = abh.post(asked, json=said)
    assert made.status_code == 201
    (added,) = made.json()["tasks"]
    task = f"/api/v1/tasks/{added['id']}"
    assert (added["added"], added["due_at"][:10]) == (True, "2026-11-05")
    assert abh.get(task).json()["note"] == "Kaution"
    assert [each["id"] for each in abh.get("/api/v1/tasks?added=true").json()["items"]] == [added["id"]]
    assert abh.post(asked, json=said | {"title": " ", "idempotency_key": None}).json()["code"] == "task-title"
    for foreign in (jc.get(asked), jc.post(asked, json=said), jc.post(f"{task}/drop")):
        assert foreign.status_code == 404

    abh.post(f"{task}/claim")
    done = abh.post(f"{task}/complete", json={"variables": {}}).json()
    assert done["status"] == "done"
    assert abh.post(f"{task}/drop").json()["code"] == "task-closed"
    (of_model,) = abh.get("/api/v1/tasks").json()["items"]
    assert abh.post(f"/api/v1/tasks/{of_model['id']}/drop").json()["code"] == "task-not-added"
