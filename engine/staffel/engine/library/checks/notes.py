"""Findings about the files beside a model; their layer is `bundle`."""

from __future__ import annotations

from dataclasses import dataclass, field

from staffel.engine.findings import Finding, Severity


@dataclass(slots=True)
class Notes:
    """Gathers the findings of an upload. Texts are pairs (German, English)."""

    findings: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        severity: Severity,
        file: str,
        text: tuple[str, str],
        mend: tuple[str, str] = ("", ""),
        *,
        element: str = "",
        line: int = 0,
        layer: str = "bundle",
    ) -> None:
        """Add a finding about `file`."""
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
                file=file,
                layer=layer,
            )
        )

    def error(
        self,
        code: str,
        file: str,
        text: tuple[str, str],
        mend: tuple[str, str] = ("", ""),
        *,
        element: str = "",
        layer: str = "bundle",
    ) -> None:
        """Add a finding that blocks putting the version into force."""
        self.add(code, Severity.ERROR, file, text, mend, element=element, layer=layer)

    def warning(
        self,
        code: str,
        file: str,
        text: tuple[str, str],
        mend: tuple[str, str] = ("", ""),
        *,
        element: str = "",
    ) -> None:
        """Add a finding that wants a reason."""
        self.add(code, Severity.WARNING, file, text, mend, element=element)
