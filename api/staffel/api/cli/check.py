"""`staffel check`: check BPMN models and list every finding with its line."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from staffel.api.cli.bundles import Found, find_bundles
from staffel.api.cli.output import Exit, console, say_error
from staffel.engine.findings import Finding, Severity, blocks
from staffel.engine.library.bundle import check_bundle
from staffel.engine.library.imported import TITLES as IMPORT_TITLES
from staffel.engine.library.imported import import_jobs
from staffel.engine.library.shipped import shipped_calls
from staffel.engine.library.todo import TITLE_DE, TITLE_EN, Job, todo_of
from staffel.engine.portability import check_portability

COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parser.add_argument("models", metavar="MODEL", type=Path, nargs="+",
                        help="a BPMN file, a folder with a model and its tables and forms, or a zip archive of one")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the findings as a JSON array")
    parser.add_argument(
        "--lang", choices=("de", "en"), default="de", help="language of the texts (default: de)"
    )
    parser.add_argument(
        "--style", action="store_true", help="add hints about the drawing (rules of bpmnlint)"
    )
    parser.add_argument(
        "--portability",
        action="store_true",
        help="run every model without errors on SpiffWorkflow too and tell where the two differ (seconds a model)",
    )
    parser.add_argument("--errors-only", action="store_true", help="leave out warnings and hints")
    parser.epilog = (
        "examples:\n"
        "  staffel check model.bpmn\n"
        "  staffel check processes/p1/                    with its tables, forms and handover rules\n"
        "  staffel check exports/ --json > findings.json  every model below a folder, thousands if need be\n"
        "  staffel check model.bpmn --portability         does it also run on SpiffWorkflow, and where do they differ?\n"
        "  staffel check model.bpmn --errors-only --lang en\n\n"
        "A finding has a stable code, the severity (error: cannot be put in force), the element, the line, what was\n"
        "found and how to mend it. The exit code is 1 when there is an error, else 0."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Check and print."""
    counts: Counter[Severity] = Counter()
    show = _JsonArray() if arguments.json else _Lines(arguments.lang)
    with show:
        for found in find_bundles(arguments.models):
            findings = list(_findings(found, arguments))
            counts.update(finding.severity for finding in findings)
            listed = (*todo_of(findings), *import_jobs(findings, is_hint))
            jobs = {id(each): job for job in listed for each in job.findings}
            for finding in _in_order(findings, jobs):
                if finding.severity is Severity.ERROR or not arguments.errors_only:
                    show.put(found, finding, jobs.get(id(finding)))
    if not arguments.json:
        say_error(_summary(counts))
    return Exit.NO if counts[Severity.ERROR] else Exit.DONE


def _findings(found: Found, arguments: argparse.Namespace) -> Iterator[Finding]:
    bundle = check_bundle(found.files, calls=shipped_calls(found.files), style=arguments.style)
    yield from bundle.findings
    if arguments.portability and not blocks(bundle.findings):
        file = min(path for path in found.files if path.endswith(".bpmn"))
        for program in bundle.programs.values():
            yield from check_portability(found.files[file], program, file=file).findings


def is_hint(finding: Finding) -> bool:
    """Whether it blocks nothing and asks for no reason."""
    return finding.severity is Severity.HINT


def _in_order(findings: Sequence[Finding], jobs: Mapping[int, Job[Finding]]) -> list[Finding]:
    """The to-do list of a descriptive model first, job by job, then the list of an import, then all else as it came."""
    listed = [each for job in dict.fromkeys(jobs.values()) for each in job.findings]
    return listed + [each for each in findings if id(each) not in jobs]


def _summary(counts: Counter[Severity]) -> str:
    return ", ".join(f"{counts[severity]} {severity.value}s" for severity in Severity)


class _JsonArray:
    """Findings as they come, as one JSON array: thousands of files need no memory."""

    def __enter__(self) -> None:
        self._before = "[\n"

    def put(self, found: Found, finding: Finding, job: Job[Finding] | None) -> None:
        """Write one finding, with the kind of work of the to-do list it belongs to."""
        kind = job.kind if job else ""
        plain = _plain(found, finding) | {
            "todo": "" if kind in IMPORT_TITLES else kind,
            "import": kind if kind in IMPORT_TITLES else "",
        }
        sys.stdout.write(self._before + json.dumps(plain, ensure_ascii=False))
        self._before = ",\n"

    def __exit__(self, *_: object) -> None:
        sys.stdout.write("\n]\n" if self._before == ",\n" else "[]\n")


class _Lines:
    """Findings for people, below the name of their model; how to mend is said once for all that follow each other."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._console = console()
        self._place: Path | None = None
        self._job: Job[Finding] | None = None
        self._mend = ""

    def __enter__(self) -> None:
        """Nothing is written before the first finding."""

    def put(self, found: Found, finding: Finding, job: Job[Finding] | None) -> None:
        """Write one finding, below the heading of its job where it belongs to one."""
        if found.place != self._place:
            self._console.print(Text(str(found.place), "bold"))
            self._place, self._job, self._mend = found.place, None, ""
        if job is not self._job:
            self._head(job)
            self._mend = ""
        where = f"{finding.file or ''}:{finding.line}" if finding.line else finding.file
        text, mend = (
            (finding.text_de, finding.mend_de) if self.lang == "de" else (finding.text_en, finding.mend_en)
        )
        if finding.was and finding.became:
            text = f"{finding.was} → {finding.became}"
        line = Text.assemble(
            "  ", (finding.severity.value, COLOURS[finding.severity]), f" {where} [{finding.code}] ",
            (f"{finding.element} ", "bold"), text,
        )  # fmt: skip
        self._console.print(line)
        if mend and mend != self._mend:
            self._console.print(Text(f"      → {mend}", "dim"))
        self._mend = mend

    def _head(self, job: Job[Finding] | None) -> None:
        if self._job is None and job is not None and job.kind not in IMPORT_TITLES:
            self._console.print(Text(f"  {TITLE_DE if self.lang == 'de' else TITLE_EN}", "bold"))
        self._job = job
        if job is None:
            self._console.print(Text("  Außerdem:" if self.lang == "de" else "  Besides:", "bold"))
            return
        title = job.title_de if self.lang == "de" else job.title_en
        self._console.print(Text(f"  {title} ({len(job.findings)})", "bold"))

    def __exit__(self, *_: object) -> None:
        """Nothing is left to write."""


def _plain(found: Found, finding: Finding) -> dict[str, Any]:
    return {
        "model": str(found.place),
        "file": found.path_of(finding.file) if finding.file else str(found.place),
        "code": finding.code,
        "severity": finding.severity.value,
        "element": finding.element,
        "line": finding.line,
        "text": finding.text_en,
        "text_de": finding.text_de,
        "mend": finding.mend_en,
        "mend_de": finding.mend_de,
        "layer": finding.layer,
        "rule": finding.rule,
        "path": list(finding.path),
        "was": finding.was,
        "became": finding.became,
    }
