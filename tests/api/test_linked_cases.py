"""A case started from another: its own reference and data, only agreed fields, the link told to those who see both."""

from __future__ import annotations

import json

from models import BPMN, RELAY_FILES
from people import World

TALK = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {BPMN} id="d" targetNamespace="urn:test">
  <process id="beratung" name="Beratung" isExecutable="true">
    <laneSet id="ls"><lane id="L" name="Jobcenter"><extensionElements><staffel:unit kind="JC"/></extensionElements>
      <flowNodeRef>S</flowNodeRef><flowNodeRef>B</flowNodeRef><flowNodeRef>E</flowNodeRef></lane></laneSet>
    <startEvent id="S"><extensionElements><staffel:form ref="anlass"/></extensionElements></startEvent>
    <userTask id="B" name="Beraten"/><endEvent id="E"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="B"/><sequenceFlow id="f2" sourceRef="B" targetRef="E"/>
  </process>
</definitions>
""".encode()
ASKED = {
    "schema": {
        "type": "object",
        "properties": {
            "name": {"type": "string", "title": "Name"},
            "frage": {"type": "string", "title": "Frage"},
        },
        "required": ["frage"],
        "additionalProperties": False,
    },
    "ui": [{"field": "name"}, {"field": "frage"}],
}


def test_only_agreed_fields_come_along_and_who_sees_both_cases_sees_the_link(world: World) -> None:
    world.deploy(RELAY_FILES)
    world.deploy({"beratung.bpmn": TALK, "forms/anlass.json": json.dumps(ASKED).encode()})
    abh, jc, lb = (world.client(f"{kind}.koeln") for kind in ("abh", "jc", "lb"))
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).json()["id"]
    (task,) = abh.get("/api/v1/tasks").json()["items"]
    abh.post(f"/api/v1/tasks/{task['id']}/claim")
    filled = {"name": "Amal", "geheim": "nur ABH"}
    abh.post(f"/api/v1/tasks/{task['id']}/complete", json={"variables": filled})
    path = f"/api/v1/cases/{case}/linked"
    body = {
        "process": "beratung",
        "reference": "AZ-1/1",
        "reason": "Strittig",
        "take": ["name"],
        "variables": {"frage": "Wer zahlt?"},
        "idempotency_key": "einmal",
    }

    assert jc.post(path, json=body).status_code == lb.post(path, json=body).status_code == 404
    refused = abh.post(path, json=body | {"take": ["geheim"]})
    assert (refused.status_code, refused.json()["code"], refused.json()["details"]["expected"]) == (
        422,
        "not-taken",
        ["name"],
    )
    assert abh.post(path, json=body | {"reason": " "}).status_code == 422
    made = abh.post(path, json=body)
    assert made.status_code == 201, made.text
    linked = made.json()
    assert abh.post(path, json=body).json()["id"] == linked["id"]

    assert (linked["reference"], linked["starter"]["kind"]) == ("AZ-1/1", "ABH")
    (link,) = linked["links"]
    assert (link["id"], link["is_parent"], link["reason"]) == (case, True, "Strittig")
    (back,) = abh.get(f"/api/v1/cases/{case}").json()["links"]
    assert (back["id"], back["is_parent"], back["process"]) == (linked["id"], False, "beratung")
    assert [each["reference"] for each in jc.get(f"/api/v1/cases/{linked['id']}").json()["links"]] == ["AZ-1"]
    assert lb.get(f"/api/v1/cases/{linked['id']}").status_code == 404


def test_a_stelle_that_sees_one_of_the_cases_only_is_not_told_of_the_other(world: World) -> None:
    world.deploy(RELAY_FILES)
    world.deploy({"beratung.bpmn": TALK, "forms/anlass.json": json.dumps(ASKED).encode()})
    abh, jc = world.client("abh.koeln"), world.client("jc.koeln")
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).json()["id"]
    body = {"process": "beratung", "reference": "B-1", "reason": "Strittig", "variables": {"frage": "Wer?"}}
    linked = abh.post(f"/api/v1/cases/{case}/linked", json=body).json()["id"]

    answer = jc.get(f"/api/v1/cases/{linked}")
    assert (answer.status_code, answer.json()["links"]) == (200, [])
    assert "AZ-1" not in answer.text
