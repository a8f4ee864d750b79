"""The palette: everything by keyboard, and a page instead of it without script."""

from __future__ import annotations

from typing import Any

import pytest
from ui_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_palette_goes_to_a_case_and_presses_a_button_by_keyboard_alone(visitor: Any, site: Site) -> None:
    task = site.task(site.start("CM-palette-7"))
    someone = visitor("cm", viewport={"width": 400, "height": 800})
    page = someone.page
    page.goto("/eingang")
    page.keyboard.press("Control+k")
    page.get_by_role("option", name="Eingang").wait_for()
    page.keyboard.type("palette-7")
    page.get_by_role("option", name="Bedarf aufnehmen, CM-palette-7").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/aufgaben/{task}")

    page.keyboard.press("Control+k")
    page.keyboard.type("übernehmen")
    page.get_by_role("status").filter(has_text="Treffer: 1").wait_for()
    assert page.locator("#palette-feld").get_attribute("aria-activedescendant") == "palette-0"
    page.keyboard.press("Enter")
    page.get_by_text("Sie haben die Aufgabe übernommen.").wait_for()
    page.get_by_role("link", name="Suchen").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert "Suchen" in page.evaluate("document.activeElement.textContent")
    assert someone.troubles == []


def test_without_script_the_search_is_a_page(visitor: Any, site: Site) -> None:
    site.start("CM-suche-8")
    page = visitor("cm", java_script_enabled=False).page
    page.goto("/eingang")
    page.get_by_role("link", name="Suchen").click()
    page.fill("#q", "suche-8")
    page.get_by_role("button", name="Suchen").click()
    page.get_by_role("link", name="CM-suche-8", exact=True).click()
    assert page.inner_text("h1") == "CM-suche-8"
