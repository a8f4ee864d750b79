"""The consent register as the Stelle that holds the case uses it."""

from __future__ import annotations

from typing import Any

import pytest
from ui_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_consent_is_entered_and_revoked(visitor: Any, site: Site) -> None:
    someone = visitor("cm")
    page = someone.page
    page.goto(f"/vorgaenge/{site.start('CM-einwilligung')}")
    page.get_by_role("link", name="Einwilligungen der Person").click()
    page.get_by_role("button", name="Eintragen").click()
    assert page.locator("[aria-invalid=true]").count() >= 1
    page.get_by_label("Zweck").fill("<b>Sprachkurs</b>")
    page.get_by_label("alles, was nur mit Einwilligung weitergegeben wird").check()
    page.get_by_label("schriftlich").check()
    page.get_by_label("Sprachfassung").select_option("uk")
    page.get_by_role("button", name="Eintragen").click()

    entry = page.locator("main section", has_text="<b>Sprachkurs</b>")
    assert "gilt" in entry.inner_text()
    assert "Ukrainisch" in entry.inner_text()
    entry.get_by_role("button", name="Widerruf eintragen").click()
    assert "widerrufen" in page.locator("main section", has_text="<b>Sprachkurs</b>").inner_text()
    assert someone.troubles == []
