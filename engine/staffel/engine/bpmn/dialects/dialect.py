"""What a dialect is: tables from the names of a tool's extension elements and attributes to what they mean here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.dialects.formulas import quoted
from staffel.engine.bpmn.model import Expression, Extension, Mapping_
from staffel.engine.bpmn.source import line_of, text_of
from staffel.engine.bpmn.words import local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.reader.context import Context

ElementHandler = Callable[["Context", "etree._Element", Extension], Extension]
AttributeHandler = Callable[["Context", "etree._Element", str, Extension], Extension]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One tool's extensions. `silent` has no meaning for execution anywhere, `harmless` none that would change what
    happens here and is told as a hint; everything in none of the tables is an error in the report."""

    name: str
    namespaces: frozenset[str]
    elements: Mapping[str, ElementHandler] = field(default_factory=dict)
    attributes: Mapping[str, AttributeHandler] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    harmless: frozenset[str] = frozenset()


MAX_RETRIES: Final = 1_000


def value_of(context: Context, text: str, at: etree._Element) -> Expression:
    """A value as Camunda writes it: `${…}` or `=…` is an expression, anything else is literally that text."""
    if "${" in text or "#{" in text or text.startswith("="):
        return context.translate(text, "", at)
    return Expression(quoted(text), line=line_of(at))


def name_of(text: str) -> str:
    """A fixed name, also when it is written as an expression of one string: `="x"` and `${'x'}` are `x`."""
    bare = text.strip()
    for opening, closing in (("=", ""), ("${", "}"), ("#{", "}")):
        if bare.startswith(opening) and bare.endswith(closing):
            bare = bare[len(opening) : len(bare) - len(closing)].strip()
            break
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'" else text.strip()


def count_of(text: str, default: int | None = None) -> int | None:
    """A number of retries; None when it is not a plain number."""
    digits = text.strip().removeprefix("=").strip()
    return (
        min(int(digits), MAX_RETRIES)
        if digits.isascii() and digits.isdigit() and len(digits) < 9
        else default
    )


def with_input(extension: Extension, source: Expression, target: str) -> Extension:
    """The extension with one more input mapping."""
    return replace(extension, inputs=(*extension.inputs, Mapping_(source, target)))


def with_output(extension: Extension, source: Expression, target: str) -> Extension:
    """The extension with one more output mapping."""
    return replace(extension, outputs=(*extension.outputs, Mapping_(source, target)))


def within(element: etree._Element, name: str) -> list[etree._Element]:
    """The children of that name, whatever their namespace."""
    return [child for child in element if isinstance(child.tag, str) and local(child) == name]


def text_in(element: etree._Element, name: str) -> str:
    """The text of the first child of that name."""
    found = within(element, name)
    return text_of(found[0]) if found else ""


def keep(_context: Context, _element: etree._Element, extension: Extension) -> Extension:
    """For elements that are read elsewhere."""
    return extension
