"""Comments and notes as two Stellen see them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select
from ui_site import FILLED, Site

from staffel.engine import cases
from staffel.engine.store.tables import Handover

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_comment_stays_here_and_a_note_reaches_the_next_stelle(visitor: Any, site: Site) -> None:
    someone, case = visitor("cm"), site.start("CM-vermerk")
    page = someone.page
    page.goto(f"/vorgaenge/{case}")
    page.get_by_role("button", name="Vermerken").click()
    assert page.get_by_label("Neuer Vermerk").get_attribute("aria-invalid") == "true"
    page.get_by_label("Neuer Vermerk").fill("<b>nur wir</b>")
    page.get_by_role("button", name="Vermerken").click()
    page.get_by_label("Neuer Vermerk").fill("<img src=x onerror=alert(1)>\nbitte anrufen")
    page.get_by_label("Wer ihn sieht").select_option(index=1)
    page.get_by_role("button", name="Vermerken").click()
    shown = page.locator("section", has=page.get_by_role("heading", name="Vermerke unserer Stelle"))
    assert "<b>nur wir</b>" in shown.inner_text()
    assert "Notiz an" in shown.inner_text()

    task = site.task(case)
    site.do("cm", cases.claim_task, task_id=task)
    site.do("cm", cases.complete_task, task_id=task, values=FILLED)
    query = select(Handover.id).where(Handover.case_id == case)
    handover = site.database.read(lambda tx: tx.session.exec(query).one())
    other = visitor("woh")
    other.page.goto(f"/uebergaben/{handover}")
    assert "<img src=x onerror=alert(1)>\nbitte anrufen" in other.page.inner_text("main")
    assert "nur wir" not in other.page.inner_text("main")
    other.page.goto(f"/vorgaenge/{case}")
    assert "nur wir" not in other.page.inner_text("main")
    assert someone.troubles == other.troubles == []
