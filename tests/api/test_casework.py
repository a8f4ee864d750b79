"""A case from its start through a handover to its end, by API alone."""

from __future__ import annotations

import pytest
from models import BPMN, MACHINE, RELAY_FILES
from people import KOELN, World

API = "/api/v1"


@pytest.fixture
def relay(both_worlds: World) -> World:
    """Both databases with the relay in force."""
    both_worlds.deploy(RELAY_FILES)
    return both_worlds


@pytest.fixture
def small_relay(world: World) -> World:
    """SQLite with the relay in force."""
    world.deploy(RELAY_FILES)
    return world


def start(world: World, reference: str = "AZ-1", **more: object) -> dict[str, object]:
    answer = world.client("abh.koeln").post(
        f"{API}/cases", json={"process": "relay", "reference": reference} | more
    )
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def first_task(world: World, login: str) -> str:
    return world.client(login).get(f"{API}/tasks").json()["items"][0]["id"]  # type: ignore[no-any-return]


def hand_over(world: World) -> str:
    """Do the first task; the id of the handover."""
    abh, task = world.client("abh.koeln"), first_task(world, "abh.koeln")
    assert abh.post(f"{API}/tasks/{task}/claim").status_code == 200
    values = {"name": "Amal", "geheim": "nur für die ABH", "ab": "2026-12-01"}
    done = abh.post(f"{API}/tasks/{task}/complete", json={"variables": values})
    assert done.status_code == 200, done.text
    return abh.get(f"{API}/handovers").json()["items"][0]["id"]  # type: ignore[no-any-return]


def test_the_relay_runs_from_start_to_end(relay: World) -> None:
    case = start(relay)
    assert case["responsible"]["name"] == "ABH Köln"  # type: ignore[index]
    handover = hand_over(relay)
    jc = relay.client("jc.koeln")
    offered = jc.get(f"{API}/handovers/{handover}").json()
    assert (offered["direction"], offered["status"], offered["data"]) == (
        "incoming",
        "offered",
        {"name": "Amal"},
    )
    assert jc.post(f"{API}/handovers/{handover}/acknowledge").json()["status"] == "acknowledged"
    assert jc.post(f"{API}/handovers/{handover}/accept").json()["status"] == "accepted"
    task = first_task(relay, "jc.koeln")
    detail = jc.post(f"{API}/tasks/{task}/claim").json()
    assert detail["form"]["schema"]["required"] == ["betrag"]
    assert detail["values"] == {"name": "Amal"}
    assert jc.post(f"{API}/tasks/{task}/begin").json()["begun_at"]
    done = jc.post(f"{API}/tasks/{task}/complete", json={"variables": {"betrag": 563.5}})
    assert done.json()["status"] == "done"
    ended = jc.get(f"{API}/cases/{case['id']}").json()
    assert (ended["status"], ended["responsible"]["name"]) == ("completed", "JC Köln")


def test_the_timeline_tells_each_stelle_its_own_part(small_relay: World) -> None:
    world = small_relay
    case = start(world)
    world.wait(hours=1)
    handover = hand_over(world)
    world.wait(hours=2)
    jc = world.client("jc.koeln")
    jc.post(f"{API}/handovers/{handover}/accept")
    mine = jc.get(f"{API}/cases/{case['id']}/timeline").json()
    assert [entry["kind"] for entry in mine] == ["started", "elsewhere", "handover", "task"]
    assert mine[1]["unit"]["kind"] == "ABH"
    theirs = world.client("abh.koeln").get(f"{API}/cases/{case['id']}/timeline").json()
    assert [entry["kind"] for entry in theirs] == ["started", "task", "handover", "elsewhere"]
    assert theirs[3]["unit"]["kind"] == "JC"


def test_who_was_only_asked_holds_no_case_and_stays_unknown_to_third_stellen(world: World) -> None:
    lanes = "".join(
        f'<lane id="L_{kind}" name="{kind}"><extensionElements><staffel:unit kind="{kind}"/></extensionElements>'
        f"{''.join(f'<flowNodeRef>{node}</flowNodeRef>' for node in nodes)}</lane>"
        for kind, nodes in (("ABH", "SA"), ("JC", "B"), ("LB", "CE"))
    )
    asked = '<extensionElements><staffel:handover kind="beteiligung"/></extensionElements>'
    body = (
        '<startEvent id="S"/><userTask id="A"/><userTask id="B"/><userTask id="C"/><endEvent id="E"/>'
        + "".join(
            f'<sequenceFlow id="{flow}" sourceRef="{flow[0]}" targetRef="{flow[1]}">{asked if flow == "AB" else ""}</sequenceFlow>'
            for flow in ("SA", "AB", "BC", "CE")
        )
    )
    world.deploy(
        {
            "m.bpmn": f'<definitions {BPMN} targetNamespace="t"><process id="p" isExecutable="true"><laneSet id="ls">{lanes}'
            f"</laneSet>{body}</process></definitions>".encode()
        }
    )
    case = world.client("abh.koeln").post(f"{API}/cases", json={"process": "p", "reference": "B-1"}).json()
    for login in ("abh", "jc", "lb"):
        client = world.client(f"{login}.koeln")
        for handover in client.get(f"{API}/handovers?direction=incoming").json()["items"]:
            client.post(f"{API}/handovers/{handover['id']}/accept")
        task = first_task(world, f"{login}.koeln")
        world.wait(hours=1)
        if login != "lb":
            client.post(f"{API}/tasks/{task}/claim")
            assert client.post(f"{API}/tasks/{task}/complete", json={}).status_code == 200

    entries = world.client("lb.koeln").get(f"{API}/cases/{case['id']}/timeline").json()
    assert [entry["unit"]["kind"] for entry in entries if entry["kind"] == "elsewhere"] == ["ABH"]


def test_what_is_typed_for_one_stelle_is_nowhere_in_the_answers_to_another(small_relay: World) -> None:
    case = start(small_relay)
    handover = hand_over(small_relay)
    jc = small_relay.client("jc.koeln")
    jc.post(f"{API}/handovers/{handover}/accept")
    paths = [
        f"/cases/{case['id']}",
        f"/cases/{case['id']}/timeline",
        f"/cases/{case['id']}/events",
        f"/handovers/{handover}",
        f"/tasks/{first_task(small_relay, 'jc.koeln')}",
        "/cases",
        "/tasks",
        "/handovers",
    ]
    for path in paths:
        answer = jc.get(API + path)
        assert answer.status_code == 200, path
        assert "nur für die ABH" not in answer.text, path
        assert "geheim" not in answer.text, path


def test_values_that_do_not_fit_the_form_are_refused_field_by_field(small_relay: World) -> None:
    start(small_relay)
    abh, task = small_relay.client("abh.koeln"), first_task(small_relay, "abh.koeln")
    abh.post(f"{API}/tasks/{task}/claim")
    answer = abh.post(f"{API}/tasks/{task}/complete", json={"variables": {"ab": "morgen", "fremd": 1}})
    assert (answer.status_code, answer.json()["code"]) == (422, "values-refused")
    assert {fault["field"] for fault in answer.json()["details"]["fields"]} == {"name", "ab", "fremd"}


def test_what_a_form_finds_unusual_is_taken_when_it_is_confirmed_and_what_it_hides_is_not_kept(
    small_relay: World,
) -> None:
    case = start(small_relay)
    abh, task = small_relay.client("abh.koeln"), first_task(small_relay, "abh.koeln")
    abh.post(f"{API}/tasks/{task}/claim")
    sent = {"variables": {"name": "Ada", "ab": "1900-01-01", "geheim": "wird nicht gezeigt"}}

    asked = abh.post(f"{API}/tasks/{task}/complete", json=sent)
    assert (asked.status_code, asked.json()["code"]) == (409, "values-doubtful")
    assert asked.json()["details"]["fields"] == [
        {"field": "ab", "code": "doubtful", "text_de": "Lange her.", "text_en": "Long ago."}
    ]
    done = abh.post(f"{API}/tasks/{task}/complete", json={**sent, "confirmed": True})
    assert done.status_code == 200, done.text
    assert "wird nicht gezeigt" not in abh.get(f"{API}/cases/{case['id']}").text


def test_a_draft_is_seen_by_who_typed_it_only_and_gone_when_the_task_is_done(small_relay: World) -> None:
    start(small_relay)
    abh, task = small_relay.client("abh.koeln"), first_task(small_relay, "abh.koeln")
    abh.post(f"{API}/tasks/{task}/claim")
    assert abh.put(f"{API}/tasks/{task}/draft", json={"values": {"name": "Am"}}).status_code == 204
    assert abh.get(f"{API}/tasks/{task}").json()["draft"] == {"name": "Am"}
    abh.post(f"{API}/tasks/{task}/complete", json={"variables": {"name": "Amal"}})
    assert abh.get(f"{API}/tasks/{task}").json()["draft"] is None


def test_a_task_is_claimed_once_and_completed_once(relay: World) -> None:
    start(relay)
    abh, task = relay.client("abh.koeln"), first_task(relay, "abh.koeln")
    body = {"variables": {"name": "Amal"}}
    assert abh.post(f"{API}/tasks/{task}/complete", json=body).json()["code"] == "task-not-claimed"
    assert abh.post(f"{API}/tasks/{task}/claim").status_code == 200
    assert abh.post(f"{API}/tasks/{task}/claim").status_code == 409
    first = abh.post(f"{API}/tasks/{task}/complete", json=body | {"idempotency_key": "k"})
    again = abh.post(f"{API}/tasks/{task}/complete", json=body | {"idempotency_key": "k"})
    third = abh.post(f"{API}/tasks/{task}/complete", json=body)
    assert [first.status_code, again.status_code, third.status_code] == [200, 200, 409]


def test_a_released_task_is_open_again(small_relay: World) -> None:
    start(small_relay)
    abh, task = small_relay.client("abh.koeln"), first_task(small_relay, "abh.koeln")
    abh.post(f"{API}/tasks/{task}/claim")
    assert abh.get(f"{API}/tasks?mine=true").json()["items"][0]["is_mine"]
    assert abh.post(f"{API}/tasks/{task}/release").json()["status"] == "open"
    assert abh.get(f"{API}/tasks?mine=true").json()["items"] == []


def test_a_handover_comes_back_with_its_reason(relay: World) -> None:
    start(relay)
    handover = hand_over(relay)
    jc, abh = relay.client("jc.koeln"), relay.client("abh.koeln")
    back = jc.post(f"{API}/handovers/{handover}/return", json={"reason": "unvollständig", "text": "Ausweis"})
    assert (back.status_code, back.json()["status"]) == (200, "returned")
    seen = abh.get(f"{API}/handovers/{handover}").json()
    assert (seen["reason"], seen["reason_text"]) == ("unvollständig", "Ausweis")
    assert abh.get(f"{API}/tasks").json()["items"][0]["name"] == "Antrag prüfen"
    assert jc.get(f"{API}/handovers?direction=incoming").json()["items"] == []


def test_a_handover_is_withdrawn_by_the_sender_only(small_relay: World) -> None:
    start(small_relay)
    handover = hand_over(small_relay)
    body = {"reason": "Irrtum"}
    jc, abh = small_relay.client("jc.koeln"), small_relay.client("abh.koeln")
    assert jc.post(f"{API}/handovers/{handover}/withdraw", json=body).status_code == 403
    assert abh.post(f"{API}/handovers/{handover}/accept").status_code == 403
    assert abh.post(f"{API}/handovers/{handover}/withdraw", json=body).json()["status"] == "withdrawn"
    assert abh.post(f"{API}/handovers/{handover}/offer").json()["code"] == "handover-not-waiting"


def test_an_overdue_handover_is_marked(small_relay: World) -> None:
    start(small_relay)
    hand_over(small_relay)
    abh = small_relay.client("abh.koeln")
    assert abh.get(f"{API}/handovers?overdue=true").json()["items"] == []
    small_relay.wait(days=10)
    late = small_relay.client("jc.koeln").get(f"{API}/handovers?overdue=true").json()["items"]
    assert [handover["is_overdue"] for handover in late] == [True]
    jc = small_relay.client("jc.koeln")
    asked = jc.post(f"{API}/handovers/{late[0]['id']}/request-supplement", json={"missing": ["Mietvertrag"]})
    assert asked.json()["is_overdue"] is False  # it is the sender's turn
    assert jc.get(f"{API}/handovers?overdue=true").json()["items"] == []


def test_starting_twice_with_one_key_starts_once(relay: World) -> None:
    first = start(relay, idempotency_key="k")
    assert start(relay, idempotency_key="k")["id"] == first["id"]
    abh = relay.client("abh.koeln")
    taken = abh.post(f"{API}/cases", json={"process": "relay", "reference": "AZ-1"})
    assert (taken.status_code, taken.json()["code"]) == (409, "reference-taken")


def test_cases_of_a_process_that_is_not_in_force_cannot_be_started(world: World) -> None:
    answer = world.client("abh.koeln").post(f"{API}/cases", json={"process": "nothing", "reference": "1"})
    assert answer.status_code == 404


def test_lists_come_in_pages_that_neither_repeat_nor_miss(relay: World) -> None:
    for number in range(7):
        start(relay, f"AZ-{number}")
    abh = relay.client("abh.koeln")
    for path in ("tasks", "cases"):
        seen, cursor = [], None
        while True:
            query = f"?limit=3&cursor={cursor}" if cursor else "?limit=3"
            page = abh.get(f"{API}/{path}{query}").json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 7
    assert abh.get(f"{API}/tasks?cursor=nonsense").status_code == 422


def test_filters_are_text_and_nothing_else(small_relay: World) -> None:
    start(small_relay, "50.1_A%")
    abh = small_relay.client("abh.koeln")
    for text, found in (("50.1_a%", 1), ("%", 1), ("5_.", 0), ("' OR 1=1 --", 0), ("50.1", 1)):
        assert len(abh.get(f"{API}/tasks", params={"reference": text}).json()["items"]) == found, text


def test_a_case_is_cancelled_with_a_reason(small_relay: World) -> None:
    case = start(small_relay)
    abh = small_relay.client("abh.koeln")
    assert abh.post(f"{API}/cases/{case['id']}/cancel", json={"reason": ""}).status_code == 422
    ended = abh.post(f"{API}/cases/{case['id']}/cancel", json={"reason": "Antrag zurückgenommen"})
    assert ended.json()["status"] == "cancelled"
    assert abh.get(f"{API}/tasks").json()["items"] == []


def test_a_program_does_the_work_and_sends_the_message(both_worlds: World) -> None:
    world = both_worlds
    world.deploy({"machine.bpmn": MACHINE})
    world.client("abh.koeln").post(f"{API}/cases", json={"process": "machine", "reference": "M-1"})
    program = world.token("work", "messages")
    fetched = program.post(f"{API}/work/fetch", json={"worker": "w", "topics": ["drucken"]}).json()
    assert [item["reference"] for item in fetched] == ["M-1"]
    path = f"{API}/work/{fetched[0]['id']}"
    assert program.post(f"{API}/work/fetch", json={"worker": "v", "topics": ["drucken"]}).json() == []
    assert program.post(f"{path}/complete", json={"worker": "v"}).json()["code"] == "lease-lost"
    assert program.post(f"{path}/extend", json={"worker": "w", "lease": "PT10M"}).status_code == 200
    assert program.post(f"{path}/complete", json={"worker": "w"}).status_code == 204
    message = {"name": "Antwort", "correlation": "M-1", "key": "4711"}
    assert program.post(f"{API}/messages", json=message).json()["is_received"]
    assert program.post(f"{API}/messages", json=message).json()["is_received"]
    cases = world.client("abh.koeln").get(f"{API}/cases").json()["items"]
    assert cases[0]["status"] == "completed"


def test_work_that_fails_for_good_is_an_incident_that_can_be_retried(world: World) -> None:
    world.deploy({"machine.bpmn": MACHINE})
    world.client("abh.koeln").post(f"{API}/cases", json={"process": "machine", "reference": "M-1"})
    program = world.token("work")
    item = program.post(f"{API}/work/fetch", json={"worker": "w", "topics": ["drucken"]}).json()[0]
    failure = {"worker": "w", "message": "Papierstau", "retries": 0}
    assert program.post(f"{API}/work/{item['id']}/fail", json=failure).status_code == 204
    abh = world.client("abh.koeln")
    incident = abh.get(f"{API}/incidents").json()["items"][0]
    assert incident["element"] == "W"
    assert "Papierstau" in incident["text_de"]
    seen = world.client("prozessdesign.koeln").get(f"{API}/incidents/{incident['id']}")
    assert seen.json()["details"] is None
    assert "Papierstau" not in seen.text
    assert world.client("jc.koeln").get(f"{API}/incidents").json()["items"] == []
    retried = abh.post(f"{API}/incidents/{incident['id']}/retry", json={})
    assert retried.json()["closed_at"]
    assert program.post(f"{API}/work/fetch", json={"worker": "w", "topics": ["drucken"]}).json()


def test_a_machine_with_a_stelle_does_casework(small_relay: World) -> None:
    admin = small_relay.client("administration.koeln")
    unit = str(small_relay.units[KOELN, "ABH"])
    body = {"name": "x", "scopes": ["cases"], "unit_id": unit, "role": "sachbearbeitung"}
    secret = admin.post(f"{API}/tokens", json=body).json()["secret"]
    program = small_relay.client()
    program.headers["authorization"] = f"Bearer {secret}"
    made = program.post(f"{API}/cases", json={"process": "relay", "reference": "P-1"})
    assert made.status_code == 201
    assert program.get(f"{API}/tasks").json()["items"][0]["case"]["reference"] == "P-1"
