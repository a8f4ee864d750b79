"""The table of a sheet put into its DMN file; all else of the file stays as it is."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from staffel.engine.dmn.source import child, children, name_of, text_of
from staffel.engine.dmn.spreadsheet.connecting import connect
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

_TAGS: Final = {
    INPUT: ("input", "inputEntry"),
    OUTPUT: ("output", "outputEntry"),
    NOTE: ("annotation", "annotationEntry"),
}
_EXTRAS: Final = ("description", "extensionElements")


def from_xlsx(data: bytes, dmn: bytes) -> bytes:
    """The DMN file with the table of a spreadsheet in it. Raises `SpreadsheetRefused` with the cell."""
    return put_table(read_sheet(data), dmn)


def put_table(sheet: Sheet, dmn: bytes) -> bytes:
    """The DMN file with the table of the sheet's decision replaced by the sheet's.

    What a sheet does not show stays: comments and namespaces, requirements, types, the drawing, and the ids,
    extensions and descriptions of columns and rules that are still there. What the table newly reads is connected
    (`connect`). Raises `SpreadsheetRefused`.
    """
    root = root_of(dmn, comments=True)
    element, table = table_of(root, sheet.decision)
    former = {_name(each, INPUT) for each in children(table, "input")}
    parent = table.getparent()
    if parent is not None:
        parent.replace(table, _Maker(sheet, table).made())
    for _, name in HEAD[3:]:
        _date(root, element, f"{{{DATED}}}{name}", sheet.head[name])
    new = {each.text: each.type for each in sheet.columns if each.kind == INPUT and each.text not in former}
    connect(root, element, new)
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")


def decision_of(data: bytes) -> str:
    """The id of the decision that a sheet is about. Raises `SpreadsheetRefused`."""
    return read_sheet(data).decision


def _date(root: etree._Element, element: etree._Element, name: str, value: str) -> None:
    """Set what the decision says about its time. What the file says for all holds on for the others only."""
    common = root.get(name)
    if not value and common:
        for other in children(root, "decision"):
            if other is not element and not other.get(name):
                other.set(name, common)
        del root.attrib[name]
    if value and value != common:
        element.set(name, value)
    else:
        element.attrib.pop(name, "")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A column with the one that it was before, and that one's place among the entries of a rule."""

    column: Column
    old: etree._Element | None
    place: int


class _Maker:
    """Makes the new `decisionTable` element, in the namespace and under the id of the old one."""

    def __init__(self, sheet: Sheet, old: etree._Element) -> None:
        self.sheet, self.old = sheet, old
        self.space = etree.QName(old).namespace
        self.owner = old.get("id", "Tabelle")
        self.table = _emptied(old)
        self.columns = [each for kind in _TAGS for each in self._kept(kind)]

    def made(self) -> etree._Element:
        """The element."""
        self._policy()
        for number, each in enumerate(self.columns):
            self._column(each, number)
        self._rules()
        self.table.tail = self.old.tail
        return self.table

    def _kept(self, kind: str) -> Iterator[_Kept]:
        """The columns of a kind: found again by what they read or give, else by their place."""
        olds = list(children(self.old, _TAGS[kind][0]))
        names = [_name(each, kind) for each in olds]
        wanted = [each for each in self.sheet.columns if each.kind == kind]
        texts = [each.label if kind == NOTE else each.text for each in wanted]
        taken = {names.index(text) for text in texts if text in names}
        for place, (column, text) in enumerate(zip(wanted, texts, strict=True)):
            found = -1
            if text in names and text not in texts[:place]:
                found = names.index(text)
            elif place < len(olds) and place not in taken:
                found = place
            yield _Kept(column, olds[found] if found >= 0 else None, found)

    def _policy(self) -> None:
        policy = self.sheet.head["hitPolicy"].upper() or "UNIQUE"
        if policy not in set(HitPolicy):
            raise unexpected("B2", ", ".join(HitPolicy), policy)
        self.table.set("hitPolicy", policy)
        _attribute(self.table, "aggregation", self.sheet.head["aggregation"].upper())

    def _column(self, kept: _Kept, number: int) -> None:
        column = kept.column
        element = self._tag(_TAGS[column.kind][0]) if kept.old is None else copy.deepcopy(kept.old)
        element.tail = self._indent(element.tag)
        self.table.append(element)
        if column.kind == NOTE:
            element.set("name", column.label or NOTE)
            return
        if not element.get("id"):
            element.set("id", f"{self.owner}_{column.kind[0]}{number + 1}")
        _attribute(element, "label", column.label)
        if column.kind == INPUT:
            expression = self._part(element, "inputExpression", column.text)
            _attribute(expression, "typeRef", column.type)
            self._part(element, "inputValues", column.allowed)
        else:
            element.set("name", column.text)
            _attribute(element, "typeRef", column.type)
            self._part(element, "outputValues", column.allowed)
            self._part(element, "defaultOutputEntry", column.default)

    def _rules(self) -> None:
        known = {rule.get("id"): rule for rule in children(self.old, "rule")}
        used = set[str]()
        for number, cells in enumerate(self.sheet.rules, 1):
            given = cells[0]
            identity = given if given and given not in used else f"{self.owner}_R{number}_{len(used)}"
            used.add(identity)
            old = known.get(identity)
            rule = self._tag("rule") if old is None else _emptied(old)
            rule.set("id", identity)
            rule.tail = self._indent(rule.tag)
            self.table.append(rule)
            for kept, cell in zip(self.columns, cells[1:], strict=True):
                self._entry(rule, old, kept, cell)

    def _entry(self, rule: etree._Element, old: etree._Element | None, kept: _Kept, cell: str) -> None:
        tag = _TAGS[kept.column.kind][1]
        before = list(children(old, tag))
        entry = copy.deepcopy(before[kept.place]) if 0 <= kept.place < len(before) else self._tag(tag)
        rule.append(entry)
        self._write(entry, cell or ("-" if kept.column.kind == INPUT else ""))

    def _part(self, element: etree._Element, tag: str, text: str) -> etree._Element:
        """The child of that name with the text; without text there is none but the expression."""
        part = child(element, tag)
        if part is None:
            part = self._tag(tag)
            later = child(element, "defaultOutputEntry") if tag == "outputValues" else None
            if later is None:
                element.append(part)
            else:
                later.addprevious(part)
        if text or tag == "inputExpression":
            self._write(part, text)
        else:
            element.remove(part)
        return part

    def _write(self, element: etree._Element, text: str) -> None:
        if (text_of(element) or "").strip() == text and child(element, "text") is not None:
            return
        found = child(element, "text")
        if found is None:
            found = etree.SubElement(element, f"{{{self.space}}}text")
        for inner in list(found):
            found.remove(inner)
        found.text = text

    def _tag(self, tag: str) -> etree._Element:
        return etree.Element(f"{{{self.space}}}{tag}")

    def _indent(self, tag: object) -> str | None:
        """The white space that stood behind such elements."""
        return next((each.tail for each in self.old if each.tag == tag), None)


def _emptied(element: etree._Element) -> etree._Element:
    """A copy with its attributes, description and extensions, and nothing else."""
    made = copy.deepcopy(element)
    extras = set(children(made, *_EXTRAS))
    for each in list(made):
        if each not in extras:
            made.remove(each)
    return made


def _name(element: etree._Element, kind: str) -> str:
    if kind == INPUT:
        return (text_of(child(element, "inputExpression")) or "").strip()
    return name_of(element)


def _attribute(element: etree._Element, name: str, value: str) -> None:
    if value:
        element.set(name, value)
    else:
        element.attrib.pop(name, "")
