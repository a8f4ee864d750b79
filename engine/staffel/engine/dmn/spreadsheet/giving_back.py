"""The table of a sheet put into its DMN file; all else of the file stays as it is."""

from __future__ import annotations

import copy
from typing import Final

from lxml import etree

from staffel.engine.dmn.source import children
from staffel.engine.dmn.spreadsheet.layout import (
    HEAD,
    INPUT,
    NOTE,
    OUTPUT,
    Column,
    Sheet,
    root_of,
    table_of,
    unexpected,
)
from staffel.engine.dmn.spreadsheet.reading import read_sheet
from staffel.engine.dmn.tables import HitPolicy
from staffel.engine.dmn.validity import NAMESPACE as DATED

_ENTRIES: Final = {INPUT: "inputEntry", OUTPUT: "outputEntry", NOTE: "annotationEntry"}


def from_xlsx(data: bytes, dmn: bytes) -> bytes:
    """The DMN file with the table of a spreadsheet in it. Raises `SpreadsheetRefused` with the cell."""
    return put_table(read_sheet(data), dmn)


def put_table(sheet: Sheet, dmn: bytes) -> bytes:
    """The DMN file with the table of the sheet's decision replaced by the sheet's.

    Requirements, item definitions and the drawing are not in the sheet. Raises `SpreadsheetRefused`.
    """
    root = root_of(dmn)
    element, table = table_of(root, sheet.decision)
    parent = table.getparent()
    if parent is not None:
        parent.replace(table, _Maker(sheet, table).made())
    for _, name in HEAD[3:]:
        qualified, value = f"{{{DATED}}}{name}", sheet.head[name]
        if value and value != root.get(qualified):
            element.set(qualified, value)
        elif not value and qualified in element.attrib:
            del element.attrib[qualified]
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def decision_of(data: bytes) -> str:
    """The id of the decision that a sheet is about. Raises `SpreadsheetRefused`."""
    return read_sheet(data).decision


class _Maker:
    """Makes the new `decisionTable` element, in the namespace and under the id of the old one."""

    def __init__(self, sheet: Sheet, old: etree._Element) -> None:
        self.sheet, self.old = sheet, old
        self.space = etree.QName(old).namespace
        self.owner = old.get("id", "Tabelle")
        self.table = copy.copy(old)
        for child in list(self.table):
            self.table.remove(child)

    def made(self) -> etree._Element:
        """The element."""
        self._policy()
        for extra in children(self.old):
            if etree.QName(extra).localname in {"description", "extensionElements"}:
                self.table.append(copy.deepcopy(extra))
        for kind in (INPUT, OUTPUT, NOTE):
            same = list(children(self.old, {INPUT: "input", OUTPUT: "output"}.get(kind, "-")))
            for number, column in enumerate(each for each in self.sheet.columns if each.kind == kind):
                known = same[number].get("id", "") if number < len(same) else ""
                self._column(column, known or f"{self.owner}_{kind[0]}{number + 1}")
        self._rules()
        self.table.tail = self.old.tail
        return self.table

    def _policy(self) -> None:
        policy = self.sheet.head["hitPolicy"].upper() or "UNIQUE"
        if policy not in set(HitPolicy):
            raise unexpected("B2", ", ".join(HitPolicy), policy)
        self.table.set("hitPolicy", policy)
        self.table.attrib.pop("aggregation", "")
        if self.sheet.head["aggregation"]:
            self.table.set("aggregation", self.sheet.head["aggregation"].upper())

    def _column(self, column: Column, identity: str) -> None:
        if column.kind == NOTE:
            self._add(self.table, "annotation", name=column.label or NOTE)
        elif column.kind == INPUT:
            element = self._add(self.table, "input", id=identity, label=column.label)
            self._add(element, "inputExpression", column.text, typeRef=column.type)
            if column.allowed:
                self._add(element, "inputValues", column.allowed)
        else:
            element = self._add(
                self.table, "output", id=identity, name=column.text, label=column.label, typeRef=column.type
            )
            for tag, text in (("outputValues", column.allowed), ("defaultOutputEntry", column.default)):
                if text:
                    self._add(element, tag, text)

    def _rules(self) -> None:
        used = set[str]()
        for number, cells in enumerate(self.sheet.rules, 1):
            identity = (
                cells[0] if cells[0] and cells[0] not in used else f"{self.owner}_R{number}_{len(used)}"
            )
            used.add(identity)
            rule = self._add(self.table, "rule", id=identity)
            for column, cell in zip(self.sheet.columns, cells[1:], strict=True):
                self._add(rule, _ENTRIES[column.kind], cell or ("-" if column.kind == INPUT else ""))

    def _add(
        self, parent: etree._Element, tag: str, text: str | None = None, **attributes: str
    ) -> etree._Element:
        element = etree.SubElement(
            parent, f"{{{self.space}}}{tag}", {k: v for k, v in attributes.items() if v}
        )
        if text is not None:
            etree.SubElement(element, f"{{{self.space}}}text").text = text
        return element
