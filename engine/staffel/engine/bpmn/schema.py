"""The OMG's schemas (as SpiffWorkflow packages them): every fault with its line, in words instead of libxml2's."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import XSD_PATH, BpmnValidator

from staffel.engine.bpmn.source import is_ncname, line_of
from staffel.engine.bpmn.words import is_bpmn, local

if TYPE_CHECKING:
    from staffel.engine.bpmn.report import Report
    from staffel.engine.bpmn.source import Source

LAYER: Final = "schema"
MAX_FAULTS: Final = 200
_ROUNDS: Final = 30
Text = tuple[str, str]

_MEND_ELEMENT: Final = (
    "Das Element löschen, an die richtige Stelle setzen oder in extensionElements aufnehmen; am einfachsten: das Modell "
    "im Zeichenprogramm öffnen, das Element neu zeichnen und neu exportieren.",
    "Delete the element, move it to its right place or put it into extensionElements; the easiest way: open the model "
    "in the modelling tool, draw the element anew and export again.",
)
_MEND_VALUE: Final = (
    "Den Wert in der genannten Zeile berichtigen.",
    "Correct the value in the line named.",
)
# Every validator keeps the log of its last run, so threads take turns.
_LOCK: Final = threading.Lock()


@cache
def _validator() -> BpmnValidator:
    return BpmnValidator()


@cache
def known_names() -> frozenset[str]:
    """The names of all elements that the OMG's schema of BPMN declares."""
    found: set[str] = set()
    for file in ("BPMN20.xsd", "Semantic.xsd"):
        names = etree.parse(str(Path(XSD_PATH).with_name(file))).xpath("//*[local-name()='element']/@name")
        found.update(str(name) for name in (names if isinstance(names, list) else ()))
    return frozenset(found)


def check_schema(source: Source, report: Report) -> None:
    """Report every deviation from the schema (at most 200), and every element of BPMN that does not exist."""
    _unknown_elements(source, report)
    with _LOCK:
        faults = _Faults(source.root).find()
    for number, (line, element, message) in enumerate(faults):
        if number == MAX_FAULTS:
            _too_many(report, len(faults))
            return
        code, text, mend = in_words(message)
        if element is None:
            text = (f"Zeile {line}: {text[0]}", f"Line {line}: {text[1]}")
        report.error(code, element, text, mend, layer=LAYER)


Fault = tuple[int, etree._Element | None, str]


@dataclass(slots=True)
class _Faults:
    """libxml2 stops looking at an element's children at the first that it does not expect. So each such child is
    taken out and the rest is checked again; at the end everything stands where it stood."""

    root: etree._Element
    found: dict[tuple[etree._Element | None, str], Fault] = field(default_factory=dict)
    removed: list[tuple[etree._Element, int, etree._Element]] = field(default_factory=list)
    emptied: list[tuple[etree._Element, str | None, list[str | None]]] = field(default_factory=list)

    def find(self) -> list[Fault]:
        validator = _validator()
        validator.preprocess(self.root)
        try:
            for _ in range(_ROUNDS):
                if validator.validator.validate(self.root):
                    break
                log = [(fault.line, fault.path, fault.message) for fault in validator.validator.error_log]
                more = False
                for line, path, message in log:
                    more |= self._note(line, _at(self.root, path, line), message)
                if not more:
                    break
        finally:
            self._restore()
        return sorted(self.found.values(), key=lambda fault: fault[0])

    def _note(self, line: int, element: etree._Element | None, message: str) -> bool:
        """Keep a fault; true when something was taken out so that another round may find more."""
        if not _told_elsewhere(element, message):
            self.found.setdefault((element, message), (line, element, message))
        if element is None:
            return False
        if "This element is not expected" in message:
            return self._take_out(element)
        if "Character content" in message and len(element):
            self.emptied.append((element, element.text, [child.tail for child in element]))
            element.text = None
            for child in element:
                child.tail = None
            return True
        return False

    def _take_out(self, element: etree._Element) -> bool:
        parent = element.getparent()
        if parent is None:
            return False
        self.removed.append((parent, parent.index(element), element))
        parent.remove(element)
        return True

    def _restore(self) -> None:
        for parent, place, element in reversed(self.removed):
            parent.insert(place, element)
        for element, text, tails in reversed(self.emptied):
            element.text = text
            for child, tail in zip(element, tails, strict=False):
                child.tail = tail


def _unknown_elements(source: Source, report: Report) -> None:
    known = known_names()
    for name, elements in source.by_tag.items():
        for element in elements if name not in known else ():
            parent = element.getparent()
            inside = "–" if parent is None else local(parent)
            report.error(
                "element-unknown",
                element,
                (
                    f"Erwartet wird ein Element von BPMN 2.0, gefunden: „{name[:100]}“ in {inside}. Ein solches Element "
                    "gibt es nicht; es würde sonst stillschweigend fehlen.",
                    f'Expected an element of BPMN 2.0, found: "{name[:100]}" in {inside}. There is no such element; it '
                    "would otherwise be missing silently.",
                ),
                _MEND_ELEMENT,
                layer=LAYER,
            )


def _at(root: etree._Element, path: str | None, line: int) -> etree._Element | None:
    """The element a fault is about: by libxml2's path, else (prefixes unknown at the root) by line and name."""
    if not path:
        return None
    try:
        found = root.xpath(path)
    except etree.XPathError:
        name = re.sub(r"\[\d+\]\Z", "", path.rpartition("/")[2]).rpartition(":")[2]
        return next((item for item in root.iter("{*}" + name) if line_of(item) == line), None)
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, etree._Element) else None


def _told_elsewhere(element: etree._Element | None, message: str) -> bool:
    """Unknown elements are told above, duplicate ids by the layer of references."""
    if element is not None and is_bpmn(element) and local(element) not in known_names():
        return True
    value = re.search(r"'([^']*)' is not a valid value of the atomic type 'xs:ID'", message)
    return value is not None and is_ncname(value[1])


def _too_many(report: Report, number: int) -> None:
    report.error(
        "schema-many-faults",
        None,
        (
            f"Die Datei weicht an {number} Stellen vom Schema ab; die ersten {MAX_FAULTS} stehen im Bericht.",
            f"The file departs from the schema at {number} places; the first {MAX_FAULTS} are in the report.",
        ),
        ("Das Modell mit einem anderen Programm exportieren.", "Export the model with another tool."),
        layer=LAYER,
    )


def in_words(message: str) -> tuple[str, Text, Text]:
    """Code, text and remedy for a message of libxml2; one that is not in the table is quoted as it stands."""
    plain = re.sub(r"\{[^{}' ]*\}(?=[\w*])", "", message)
    for pattern, code, words, mend in _PATTERNS:
        if match := pattern.search(plain):
            return code, words(match), mend
    return (
        "schema-invalid",
        (f"Abweichung vom Schema: {plain[:300]}", f"Departure from the schema: {plain[:300]}"),
        (_MEND_VALUE),
    )


def _unexpected(match: re.Match[str]) -> Text:
    name, expected = match[1], _listed(match[2])
    german = f"„{name}“ ist an dieser Stelle nicht erlaubt"
    english = f'"{name}" is not allowed at this place'
    return (
        f"{german}; erwartet wird: {expected}." if expected else f"{german}.",
        f"{english}; expected: {expected}." if expected else f"{english}.",
    )


def _listed(names: str | None) -> str:
    items = [item.strip() for item in (names or "").split(",") if item.strip()]
    return ", ".join(items[:8]) + (" …" if len(items) > 8 else "")


def _missing_child(match: re.Match[str]) -> Text:
    expected = _listed(match[2])
    return (
        f"In „{match[1]}“ fehlt ein Element; erwartet wird: {expected}.",
        f'In "{match[1]}" an element is missing; expected: {expected}.',
    )


def _foreign_attribute(match: re.Match[str]) -> Text:
    return (
        f"Das Attribut „{match[2]}“ gibt es an „{match[1]}“ nicht.",
        f'There is no attribute "{match[2]}" at "{match[1]}".',
    )


def _missing_attribute(match: re.Match[str]) -> Text:
    return (
        f"An „{match[1]}“ fehlt das Attribut „{match[2]}“.",
        f'"{match[1]}" has no attribute "{match[2]}".',
    )


def _enumeration(match: re.Match[str]) -> Text:
    allowed = _listed(match[4].replace("'", ""))
    return (
        f"Für „{match[2]}“ an „{match[1]}“ wird einer dieser Werte erwartet: {allowed}; gefunden: „{match[3][:100]}“.",
        f'For "{match[2]}" at "{match[1]}" one of these values is expected: {allowed}; found: "{match[3][:100]}".',
    )


_TYPES: Final[dict[str, Text]] = {
    "ID": ("eine Kennung (Buchstabe am Anfang, keine Leerzeichen)", "an id (a letter first, no spaces)"),
    "NCName": ("ein Name ohne Leerzeichen und Doppelpunkt", "a name without spaces and colon"),
    "QName": ("der Verweis auf eine Kennung", "a reference to an id"),
    "IDREF": ("der Verweis auf eine Kennung", "a reference to an id"),
    "boolean": ("true oder false", "true or false"),
    "integer": ("eine ganze Zahl", "a whole number"),
    "int": ("eine ganze Zahl", "a whole number"),
    "double": ("eine Zahl", "a number"),
    "anyURI": ("eine Adresse (URI)", "an address (URI)"),
}


def _wrong_type(match: re.Match[str]) -> Text:
    german, english = _TYPES.get(match[4].rpartition(":")[2], (match[4], match[4]))
    place = match[2] or match[1]
    return (
        f"Für „{place}“ an „{match[1]}“ wird {german} erwartet, gefunden: „{match[3][:100]}“.",
        f'For "{place}" at "{match[1]}" {english} is expected, found: "{match[3][:100]}".',
    )


def _text_inside(match: re.Match[str]) -> Text:
    return (
        f"In „{match[1]}“ steht Text, erlaubt sind dort nur Elemente.",
        f'There is text in "{match[1]}", where only elements are allowed.',
    )


def _wrong_xsi_type(match: re.Match[str]) -> Text:
    return (
        f"Der xsi:type „{match[2]}“ an „{match[1]}“ ist unbekannt.",
        f'The xsi:type "{match[2]}" at "{match[1]}" is unknown.',
    )


_Pattern = tuple[re.Pattern[str], str, Callable[[re.Match[str]], Text], Text]
_PATTERNS: Final[tuple[_Pattern, ...]] = (
    (
        re.compile(
            r"Element '([^']*)': This element is not expected\.(?: Expected is (?:one of )?\( (.*?) \))?"
        ),
        "schema-element-unexpected",
        _unexpected,
        _MEND_ELEMENT,
    ),
    (
        re.compile(
            r"Element '([^']*)': Missing child element\(s\)\.(?: Expected is (?:one of )?\( (.*?) \))?"
        ),
        "schema-element-missing",
        _missing_child,
        ("Das fehlende Element ergänzen.", "Add the missing element."),
    ),
    (
        re.compile(r"Element '([^']*)', attribute '([^']*)': The attribute '[^']*' is not allowed"),
        "schema-attribute-unexpected",
        _foreign_attribute,
        ("Das Attribut löschen oder seinen Namen berichtigen.", "Delete the attribute or correct its name."),
    ),
    (
        re.compile(r"Element '([^']*)': The attribute '([^']*)' is required but missing"),
        "schema-attribute-missing",
        _missing_attribute,
        ("Das Attribut ergänzen.", "Add the attribute."),
    ),
    (
        re.compile(
            r"Element '([^']*)'(?:, attribute '([^']*)')?: \[facet 'enumeration'\] The value '(.*?)' is not an element "
            r"of the set \{?(.*?)\}?\.\Z"
        ),
        "schema-value-unknown",
        _enumeration,
        _MEND_VALUE,
    ),
    (
        re.compile(
            r"Element '([^']*)'(?:, attribute '([^']*)')?: '(.*?)' is not a valid value of the (?:atomic|local atomic) "
            r"type(?: '([^']*)')?"
        ),
        "schema-value-invalid",
        _wrong_type,
        _MEND_VALUE,
    ),
    (
        re.compile(r"Element '([^']*)': Character content(?: other than whitespace)? is not allowed"),
        "schema-text-unexpected",
        _text_inside,
        (
            "Den Text löschen oder in documentation aufnehmen.",
            "Delete the text or put it into documentation.",
        ),
    ),
    (
        re.compile(r"Element '([^']*)', attribute '[^']*type': The QName value '([^']*)'"),
        "schema-type-unknown",
        _wrong_xsi_type,
        _MEND_VALUE,
    ),
)
