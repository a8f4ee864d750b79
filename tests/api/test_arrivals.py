"""What came for a case by letter or visit is entered by the Stelle that holds the case, and by no other."""

from __future__ import annotations

from models import BPMN
from people import World

FILES = {
    "m.bpmn": (
        f'<definitions {BPMN} id="d" targetNamespace="urn:t"><process id="p" name="Antrag" isExecutable="true"><laneSet id="ls">'
        '<lane id="l"><extensionElements><staffel:unit kind="ABH"/></extensionElements><flowNodeRef>s</flowNodeRef>'
        "<flowNodeRef>m</flowNodeRef><flowNodeRef>t</flowNodeRef><flowNodeRef>e</flowNodeRef></lane></laneSet>"
        '<startEvent id="s"/><intermediateCatchEvent id="m" name="Bescheinigung da"><extensionElements><staffel:form ref="a"/></extensionElements>'
        '<messageEventDefinition messageRef="M"/></intermediateCatchEvent><userTask id="t"><extensionElements><staffel:form ref="a"/>'
        '</extensionElements></userTask><endEvent id="e"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="m"/><sequenceFlow id="g" sourceRef="m" targetRef="t"/>'
        '<sequenceFlow id="h" sourceRef="t" targetRef="e"/></process><message id="M" name="Bescheinigung"><extensionElements>'
        '<staffel:message correlation="case.reference"/></extensionElements></message></definitions>'
    ).encode(),
    "forms/a.json": b'{"schema": {"type": "object", "properties": {"kasse": {"type": "string"}}, "required": ["kasse"]}}',
}


def test_a_message_that_came_by_letter_is_entered_by_its_form_and_moves_this_case_alone(
    both_worlds: World,
) -> None:
    both_worlds.deploy(FILES)
    abh = both_worlds.client("abh.koeln")
    cases = [
        abh.post("/api/v1/cases", json={"process": "p", "reference": f"AZ-{number}"}).json()["id"]
        for number in (1, 2)
    ]
    path = f"/api/v1/cases/{cases[1]}/messages"
    (awaited,) = abh.get(path).json()
    assert (awaited["name"], awaited["element"]) == ("Bescheinigung", "m")
    assert awaited["form"]["schema"]["required"] == ["kasse"]

    empty = abh.post(path, json={"name": "Bescheinigung"})
    other = abh.post(path, json={"name": "Etwas anderes"})
    foreign = both_worlds.client("jc.koeln").post(path, json={"name": "Bescheinigung"})
    assert [each.status_code for each in (empty, other, foreign)] == [422, 404, 404]

    entered = abh.post(path, json={"name": "Bescheinigung", "values": {"kasse": "Muster"}})
    assert (entered.status_code, entered.json()) == (200, [])
    shown = [abh.get(f"/api/v1/cases/{each}").json() for each in cases]
    assert [each["active_elements"] for each in shown] == [["m"], ["t"]]
    assert shown[1]["variables"] == {"kasse": "Muster"}, "what was entered stands in the form that follows"
    assert abh.post(path, json={"name": "Bescheinigung", "values": {"kasse": "x"}}).status_code == 404
    told = abh.get(f"/api/v1/cases/{cases[1]}/timeline").json()
    assert [(each["name"], each["values"]) for each in told if each["kind"] == "message"] == [
        ("Bescheinigung da", {"kasse": "Muster"})
    ]
