"""A spreadsheet that a person gives back: read without believing anything it says about itself."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from openpyxl import load_workbook

from staffel.engine.dmn.spreadsheet.layout import (
    FIRST_LINE,
    FIRST_RULE,
    HEAD,
    INPUT,
    LINES,
    NOTE,
    OUTPUT,
    SHEET,
    Column,
    Sheet,
    SpreadsheetRefused,
    cell_name,
    refused,
    unexpected,
)

MOST_RULES: Final = 5_000
MOST_COLUMNS: Final = 200
MOST_BYTES: Final = 20 * 1024 * 1024
MOST_FILES: Final = 200


def read_sheet(data: bytes) -> Sheet:
    """The sheet of an xlsx file. Raises `SpreadsheetRefused` with the cell."""
    _check_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        lines = [
            [_feel(cell) for cell in row]
            for row in sheet.iter_rows(max_row=FIRST_RULE + MOST_RULES, max_col=MOST_COLUMNS)
        ]
    except SpreadsheetRefused:
        raise
    except Exception as err:  # a foreign reader: whatever it stumbles over, the file is not a spreadsheet
        raise refused("", "ist keine lesbare xlsx-Datei", "is no readable xlsx file") from err
    return _sheet_of(lines)


def _check_archive(data: bytes) -> None:
    """Refuse bombs and foreign XML before the library opens anything (SECURITY: archives, XXE)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > MOST_BYTES:
                raise refused("", "ist ausgepackt zu groß", "is too large when unpacked")
            left = MOST_BYTES
            for entry in entries:
                with archive.open(entry) as file:
                    content = file.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise refused("", "ist ausgepackt zu groß", "is too large when unpacked")
                if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                    raise refused("", "enthält eine DOCTYPE-Angabe", "contains a DOCTYPE")
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as err:
        raise refused("", "ist keine xlsx-Datei", "is no xlsx file") from err


def _feel(cell: Any) -> str:  # noqa: PLR0911 - a line for each kind of value
    """What stands in a cell as FEEL text. Formulas are never evaluated."""
    value = cell.value
    match value:
        case None:
            return ""
        case _ if cell.data_type == "f":
            raise refused(
                cell.coordinate, "enthält eine Formel; erwartet wird Text", "has a formula; expected text"
            )
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return format(Decimal(repr(value)).normalize(), "f")
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
        case date():
            return value.isoformat()
    return str(value).strip()


def _sheet_of(lines: list[list[str]]) -> Sheet:
    def at(line: int, column: int) -> str:
        row = lines[line - 1] if line <= len(lines) else []
        return row[column - 1] if column <= len(row) else ""

    head = {}
    for line, (title, name) in enumerate(HEAD, 1):
        if at(line, 1) != title:
            raise unexpected(f"A{line}", title, at(line, 1))
        head[name] = at(line, 2)
    for offset, title in enumerate(LINES):
        if at(FIRST_LINE + offset, 1) != title:
            raise unexpected(f"A{FIRST_LINE + offset}", title, at(FIRST_LINE + offset, 1))
    columns = []
    for number in range(2, MOST_COLUMNS + 1):
        kind = at(FIRST_LINE, number)
        if not kind:
            break
        if kind not in {INPUT, OUTPUT, NOTE}:
            raise unexpected(cell_name(FIRST_LINE, number), f"{INPUT}, {OUTPUT}, {NOTE}", kind)
        columns.append(Column(kind, *(at(FIRST_LINE + offset, number) for offset in range(1, len(LINES)))))
    order = [(INPUT, OUTPUT, NOTE).index(each.kind) for each in columns]
    if order != sorted(order) or 1 not in order:
        raise unexpected(
            cell_name(FIRST_LINE, 2),
            f"{INPUT} …, {OUTPUT} …, {NOTE} …",
            ", ".join(each.kind for each in columns),
        )
    if len(lines) > FIRST_RULE + MOST_RULES - 1 and any(lines[FIRST_RULE + MOST_RULES - 1]):
        raise refused(f"A{FIRST_RULE + MOST_RULES}", "liegt hinter 5.000 Regeln", "lies behind 5,000 rules")
    rules = []
    for line in range(FIRST_RULE, len(lines) + 1):
        cells = tuple(at(line, number) for number in range(1, len(columns) + 2))
        if any(cells[1:]):
            rules.append(cells)
    return Sheet(head[""], head, tuple(columns), tuple(rules))
