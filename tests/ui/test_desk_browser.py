"""The inbox as a caseworker uses it for many tasks at once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from ui_site import Site

from staffel.engine import cases

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_many_tasks_are_claimed_at_once_and_what_was_not_possible_is_said(visitor: Any, site: Site) -> None:
    tasks = [site.task(site.start(f"CM-sammel-{number}")) for number in range(3)]
    page = visitor("cm").page
    page.goto("/eingang?az=CM-sammel")
    page.get_by_label("Alle dieser Seite auswählen").check()
    site.do("lead", cases.claim_task, task_id=tasks[0])
    page.get_by_role("button", name="Alle übernehmen").click()

    said = page.locator("main [role=status]", has_text="Aufgaben bearbeitet").inner_text()
    assert "2 Aufgaben bearbeitet" in said
    assert "CM-sammel-0" in said
    assert "schon von jemand anderem übernommen" in said

    page.goto("/eingang?ansicht=meine&az=CM-sammel")
    assert page.locator("#zeilen > tr").count() == 2
    page.get_by_label("Alle dieser Seite auswählen").check()
    page.get_by_role("button", name="Alle zurückgeben").click()
    page.get_by_text("2 Aufgaben bearbeitet").wait_for()
    page.goto("/eingang?az=CM-sammel&uebernommen=nein")
    assert page.locator("#zeilen > tr").count() == 2


def test_tasks_are_put_off_and_shown_again(visitor: Any, site: Site) -> None:
    site.start("CM-vorlage")
    page = visitor("cm").page
    page.goto("/eingang?az=CM-vorlage")
    page.locator("#zeilen input[type=checkbox]").check()
    page.get_by_label("Wiedervorlage am").fill("2026-12-01")
    page.get_by_role("button", name="Alle vorlegen").click()
    page.get_by_text("Zu diesem Filter gibt es keine Aufgaben.").wait_for()
    page.goto("/eingang?ansicht=wiedervorlage&az=CM-vorlage")
    assert "Wiedervorlage 01.12.2026" in page.inner_text("#zeilen")
    page.locator("#zeilen input[type=checkbox]").check()
    page.get_by_role("button", name="Alle wieder zeigen").click()
    page.goto("/eingang?az=CM-vorlage")
    assert page.locator("#zeilen > tr").count() == 1


def test_a_filter_is_kept_for_the_stelle_and_deleted(visitor: Any) -> None:
    someone = visitor("cm")
    page = someone.page
    page.goto("/eingang?schritt=Bedarf&sortierung=newest")
    page.get_by_text("Filter speichern und verwalten").click()
    page.get_by_label("Name des Filters").fill("<b>Neue Bedarfe</b>")
    page.get_by_label("Für wen").select_option(index=1)
    page.get_by_role("button", name="So wie jetzt speichern").click()
    page.goto("/eingang")
    page.get_by_role("link", name="<b>Neue Bedarfe</b>").click()
    assert page.input_value("#schritt") == "Bedarf"
    assert page.input_value("#sortierung") == "newest"
    page.get_by_text("Filter speichern und verwalten").click()
    page.get_by_role("button", name="„<b>Neue Bedarfe</b>“ löschen").click()
    expect(page.locator("#schritt")).to_be_visible()
    expect(page.locator(".st-chip")).to_have_count(0)
    assert someone.troubles == []


def test_a_task_is_added_for_the_own_stelle_and_done(visitor: Any, site: Site) -> None:
    case = site.start("CM-zusatz")
    page = visitor("cm").page
    page.goto(f"/vorgaenge/{case}")
    page.locator("summary", has_text="Zusatzaufgabe anlegen").press("Enter")
    page.get_by_label("Notiz").fill("Wegen der Kaution")
    page.get_by_role("button", name="Anlegen").click()
    assert "Titel" in page.inner_text("#zusatz-title-fehler")
    assert page.get_by_label("Notiz").input_value() == "Wegen der Kaution"
    page.get_by_label("Was ist zu tun?").fill("Vermieter anrufen")
    page.get_by_label("Fällig am").fill("2026-11-25")
    page.get_by_role("button", name="Anlegen").click()
    page.get_by_text("Die Zusatzaufgabe steht im Eingang").wait_for()
    page.goto("/eingang?az=CM-zusatz&art=zusatz")
    page.locator("#zeilen").get_by_role("button").click()
    page.get_by_text("von mir", exact=True).wait_for()
    page.get_by_role("link", name="Vermieter anrufen").click()
    assert "Wegen der Kaution" in page.inner_text("main")
    page.get_by_role("button", name="Erledigen").click()
    page.get_by_text("Die Aufgabe ist erledigt.").wait_for()
