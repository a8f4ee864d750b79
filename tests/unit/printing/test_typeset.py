"""Paper: what comes in as data stays data, and the file can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from pypdf import PdfReader

from staffel.engine.library.booklet import general_words
from staffel.engine.printing import Template, typeset

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOSTILE = '#read("/etc/passwd") $x$ *b* <l> #import "@preview/x:1.0.0" \\ @y \x00'
PLAIN = {"strong": None, "label": None, "value": None, "blank": False, "day": None, "detail": None}
UA = b"pdfuaid"
"""How a file says that it is PDF/UA."""
PROCESSES = Path(__file__).parents[3] / "processes" / "staffel" / "processes"
SHIPPED = [
    general_words(),
    *(yaml.safe_load(path.read_text("utf-8")) for path in PROCESSES.glob("*/begleitheft.yaml")),
]


def leaves(value: Any) -> Iterator[Mapping[str, str]]:
    """The texts by language, wherever they stand."""
    if isinstance(value, Mapping) and "de" in value:
        yield value
    elif isinstance(value, (Mapping, list)):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from leaves(each)


def sheet(*values: str) -> dict[str, Any]:
    columns = [{"lang": "de", "rtl": False}, {"lang": "ar", "rtl": True}]
    lines = [
        [PLAIN | {"value": value}, PLAIN | {"detail": {"text": "مرحبا", "mark": ""}}] for value in values
    ]
    return {
        "title": HOSTILE,
        "foot": HOSTILE,
        "sheets": [
            {
                "columns": columns,
                "title": ["Begleitheft", "ورقة المرافقة"],
                "sections": [{"title": ["Worum", "ما"], "lines": lines}],
                "closing": [["Ende", "نهاية"]],
            }
        ],
    }


def test_hostile_names_are_printed_and_do_nothing() -> None:
    read = PdfReader(BytesIO(typeset(Template.BOOKLET, sheet(HOSTILE), at=AT)))
    assert '#read("/etc/passwd")' in read.pages[0].extract_text()
    assert str((read.metadata or {})["/Title"]).startswith("#read")


def test_arabic_is_shaped_with_the_font_that_is_shipped_and_the_file_is_tagged() -> None:
    read = PdfReader(BytesIO(typeset(Template.BOOKLET, sheet("Name"), at=AT)))
    fonts = read.pages[0]["/Resources"]["/Font"]  # type: ignore[index]  # an indirect object
    names = {str(each.get_object()["/BaseFont"]) for each in fonts.values()}
    assert any("NotoSansArabic" in name for name in names), names
    assert any("\u0600" <= letter <= "\u06ff" for letter in read.pages[0].extract_text())
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "de"


def test_the_same_data_give_the_same_file() -> None:
    assert typeset(Template.BOOKLET, sheet("A"), at=AT) == typeset(Template.BOOKLET, sheet("A"), at=AT)


def test_every_shipped_word_has_its_letters() -> None:
    data = sheet("Name")
    (only,) = data["sheets"]
    only["sections"][0]["lines"] = [
        [PLAIN | {"detail": {"text": text, "mark": ""}}] * 2
        for words in leaves(SHIPPED)
        for text in words.values()
    ]
    assert UA in typeset(Template.BOOKLET, data, at=AT)


def test_a_name_that_no_font_can_write_is_printed_all_the_same() -> None:
    made = typeset(Template.BOOKLET, sheet("Akte \U0001f600 \u4e2d \ud800"), at=AT)
    assert UA not in made
    assert "Akte" in PdfReader(BytesIO(made)).pages[0].extract_text()
