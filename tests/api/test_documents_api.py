"""Documents by API: taken by content, given out as attachments that run nowhere, to their Stelle only."""

from __future__ import annotations

import json

from models import FORMS, RELAY_FILES
from people import World

RULES = b"""
uebergaberegeln:
  - id: U1
    fluss: f2
    datensatz: [name]
    dokumente: [{art: bescheid, titel: Bescheid}]
"""
FILES = {
    path: content.replace(
        b'<staffel:handover><staffel:field name="name" required="true"/></staffel:handover>',
        b'<staffel:handover rule="U1"/>',
    )
    for path, content in RELAY_FILES.items()
} | {"uebergaben.yaml": RULES}
TEXT = b"Bescheid vom 2. November"


def test_a_document_is_an_attachment_and_reaches_the_receiver_of_its_kind_only(world: World) -> None:
    world.deploy(FILES)
    abh, jc = world.client("abh.koeln"), world.client("jc.koeln")
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).json()["id"]
    path = f"/api/v1/cases/{case}/documents"
    assert [each["kind"] for each in abh.get(path).json()["kinds"]] == ["bescheid", "sonstiges"]
    html = abh.post(path, files={"files": ("a.pdf", b"<html>")})
    assert (html.status_code, html.json()["code"]) == (422, "content-refused")
    abh.post(path, files={"files": ("intern.txt", b"nur wir")})
    sent = abh.post(path, data={"kind": "bescheid"}, files={"files": ("Bescheid \xfc.txt", TEXT)})
    assert sent.status_code == 201, sent.text
    document = sent.json()["documents"][1]

    content = abh.get(f"/api/v1/documents/{document['id']}/content")
    assert content.content == TEXT
    assert content.headers["content-disposition"] == "attachment; filename*=UTF-8''Bescheid%20%C3%BC.txt"
    assert content.headers["x-content-type-options"] == "nosniff"
    assert content.headers["content-security-policy"].endswith("sandbox")
    assert (
        jc.get(path).status_code == jc.get(f"/api/v1/documents/{document['id']}/content").status_code == 404
    )

    (task,) = abh.get("/api/v1/tasks").json()["items"]
    abh.post(f"/api/v1/tasks/{task['id']}/claim")
    abh.post(f"/api/v1/tasks/{task['id']}/complete", json={"variables": {"name": "Amal"}})
    (handover,) = jc.get("/api/v1/handovers").json()["items"]
    offered = jc.get(f"/api/v1/handovers/{handover['id']}").json()
    assert [each["title"] for each in offered["documents"]] == ["Bescheid"]
    assert [each["may_delete"] for each in jc.get(path).json()["documents"]] == [False]
    assert jc.get(f"/api/v1/documents/{document['id']}/content").content == TEXT
    assert abh.post(f"/api/v1/documents/{document['id']}/delete").status_code == 409


def test_a_document_whose_content_is_lost_says_so(world: World) -> None:
    world.deploy(FILES)
    abh = world.client("abh.koeln")
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).json()["id"]
    document = abh.post(f"/api/v1/cases/{case}/documents", files={"files": ("a.txt", TEXT)}).json()[
        "documents"
    ][0]
    world.documents.remove(f"{document['sha256']}-{document['id']}")
    answer = abh.get(f"/api/v1/documents/{document['id']}/content")
    assert (answer.status_code, answer.json()["code"]) == (503, "content-unavailable")


def test_a_field_takes_an_uploaded_file_by_its_id(world: World) -> None:
    form = json.loads(json.dumps(FORMS["forms/pruefen.json"]))
    form["schema"]["properties"]["nachweis"] = {"type": "string", "format": "document", "title": "Nachweis"}
    form["schema"]["required"].append("nachweis")
    world.deploy(FILES | {"forms/pruefen.json": json.dumps(form).encode()})
    abh = world.client("abh.koeln")
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).json()["id"]
    (task,) = abh.get("/api/v1/tasks").json()["items"]
    abh.post(f"/api/v1/tasks/{task['id']}/claim")

    def complete(**more: str) -> tuple[int, list[str]]:
        answer = abh.post(f"/api/v1/tasks/{task['id']}/complete", json={"variables": {"name": "A", **more}})
        return answer.status_code, [
            each["field"] for each in answer.json().get("details", {}).get("fields", [])
        ]

    path = f"/api/v1/cases/{case}/documents"
    other = abh.post(path, files={"files": ("x.txt", TEXT)}).json()["documents"][0]["id"]
    assert complete() == complete(nachweis=other) == (422, ["nachweis"])
    sent = abh.post(path, data={"kind": "field:nachweis"}, files={"files": ("n.txt", TEXT)}).json()
    document = next(each for each in sent["documents"] if each["kind"] == "field:nachweis")
    assert document["title"] == "Nachweis"
    assert complete(nachweis=document["id"]) == (200, [])
    assert abh.post(f"/api/v1/documents/{document['id']}/delete").json()["code"] == "document-used"
