"""A document is put to a case, looked at, and deleted, by keyboard and mouse."""

from __future__ import annotations

from typing import Any

import pytest
from ui_site import Site

from staffel.engine import cases

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PDF = b"%PDF-1.7\n%%EOF\n"


def test_a_document_is_added_where_it_fits_and_told_why_where_it_does_not(visitor: Any, site: Site) -> None:
    someone, case = visitor("cm"), site.start("CM-unterlagen")
    page = someone.page
    page.goto(f"/vorgaenge/{case}")
    page.get_by_text("Dokument hinzufügen").click()
    page.set_input_files("#datei", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"<html>"})
    page.get_by_role("button", name="Hochladen").click()
    page.locator("#datei-fehler").wait_for()
    assert "passt nicht zur Endung" in page.inner_text("#datei-fehler")
    page.set_input_files("#datei", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_label("Art").select_option("mietvertrag")
    page.get_by_role("button", name="Hochladen").click()
    page.get_by_text("Das Dokument liegt beim Vorgang.").wait_for()
    part = page.locator("#unterlagen-teil")
    assert "Mietvertrag" in part.inner_text()
    with page.expect_download() as download:
        part.get_by_role("link", name="a.pdf").click()
    assert download.value.path().read_bytes() == PDF
    part.get_by_role("button", name="a.pdf löschen").click()
    page.get_by_text("Das Dokument ist gelöscht.").wait_for()
    assert "a.pdf" not in part.inner_text()
    assert someone.troubles == []


def test_a_file_in_a_form_stays_when_another_field_is_wrong(visitor: Any, site: Site) -> None:
    someone, case = visitor("cm"), site.start("CM-nachweis")
    task = site.task(case)
    site.do("cm", cases.claim_task, task_id=task)
    page = someone.page
    page.goto(f"/aufgaben/{task}")
    page.set_input_files(
        "#feld-nachweis", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"<html>"}
    )
    page.get_by_role("button", name="Erledigen").click()
    page.locator("#feld-nachweis-fehler").wait_for()
    page.set_input_files(
        "#feld-nachweis", {"name": "Klage.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="Erledigen").click()
    page.get_by_role("link", name="Klage.pdf").wait_for()
    assert "Bitte ausfüllen" in page.locator("#feld-personen-fehler").inner_text()

    page.get_by_label("Personen im Haushalt").fill("2")
    page.get_by_text("Wohnung", exact=True).last.click()
    page.get_by_label("Einzug ab").fill("2026-12-01")
    page.get_by_label("Nein").check()
    page.get_by_role("button", name="Erledigen").click()
    page.wait_for_url("**/eingang**")
    page.goto(f"/vorgaenge/{case}")
    assert "Klage.pdf" in page.locator("dd").all_inner_texts()
    assert someone.troubles == []
