"""BPMNspector's models: `failure` files break the constraint their folder is named after, all others keep it.

Files named `…_manualFix` are the repaired versions that the suite's own fixer is compared with: they keep it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from staffel.engine.bpmn import read_bpmn
from staffel.engine.findings import Severity

LAYERS = frozenset({"xml", "schema", "references", "structure"})


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """How the suite went; `failing` maps the names of failed files to what was expected and found."""

    passed: int
    total: int
    failing: Mapping[str, str]


def run_suite(path: Path) -> SuiteResult:
    """Read every file of the suite in `path` and compare the findings with its name."""
    files = sorted(path.glob("*/*.bpmn"))
    failing = {f"{file.parent.name}/{file.name}": fault for file in files if (fault := fault_in(file))}
    return SuiteResult(len(files) - len(failing), len(files), failing)


def fault_in(file: Path) -> str:
    """What is wrong with our report on one file; empty when nothing is."""
    beside = {other.name: other.read_bytes() for other in file.parent.iterdir() if other != file}
    reading = read_bpmn(file.read_bytes(), file=file.name, beside=beside)
    rule = f"EXT.{file.parent.name}"
    told = [finding for finding in reading.findings if finding.rule == rule]
    if breaks_its_rule(file):
        return "" if told else f"expected a finding of {rule}, found none"
    errors = [f.text_en for f in reading.findings if f.severity is Severity.ERROR and f.layer in LAYERS]
    return "; ".join([finding.text_en for finding in told] + errors)


def breaks_its_rule(file: Path) -> bool:
    """Whether the file is meant to break the constraint."""
    return "fail" in file.name.lower() and "manualfix" not in file.name.lower()
