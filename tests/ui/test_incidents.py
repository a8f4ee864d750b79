"""The pages of incidents: who may read and correct what, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from people import Client, World, quick_hashes, world
from served import alerts, town
from standstill import FILES

__all__ = ["quick_hashes", "town", "world"]


@pytest.fixture
def stuck(town: World) -> World:
    """A case of the Jobcenter in Köln that stands still because a date is missing."""
    town.deploy(FILES)
    jc = town.client("jc.koeln")
    jc.post("/api/v1/cases", json={"process": "stillstand", "reference": "B-1"})
    task = jc.get("/api/v1/tasks").json()["items"][0]["id"]
    jc.post(f"/api/v1/tasks/{task}/claim")
    done = jc.post(f"/api/v1/tasks/{task}/complete", json={"variables": {"betrag": 120}})
    assert done.status_code == 200, done.text
    return town


def incident_page(client: Client) -> str:
    return "/stoerungen/" + str(client.get("/api/v1/incidents").json()["items"][0]["id"])


def test_an_incident_is_told_in_the_language_of_the_reader(stuck: World) -> None:
    jc = stuck.client("jc.koeln")
    listed = jc.get("/stoerungen").text
    for told in ("B-1", "muss wahr oder falsch ergeben", "condition-not-boolean", "<code>G</code>"):
        assert told in listed
    jc.cookies.set("staffel-language", "en")
    assert "must give true or false" in jc.get("/stoerungen").text
    assert "Aid from" in jc.get(incident_page(jc)).text


def test_values_are_for_the_stelle_that_holds_the_case(stuck: World) -> None:
    jc, designer = stuck.client("jc.koeln"), stuck.client("prozessdesign.koeln")
    path = incident_page(jc)
    assert 'name="betrag" type="text" value="120"' in jc.get(path).text
    assert 'name="betrag"' not in designer.get(path).text
    assert 'href="/vorgaenge/' not in designer.get(path).text
    for login, status in {"lb.koeln": 404, "prozessdesign.rheine": 404}.items():
        assert stuck.client(login).get(path).status_code == status
        assert stuck.client(login).post(f"{path}/wiederholen").status_code == status
    assert stuck.client("administration.koeln").get("/stoerungen").status_code == 403


def test_a_corrected_date_is_a_date_and_the_case_goes_on(stuck: World) -> None:
    jc = stuck.client("jc.koeln")
    path = incident_page(jc)
    page = jc.post(f"{path}/wiederholen", data={"ab": "2026-12-01", "betrag": "120", "_grund": "fehlte"})
    assert "Der Schritt ist noch einmal versucht worden." in page.text
    assert jc.get("/api/v1/cases?status=completed").json()["items"][0]["reference"] == "B-1"
    assert "Behoben am" in jc.get(path).text
    assert "behoben" in jc.get("/stoerungen?stand=alle").text


def test_a_retry_that_changes_nothing_leads_to_the_next_incident(stuck: World) -> None:
    page = stuck.client("prozessdesign.koeln")
    again = page.post(f"{incident_page(page)}/wiederholen")
    assert "Der Schritt ist wieder stehen geblieben." in again.text


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"betrag": "130"}, "Grund: Nennen Sie den Grund der Berichtigung."),
        ({"betrag": "viel", "_grund": "x"}, "Betrag: Erwartet wird eine Zahl."),
        ({"ab": "bald", "_grund": "x"}, "Beihilfe ab: Erwartet wird ein Datum wie 31.12.2026."),
    ],
)
def test_a_correction_that_does_not_fit_changes_nothing_and_is_not_lost(
    stuck: World, typed: Mapping[str, str], fault: str
) -> None:
    jc = stuck.client("jc.koeln")
    path = incident_page(jc)
    page = jc.post(f"{path}/wiederholen", data=typed)
    assert page.status_code == 422
    assert alerts(page.text) == [fault]
    for value in typed.values():
        assert value in page.text
    assert incident_page(jc) == path
