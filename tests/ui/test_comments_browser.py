"""Comments and notes as two Stellen see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from accessible import need_accessible
from sqlmodel import select
from ui_site import AGS, FILLED, NOW, PASSWORD, Site

from staffel.engine import cases
from staffel.engine.accounts import create_account
from staffel.engine.actor import Role
from staffel.engine.store.tables import Comment, Handover

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
    shown = page.locator("section", has=page.get_by_role("heading", name="Verlauf"))
    assert "<b>nur wir</b>" in shown.inner_text()
    assert "Notiz an" in shown.inner_text()

    handover = _offered(site, case)
    other = visitor("woh")
    other.page.goto(f"/uebergaben/{handover}")
    assert "<img src=x onerror=alert(1)>\nbitte anrufen" in other.page.inner_text("main")
    assert "nur wir" not in other.page.inner_text("main")
    other.page.goto(f"/vorgaenge/{case}")
    assert "nur wir" not in other.page.inner_text("main")
    assert someone.troubles == other.troubles == []


def test_who_works_in_two_stellen_says_for_which(visitor: Any, site: Site) -> None:
    units = [next(iter(site.actors[login].units)) for login in ("cm", "woh")]
    site.database.run(
        create_account,
        now=NOW,
        municipality=AGS,
        login="springer",
        name="Springer Muster",
        password=PASSWORD,
        roles=[(Role.SACHBEARBEITUNG, unit) for unit in units],
    )
    case = site.start("CM-springer")
    _offered(site, case)
    someone = visitor("springer", viewport={"width": 400, "height": 900})
    page = someone.page
    page.goto(f"/vorgaenge/{case}")
    page.locator("#vermerk-stelle").select_option(label="Wohnungsamt Rheine")
    page.get_by_label("Neuer Vermerk").fill("Rückruf zugesagt")
    page.get_by_role("button", name="Vermerken").click()

    page.wait_for_selector("text=Rückruf zugesagt")
    found = site.database.read(
        lambda tx: tx.session.exec(select(Comment.unit_id).where(Comment.case_id == case)).all()
    )
    assert found == [units[1]]
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    need_accessible(page)
    assert someone.troubles == []


def _offered(site: Site, case: UUID) -> UUID:
    """Complete the case's task; the handover that follows."""
    task = site.task(case)
    site.do("cm", cases.claim_task, task_id=task)
    site.do("cm", cases.complete_task, task_id=task, values=FILLED)
    query = select(Handover.id).where(Handover.case_id == case)
    handover: UUID = site.database.read(lambda tx: tx.session.exec(query).one())
    return handover
