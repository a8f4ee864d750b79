"""Pages that tell what has changed, and move nothing."""

from __future__ import annotations

from typing import Any

import pytest
from ui_site import Site

from staffel.engine import cases

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_inbox_tells_what_is_new_and_gone_and_nothing_moves(visitor: Any, site: Site) -> None:
    taken, other = site.task(site.start("CM-lebt-1")), site.task(site.start("CM-lebt-2"))
    someone = visitor("cm", viewport={"width": 1280, "height": 1400})  # nothing has to be scrolled into view
    page = someone.page
    page.goto("/eingang?az=CM-lebt")
    row, kept = page.locator(f"[data-task='{taken}']"), page.locator(f"[data-task='{other}']")
    kept.get_by_role("button").focus()
    before = kept.get_by_role("button").bounding_box()
    count = int(page.inner_text("[data-count=offen]"))

    outgoing = page.locator("[data-said=outgoing]")
    waiting = int(outgoing.inner_text().partition(" ")[0])

    site.hand_over("CM-wartet-auf-andere")
    site.start("CM-lebt-3", days_ago=0)
    site.do("lead", cases.claim_task, task_id=taken)

    page.get_by_role("link", name="1 neue Aufgabe – anzeigen").wait_for()
    row.get_by_text("inzwischen übernommen von Lead Muster").wait_for()
    assert int(page.inner_text("[data-count=offen]")) == count + 1
    assert int(outgoing.inner_text().partition(" ")[0]) == waiting + 1
    assert kept.get_by_role("button").bounding_box() == before
    assert "CM-lebt-2" in page.evaluate("document.activeElement.textContent")
    assert page.title().startswith("(1) Eingang")
    row.get_by_role("button").click(force=True)
    assert "/eingang" in page.url
    page.get_by_role("link", name="1 neue Aufgabe – anzeigen").click()
    page.get_by_text("CM-lebt-3").first.wait_for()
    assert someone.troubles == []


def test_the_case_tells_that_it_has_changed_and_a_comment_that_was_begun_stays(
    visitor: Any, site: Site
) -> None:
    case = site.start("CM-lebt-vorgang")
    someone = visitor("cm")
    page = someone.page
    page.goto(f"/vorgaenge/{case}")
    page.fill("#vermerk", "angefangen")
    site.do("lead", cases.write_comment, case_id=case, text="von der Kollegin")

    page.get_by_role("link", name="Der Vorgang hat sich geändert – anzeigen").click()
    page.get_by_text("von der Kollegin").wait_for()
    assert page.input_value("#vermerk") == "angefangen"
    assert someone.troubles == []
