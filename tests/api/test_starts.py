"""A process with several start events: each is another occasion, and whoever starts a case says which (§10.5.2)."""

from __future__ import annotations

import pytest
from models import BPMN
from people import World

from staffel.ui.app import create_application

API = "/api/v1"
FILES = {
    "m.bpmn": (
        f'<definitions {BPMN} id="d" targetNamespace="urn:t"><process id="p" name="Umzug" isExecutable="true"><laneSet id="ls">'
        '<lane id="l"><extensionElements><staffel:unit kind="ABH"/></extensionElements>'
        + "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in ("antrag", "anruf", "m", "t", "u", "e"))
        + '</lane></laneSet><startEvent id="antrag" name="Antrag ist da"><extensionElements><staffel:form ref="a"/>'
        '</extensionElements></startEvent><startEvent id="anruf" name="Anruf"/><startEvent id="m" name="Post">'
        '<messageEventDefinition messageRef="M"/></startEvent><userTask id="t"/><userTask id="u"/><endEvent id="e"/>'
        + "".join(
            f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
            for source, target in (("antrag", "t"), ("anruf", "u"), ("m", "t"), ("t", "e"), ("u", "e"))
        )
        + '</process><message id="M" name="M"/></definitions>'
    ).encode(),
    "forms/a.json": b'{"schema": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}}',
}


@pytest.fixture
def moved(world: World) -> World:
    """The process is in force."""
    world.deploy(FILES)
    world.serve(create_application)
    return world


def test_start_form_lists_the_start_events_and_is_that_of_the_one_asked_for(moved: World) -> None:
    abh = moved.client("abh.koeln")

    form = abh.get(f"{API}/processes/p/start-form").json()
    by_phone = abh.get(f"{API}/processes/p/start-form", params={"element": "anruf"}).json()

    assert form["starts"] == [
        {"element": "antrag", "name": "Antrag ist da"},
        {"element": "anruf", "name": "Anruf"},
    ]
    assert form["schema"]["required"] == ["name"]
    assert by_phone["schema"] is None


def test_case_begins_at_the_start_event_chosen_and_at_none_unchosen(moved: World) -> None:
    abh = moved.client("abh.koeln")

    refused = abh.post(f"{API}/cases", json={"process": "p", "reference": "1", "variables": {"name": "A"}})
    begun = abh.post(f"{API}/cases", json={"process": "p", "reference": "1", "element": "anruf"})

    assert (refused.status_code, refused.json()["code"]) == (409, "start-unclear")
    assert "antrag, anruf" in refused.text
    assert begun.json()["active_elements"] == ["u"]


def test_table_for_such_a_process_is_refused_as_a_whole(moved: World) -> None:
    abh = moved.client("abh.koeln")
    table = {"files": ("liste.csv", b"aktenzeichen;name\r\n1;A\r\n")}

    answer = abh.post(f"{API}/batches", data={"process": "p"}, files=table)

    assert (answer.status_code, answer.json()["code"]) == (409, "start-unclear")
    assert abh.get(f"{API}/batches").json()["items"] == []


def test_page_asks_for_the_occasion_before_it_shows_the_form(moved: World) -> None:
    abh = moved.client("abh.koeln")

    asked = abh.get("/vorgaenge/neu", params={"prozess": "p"}).text
    chosen = abh.get("/vorgaenge/neu", params={"prozess": "p", "start": "anruf"}).text
    sent = {"_prozess": "p", "_aktenzeichen": "7"}
    unchosen = abh.post("/vorgaenge/neu", data=sent)
    begun = abh.post("/vorgaenge/neu", data={**sent, "_start": "anruf"})

    assert '<option value="antrag">Antrag ist da</option>' in asked
    assert "_aktenzeichen" not in asked
    assert '<input type="hidden" name="_start" value="anruf">' in chosen
    assert 'name="name"' not in chosen
    assert unchosen.status_code == 422
    assert "bitte eines wählen: Antrag ist da, Anruf" in unchosen.text
    assert begun.status_code == 200, begun.text
    case = abh.get(f"{API}/cases").json()["items"][0]
    assert abh.get(f"{API}/cases/{case['id']}").json()["active_elements"] == ["u"]
