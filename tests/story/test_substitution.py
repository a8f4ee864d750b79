"""An absence as the people of a Stelle see it: who substitutes goes on with what was begun, nobody else, and not for longer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from working_town import Person, Town

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CHILD = {
    "familienname": "Birke", "vornamen": "Meise", "geburtsdatum": "2014-05-05", "ankunft_am": "2026-02-20",
    "sprache_kind": "uk",
}  # fmt: skip
TASK = "Meldebogen ausfüllen und weitergeben"
IN_PLACE_OF = "/eingang?ansicht=vertretung&az=34-V-"


def _inbox(person: Person) -> str:
    return person.open(IN_PLACE_OF).inner_text("#liste")


def test_a_substitute_does_what_an_absent_colleague_had_begun_until_the_absence_ends(town: Town) -> None:
    town.at(5, 4)
    absent, substitute, other = (town.person(f"koeln.{each}") for each in ("melde", "melde2", "ki"))
    for reference in ("34-V-1", "34-V-2"):
        town.begin("koeln.melde", "seiteneinsteiger", reference, "Start_Zuzug", CHILD)
        absent.task(reference, TASK)
    page = absent.open("/vertretung")
    page.get_by_label("Vertretung durch").select_option(label=town.actor("koeln.melde2").name)
    page.get_by_label("Erster Tag").fill("2026-05-05")
    page.get_by_label("Letzter Tag").fill("2026-05-06")
    page.get_by_role("button", name="Einrichten").click()
    expect(page.locator("#meldung")).not_to_be_empty()
    assert "34-V-" not in _inbox(substitute), "it begins with its first day"

    town.at(5, 5)
    assert "34-V-" not in _inbox(other)
    assert "34-V-2" in _inbox(substitute)
    row = substitute.page.get_by_role("row", name="34-V-1")
    row.get_by_role("button", name="In Vertretung übernehmen").click()
    expect(substitute.page.locator("#meldung")).not_to_be_empty()
    substitute.do("34-V-1", TASK, anschrift="Musterweg 2")
    assert "34-V-1" in town.person("koeln.ki").handover("34-V-1").inner_text("main")

    town.at(5, 7)
    assert "34-V-" not in _inbox(substitute), "it has ended with its last day"
    page = substitute.open("/eingang?az=34-V-2")
    page.get_by_role("link", name=TASK).click()
    expect(page.get_by_role("heading", name=TASK)).to_be_visible()
    expect(page.get_by_role("button", name="In Vertretung übernehmen")).to_have_count(0)
    assert "Keine Vertretung eingetragen." in substitute.open("/vertretung").inner_text("main")
    assert {each.login: each.troubles for each in (absent, substitute, other) if each.troubles} == {}
