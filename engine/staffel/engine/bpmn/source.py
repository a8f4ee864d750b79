"""The parsed file with its ids: finds what a reference means and gives ids to what has none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.words import (
    BPMN,
    EVENT_DEFINITIONS,
    FLOW_NODES,
    GLOBAL_TASKS,
    IN_BPMN,
    is_bpmn,
    local,
)

if TYPE_CHECKING:
    from lxml import etree

_NEEDS_ID: Final = (
    frozenset(FLOW_NODES)
    | frozenset(EVENT_DEFINITIONS)
    | frozenset(GLOBAL_TASKS)
    | frozenset(
        {
            "process",
            "participant",
            "collaboration",
            "lane",
            "sequenceFlow",
            "messageFlow",
            "association",
            "dataObject",
            "dataObjectReference",
            "dataStore",
            "dataStoreReference",
            "dataInput",
            "dataOutput",
            "dataInputAssociation",
            "dataOutputAssociation",
            "property",
            "message",
            "signal",
            "error",
            "escalation",
            "textAnnotation",
            "group",
        }
    )
)
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}
_NCNAME: Final = re.compile(r"[^\W\d][\w.\-·]*\Z")


@dataclass(slots=True)
class Source:
    """A BPMN file as a tree. `by_id` holds the first element of each id, `duplicates` the further ones."""

    root: etree._Element
    target_namespace: str = ""
    by_id: dict[str, etree._Element] = field(default_factory=dict)
    duplicates: list[etree._Element] = field(default_factory=list)
    generated: set[str] = field(default_factory=set)
    by_tag: dict[str, list[etree._Element]] = field(default_factory=dict)

    def all(self, *names: str) -> Iterator[etree._Element]:
        """Every BPMN element with one of these names, in file order within each name."""
        for name in names:
            yield from self.by_tag.get(name, ())

    def find(self, reference: str | None, at: etree._Element) -> etree._Element | None:
        """The element a reference (QName) written at `at` means, None when the file has none."""
        return self.by_id.get(self.name(reference, at)) if reference else None

    def name(self, reference: str | None, at: etree._Element) -> str:
        """A reference without the prefix that stands for this file's own namespace."""
        text = (reference or "").strip()
        prefix, colon, rest = text.partition(":")
        if not colon or text in self.by_id:
            return text
        meaning = at.nsmap.get(prefix)
        return rest if meaning in {self.target_namespace, BPMN} or rest in self.by_id else text

    def is_foreign(self, reference: str, at: etree._Element) -> bool:
        """Whether the prefix of a reference points to another namespace than this file's."""
        prefix, colon, _ = reference.strip().partition(":")
        meaning = at.nsmap.get(prefix) if colon else None
        return meaning is not None and meaning != self.target_namespace


def index(root: etree._Element) -> Source:
    """Build the index; elements that need an id and have none get `Flow_line17` (with `_2` for the second there)."""
    source = Source(root, (root.get("targetNamespace") or "").strip())
    by_tag: dict[str, list[etree._Element]] = defaultdict(list)
    nameless: list[etree._Element] = []
    foreign: set[etree._Element] = set()
    for element in root.iter("{*}*"):
        identity, name = element.get("id"), local(element)
        if name == "extensionElements" or (foreign and element.getparent() in foreign):
            foreign.add(element)  # what tools put in there is theirs, whatever its namespace says
        if not is_bpmn(element) or element in foreign:
            continue
        by_tag[name].append(element)
        if identity is not None and (stripped := identity.strip()):
            if stripped != identity:
                element.set("id", stripped)
            if source.by_id.setdefault(stripped, element) is not element:
                source.duplicates.append(element)
        elif name in _NEEDS_ID:
            nameless.append(element)
    given: dict[str, int] = {}
    for element in nameless:
        _give_id(source, element, given)
    source.by_tag = dict(by_tag)
    return source


def _give_id(source: Source, element: etree._Element, given: dict[str, int]) -> None:
    name = local(element)
    stem = {"sequenceFlow": "Flow", "messageFlow": "MessageFlow"}.get(name, name[0].upper() + name[1:])
    base = candidate = f"{stem}_line{element.sourceline}"
    number = given.get(base, 1)
    while candidate in source.by_id:
        number += 1
        candidate = f"{base}_{number}"
    given[base] = number
    element.set("id", candidate)
    source.by_id[candidate] = element
    source.generated.add(candidate)


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The BPMN children with one of these names."""
    if not names or not len(
        element
    ):  # most elements of a model hold nothing, and to ask is quicker than to look
        return iter(())
    return element.iterchildren(*[IN_BPMN + name for name in names])


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first BPMN child of that name."""
    return element.find(IN_BPMN + name) if len(element) else None


def text_of(element: etree._Element | None) -> str:
    """The text in an element, all of it, without the white space around it."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def is_true(value: str | None, default: bool = False) -> bool:
    """An `xsd:boolean`; what is neither true nor false counts as absent (the schema layer reports it)."""
    return default if value is None else _TRUTH.get(value.strip(), default)


def is_ncname(text: str) -> bool:
    """Whether the text can be an XML id."""
    return _NCNAME.match(text) is not None


def line_of(element: etree._Element) -> int:
    """The element's line in the file, 0 when unknown."""
    number = element.sourceline
    return number if isinstance(number, int) else 0
