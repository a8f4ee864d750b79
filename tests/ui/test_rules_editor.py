"""The rules of a decision table edited in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from ui_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_rule_is_added_checked_and_saved_as_a_new_draft(visitor: Any, site: Site) -> None:
    someone = visitor("design")
    page = someone.look("rules")
    before = page.locator("tbody tr").count()
    page.get_by_role("button", name="Regel hinzufügen").click()
    expect(page.locator("tbody tr")).to_have_count(before + 1)
    first = page.locator("tbody tr").last.locator("textarea").first
    first.fill("das ist == kein FEEL")
    page.get_by_role("button", name="Prüfen", exact=True).click()
    page.locator("main [role=status]", has_text="Befund").wait_for()
    last = page.locator("tbody tr").last
    assert last.locator("textarea").first.input_value() == "das ist == kein FEEL"
    last.get_by_role("button", name="löschen").click()
    expect(page.locator("tbody tr")).to_have_count(before)
    page.get_by_label("Rechtsstand").fill("<b>2026</b>")
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.wait_for_url("**/modelle/version/*")
    assert "Version" in page.inner_text("h1 + p")
    assert someone.troubles == []


def test_a_form_is_edited_tried_and_saved_as_a_new_draft(visitor: Any, site: Site) -> None:
    someone = visitor("design")
    page = someone.look("form-editor")
    page.get_by_role("button", name="Feld hinzufügen").click()
    line = page.locator(".st-line").last
    line.get_by_label("Name", exact=True).fill("haustier")
    line.get_by_label("Wird gezeigt, wenn").fill("personen >")
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.locator("main [role=status]", has_text="Befund").wait_for()
    line.locator("summary").click()
    line.get_by_label("Wird gezeigt, wenn").fill("personen > 2")
    page.get_by_role("button", name="Prüfen und zeigen").click()
    page.fill("#feld-personen", "3")
    page.press("#feld-personen", "Tab")
    page.locator("#feld-haustier").wait_for()
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.wait_for_url("**/modelle/version/*")
    assert "formulare/bedarf/bearbeiten" in page.inner_html("main")
    assert someone.troubles == []


def test_rules_are_edited_without_script(visitor: Any, site: Site) -> None:
    page = visitor("design", java_script_enabled=False).page
    page.goto(site.paths["rules"])
    cells = page.locator("tbody tr").first.locator("textarea").all_text_contents()
    page.locator("tbody tr").nth(1).get_by_role("button", name="nach oben").click()
    expect(page.locator("tbody tr").nth(1).locator("textarea")).to_have_text(cells)


def test_only_designers_edit(visitor: Any, site: Site) -> None:
    page = visitor("cm").page
    page.goto(site.paths["rules"])
    assert page.locator("textarea").count() == 0
