"""Files are what their content says, whatever they are called."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from staffel.engine.documents import ContentRefused, inspect

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)
MAIL = b"From: a@example.org\r\nDate: Mon, 2 Nov 2026 08:00:00 +0100\r\nSubject: Mietvertrag\r\n\r\nGuten Tag\r\n"
HTML = b"<!doctype html><script>alert(1)</script>"


def archive(*names: str, first: tuple[str, str] | None = None) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        if first:
            made.writestr(*first)
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


def workbook() -> bytes:
    file = BytesIO()
    Workbook().save(file)
    return file.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
ODT = archive("content.xml", first=("mimetype", "application/vnd.oasis.opendocument.text"))


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Bescheid.PDF", PDF, "application/pdf"),
        ("foto.png", PNG, "image/png"),
        ("foto.jpeg", b"\xff\xd8\xff\xe0" + bytes(9), "image/jpeg"),
        ("liste.xlsx", workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("Müller.txt", "Größe: 3 < 4".encode(), "text/plain; charset=utf-8"),
        ("mail.eml", MAIL, "message/rfc822"),
    ],
)
def test_a_file_that_is_what_it_is_called_is_taken(name: str, content: bytes, media_type: str) -> None:
    seen = inspect(name, content)
    assert (seen.name, seen.media_type, seen.size) == (name, media_type, len(content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", HTML),
        ("a.pdf", b"GIF89a" + PDF),
        ("a.pdf", PDF[:-6]),
        ("a.pdf", b""),
        ("a.txt", HTML),
        ("a.txt", b"\xef\xbb\xbf <svg onload=alert(1)>"),
        ("a.txt", b"MZ\x00\x01"),
        ("a.eml", HTML),
        ("a.svg", b"<svg/>"),
        ("a.html", HTML),
        ("a.exe", PDF),
        ("a", PDF),
        ("a.zip", DOCX),
        ("a.docx", workbook()),
        ("a.docx", b"PK\x03\x04broken"),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.odt", archive("mimetype", "content.xml")),
    ],
)
def test_a_file_that_is_something_else_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(ContentRefused):
        inspect(name, content)


@pytest.mark.parametrize(
    "name", ["", ".pdf", "../a.pdf", "a\\b.pdf", "a\u202efdp.pdf", "a\n.pdf", "a" * 150 + ".pdf"]
)
def test_a_name_with_tricks_is_refused(name: str) -> None:
    with pytest.raises(ContentRefused):
        inspect(name, PDF)
