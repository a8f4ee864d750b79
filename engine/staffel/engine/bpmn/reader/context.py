"""What every part of the reader shares: the file, the report, and how expressions become FEEL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.model import NO_EXTENSION, Expression, Extension
from staffel.engine.bpmn.source import is_true, text_of
from staffel.engine.bpmn.words import XSI

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.report import Report
    from staffel.engine.bpmn.source import Source

LAYER: Final = "references"
_NUMBER: Final = 9


@dataclass(frozen=True, slots=True)
class Context:
    """`translate(text, language, element)` gives the FEEL expression; `extension_of(context, element)` what the
    dialects say about an element. `python`: the file was written for SpiffWorkflow."""

    source: Source
    report: Report
    translate: Callable[[str, str, etree._Element], Expression]
    extension_of: Callable[[Context, etree._Element], Extension]
    python: bool = False

    def expression(self, element: etree._Element | None) -> Expression | None:
        """The expression in an element, None when the element is missing or holds no text."""
        if element is None:
            return None
        text = text_of(element)
        if not text:
            return None
        return self.translate(text, (element.get("language") or "").strip(), element)

    def extension(self, element: etree._Element) -> Extension:
        """The extension of an element; quick for the many that have none."""
        return self.extension_of(self, element) if _has_foreign(element) else NO_EXTENSION

    def ref(self, element: etree._Element, attribute: str) -> str | None:
        """The id that an attribute refers to, None when the attribute is missing or empty."""
        value = element.get(attribute)
        return self.source.name(value, element) or None if value else None


def _has_foreign(element: etree._Element) -> bool:
    if any(str(key)[0] == "{" and not str(key).startswith("{" + XSI) for key in element.attrib):
        return True
    return any(
        str(child.tag).endswith(("}extensionElements", "EventDefinition", "LoopCharacteristics", "}script"))
        for child in element
    )


def whole_number(value: str | None, default: int) -> int:
    """An `xsd:integer` of at most nine digits; anything else counts as absent (the schema layer reports it)."""
    text = (value or "").strip()
    digits = text.removeprefix("-").removeprefix("+")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= _NUMBER else default


def flag(element: etree._Element, name: str, default: bool = False) -> bool:
    """A boolean attribute."""
    return is_true(element.get(name), default)
