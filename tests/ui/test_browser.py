"""The pages in Chromium: accessible, under the strict policy, by keyboard, without script, with hostile names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from accessible import need_accessible
from keyboard import reach
from ui_site import HOSTILE, PASSWORD, STORY, Site

from staffel.engine import cases

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DRAWN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:test">
  <process id="gezeichnet" name="Gezeichnet">
    <startEvent id="S"/><task id="A" name="Antrag lesen"/><exclusiveGateway id="G" name="Vollständig?"/>
    <userTask id="U" name="Nachfordern"/><endEvent id="E"/><endEvent id="F"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="A"/><sequenceFlow id="f2" sourceRef="A" targetRef="G"/>
    <sequenceFlow id="f3" sourceRef="G" targetRef="U"/><sequenceFlow id="f4" sourceRef="G" targetRef="E"/>
    <sequenceFlow id="f5" sourceRef="U" targetRef="F"/>
  </process>
</definitions>
"""

PAGES = [
    *[
        ("cm", name)
        for name in (
            "inbox",
            "cases",
            "search",
            "new",
            "linked",
            "batches",
            "task",
            "frist",
            "fristen",
            "hostile",
            "booklet",
            "consents",
            "account",
            "handovers",
            "substitutions",
            "incidents",
            "missing",
        )
    ],
    *[("woh", name) for name in ("decision", "case", "handover")],
    ("cm", "handover"),
    ("woh-leitung", "check"),
    ("cm-leitung", "repair"),
    ("kim", "late"),
    *[("lead", name) for name in ("agreement", "annex")],
    ("admin", "agreements"),
    *[
        ("design", name)
        for name in (
            "models",
            "upload",
            "version",
            "draft",
            "table",
            "rules",
            "table-editor",
            "form-editor",
            "comparison",
        )
    ],
    *[("admin", name) for name in ("accounts", "units", "contact", "webhooks", "closing")],
    (None, "sign-in"),
]


@pytest.mark.parametrize(("login", "name"), PAGES)
def test_page_has_no_axe_violation_keeps_to_the_policy_and_does_not_scroll_sideways_on_a_narrow_screen(
    visitor: Any, login: str | None, name: str
) -> None:
    someone = visitor(login, color_scheme="light")
    page = someone.look(name)
    for fold in page.locator("main details:not([open]) > summary").all():
        if fold.is_visible():
            fold.click()
    need_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert someone.troubles == []


def test_task_is_completed_by_keyboard_alone(visitor: Any, site: Site) -> None:
    task = site.task(site.start("CM-tastatur"))
    someone = visitor("cm")
    page = someone.page
    page.goto(f"/aufgaben/{task}")
    reach(page, "Übernehmen")
    page.keyboard.press("Enter")
    page.wait_for_selector("#formular")
    reach(page, "feld-personen")
    page.keyboard.type("2")
    reach(page, "feld-art")
    page.keyboard.press("Space")
    reach(page, "feld-einzug_ab")
    page.keyboard.type("01122026")
    reach(page, "feld-wohnungslos")
    page.keyboard.press("Space")
    page.locator("#feld-notunterkunft").wait_for()
    reach(page, "Eintrag hinzufügen: Mitglieder des Haushalts")
    page.keyboard.press("Enter")
    reach(page, "feld-haushalt-1-name")
    page.keyboard.type("Bela")
    reach(page, "Eintrag 1 entfernen")
    page.keyboard.press("Enter")
    page.locator("#feld-haushalt-1-name").wait_for(state="detached")
    assert page.input_value("#feld-haushalt-0-name") == "Bela"
    reach(page, "Erledigen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/eingang**")
    assert "Die Aufgabe ist erledigt." in page.inner_text("#meldung")
    assert someone.troubles == []


def test_task_is_claimed_and_completed_without_script(visitor: Any, site: Site) -> None:
    task = site.task(site.start("CM-ohne-skript"))
    page = visitor("cm", java_script_enabled=False).page
    page.goto(f"/aufgaben/{task}")
    page.get_by_role("button", name="Übernehmen").click()
    page.fill("#feld-personen", "3")
    page.check("#feld-art")
    page.fill("#feld-einzug_ab", "2026-12-01")
    page.check("#feld-wohnungslos")
    page.fill("#feld-miete", "99,50 €")
    page.get_by_role("button", name="Erledigen").click()
    assert "Durch Ihre Angaben sind Felder dazugekommen." in page.inner_text("[data-error-summary]")
    page.fill("#feld-notunterkunft", "Halle")
    page.fill("#feld-haushalt-0-name", "Bela")
    page.get_by_role("button", name="Eintrag hinzufügen").click()
    page.get_by_role("button", name="Eintrag 2 entfernen").click()
    assert page.input_value("#feld-haushalt-0-name") == "Bela"
    page.get_by_role("button", name="Erledigen").click()
    page.get_by_label("Die Angaben stimmen so").check()
    page.get_by_role("button", name="Erledigen").click()
    assert "Die Aufgabe ist erledigt." in page.inner_text("#meldung")


def test_nothing_typed_is_lost_when_the_form_is_refused(visitor: Any, site: Site) -> None:
    task = site.task(site.start("CM-fehler"))
    site.do("cm", cases.claim_task, task_id=task)
    page = visitor("cm").page
    page.goto(f"/aufgaben/{task}")
    page.fill("#feld-personen", "zwei")
    page.fill("#feld-notiz", "Bitte <b>nicht</b> anrufen")
    page.get_by_role("button", name="Erledigen").click()
    summary = page.locator("[data-error-summary]")
    assert summary.evaluate("element => element === document.activeElement")
    assert "Personen im Haushalt" in summary.inner_text()
    assert page.input_value("#feld-personen") == "zwei"
    assert page.input_value("#feld-notiz") == "Bitte <b>nicht</b> anrufen"
    assert page.get_attribute("#feld-personen", "aria-invalid") == "true"


def test_nothing_typed_is_lost_when_the_session_has_ended(visitor: Any, site: Site) -> None:
    task = site.task(site.start("CM-sitzung"))
    site.do("cm", cases.claim_task, task_id=task)
    page = visitor("cm").page
    page.goto(f"/aufgaben/{task}")
    page.fill("#feld-notiz", 'Bitte "nicht" anrufen\nzweite Zeile')
    page.fill("#feld-haushalt-0-name", "Bela")
    page.fill("#feld-miete", "1.234,50 €")
    page.context.clear_cookies()
    page.get_by_role("button", name="Erledigen").click()
    assert "Was Sie eingetragen haben, ist noch da" in page.inner_text("main")
    page.fill("#kennung", "cm")
    page.fill("#kennwort", PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("button", name="Weiter ausfüllen").click()
    assert page.input_value("#feld-notiz") == 'Bitte "nicht" anrufen\nzweite Zeile'
    assert page.input_value("#feld-haushalt-0-name") == "Bela"
    assert page.input_value("#feld-miete") == "1.234,50 €"


def test_dependent_field_shows_when_its_condition_holds(visitor: Any) -> None:
    page = visitor("cm").look("task")
    assert not page.is_visible("#feld-notunterkunft")
    page.locator("#feld-wohnungslos").evaluate(  # as while somebody types: the field has not been left
        "each => { each.checked = true; each.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    page.locator("#feld-notunterkunft").wait_for()


def test_draft_is_kept_while_typing(visitor: Any, site: Site) -> None:
    page = visitor("cm").look("task")
    page.fill("#feld-notiz", "angefangen")
    page.locator("#entwurf", has_text="Entwurf gespeichert").wait_for()
    page.reload()
    assert page.input_value("#feld-notiz") == "angefangen"


def test_hostile_names_are_text(visitor: Any) -> None:
    someone = visitor("cm")
    assert HOSTILE in someone.look("inbox").inner_text("main")
    assert someone.look("hostile").inner_text("h1") == HOSTILE
    designer = visitor("design")
    assert "<img src=x onerror=alert(1)> Bescheid" in designer.look("version").inner_text("main")
    assert someone.troubles == designer.troubles == []


def test_departing_from_a_proposal_needs_a_reason(visitor: Any) -> None:
    page = visitor("woh").look("decision")
    assert "Entscheidungsvorschlag" in page.inner_text("main")
    page.get_by_label("Abweichen, mit Begründung").check()
    page.get_by_label("Begründung der Abweichung").wait_for()
    page.get_by_role("button", name="Zur Mitzeichnung geben").click()
    assert "Bitte begründen Sie, warum Sie abweichen." in page.inner_text("[data-error-summary]")


def test_finding_selects_its_element_in_the_diagram(visitor: Any) -> None:
    page = visitor("design").look("draft")
    step = page.locator("[data-row]", has_text="camunda:formData")
    step.locator("button[data-element]").click()
    of_the_process = page.locator("[data-row]", has_text="historyTimeToLive")
    assert not of_the_process.locator("button[data-element]").is_visible()  # the process is the sheet itself
    assert page.locator(".djs-connection.st-chosen, .djs-shape.st-chosen").count() == 1
    page.locator("button.st-mark").first.click()
    assert step.get_attribute("data-selected")


def test_a_drawn_model_shows_its_to_do_list_and_leads_to_the_element(visitor: Any, tmp_path: Path) -> None:
    drawn = tmp_path / "gezeichnet.bpmn"
    drawn.write_text(DRAWN, encoding="utf-8")
    someone = visitor("design", viewport={"width": 400, "height": 900})
    page = someone.look("upload")
    page.set_input_files("#dateien", str(drawn))
    page.get_by_role("button", name="Hochladen und prüfen").click()
    page.wait_for_url("**/modelle/version/**")
    assert "Damit dieses Modell läuft, fehlt:" in page.inner_text("main")
    job = page.locator('[data-job="task-types"]')
    assert not job.get_by_text("Die Aufgabe „Antrag lesen“").is_visible()
    page.locator("button.st-mark").first.click()
    assert page.locator("[data-fold][open] [data-selected]").count() == 1
    folded = page.locator("[data-fold]:not([open]) > summary")
    while folded.count():
        folded.first.press("Enter")
    assert job.get_by_text("Die Aufgabe „Antrag lesen“").is_visible()
    job.locator("button[data-element]").first.press("Enter")
    assert page.locator(".djs-shape.st-chosen").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    need_accessible(page)
    assert someone.troubles == []


def test_model_is_uploaded_and_put_in_force(visitor: Any) -> None:
    page = visitor("design").look("upload")
    page.set_input_files("#dateien", str(STORY))
    page.get_by_role("button", name="Hochladen und prüfen").click()
    page.wait_for_url("**/modelle/version/**")
    page.get_by_role("button", name="In Kraft setzen").click()
    assert "in Kraft gesetzt" in page.inner_text("#meldung")


def test_file_that_is_no_model_shows_its_report(visitor: Any) -> None:
    page = visitor("design").look("upload")
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    page.set_input_files("#dateien", {"name": "boese.bpmn", "mimeType": "application/xml", "buffer": bomb})
    page.get_by_role("button", name="Hochladen und prüfen").click()
    page.wait_for_selector("h1:has-text('konnte nicht gespeichert werden')")
    assert "DOCTYPE" in page.inner_text("main")


def test_handover_is_returned_and_offered_again(visitor: Any, site: Site) -> None:
    handover = site.hand_over("CM-hin-und-her")
    receiver = visitor("woh").page
    receiver.goto(f"/uebergaben/{handover}")
    receiver.get_by_role("button", name="Eingang bestätigen").click()
    receiver.get_by_text("Mit Grund zurückgeben").click()
    receiver.locator("input[name=grund]").first.check()
    receiver.get_by_role("button", name="Zurückgeben", exact=True).click()
    assert "zurückgegeben" in receiver.inner_text("#meldung")
    sender = visitor("cm").page
    sender.goto(f"/uebergaben/{handover}")
    assert "Zurückgegeben" in sender.inner_text("main")


def test_task_is_claimed_from_the_list_without_leaving_it(visitor: Any, site: Site) -> None:
    site.start("CM-liste")
    page = visitor("cm").page
    page.goto("/eingang?az=CM-liste")
    page.evaluate("window.stayed = true")
    page.locator("#zeilen button").click()
    page.locator("#zeilen", has_text="von mir").wait_for()
    assert "übernommen" in page.inner_text("#meldung")
    assert page.evaluate("window.stayed")


def test_task_that_somebody_else_claimed_meanwhile_says_so(visitor: Any, site: Site) -> None:
    task = site.task(site.start("CM-schneller"))
    page = visitor("cm").page
    page.goto("/eingang?az=CM-schneller")
    site.do("cm", cases.claim_task, task_id=task)
    page.locator("#zeilen button").click()
    page.wait_for_selector("h1:has-text('Das geht im Augenblick nicht')")


def test_further_tasks_are_added_to_the_list(visitor: Any, site: Site) -> None:
    for number in range(30):
        site.start(f"CM-viele-{number:02}")
    page = visitor("cm").page
    page.goto("/eingang?az=CM-viele")
    assert page.locator("#zeilen > tr").count() == 25
    page.get_by_role("link", name="Weitere anzeigen").click()
    page.wait_for_selector("#zeilen > tr:nth-child(30)")
    page.wait_for_selector("#mehr a", state="detached")


def test_english_is_one_press_away_and_stays(visitor: Any) -> None:
    page = visitor("cm").look("inbox")
    page.get_by_role("button", name="English").click()
    assert page.inner_text("h1") == "Inbox"
    page.goto("/vorgaenge")
    assert page.get_attribute("html", "lang") == "en"
    assert page.inner_text("h1") == "Cases"


def test_decision_is_tried_without_script_and_keeps_what_was_typed(visitor: Any, site: Site) -> None:
    page = visitor("design", java_script_enabled=False).page
    page.goto(site.paths["table"])
    page.select_option("[name='feld:wohnungslos']", "false")
    page.fill("[name='feld:personen']", "viele")
    page.get_by_role("button", name="Auswerten").click()
    assert page.get_attribute("[name='feld:personen']", "aria-invalid") == "true"
    assert page.input_value("[name='feld:personen']") == "viele"
    page.fill("[name='feld:personen']", "6")
    page.get_by_role("button", name="Auswerten").click()
    rules = page.locator("main table tbody tr")
    assert "trifft nicht zu" in rules.nth(0).inner_text()
    assert "entscheidet" in rules.nth(1).inner_text()
    assert "träfe auch zu" in rules.nth(2).inner_text()
    assert page.input_value("[name='feld:wohnungslos']") == "false"
