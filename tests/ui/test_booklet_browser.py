"""The Begleitheft as a caseworker prints it: German on the left, the person's language beside it."""

from __future__ import annotations

from typing import Any

import pytest
from ui_site import HOSTILE, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_arabic_stands_beside_german_from_right_to_left_and_names_stay_names(
    visitor: Any, site: Site
) -> None:
    someone = visitor("cm", viewport={"width": 1280, "height": 900})
    page = someone.page
    page.goto(site.paths["booklet"].partition("?")[0])
    assert page.locator("article.st-sheet").count() == 1
    page.get_by_label("العربية").check()
    page.get_by_role("button", name="Anzeigen").click()

    heading = page.locator(".st-sheet h3", has_text="Ihre Rechte").locator("span")
    german, arabic = heading.all()
    assert arabic.get_attribute("lang") == "ar"
    assert arabic.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert german.bounding_box()["x"] < arabic.bounding_box()["x"]
    assert arabic.evaluate("e => getComputedStyle(e).textAlign") in {"start", "right"}
    names = page.locator(".st-sheet [lang=ar] bdi", has_text="onerror")
    assert names.first.inner_text() == HOSTILE
    fallback = page.locator(".st-sheet [lang=ar] [lang=de]").first
    assert fallback.evaluate("e => getComputedStyle(e).direction") == "ltr"
    assert "بالألمانية فقط" in page.inner_text(".st-sheet")

    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Anzeigen").is_visible()
    assert page.locator(".st-sheet h3").first.is_visible()
    assert someone.troubles == []
