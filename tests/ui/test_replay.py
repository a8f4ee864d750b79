"""The way to a fault: told as a list, played on the diagram."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.support.nets import definitions, net
from ui_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
DEADLOCK = definitions(
    net("s:start x:xor a:user b:user j:and e:end", "s x|x a|x b|a j|b j|j e").replace(
        '<userTask id="a">', '<userTask id="a" name="Antrag prüfen">'
    )
)


@pytest.fixture
def page(visitor: Any, site: Site) -> Any:
    version = site.upload({"stillstand.bpmn": DEADLOCK})
    someone = visitor("design", reduced_motion="reduce")
    site.paths["stillstand"] = f"/modelle/version/{version}"
    yield someone.look("stillstand")
    assert someone.troubles == []


def test_the_way_to_a_deadlock_is_played_by_keyboard(page: Any) -> None:
    way = page.locator(".st-finding", has_text="deadlock").locator("details.st-way")
    way.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Weiter"
    for _ in range(20):
        page.keyboard.press("Enter")

    assert page.locator(".st-diagram .st-trail").count() >= 3
    assert page.locator(".st-diagram circle.st-token").count() == 1
    steps = way.locator("li").all_inner_texts()
    assert "Antrag prüfen" in steps
    assert way.locator("[data-said]").inner_text().endswith(steps[-1])


def test_playing_goes_to_the_end_by_itself_and_can_be_stopped(page: Any) -> None:
    way = page.locator(".st-finding", has_text="deadlock").locator("details.st-way")
    way.locator("summary").click()
    way.get_by_role("button", name="Abspielen").click()
    way.get_by_role("button", name="Anhalten").click()
    assert page.locator(".st-diagram .st-chosen").count() >= 1
    way.get_by_role("button", name="Abspielen").click()
    way.get_by_role("button", name="Abspielen").wait_for(timeout=20_000)
    length = len(json.loads(way.get_attribute("data-way")))
    assert way.locator("[data-said]").inner_text().startswith(f"{length} / {length}")


def test_the_stages_say_that_the_flow_was_checked(page: Any) -> None:
    assert "Ablauf: endet jeder Vorgang?: 2 Fehler" in page.inner_text("main").replace("\n", " ")


def test_the_list_is_there_without_script(visitor: Any, site: Site) -> None:
    version = site.upload({"stillstand.bpmn": DEADLOCK})
    page = visitor("design", java_script_enabled=False).page
    page.goto(f"/modelle/version/{version}")
    page.locator("details.st-way > summary").first.click()
    assert page.locator("details.st-way li").first.is_visible()
    assert not page.locator("[data-controls]").first.is_visible()


EVENT_SUB = (
    '<subProcess id="p" triggeredByEvent="true"><startEvent id="ps"><messageEventDefinition messageRef="M"/></startEvent>'
    '<userTask id="pt"/><endEvent id="pe"/><sequenceFlow id="p1" sourceRef="ps" targetRef="pt"/>'
    '<sequenceFlow id="p2" sourceRef="pt" targetRef="pe"/></subProcess>'
)
OVERLAID = definitions(net("s:start a:user e:end", "s a|a e", EVENT_SUB), '<message id="M" name="m"/>')


def test_the_way_to_a_difference_with_spiffworkflow_is_found_and_played(visitor: Any, site: Site) -> None:
    version = site.upload({"ueberlagert.bpmn": OVERLAID})
    site.paths["ueberlagert"] = f"/modelle/version/{version}"
    someone = visitor("design", reduced_motion="reduce")
    page = someone.look("ueberlagert")
    page.get_by_role("button", name="Vergleichen").click()
    page.get_by_text("Es lädt, aber dort geschieht nicht überall dasselbe.").wait_for()
    finding = page.locator(".st-finding", has_text="portability-waits")
    finding.locator("summary").click()
    finding.get_by_role("button", name="Weiter").click()
    assert finding.locator("[data-said]").inner_text().startswith("1 /")
    assert someone.troubles == []
