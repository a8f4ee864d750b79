"""Sammelstart as a caseworker does it: ten thousand rows, watched while they become cases."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import col, func, select
from ui_site import Site

from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ROWS = 10_000


def _references(tx: Transaction) -> tuple[int, int]:
    """How many cases of the table there are, and how many different Aktenzeichen they have."""
    numbers = func.count(), func.count(col(Case.reference).distinct())
    return tx.session.exec(select(*numbers).where(col(Case.reference).like("STAPEL-%"))).one()


def test_ten_thousand_rows_become_cases_and_faulty_ones_come_back(visitor: Any, site: Site) -> None:
    lines = [f"STAPEL-{number:05};Person {number}" for number in range(ROWS - 2)]
    table = "\r\n".join(["aktenzeichen;person", *lines, "STAPEL-00000;Doppelt", ";Ohne"]).encode()
    someone = visitor("cm")
    page = someone.page
    page.goto("/sammelstart")
    page.select_option("#prozess", "wohnraumhilfe")
    page.set_input_files("#dateien", {"name": "liste.csv", "mimeType": "text/csv", "buffer": table})
    page.get_by_role("button", name="Hochladen und beginnen").click()
    page.get_by_role("heading", name="liste.csv").wait_for()
    page.locator("#stand", has_text="Die Vorgänge werden begonnen").wait_for()  # the server's worker is at it

    page.get_by_text(f"{ROWS - 2} begonnen, 2 abgelehnt").wait_for(timeout=240_000)
    for line, why in (
        (ROWS, "mit diesem Aktenzeichen gibt es schon"),
        (ROWS + 1, "Ein Vorgang braucht ein Aktenzeichen"),
    ):
        expect(page.get_by_role("row", name=f"{line} ")).to_contain_text(why)
    with page.expect_download() as download:
        page.get_by_role("link", name="Abgelehnte Zeilen als Tabelle").click()
    assert "Doppelt" in download.value.path().read_text("utf-8-sig")
    assert site.database.read(_references) == (ROWS - 2, ROWS - 2), "every row a case, nothing twice"
    page.get_by_role("link", name="STAPEL-00000").click()
    assert page.inner_text("h1") == "STAPEL-00000"
    assert someone.troubles == []
