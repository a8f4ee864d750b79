"""A caseworker suspends a Frist, lets it run on and extends it on its page; a lead keeps the closing days."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_frist_is_suspended_and_runs_on_and_nothing_typed_is_lost(visitor: Any) -> None:
    look = visitor("cm")
    page = look.page
    case = look.site.start("CM-frist")
    page.goto(f"/vorgaenge/{case}")
    page.click("text=Entscheidung über den Antrag")
    page.fill("#feld-ab", "2027-06-01")
    page.fill("#feld-grund", "Unterlagen fehlen")
    page.click("form[action$=hemmen] button")
    assert "nicht in der Zukunft" in page.inner_text("main")
    assert page.input_value("#feld-grund") == "Unterlagen fehlen"

    page.fill("#feld-ab", "2026-11-24")
    page.click("form[action$=hemmen] button")
    assert "offen, solange die Frist gehemmt ist" in page.inner_text("main")

    page.click("form[action$=weiterlaufen] button")
    # from 21.11.2026: 21.02.2027; one day stood still: Monday 22.02.2027
    assert "22.02.2027" in page.inner_text("main")
    page.fill("#feld-begruendung", "schwierig")
    page.click("form[action$=verlaengern] button")

    said = page.inner_text("main")
    assert "Verlängert um 1 Monat ab 22.02.2027: 22.03.2027 (§ 190 BGB)" in said
    assert page.query_selector("form[action$=verlaengern]") is None
    assert look.troubles == []


def test_the_lead_of_a_stelle_keeps_its_closing_days(visitor: Any) -> None:
    look = visitor("lead")
    page = look.page
    page.goto("/schliesstage")
    page.fill("#feld-tag", "2026-12-25")
    page.fill("#feld-anlass", "Weihnachten")
    page.click("form[action='/schliesstage'] button")
    assert "ohnehin nicht gearbeitet" in page.inner_text("main")

    page.fill("#feld-tag", "2027-02-08")
    page.fill("#feld-anlass", "Rosenmontag")
    page.click("form[action='/schliesstage'] button")
    assert "08.02.2027 Rosenmontag" in page.inner_text("main")
    page.click("text=Streichen: 08.02.2027")

    assert "Rosenmontag" not in page.inner_text("main section")
    assert look.troubles == []
