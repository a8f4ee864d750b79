"""Signing as the person who leads a Stelle does it."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_stelle_signs_and_withdraws_for_itself_alone(visitor: Any, site: Any) -> None:
    someone = visitor("lead")
    page = someone.page
    page.goto("/vereinbarungen")
    page.get_by_text("Ihre Zeichnung fehlt").wait_for()
    page.get_by_role("link", name="Wohnraumhilfe, Version 1").click()
    page.get_by_role("button", name="Zeichnen").click()
    assert "Bitte ausfüllen." in page.inner_text("main")
    page.get_by_label("Name und Funktion").fill("<b>Kim Linde</b>, Leitung")
    page.get_by_role("button", name="Zeichnen").click()

    assert "1 von 2 Stellen haben gezeichnet" in page.inner_text("main")
    assert "<b>Kim Linde</b>, Leitung" in page.inner_text("main")
    assert page.get_by_role("button", name="Zeichnen").count() == 0
    assert "gilt noch nicht" in page.inner_text("#regeln + div")

    page.get_by_text("Zeichnung für Case Management Rheine zurücknehmen").click()
    page.get_by_label("Grund der Rücknahme").fill("Der Datensatz geht zu weit")
    page.get_by_role("button", name="Zurücknehmen").click()
    assert "0 von 2 Stellen haben gezeichnet" in page.inner_text("main")
    assert someone.troubles == []


def test_the_annex_says_what_is_agreed(visitor: Any) -> None:
    page = visitor("woh").look("annex")
    said = page.inner_text("main")

    assert "Anlage zur Kooperationsvereinbarung" in said
    assert "§ 67a SGB X" in said
    assert "2 Arbeitstage" in said
    assert ">= 5" in said
    assert page.get_by_role("row", name="Wohnungsamt Rheine").count() == 1
