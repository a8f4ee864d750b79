"""Four eyes as two people of a Stelle use them."""

from __future__ import annotations

from typing import Any

import pytest
from ui_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_decision_goes_to_a_colleague_comes_back_and_is_countersigned(visitor: Any, site: Site) -> None:
    task = site.decision("CM-vier-augen")
    first = visitor("woh").page
    first.goto(f"/aufgaben/{task}")
    first.get_by_label("Abweichen, mit Begründung").check()
    first.get_by_label("dringlichkeit").fill("mittel")
    first.get_by_label("Begründung der Abweichung").fill("Zimmer beim Bruder bis März")
    first.get_by_role("button", name="Zur Mitzeichnung geben").click()
    first.get_by_text("Die Aufgabe wartet auf die Mitzeichnung").wait_for()

    second = visitor("woh-leitung").page
    second.goto("/eingang?ansicht=mitzeichnung&az=CM-vier-augen")
    second.locator("#zeilen th a").click()
    assert "Zimmer beim Bruder bis März" in second.inner_text("main")
    assert second.get_by_label("Begründung der Abweichung").count() == 0
    second.locator("summary", has_text="Zurückgeben").press("Enter")
    second.get_by_role("button", name="Mit Begründung zurückgeben").click()
    assert "Bitte begründen Sie" in second.inner_text("#grund-fehler")
    second.get_by_label("Was ist zu ändern?").fill("Bitte den Mietvertrag nennen")
    second.get_by_role("button", name="Mit Begründung zurückgeben").click()
    second.wait_for_url("**/eingang?ansicht=mitzeichnung")

    first.goto(f"/aufgaben/{task}")
    assert "Bitte den Mietvertrag nennen" in first.inner_text("main")
    assert first.get_by_label("dringlichkeit").input_value() == "mittel"
    first.get_by_label("Begründung der Abweichung").fill("Untermietvertrag bis März")
    first.get_by_role("button", name="Zur Mitzeichnung geben").click()
    second.goto(f"/aufgaben/{task}")
    second.get_by_role("button", name="Mitzeichnen").click()
    second.get_by_text("Mitgezeichnet. Der Vorgang geht weiter.").wait_for()
    second.goto(f"/aufgaben/{task}")
    assert "vom Vorschlag abgewichen" in second.inner_text("main")
