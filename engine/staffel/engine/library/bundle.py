"""A bundle: the files of one model version, read and checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from staffel.engine.bpmn import read_bpmn
from staffel.engine.bpmn.model import Definitions
from staffel.engine.calendar import Calendar
from staffel.engine.findings import Finding, Severity
from staffel.engine.kernel import Parts, Program, compile_model


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the files say. `programs` by process id, `forms` by name, `manifest` as in `process.yaml`."""

    findings: tuple[Finding, ...]
    programs: Mapping[str, Program] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    process_key: str | None = None


def check_bundle(
    files: Mapping[str, bytes],
    *,
    lanes: Mapping[str, str] | None = None,
    calls: Mapping[str, Program] | None = None,
) -> Bundle:
    """Read every file of a bundle. Never raises for any input; every fault is a finding."""
    findings: list[Finding] = []
    forms: dict[str, Mapping[str, Any]] = {}
    definitions: Definitions | None = None
    for path, content in sorted(files.items()):
        if path.endswith(".bpmn"):
            reading = read_bpmn(content, file=path)
            findings += reading.findings
            definitions = definitions or reading.definitions
        elif path.startswith("forms/") and path.endswith(".json"):
            forms[path.removeprefix("forms/").removesuffix(".json")] = msgspec.json.decode(content)
        elif not path.endswith(".md"):
            findings.append(_unknown(path))
    if definitions is None:
        return Bundle(tuple(findings), forms=forms)
    parts = Parts(lanes=lanes or {}, calls=calls or {}, forms=tuple(forms), calendar=Calendar())
    compiled = {key: compile_model(definitions, key, parts=parts) for key in definitions.processes}
    findings += [finding for each in compiled.values() for finding in each.findings]
    programs = {key: each.program for key, each in compiled.items()}
    return Bundle(tuple(findings), programs, forms, {}, next(iter(programs), None))


def _unknown(path: str) -> Finding:
    return Finding(
        code="bundle-file-unknown",
        severity=Severity.ERROR,
        text_de=f"Die Datei {path} gehört zu keiner bekannten Art.",
        text_en=f"The file {path} is of no known kind.",
        mend_de="Bitte die Datei weglassen.",
        mend_en="Leave the file out.",
        file=path,
        layer="bundle",
    )
