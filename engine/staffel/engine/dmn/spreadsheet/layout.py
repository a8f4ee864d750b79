"""How a decision table lies in a sheet, and how it is told what is not so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from staffel.engine.dmn.source import child, children, is_dmn, name_of
from staffel.engine.feel.errors import FeelError
from staffel.engine.xml import XmlRefused, parse_xml

SHEET: Final = "Entscheidung"
HEAD: Final = (
    ("Entscheidung", ""),
    ("Trefferregel", "hitPolicy"),
    ("Zusammenfassung", "aggregation"),
    ("Gültig ab", "validFrom"),
    ("Gültig bis", "validTo"),
    ("Rechtsstand", "legalState"),
    ("Rechtsgrundlagen", "legalBasis"),
)
LINES: Final = ("Spalte", "Überschrift", "Ausdruck oder Name", "Typ", "Erlaubte Werte", "Vorgabe")
FIRST_LINE: Final = len(HEAD) + 2
FIRST_RULE: Final = FIRST_LINE + len(LINES)
INPUT, OUTPUT, NOTE = "Eingabe", "Ausgabe", "Anmerkung"
KINDS: Final = {"input": INPUT, "output": OUTPUT, "annotation": NOTE}
"""Kinds of columns as programs name them and as a sheet does, in the order of columns."""


class SpreadsheetRefused(FeelError):  # noqa: N818 - an answer, not an error
    """The spreadsheet is not laid out as a decision table; the message names the cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as its five lines say; what does not apply to its kind is empty."""

    kind: str
    label: str
    text: str
    type: str
    allowed: str
    default: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was read: `head` by attribute name, each rule its id and the cells of all columns."""

    decision: str
    head: dict[str, str]
    columns: tuple[Column, ...]
    rules: tuple[tuple[str, ...], ...]


def root_of(dmn: bytes, *, comments: bool = False) -> etree._Element:
    """The root of a DMN file. Raises `SpreadsheetRefused`."""
    try:
        root = parse_xml(dmn, comments=comments)
    except XmlRefused as err:
        raise SpreadsheetRefused(err.message_de, err.message_en) from err
    if not is_dmn(root):
        raise SpreadsheetRefused("Erwartet wird eine DMN-Datei.", "Expected a DMN file.")
    return root


def table_of(root: etree._Element, decision: str) -> tuple[etree._Element, etree._Element]:
    """The decision of that id or name with its table. Raises `SpreadsheetRefused`."""
    for element in children(root, "decision"):
        if decision in {element.get("id"), name_of(element)}:
            table = child(element, "decisionTable")
            if table is not None:
                return element, table
    known = [name_of(each) for each in children(root, "decision") if child(each, "decisionTable") is not None]
    raise SpreadsheetRefused(
        f"Die DMN-Datei hat keine Entscheidungstabelle „{decision}“; sie hat: {', '.join(known) or '–'}.",
        f"The DMN file has no decision table '{decision}'; it has: {', '.join(known) or '–'}.",
    )


def cell_name(line: int, column: int) -> str:
    """`B7` for line 7, column 2."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{line}"


def unexpected(cell: str, expected: str, found: str) -> SpreadsheetRefused:
    """A cell that holds something else."""
    return refused(
        cell,
        f"erwartet: {expected}; gefunden: {found[:80] or '–'}. Am besten die ausgegebene Tabelle ändern und zurückgeben",
        f"expected: {expected}; found: {found[:80] or '–'}. It is best to change the exported table and give it back",
    )


def refused(cell: str, german: str, english: str) -> SpreadsheetRefused:
    """What is wrong with a cell, or (no cell) with the file."""
    where_de, where_en = (
        (f"Blatt {SHEET}, Zelle {cell}", f"sheet {SHEET}, cell {cell}") if cell else ("Die Datei", "the file")
    )
    return SpreadsheetRefused(f"{where_de} {german}.", f"{where_en[0].upper()}{where_en[1:]} {english}.")
