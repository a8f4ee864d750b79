"""A decision that the rules propose: its reasons, what a person decides upon it, and why."""

from __future__ import annotations

from html import escape
from uuid import UUID

from models import BPMN
from people import KOELN, PASSWORD, World

from staffel.api.cases.values import field_titles
from staffel.engine.accounts import create_account
from staffel.engine.actor import Role
from staffel.engine.feel import from_json
from staffel.engine.feel.codec import decode_values, encode_values
from staffel.engine.library import deployed
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Task
from staffel.ui.app import create_application

API = "/api/v1"

DECIDED = {
    "p.bpmn": (
        f'<definitions {BPMN} id="d" targetNamespace="urn:test"><process id="p" name="P" isExecutable="true"><laneSet id="ls">'
        '<lane id="l"><extensionElements><staffel:unit kind="ABH"/></extensionElements><flowNodeRef>s</flowNodeRef>'
        "<flowNodeRef>b</flowNodeRef><flowNodeRef>e</flowNodeRef></lane></laneSet>"
        '<startEvent id="s"><extensionElements><staffel:form ref="a"/></extensionElements></startEvent>'
        '<businessRuleTask id="b" name="Volljährig?"><extensionElements><staffel:decision ref="voll" result="voll"/>'
        '</extensionElements></businessRuleTask><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="b"/>'
        '<sequenceFlow id="g" sourceRef="b" targetRef="e"/></process></definitions>'
    ).encode(),
    "t.dmn": (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="D" name="D" namespace="urn:t"><inputData id="i" '
        b'name="Alter"><variable name="Alter" typeRef="number"/></inputData><decision id="voll" name="voll"><variable name="voll"/>'
        b'<informationRequirement id="r"><requiredInput href="#i"/></informationRequirement><decisionTable id="T">'
        b'<input id="x" label="Alter"><inputExpression><text>Alter</text></inputExpression></input><output name="o"/>'
        b'<rule id="r1"><inputEntry><text>&gt;= 18</text></inputEntry><outputEntry><text>"ja"</text></outputEntry></rule>'
        b'<rule id="r2"><inputEntry><text>&lt; 18</text></inputEntry><outputEntry><text>"nein"</text></outputEntry></rule>'
        b"</decisionTable></decision></definitions>"
    ),
    "forms/a.json": b'{"schema": {"type": "object", "properties": {"Alter": {"type": "number"}}}}',
}


def test_the_explanation_of_a_proposal_is_stored_once_and_shown_with_the_task(both_worlds: World) -> None:
    both_worlds.deploy(DECIDED)
    abh = both_worlds.client("abh.koeln")
    abh.post("/api/v1/cases", json={"process": "p", "reference": "AZ-1", "variables": {"Alter": 30}})
    (task,) = abh.get("/api/v1/tasks").json()["items"]

    proposal = abh.get(f"/api/v1/tasks/{task['id']}").json()["proposal"]

    assert proposal["result"] == "ja"
    assert proposal["explanation"]["decisions"][0]["tables"][0]["matched"] == [1]
    with both_worlds.database.engine.connect() as connection:
        stored = list(connection.exec_driver_sql("SELECT proposal FROM task").scalars())
        events = list(connection.exec_driver_sql("SELECT type, data FROM event").all())
    assert all(b"matched" not in bytes(each) for each in stored)
    assert [kind for kind, data in events if b"matched" in bytes(data)] == ["DecisionMade"]


def test_a_decision_may_read_a_number_with_a_fraction(both_worlds: World) -> None:
    both_worlds.deploy(DECIDED)
    abh = both_worlds.client("abh.koeln")
    abh.post("/api/v1/cases", json={"process": "p", "reference": "AZ-1", "variables": {"Alter": 30.5}})
    (task,) = abh.get("/api/v1/tasks").json()["items"]

    explained = abh.get(f"/api/v1/tasks/{task['id']}").json()["proposal"]["explanation"]["decisions"][0]

    assert explained["inputs"][0]["value"] == 30.5


def test_whoever_departs_from_a_proposal_says_why_and_both_stay_to_be_read(both_worlds: World) -> None:
    both_worlds.deploy(DECIDED)
    abh = both_worlds.client("abh.koeln")
    for reference in ("AZ-1", "AZ-2"):
        start = {"process": "p", "reference": reference, "variables": {"Alter": 30}}
        assert abh.post(f"{API}/cases", json=start).status_code == 201
    followed, departed = (each["id"] for each in abh.get(f"{API}/tasks").json()["items"])
    for task in (followed, departed):
        abh.post(f"{API}/tasks/{task}/claim")

    refused = abh.post(f"{API}/tasks/{departed}/complete", json={"variables": {"voll": "nein"}})
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["details"]["fields"]] == ["abweichung_begruendung"]
    reasoned = {"variables": {"voll": "nein", "abweichung_begruendung": "Die Unterlagen sagen anderes."}}
    assert abh.post(f"{API}/tasks/{departed}/complete", json=reasoned).is_success
    assert abh.post(f"{API}/tasks/{followed}/complete", json={"variables": {}}).is_success

    seen = abh.get(f"{API}/tasks/{departed}").json()
    assert (seen["proposal"]["result"], seen["decided"]) == ("ja", reasoned["variables"])
    assert abh.get(f"{API}/tasks/{followed}").json()["decided"] == {"voll": "ja"}


def test_a_form_in_which_a_proposal_can_be_changed_asks_why(both_worlds: World) -> None:
    model = DECIDED["p.bpmn"].replace(b"<staffel:decision", b'<staffel:form ref="w"/><staffel:decision')
    form = b'{"schema": {"type": "object", "properties": {"voll": {"enum": ["ja", "nein"]}, "Notiz": {"type": "string"}}}}'
    both_worlds.deploy(DECIDED | {"p.bpmn": model, "forms/w.json": form})
    abh = both_worlds.client("abh.koeln")
    abh.post(f"{API}/cases", json={"process": "p", "reference": "AZ-1", "variables": {"Alter": 30}})
    (task,) = (each["id"] for each in abh.get(f"{API}/tasks").json()["items"])
    abh.post(f"{API}/tasks/{task}/claim")

    shown = abh.get(f"{API}/tasks/{task}").json()
    assert list(shown["form"]["schema"]["properties"]) == ["voll", "Notiz", "abweichung_begruendung"]
    assert shown["values"]["voll"] == "ja", "the proposal stands in the form"
    refused = abh.post(f"{API}/tasks/{task}/complete", json={"variables": {"voll": "nein"}})
    assert [each["field"] for each in refused.json()["details"]["fields"]] == ["abweichung_begruendung"]
    reasoned = {"voll": "nein", "abweichung_begruendung": "Die Unterlagen sagen anderes."}
    done = abh.post(f"{API}/tasks/{task}/complete", json={"variables": reasoned})
    assert (done.status_code, done.json()["decided"]) == (200, reasoned)


def test_a_form_at_a_decision_without_a_person_is_told(both_worlds: World) -> None:
    model = DECIDED["p.bpmn"].replace(
        b'result="voll"/>', b'result="voll" bound="true"/><staffel:form ref="a"/>'
    )
    designer = both_worlds.client("prozessdesign.koeln")

    made = designer.post(
        f"{API}/models", files=[("files", each) for each in (DECIDED | {"p.bpmn": model}).items()]
    )

    found = [each for each in made.json()["report"]["findings"] if each["code"] == "form-unused"]
    assert [(each["element"], each["severity"]) for each in found] == [("b", "warning")]


def test_a_decision_under_four_eyes_is_shown_to_the_second_person_and_done_when_confirmed(
    both_worlds: World,
) -> None:
    both_worlds.deploy(
        DECIDED
        | {"p.bpmn": DECIDED["p.bpmn"].replace(b"<staffel:decision", b"<staffel:fourEyes/><staffel:decision")}
    )
    abh = both_worlds.client("abh.koeln")
    abh.post(f"{API}/cases", json={"process": "p", "reference": "AZ-1", "variables": {"Alter": 30}})
    (task,) = (f"{API}/tasks/{each['id']}" for each in abh.get(f"{API}/tasks").json()["items"])
    abh.post(f"{task}/claim")
    departed = {"voll": "nein", "abweichung_begruendung": "Die Unterlagen sagen anderes."}
    alone = abh.post(f"{task}/complete", json={"variables": departed})
    assert (alone.status_code, alone.json()["code"]) == (409, "no-second-person")

    unit = both_worlds.units[KOELN, "ABH"]
    both_worlds.database.run(
        create_account, now=both_worlds.now, municipality=KOELN, login="zweite", name="Zweite",
        password=PASSWORD, roles=[(Role.SACHBEARBEITUNG, unit)],
    )  # fmt: skip
    second = both_worlds.client("zweite")
    given = abh.post(f"{task}/complete", json={"variables": departed}).json()
    assert (given["status"], given["may_confirm"]) == ("checking", False)
    check = {"check": given["checks"][0]["id"]}
    own = abh.post(f"{task}/confirm", json=check)
    assert (own.status_code, own.json()["code"]) == (409, "not-second-person")
    seen = second.get(task).json()
    assert (seen["proposal"]["result"], seen["decided"], seen["may_confirm"]) == ("ja", departed, True)
    assert second.post(f"{task}/give-back", json={}).json()["code"] == "check-reason"
    assert [each["id"] for each in second.get(f"{API}/tasks?status=checking").json()["items"]] == [seen["id"]]

    done = second.post(f"{task}/confirm", json=check | {"idempotency_key": "k"}).json()

    assert (done["status"], done["decided"]) == ("done", departed)
    assert [(each["first"], each["second"], each["outcome"]) for each in done["checks"]] == [
        ("abh.koeln", "Zweite", "confirmed")
    ]


def test_an_explanation_that_an_older_release_kept_with_the_task_is_still_shown(both_worlds: World) -> None:
    both_worlds.deploy(DECIDED)
    abh = both_worlds.client("abh.koeln")
    abh.post("/api/v1/cases", json={"process": "p", "reference": "AZ-1", "variables": {"Alter": 30}})
    (listed,) = abh.get("/api/v1/tasks").json()["items"]
    now = abh.get(f"/api/v1/tasks/{listed['id']}").json()["proposal"]

    def as_before(tx: Transaction) -> None:
        task = tx.session.get_one(Task, UUID(listed["id"]))
        stored = decode_values(task.proposal or b"")
        del stored["key"]
        task.proposal = encode_values(stored | {"explanation": from_json(now["explanation"])})
        tx.session.add(task)

    both_worlds.database.run(as_before)

    assert abh.get(f"/api/v1/tasks/{listed['id']}").json()["proposal"] == now
    both_worlds.serve(create_application)
    shown = both_worlds.client("abh.koeln").get(f"/aufgaben/{listed['id']}").text
    rule = now["explanation"]["decisions"][0]["tables"][0]["rules"][0]
    assert escape(rule["text_de"]) in shown


def test_what_only_a_decision_sets_is_called_like_its_step(world: World) -> None:
    version = world.deploy(DECIDED)

    model = world.database.read(deployed, version_id=UUID(version))

    assert field_titles(model)["voll"] == "Volljährig?"
