"""A caseworker suspends a Frist, lets it run on and extends it on its page; a lead keeps the closing days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from accessible import need_accessible
from models import WAITING_FILES
from ui_site import NOW

from staffel.engine import cases, library

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


def test_the_frist_of_a_handover_is_suspended_by_its_receiver_and_extended_once_by_its_sender(
    visitor: Any,
) -> None:
    """Offered on Friday 20 November; each side is offered what its rule gives it, and both see how the end comes about."""
    receiver, sender, late = (visitor(login) for login in ("woh", "cm", "cm"))
    handover = receiver.site.hand_over("CM-uebergabefrist", days_ago=4)
    receiver.page.goto(f"/uebergaben/{handover}")
    receiver.page.locator("#fristen ~ ul").get_by_role("link", name="Annehmen bis").click()
    frist = receiver.page.url
    assert "27.11.2026" in receiver.page.inner_text("main")
    assert receiver.page.query_selector("form[action$=verlaengern]") is None
    receiver.page.fill("#feld-ab", "2026-11-23")
    receiver.page.click("form[action$=hemmen] button")
    assert "Grund" in receiver.page.inner_text("[data-error-summary]")
    receiver.page.fill("#feld-grund", "Wasserschaden im Amt")
    receiver.page.click("form[action$=hemmen] button")
    assert "offen, solange die Frist gehemmt ist" in receiver.page.inner_text("main")
    receiver.page.click("form[action$=weiterlaufen] button")

    for each in (sender, late):
        each.page.goto(frist)
    said = sender.page.inner_text("main")
    assert "Gehemmt vom 23.11.2026 bis 24.11.2026, 2 Arbeitstage: Wasserschaden im Amt" in said
    assert "01.12.2026" in said
    assert sender.page.query_selector("form[action$=hemmen]") is None
    for each in (sender, late):
        each.page.fill("#feld-begruendung", "Akte kommt nach")
        each.page.click("form[action$=verlaengern] button")
    assert "Verlängert um 3 Arbeitstage ab 01.12.2026: 04.12.2026 (§ 190 BGB)" in sender.page.inner_text(
        "main"
    )
    assert "Die Frist wurde schon verlängert; das ist nur einmal möglich." in late.page.inner_text("main")
    assert receiver.troubles == sender.troubles == late.troubles == []


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


@pytest.mark.parametrize("width", [1280, 400])
def test_the_fristen_of_a_task_are_seen_before_its_form(visitor: Any, width: int) -> None:
    look = visitor("cm", viewport={"width": width, "height": 800})
    task = look.site.task(look.site.start(f"CM-oben-{width}"))
    page = look.page
    page.goto(f"/aufgaben/{task}")

    fristen, form = (page.locator(where).bounding_box() for where in ("#fristen", "[aria-label=Formular]"))
    stand = page.locator("#stand").bounding_box()
    assert fristen is not None
    assert form is not None
    assert stand is not None
    assert fristen["y"] < 800, "seen without scrolling"
    assert fristen["y"] < stand["y"]
    assert fristen["x"] > form["x"] if width == 1280 else fristen["y"] < form["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    need_accessible(page)
    assert look.troubles == []


@pytest.mark.parametrize("width", [1280, 400])
def test_the_inbox_shows_the_fristen_of_steps_that_wait_for_others(visitor: Any, width: int) -> None:
    look = visitor("cm", viewport={"width": width, "height": 800})
    wait_for_the_printer(look.site, f"DRUCK-{width}")
    page = look.page
    page.goto("/eingang")

    assert "überfällig" in page.inner_text("#wartend summary")
    assert "Drucken lassen" in page.inner_text("#wartend")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    need_accessible(page)
    page.focus("#wartend summary")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fristen/**")
    assert "Drucken lassen" in page.inner_text("main")
    assert look.troubles == []


def wait_for_the_printer(site: Any, reference: str) -> None:
    """A case whose only step waits for outside work since three weeks; its Frist of five working days is over."""
    then = NOW - timedelta(days=21)
    files = {
        name: data.replace(b'kind="ABH"', b'kind="CM"').replace(
            "Ausländerbehörde".encode(), b"Case Management"
        )
        for name, data in WAITING_FILES.items()
    }
    if "wartet" not in site.paths:
        version = site.upload(files, then)
        site.database.run(library.put_in_force, actor=site.actors["design"], now=then, version_id=version)
        site.paths["wartet"] = "/eingang"
    site.database.run(
        cases.start_case,
        actor=site.actors["cm"],
        now=then,
        process_key="wartet",
        reference=reference,
        values={},
    )
