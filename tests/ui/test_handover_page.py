"""The page of a handover: what is missing is asked for and added field by field, and nothing typed is lost."""

from __future__ import annotations

import html
import re

import pytest
from models import RELAY_FILES
from people import PASSWORD, World, quick_hashes, world
from served import alerts, town

__all__ = ["quick_hashes", "town", "world"]
FIELD = b'<staffel:field name="name" required="true"/>'
FILES = RELAY_FILES | {
    "relay.bpmn": RELAY_FILES["relay.bpmn"].replace(
        FIELD,
        FIELD
        + b'<staffel:field name="ab" required="false"/><staffel:returnReason>dublette</staffel:returnReason>',
    )
}


@pytest.fixture
def handover(town: World) -> str:
    """The path of an open handover from the ABH to the Jobcenter in Köln."""
    town.deploy(FILES)
    abh = town.client("abh.koeln")
    abh.post("/api/v1/cases", json={"process": "relay", "reference": "A-1"})
    task = abh.get("/api/v1/tasks").json()["items"][0]["id"]
    abh.post(f"/api/v1/tasks/{task}/claim")
    done = abh.post(f"/api/v1/tasks/{task}/complete", json={"variables": {"name": "Amal"}})
    assert done.status_code == 200, done.text
    return f"/uebergaben/{abh.get('/api/v1/handovers').json()['items'][0]['id']}"


def test_what_is_missing_is_ticked_by_the_receiver_and_filled_in_by_the_sender_as_its_form_asks(
    town: World, handover: str
) -> None:
    jc, abh = town.client("jc.koeln"), town.client("abh.koeln")
    asked = {"feld": ["ab"], "fehlt": "Mietvertrag", "text": "Bitte beides"}
    assert "Gültig ab" in jc.post(f"{handover}/nachfordern", data=asked).text

    assert 'name="ab" type="date"' in abh.get(handover).text
    wrong = abh.post(f"{handover}/ergaenzen", data={"ab": "morgen"})
    assert wrong.status_code == 422
    assert len(alerts(wrong.text)) == 1
    assert 'value="morgen"' in wrong.text
    abh.post(f"{handover}/ergaenzen", data={"ab": "2026-12-01"})

    again = jc.get(f"/api/v1{handover.replace('uebergaben', 'handovers')}").json()
    assert (again["data"], again["missing"]) == ({"name": "Amal", "ab": "2026-12-01"}, None)
    path = f"/api/v1{handover.replace('uebergaben', 'handovers')}"
    jc.post(f"{path}/request-supplement", json={"missing": ["ab"]})
    refused = abh.post(f"{path}/supplement", json={"values": {"ab": "morgen"}})
    assert (refused.status_code, refused.json()["code"]) == (422, "values-refused")


def test_what_was_typed_stays_where_something_is_refused(town: World, handover: str) -> None:
    jc, abh = town.client("jc.koeln"), town.client("abh.koeln")
    why = "Die Familie ist schon bei uns gemeldet."
    for act, sent in (
        ("zurueckgeben", {"grund": "anderes", "text": why}),
        ("zurueckgeben", {"text": why}),
        ("nachfordern", {"text": why}),
    ):
        page = jc.post(f"{handover}/{act}", data=sent)
        assert page.status_code in {409, 422}, act
        assert "Bitte prüfen Sie Ihre Angaben." in page.text
        assert why in page.text, act
    assert abh.post(f"{handover}/zurueckgeben", data={"grund": "dublette"}).status_code == 403


def test_the_record_says_when_the_receiver_first_opened_it(town: World, handover: str) -> None:
    jc, abh = town.client("jc.koeln"), town.client("abh.koeln")
    path = f"/api/v1{handover.replace('uebergaben', 'handovers')}"
    abh.get(handover)
    jc.get(handover, headers={"sec-fetch-site": "cross-site"})
    assert jc.get(path).json()["read_at"] is None  # the sender, or a foreign page, says nothing
    assert "Zuerst geöffnet" in jc.get(handover).text
    first = abh.get(path).json()["read_at"]
    town.wait(minutes=5)
    assert jc.post(f"{path}/read").json()["read_at"] == first
    assert abh.post(f"{path}/read").status_code == 403


def test_the_receiver_accepts_under_its_own_reference(town: World, handover: str) -> None:
    jc = town.client("jc.koeln")
    page = jc.post(f"{handover}/annehmen", data={"aktenzeichen": "JC-77"})
    assert "JC-77" in page.text


def test_what_was_written_comes_back_when_the_session_has_ended_or_somebody_was_quicker(
    town: World, handover: str
) -> None:
    jc, late = town.client("jc.koeln"), town.client()
    why = 'Die Familie ist "schon" bei uns gemeldet.\nBitte <b>dort</b> nachfragen.'
    shown = html.escape(why, quote=True).replace("&quot;", "&#34;")
    browser = {"accept": "text/html", "referer": f"http://localhost{handover}"}
    sign_in = late.post(f"{handover}/zurueckgeben", data={"grund": "dublette", "text": why}, headers=browser)
    assert sign_in.status_code == 401
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="(.*?)"', sign_in.text))
    assert fields["weiter"] == handover
    sent = {name: html.unescape(value) for name, value in fields.items()}
    page = late.post("/anmelden", data=sent | {"kennung": "jc.koeln", "kennwort": PASSWORD}, headers=browser)
    assert shown in page.text
    assert f'href="{handover}"' in page.text
    assert PASSWORD not in page.text

    jc.post(f"{handover}/annehmen")
    gone = jc.post(
        "/vorgaenge/01a19b45-b800-70d9-9507-4b3095885200/vermerke", data={"text": why}, headers=browser
    )
    assert gone.status_code == 404
    assert shown in gone.text
