"""The table and the graph of a decision, drawn by dmn-js: marked, linked, under its own policy, with a text twin."""

from __future__ import annotations

from typing import Any

import pytest
from ui_site import MODEL, Site, files_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CHAIN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:k" name="Kette">
  <import namespace="urn:a" name="alter" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
  <inputData id="i" name="alter"><variable name="alter" typeRef="number"/></inputData>
  <decision id="erwachsen" name="Erwachsen"><variable name="Erwachsen"/>
    <informationRequirement id="q1"><requiredInput href="#i"/></informationRequirement>
    <literalExpression><text>alter &gt;= 18</text></literalExpression></decision>
  <decision id="gebuehr" name="Geb&#252;hr"><variable name="Geb&#252;hr"/>
    <informationRequirement id="q2"><requiredDecision href="#erwachsen"/></informationRequirement>
    <informationRequirement id="q3"><requiredDecision href="urn:a#grenze"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE"><input label="Erwachsen"><inputExpression typeRef="boolean"><text>Erwachsen</text></inputExpression></input>
      <output name="g" typeRef="number"/><rule><inputEntry><text>true</text></inputEntry><outputEntry><text>37</text></outputEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry><outputEntry><text>0</text></outputEntry></rule></decisionTable></decision>
</definitions>"""


OTHER = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:a" name="Alter">
  <decision id="grenze" name="Altersgrenze"><variable name="Altersgrenze"/><literalExpression><text>18</text></literalExpression></decision>
</definitions>"""


@pytest.fixture(scope="module")
def chain(site: Site) -> str:
    """The address of a table in a graph, with rules that overlap; its file is DMN 1.5 without a drawing."""
    version = site.upload({**files_of(MODEL), "kette.dmn": CHAIN, "alter.dmn": OTHER})
    return f"/modelle/version/{version}/entscheidungen/gebuehr"


def _drawn(page: Any) -> None:
    page.wait_for_selector("[data-dmn-table][data-ready]")
    page.wait_for_selector("[data-dmn-graph][data-ready]")


def test_the_rule_that_decided_is_marked_in_the_drawing(visitor: Any) -> None:
    someone = visitor("design")
    page = someone.look("table")
    assert page.locator("#tafel tbody tr").count() == 3
    assert page.locator("#tafel .st-rule-hit").count() == 0
    page.get_by_label("wohnungslos", exact=True).select_option("false")
    page.get_by_label("personen", exact=True).fill("6")
    page.get_by_role("button", name="Auswerten").click()
    _drawn(page)
    signs = [cell.get_attribute("data-sign") for cell in page.locator("#tafel tbody td.rule-index").all()]
    assert signs == [None, "✓", "○"]
    assert page.locator("#tafel .st-rule-hit td.rule-index").get_attribute("title") == "entscheidet"
    assert page.locator("#tafel tr").nth(1).locator(".st-cell-refuses").inner_text() == "true"
    assert page.locator("#tafel thead").inner_text().split()[0] == "Wenn"
    assert someone.troubles == []


def test_rules_with_findings_are_marked_and_the_graph_leads_to_other_decisions(
    visitor: Any, chain: str
) -> None:
    someone = visitor("design")
    page = someone.page
    page.goto(chain)
    _drawn(page)
    assert page.locator('#tafel td.rule-index[data-sign="✕"]').count() == 2
    boxes = {each.get_attribute("data-element-id") for each in page.locator("#zusammenhang .djs-shape").all()}
    assert {"i", "erwachsen", "gebuehr"} <= boxes
    page.locator('#zusammenhang [data-element-id="erwachsen"]').click()
    page.wait_for_url("**/entscheidungen/erwachsen?datei=kette.dmn")
    page.get_by_role("link", name="Gebühr").first.click()
    page.wait_for_url("**/entscheidungen/gebuehr?datei=kette.dmn")
    _drawn(page)
    page.locator("#zusammenhang .djs-shape", has_text="Altersgrenze").click()
    page.wait_for_url("**/entscheidungen/grenze?datei=alter.dmn")
    assert someone.troubles == []


def test_the_mark_of_bpmn_io_is_in_full_view(visitor: Any) -> None:
    page = visitor("design").look("table")
    marks = page.locator(".bjs-powered-by")
    assert marks.count() == 2
    for mark in marks.all():
        mark.scroll_into_view_if_needed()
        assert mark.evaluate(
            "mark => { const box = mark.getBoundingClientRect();"
            "return mark.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }"
        )


def test_without_script_the_rules_and_the_graph_are_text(visitor: Any, chain: str) -> None:
    page = visitor("design", java_script_enabled=False).page
    page.goto(chain)
    assert page.locator("[data-twin] tbody tr").count() == 2
    assert page.locator("[data-twin] tbody code").first.is_visible()
    assert "Gebühr braucht Erwachsen" in page.locator("section", has_text="Zusammenhang").inner_text()
    assert not page.locator("#tafel").is_visible()


@pytest.mark.parametrize("name", ["table", "table-editor", "rules", "version", "models", "inbox"])
def test_only_pages_with_dmn_js_allow_style_attributes(visitor: Any, site: Site, name: str) -> None:
    answer = visitor("design").page.goto(site.paths[name])
    policy = answer.headers["content-security-policy"]
    assert ("style-src-attr 'unsafe-inline'" in policy) == name.startswith("table")
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy.replace("style-src-attr 'unsafe-inline'", "")
