"""A decision table edited in dmn-js: saved as a new draft through the checks of an upload, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from ui_site import PASSWORD, Site, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def editor(browser: Any, site: Site) -> Iterator[Visitor]:
    """A designer with a session of their own in front of the editor."""
    site.signed_in.pop("design", None)
    someone = Visitor(browser, site, "design", viewport={"width": 1300, "height": 1000})
    site.signed_in.pop("design", None)
    someone.look("table-editor")
    yield someone
    someone.close()


def _text(page: Any, row: int, column: int) -> str:
    return str(_cell(page, row, column).inner_text()).strip()


def _cell(page: Any, row: int, column: int) -> Any:
    return page.locator(f"#tafel tbody tr:nth-child({row}) td.cell").nth(column - 1)


def _type(page: Any, row: int, column: int, text: str) -> None:
    _cell(page, row, column).click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def _rows(page: Any) -> list[list[str]]:
    """The cells of the text twin on the page of the decision."""
    rows = page.locator("[data-twin] tbody tr").all()
    return [[cell.text_content() or "" for cell in row.locator("td").all()] for row in rows]


def test_a_cell_is_edited_and_saved_as_a_new_draft(editor: Visitor, site: Site) -> None:
    page = editor.page
    _type(page, 2, 2, ">= 7")
    _type(page, 3, 4, "sonst")
    page.get_by_label("Rechtsstand").fill("1.12.2026")
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.wait_for_url(re.compile(r"/modelle/version/[0-9a-f-]+$"))
    assert page.url.rpartition("/")[2] not in site.paths["table"]
    page.goto(f"{page.url}/entscheidungen/dringlichkeit")
    rows = _rows(page)
    assert [rows[1][1], rows[2][-1]] == [">= 7", "sonst"]
    assert rows[0][:3] == ["true", "-", '"hoch"']
    assert "1.12.2026" in page.inner_text(".st-head")
    editor.look("table-editor")
    assert _text(page, 2, 2) == ">= 5"
    assert page.inner_text("#stand") == ""
    assert editor.troubles == []


def test_what_the_check_finds_is_told_and_stays_to_be_corrected(editor: Visitor) -> None:
    page = editor.page
    _type(page, 1, 2, "das ist kein")
    page.get_by_role("button", name="Prüfen").click()
    page.locator("#stand", has_text="Befunde").wait_for()
    assert _text(page, 1, 2) == "das ist kein"
    _type(page, 1, 2, "-")
    page.get_by_role("button", name="Prüfen").click()
    page.locator("#stand", has_text="Keine Befunde.").wait_for()
    assert editor.troubles == []


def test_rules_are_added_and_deleted_from_the_menu_of_a_cell(editor: Visitor) -> None:
    page = editor.page
    _cell(page, 1, 1).click(button="right")
    page.get_by_text("Regel darunter einfügen").click()
    assert page.locator("#tafel tbody tr").count() == 4
    _type(page, 2, 3, '"mittel"')
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+F10")
    page.get_by_text("Regel löschen").wait_for()
    page.keyboard.press("Escape")
    _cell(page, 4, 1).click(button="right")
    page.get_by_text("Regel löschen").click()
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.wait_for_url(re.compile(r"/modelle/version/[0-9a-f-]+$"))
    page.goto(f"{page.url}/entscheidungen/dringlichkeit")
    assert [row[2] for row in _rows(page)] == ['"hoch"', '"mittel"', '"hoch"']


def test_a_column_is_renamed_and_one_added(editor: Visitor) -> None:
    page = editor.page
    page.locator("#tafel th.input-cell").nth(1).dblclick()
    label = page.locator(".context-menu .dms-input-label, .context-menu .input-label").first
    label.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Personenzahl")
    page.keyboard.press("Escape")
    page.locator("#tafel th.output-cell").click(button="right")
    page.get_by_text("Ausgabe rechts einfügen").click()
    page.get_by_role("button", name="Prüfen").click()
    page.locator("#stand .kern-alert").wait_for()
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.wait_for_url(re.compile(r"/modelle/version/[0-9a-f-]+$"))
    page.goto(f"{page.url}/entscheidungen/dringlichkeit")
    heads = [each.text_content() for each in page.locator("[data-twin] thead th").all()]
    assert "Personenzahl" in heads
    assert len(heads) == 6


def test_a_new_input_column_brings_its_input_into_the_file(editor: Visitor) -> None:
    page = editor.page
    page.locator("#tafel th.input-cell").nth(1).click(button="right")
    page.get_by_text("Eingabe rechts einfügen").click()
    page.locator("#tafel th.input-cell").nth(2).dblclick()
    expression = page.locator(".context-menu .ref-text").first
    expression.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("einkommen")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Prüfen").click()
    page.locator("#stand", has_text="liest neu die Eingabe „einkommen“").wait_for()
    assert "unbekannt" not in page.inner_text("#stand")
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.wait_for_url(re.compile(r"/modelle/version/[0-9a-f-]+$"))
    page.goto(f"{page.url}/entscheidungen/dringlichkeit")
    assert page.get_by_label("einkommen", exact=True).count() == 1
    page.wait_for_selector("#zusammenhang[data-ready]")
    assert "einkommen" in page.inner_text("#zusammenhang")
    assert editor.troubles == []


def test_changes_outlive_the_page_until_they_are_discarded(editor: Visitor) -> None:
    page = editor.page
    _type(page, 2, 2, ">= 9")
    page.get_by_label("Rechtsstand").fill("später")
    page.wait_for_selector("#tafel[data-kept]")
    editor.look("table-editor")
    assert "sind wieder da" in page.inner_text("#stand")
    assert (_text(page, 2, 2), page.input_value("#legalState")) == (">= 9", "später")
    page.get_by_role("button", name="Änderungen verwerfen").click()
    page.wait_for_selector("#tafel[data-ready]:not([data-kept])")
    assert not page.evaluate("Object.keys(sessionStorage).some((each) => each.startsWith('staffel'))")
    editor.look("table-editor")
    assert _text(page, 2, 2) == ">= 5"


def test_a_lost_session_loses_nothing(editor: Visitor, site: Site) -> None:
    page = editor.page
    _type(page, 2, 2, ">= 8")
    editor.context.clear_cookies()
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.locator("#stand", has_text="Ihre Sitzung ist zu Ende").wait_for()
    page.locator("#stand").get_by_role("link", name="Anmelden").click()
    page.fill("#kennung", "design")
    page.fill("#kennwort", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("#tafel[data-ready]")
    assert _text(page, 2, 2) == ">= 8"
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.wait_for_url(re.compile(r"/modelle/version/[0-9a-f-]+$"))


def test_without_a_server_nothing_is_lost(editor: Visitor) -> None:
    page = editor.page
    _type(page, 2, 2, ">= 6")
    page.route("**/rules?*", lambda route: route.abort())
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.locator("#stand", has_text="nicht erreichbar").wait_for()
    assert _text(page, 2, 2) == ">= 6"
    page.unroute("**/rules?*")
    page.get_by_role("button", name="Als neuen Entwurf speichern").click()
    page.wait_for_url(re.compile(r"/modelle/version/[0-9a-f-]+$"))


def test_styles_of_the_editor_need_a_word_that_is_new_every_time(visitor: Any, site: Site) -> None:
    page = visitor("design").page
    policies = {page.goto(site.paths["table-editor"]).headers["content-security-policy"] for _ in range(2)}
    words = {re.search(r"style-src 'self' 'nonce-([\w-]{20,})'; style-src-attr", each) for each in policies}
    assert len({word[1] for word in words if word}) == 2
    assert all("script-src 'self';" in each and "unsafe-eval" not in each for each in policies)


def test_without_script_the_page_leads_to_the_form(visitor: Any, site: Site) -> None:
    page = visitor("design", java_script_enabled=False).page
    page.goto(site.paths["table-editor"])
    assert "das Formular kann dasselbe" in page.inner_text("main")
    assert not page.get_by_role("button", name="Als neuen Entwurf speichern").is_visible()
    page.get_by_role("link", name="Dasselbe als Formular").click()
    assert page.locator("textarea").count() == 9


def test_only_designers_get_the_editor(visitor: Any, site: Site) -> None:
    page = visitor("cm").page
    assert page.goto(site.paths["table-editor"]).status == 403
