"""Which language an expression of the file is in, and its FEEL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.dialects.formulas import Untranslatable, is_juel, juel_to_feel, python_to_feel
from staffel.engine.bpmn.model import Expression
from staffel.engine.bpmn.source import line_of
from staffel.engine.bpmn.words import in_english, in_german, local
from staffel.engine.findings import Severity

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.report import Report

SPIFF: Final = "http://spiffworkflow.org/bpmn/schema/1.0/core"
# Durations, repetitions and points in time are the same text in every tool.
_ISO: Final = re.compile(r"R\d*/|P(?:\d|T\d)|\d{4}-\d\d-\d\d")
_XPATH: Final = ("http://www.w3.org/1999/XPath", "http://www.w3.org/TR/xpath")


@dataclass(frozen=True, slots=True)
class Translator:
    """Gives FEEL for every expression of one file; `python` when the file was written for SpiffWorkflow."""

    report: Report
    default_language: str
    python: bool

    def __call__(self, text: str, language: str, element: etree._Element) -> Expression:
        """The expression as FEEL; what cannot be translated stays as it is, with an error in the report."""
        line = line_of(element)
        try:
            feel = self._feel(text, language)
        except Untranslatable as reason:
            self._refuse(text, element, reason)
            return Expression(text, language, line)
        if feel != text and not text.startswith("="):
            self._tell(text, feel, element)
        return Expression(feel, "" if feel != text else language, line)

    def _feel(self, text: str, language: str) -> str:
        name = (language or self.default_language).lower()
        if _ISO.match(text):
            return text
        if is_juel(text):
            return juel_to_feel(text)
        if "feel" in name:
            return text.removeprefix("=").strip()
        if language and not language.startswith(_XPATH) and not any(k in name for k in ("python", "juel")):
            raise Untranslatable(
                f"die Sprache „{language}“ wird nicht ausgeführt",
                f'the language "{language}" is not executed',
            )
        if "python" in name or (self.python and not text.startswith("=")):
            return python_to_feel(text)
        return text.removeprefix("=").strip()

    def _tell(self, text: str, feel: str, element: etree._Element) -> None:
        self.report.add(
            "expression-translated",
            Severity.HINT,
            _owner(element),
            (
                f"Der Ausdruck „{text}“ wurde übersetzt in FEEL: {feel}",
                f'The expression "{text}" became FEEL: {feel}',
            ),
            (
                "Bitte prüfen, ob die Übersetzung dasselbe meint.",
                "Please check that the translation means the same.",
            ),
            layer="dialect",
            was=text,
            became=feel,
        )

    def _refuse(self, text: str, element: etree._Element, reason: Untranslatable) -> None:
        owner = _owner(element)
        self.report.error(
            "expression-not-translatable",
            owner,
            (
                f"Erwartet wird ein FEEL-Ausdruck, gefunden: „{text[:200]}“ an: {in_german(owner)}. Er lässt sich nicht "
                f"übersetzen, denn {reason.de}.",
                f'Expected a FEEL expression, found: "{text[:200]}" at: {in_english(owner)}. It cannot be translated: '
                f"{reason.en}.",
            ),
            (
                'Den Ausdruck in FEEL schreiben, zum Beispiel: betrag > 1000 and art = "A"',
                'Write the expression in FEEL, for example: betrag > 1000 and art = "A"',
            ),
            layer="dialect",
            was=text[:200],
        )


def _owner(element: etree._Element) -> etree._Element:
    """The nearest element with an id: what a designer can find in the diagram."""
    current = element
    while current.get("id") is None or local(current).endswith("EventDefinition"):
        parent = current.getparent()
        if parent is None:
            return element
        current = parent
    return current
