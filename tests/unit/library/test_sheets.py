from __future__ import annotations

from typing import Any

import pytest

from staffel.engine.library.forms import Form
from staffel.engine.library.sheets import SheetRefused, cells_of, column_names, read_sheet, write_sheet

FORM = Form(
    {
        "type": "object",
        "properties": {
            "name": {"type": "string", "title": "Familienname"},
            "geboren": {"type": "string", "format": "date"},
            "miete": {"type": "number"},
            "wohnungslos": {"type": "boolean"},
            "sprachen": {"type": "array", "items": {"type": "string"}},
            "anschrift": {"type": "object", "properties": {"plz": {"type": "string"}}},
            "kinder": {
                "type": "array",
                "items": {"type": "object", "properties": {"name": {"type": "string"}}},
            },
            "aus_akte": {"type": "string", "readOnly": True},
        },
    }
)
VALUES = {
    "name": "Özdemir; Amal",
    "geboren": "1990-05-01",
    "miete": 1234.5,
    "wohnungslos": True,
    "sprachen": ["de", "ar"],
    "anschrift": {"plz": "48429"},
    "kinder": [{"name": "Noor"}, {"name": "Sami"}],
}


def one(text: str | bytes, form: Form | None = FORM) -> Any:
    (row,) = read_sheet(text.encode() if isinstance(text, str) else text, form)
    return row


def test_cells_are_read_as_people_write_them() -> None:
    row = one(
        "Aktenzeichen;Familienname;geboren;miete;wohnungslos;sprachen;anschrift.plz;kinder.0.name;kinder.1.name\r\n"
        'AZ-1;"Özdemir; Amal";1.5.1990;1.234,50;Ja;de|ar;48429;Noor;Sami\r\n'
    )

    assert (row.line, row.reference, row.values) == (2, "AZ-1", VALUES)


def test_what_is_written_is_read_again() -> None:
    cells = cells_of(VALUES)
    text = write_sheet(["aktenzeichen", *cells], [["=AZ", *cells.values()]])

    row = one(text)

    assert (row.reference, row.values) == ("=AZ", VALUES)
    assert "'=AZ" in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_separators_of_spreadsheets_are_known(encoding: str, delimiter: str) -> None:
    text = f"aktenzeichen{delimiter}name\nAZ-1{delimiter}Müßig\n"

    assert one(text.encode(encoding)).values == {"name": "Müßig"}


def test_without_a_form_every_column_is_a_text() -> None:
    assert one("aktenzeichen;x\nAZ-1;007\n", None).values == {"x": "007"}


def test_empty_rows_are_passed_over_and_lines_counted_as_a_spreadsheet_shows_them() -> None:
    rows = read_sheet(b"aktenzeichen\nAZ-1\n\n;\nAZ-2\n", FORM)

    assert [(row.line, row.reference) for row in rows] == [(2, "AZ-1"), (5, "AZ-2")]


def test_the_column_of_remarks_is_not_read() -> None:
    assert one("aktenzeichen;name;hinweis\nAZ-1;A;name: Bitte ausfüllen.\n").values == {"name": "A"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nx\n", "fehlt die Spalte „aktenzeichen“"),
        ("aktenzeichen;nmae\nAZ;x\n", "„nmae“ gehört nicht zum Startformular; es gibt: aktenzeichen"),
        ("aktenzeichen;aus_akte\nAZ;x\n", "gehört nicht zum Startformular"),
        ("aktenzeichen;name;name\nAZ;x;y\n", "steht zweimal da"),
        ("aktenzeichen;name;\nAZ;x;y\n", "Spalte 3 hat keine Überschrift"),
        ("aktenzeichen;name\n", "keine Zeile unter der Kopfzeile"),
        ("", "fehlt die Spalte"),
        ("aktenzeichen;name\nAZ;x;y\n", "Zeile 2 hat 3 Zellen, die Kopfzeile 2"),
        ('aktenzeichen;name\nAZ;"x"y"\n', "Anführungszeichen zu viel"),
        ("aktenzeichen\n" + "AZ\n" * 10_001, "Erlaubt sind 10000 Zeilen"),
        (b"PK\x03\x04\x00\x00", "Excel-Datei bitte als „CSV UTF-8“"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_the_place(text: str | bytes, said: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(text.encode() if isinstance(text, str) else text, FORM)

    assert said in refused.value.message_de
    assert str(refused.value) != refused.value.message_de


def test_the_empty_table_has_the_columns_that_may_be_set() -> None:
    assert column_names(FORM)[:3] == ["aktenzeichen", "name", "geboren"]
    assert column_names(FORM)[-2:] == ["anschrift.plz", "kinder.0.name"]
