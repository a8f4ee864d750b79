"""Where the layers of reading write what they find; a fault is told once, at its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from staffel.engine.bpmn.source import line_of
from staffel.engine.bpmn.words import local
from staffel.engine.findings import Finding, Severity

if TYPE_CHECKING:
    from lxml import etree


@dataclass(slots=True)
class Report:
    """The findings of one file in the order they were made."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    _seen: set[tuple[str, str, int, str]] = field(default_factory=set)

    def add(
        self,
        code: str,
        severity: Severity,
        at: etree._Element | None,
        text: tuple[str, str],
        mend: tuple[str, str] = ("", ""),
        *,
        layer: str,
        rule: str = "",
        was: str = "",
        became: str = "",
    ) -> None:
        """Add a finding about element `at` (None = the file); texts are pairs (German, English)."""
        element = _identity(at)
        line = 0 if at is None else line_of(at)
        key = (code, element, line, text[1])
        if key in self._seen:
            return
        self._seen.add(key)
        self.findings.append(
            Finding(
                code=code,
                severity=severity,
                text_de=text[0],
                text_en=text[1],
                mend_de=mend[0],
                mend_en=mend[1],
                element=element,
                line=line,
                file=self.file,
                layer=layer,
                rule=rule,
                was=was,
                became=became,
            )
        )

    def error(
        self,
        code: str,
        at: etree._Element | None,
        text: tuple[str, str],
        mend: tuple[str, str] = ("", ""),
        *,
        layer: str,
        rule: str = "",
        was: str = "",
    ) -> None:
        """Add a finding that blocks putting the model into force."""
        self.add(code, Severity.ERROR, at, text, mend, layer=layer, rule=rule, was=was)


def _identity(at: etree._Element | None) -> str:
    """The id of the element, else of the nearest around it: what can be shown in the diagram."""
    while at is not None and local(at) != "definitions":
        if identity := at.get("id"):
            return identity
        at = at.getparent()
    return ""
