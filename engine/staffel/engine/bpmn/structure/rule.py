"""What a structural rule is: a constraint of BPMN 2.0.2 with the words in which a breach is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from staffel.engine.bpmn.words import in_english, in_german
from staffel.engine.findings import Severity

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.report import Report
    from staffel.engine.bpmn.structure.view import View

Check = Callable[["View"], "Iterator[etree._Element | tuple[etree._Element, str]]"]

ERROR, WARNING, HINT = Severity.ERROR, Severity.WARNING, Severity.HINT


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint. `number` is that of the EXT catalogue of structural constraints (empty for
    those that it does not name), `section` the place in BPMN 2.0.2.

    `check` yields the elements that break it, with what was found when the element's name alone does not say it.
    """

    number: str
    code: str
    severity: Severity
    section: str
    german: str
    english: str
    mend_german: str
    mend_english: str
    check: Check

    def apply(self, view: View, report: Report) -> None:
        """Report every breach."""
        for breach in self.check(view):
            element, found = breach if isinstance(breach, tuple) else (breach, "")
            detail_de = f" Gefunden: {found}." if found else ""
            detail_en = f" Found: {found}." if found else ""
            report.add(
                self.code,
                self.severity,
                element,
                (
                    f"{_upper(in_german(element))}: {self.german}{detail_de} (BPMN 2.0.2 §{self.section})",
                    f"{_upper(in_english(element))}: {self.english}{detail_en} (BPMN 2.0.2 §{self.section})",
                ),
                (self.mend_german, self.mend_english),
                layer="structure",
                rule=f"EXT.{self.number}" if self.number else f"BPMN {self.section}",
            )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
