"""Repairing a case in the browser: the preview says what happens, and nothing needs a script."""

from __future__ import annotations

from typing import Any

import pytest
from accessible import need_accessible
from keyboard import focused, reach

from staffel.engine import cases

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_case_is_repaired_without_script_after_a_preview(visitor: Any, site: Any) -> None:
    case = site.start("CM-repariert")
    page = visitor("cm-leitung", java_script_enabled=False).page
    page.goto(f"/vorgaenge/{case}")
    page.get_by_role("link", name="Vorgang reparieren").click()
    page.get_by_label("Zu einem anderen Schritt verschieben").check()
    page.locator('input[name="_stelle"]').first.check()
    page.select_option('[name="_ziel"]', index=1)
    page.get_by_role("button", name="Vorschau").click()
    assert "Bitte ausfüllen" in page.inner_text("main")

    page.fill('[name="_grund"]', "falscher Weg <b>x</b>")
    page.get_by_role("button", name="Vorschau").click()
    told = page.inner_text("main")
    assert "Noch ist nichts geändert." in told
    assert "falscher Weg <b>x</b>" in told

    page.get_by_role("button", name="Jetzt ausführen").click()
    assert "Der Vorgang ist repariert." in page.inner_text("#meldung")
    page.goto(f"/vorgaenge/{case}")
    assert "Von Hand beendet" in page.inner_text("main")


def test_case_that_went_on_since_the_preview_is_shown_anew(visitor: Any, site: Any) -> None:
    case = site.start("CM-weiter")
    page = visitor("cm-leitung").page
    page.goto(f"/reparatur/{case}")
    page.get_by_label("Diese Stelle des Ablaufs beenden").check()
    page.locator('input[name="_stelle"]').first.check()
    page.fill('[name="_grund"]', "erledigt")
    page.get_by_role("button", name="Vorschau").click()
    page.wait_for_selector("text=Der Vorgang endet damit.")
    task = site.task(case)
    repaired = site.do("cm-leitung", cases.set_variables, case_id=case, values={"person": "B"}, reason="r")
    assert (task, repaired) == (site.task(case), None)

    page.get_by_role("button", name="Jetzt ausführen").click()

    assert "seit der Vorschau weitergegangen" in page.inner_text("[data-error-summary]")


@pytest.mark.parametrize("width", [1280, 320])
def test_case_is_repaired_by_keyboard_alone_on_pages_without_axe_violation(
    visitor: Any, site: Any, width: int
) -> None:
    case = site.start(f"CM-Tastatur-{width}")
    someone = visitor("cm-leitung", viewport={"width": width, "height": 800})
    page = someone.page
    page.goto(f"/reparatur/{case}")
    _is_accessible(page, width)

    reach(page, "Vorschau")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-error-summary]")
    _is_accessible(page, width)

    reach(page, "_was")
    page.keyboard.press("Space")
    for _ in range(5):
        if "beenden" not in focused(page)["label"]:
            page.keyboard.press("ArrowDown")
    assert "beenden" in focused(page)["label"]
    reach(page, "_stelle")
    page.keyboard.press("Space")
    reach(page, "_grund")
    page.keyboard.type("doppelt angelegt")
    reach(page, "Vorschau")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Noch ist nichts geändert.")
    assert "doppelt angelegt" in page.inner_text("main")
    _is_accessible(page, width)

    reach(page, "Jetzt ausführen")
    page.keyboard.press("Enter")
    page.wait_for_selector("#meldung .kern-alert")
    assert "Der Vorgang ist repariert." in page.inner_text("#meldung")
    assert someone.troubles == []


def _is_accessible(page: Any, width: int) -> None:
    need_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
