"""A finding: one fault or remark about a model, told so that its designer can mend it from the text alone."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """How grave a finding is: an error blocks putting into force, a warning wants a reason, a hint is advice."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding. `code` is stable and kebab-case (`flow-target-missing`); `layer` names the check that found it.

    `element` is the id of the element at fault (empty for the file as a whole), `line` its line in the file (0 =
    unknown), `file` the artefact it stands in, `text_*` what was expected and found, `mend_*` what to do, `rule`
    the section or constraint number of the standard. `path` is a way to the fault that can be replayed: ids of elements
    and flows in the order in which they are entered and taken. Of what was written for another tool `was` is what stands in the
    file and `became` what it is here (empty: nothing).
    """

    code: str
    severity: Severity
    text_de: str
    text_en: str
    mend_de: str = ""
    mend_en: str = ""
    element: str = ""
    line: int = 0
    file: str = ""
    layer: str = ""
    rule: str = ""
    path: tuple[str, ...] = ()
    was: str = ""
    became: str = ""


def blocks(findings: Iterable[Finding]) -> bool:
    """Whether a model with these findings must not be put into force."""
    return any(finding.severity is Severity.ERROR for finding in findings)
