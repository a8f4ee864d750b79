"""A decision table of a DMN file as a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from staffel.engine.dmn.source import child, children, name_of, text_of
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
    root_of,
    table_of,
)
from staffel.engine.dmn.validity import NAMESPACE as DATED

HEADINGS: Final = 2
"""Kind and heading of a column are printed in bold."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def sheet_of(dmn: bytes, decision: str) -> Sheet:
    """The table of a decision (id or name) of a DMN file. Raises `SpreadsheetRefused` where there is none."""
    root = root_of(dmn)
    element, table = table_of(root, decision)
    columns = (*_inputs(table), *_outputs(table), *_notes(table))
    dated = {
        name: element.get(f"{{{DATED}}}{name}") or root.get(f"{{{DATED}}}{name}") or ""
        for _, name in HEAD[3:]
    }
    head = {
        "": element.get("id") or name_of(element),
        "hitPolicy": table.get("hitPolicy", "UNIQUE"),
        "aggregation": table.get("aggregation", ""),
        **dated,
    }
    rules = tuple(tuple(_cells(rule, len(columns))) for rule in children(table, "rule"))
    return Sheet(head[""], head, columns, rules)


def to_xlsx(dmn: bytes, decision: str) -> bytes:
    """The table of a decision as a spreadsheet. Raises `SpreadsheetRefused` where there is none."""
    made = sheet_of(dmn, decision)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    for line, (title, name) in enumerate(HEAD, 1):
        _write(sheet, line, 1, title, bold=True)
        _write(sheet, line, 2, made.head[name])
    for offset, title in enumerate(LINES):
        _write(sheet, FIRST_LINE + offset, 1, title, bold=True)
        for number, column in enumerate(made.columns, 2):
            parts = (column.kind, column.label, column.text, column.type, column.allowed, column.default)
            _write(sheet, FIRST_LINE + offset, number, parts[offset], bold=offset < HEADINGS)
    for line, rule in enumerate(made.rules, FIRST_RULE):
        for number, cell in enumerate(rule, 1):
            _write(sheet, line, number, cell)
    sheet.freeze_panes = sheet.cell(FIRST_RULE, 2)
    for number in range(1, len(made.columns) + 2):
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = 24
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _inputs(table: etree._Element) -> Iterator[Column]:
    for column in children(table, "input"):
        expression = child(column, "inputExpression")
        kind = "" if expression is None else expression.get("typeRef", "")
        yield Column(
            INPUT, column.get("label", ""), _text(expression), kind, _text(child(column, "inputValues")), ""
        )


def _outputs(table: etree._Element) -> Iterator[Column]:
    for column in children(table, "output"):
        allowed, default = _text(child(column, "outputValues")), _text(child(column, "defaultOutputEntry"))
        kind = column.get("typeRef", "")
        yield Column(OUTPUT, column.get("label", ""), column.get("name", ""), kind, allowed, default)


def _notes(table: etree._Element) -> Iterator[Column]:
    named = [each.get("name", "") for each in children(table, "annotation")]
    most = max((len(list(children(rule, "annotationEntry"))) for rule in children(table, "rule")), default=0)
    for number in range(max(len(named), most)):
        yield Column(NOTE, named[number] if number < len(named) else "", "", "", "", "")


def _cells(rule: etree._Element, columns: int) -> list[str]:
    cells = [rule.get("id", "")]
    for tag in ("inputEntry", "outputEntry", "annotationEntry"):
        cells += [_text(entry) for entry in children(rule, tag)]
    return cells + [""] * (columns + 1 - len(cells))


def _text(element: etree._Element | None) -> str:
    return "" if element is None else (text_of(element) or "").strip()


def _write(sheet: Any, line: int, column: int, text: str, *, bold: bool = False) -> None:
    """As text, whatever it looks like: a cell that begins like a formula is marked as quoted."""
    cell = sheet.cell(line, column)
    cell.value, cell.data_type, cell.number_format = _printable(text), "s", "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    if text.startswith(_FORMULA):
        cell.quotePrefix = True


def _printable(text: str) -> str:
    """Spreadsheets cannot hold most control characters."""
    return "".join(sign for sign in text if sign in "\t\n\r" or sign >= " ")
