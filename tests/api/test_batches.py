from __future__ import annotations

from models import RELAY_FILES
from people import World

from staffel.engine.worker import run_due

TABLE = b"aktenzeichen;name\r\nAZ-1;Amal\r\nAZ-2;\r\n"


def send(client, process: str = "relay", table: bytes = TABLE):  # type: ignore[no-untyped-def]
    return client.post("/api/v1/batches", data={"process": process}, files={"files": ("liste.csv", table)})


def test_a_table_becomes_cases_and_tells_what_became_of_each_row(both_worlds: World) -> None:
    both_worlds.deploy(RELAY_FILES)
    abh = both_worlds.client("abh.koeln")

    sent = send(abh)
    assert (sent.status_code, sent.json()["waiting"]) == (202, 2)
    while run_due(both_worlds.database, both_worlds.now):
        pass
    batch = abh.get(f"/api/v1/batches/{sent.json()['id']}").json()
    rows = abh.get(f"/api/v1/batches/{batch['id']}/rows").json()

    assert batch["waiting"] == 0
    assert batch["started"] + batch["refused"] == batch["total"] == 2
    assert [row["line"] for row in rows] == [2, 3]
    assert abh.get(f"/api/v1/cases/{rows[0]['case_id']}").json()["reference"] == "AZ-1"
    assert abh.get("/api/v1/batches").json()["items"][0]["id"] == batch["id"]
    assert abh.get(f"/api/v1/batches/{batch['id']}/refused.csv").text.startswith("\ufeffaktenzeichen")


def test_others_do_not_see_the_table(world: World) -> None:
    world.deploy(RELAY_FILES)
    batch = send(world.client("abh.koeln")).json()["id"]

    for login in ("jc.koeln", "abh.rheine", "administration.koeln", "koordination.koeln"):
        client = world.client(login)
        assert client.get(f"/api/v1/batches/{batch}").status_code == 404
        assert client.get(f"/api/v1/batches/{batch}/rows").status_code == 404
        assert client.get("/api/v1/batches").json()["items"] == []


def test_a_table_that_cannot_be_read_keeps_nothing(world: World) -> None:
    world.deploy(RELAY_FILES)
    abh = world.client("abh.koeln")

    answer = send(abh, table=b"name\r\nAmal\r\n")

    assert (answer.status_code, answer.json()["code"]) == (422, "sheet-refused")
    assert abh.get("/api/v1/batches").json()["items"] == []


def test_the_empty_table_has_the_columns_of_the_start_form(world: World) -> None:
    world.deploy(RELAY_FILES)

    answer = world.client("abh.koeln").get("/api/v1/batches/template.csv", params={"process": "relay"})

    assert answer.text.startswith("\ufeffaktenzeichen")
    assert answer.headers["content-disposition"] == 'attachment; filename="sammelstart.csv"'
