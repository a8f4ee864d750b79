"""The reference models of the OMG's Model Interchange Working Group: read whole, with a report that can be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from staffel.engine.bpmn import Reading, read_bpmn
from staffel.engine.bpmn.model import Definitions, Scope
from staffel.engine.bpmn.words import BPMN, FLOW_NODES
from staffel.engine.findings import Finding
from staffel.engine.library.bundle import check_bundle
from staffel.engine.xml import parse_xml

COUNTED = frozenset({*FLOW_NODES, "sequenceFlow", "lane", "participant", "messageFlow", "process"})
WITHOUT_PLACE = frozenset({"bundle"})


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """How the suite went; `failing` maps the names of failed files to what was expected and found."""

    passed: int
    total: int
    failing: Mapping[str, str]


def run_suite(path: Path) -> SuiteResult:
    """Read every file of the suite in `path`."""
    files = sorted(path.glob("*.bpmn"))
    failing = {file.name: fault for file in files if (fault := fault_in(file))}
    return SuiteResult(len(files) - len(failing), len(files), failing)


def fault_in(file: Path) -> str:
    """What is missing in our reading of one file; empty when nothing is."""
    data = file.read_bytes()
    beside = {other.name: other.read_bytes() for other in file.parent.glob("*.bpmn") if other != file}
    reading = read_bpmn(data, file=file.name, beside=beside)
    if reading.definitions is None:
        return "unreadable: " + "; ".join(finding.text_en for finding in reading.findings)
    lost = _in_file(data) - _in_model(reading.definitions)
    if lost:
        return f"dropped: {dict(lost)}"
    return "; ".join(_unusable(reading, check_bundle({file.name: data}).findings))


def _in_file(data: bytes) -> Counter[str]:
    found = (str(element.tag).rpartition("}")[2] for element in parse_xml(data).iter("{" + BPMN + "}*"))
    return Counter(name for name in found if name in COUNTED)


def _in_model(definitions: Definitions) -> Counter[str]:
    found: Counter[str] = Counter()
    found["participant"] = len(definitions.participants)
    found["messageFlow"] = len(definitions.message_flows)
    for process in definitions.processes.values():
        found["process"] += 1
        found["lane"] += len(process.lanes)
        for scope in _scopes(process.scope):
            found["sequenceFlow"] += len(scope.flows)
            found.update(node.type.value for node in scope.nodes.values())
    return found


def _scopes(scope: Scope) -> Iterator[Scope]:
    yield scope
    for node in scope.walk():
        if node.body is not None:
            yield node.body


def _unusable(reading: Reading, bundled: tuple[Finding, ...]) -> Iterator[str]:
    for finding in (*reading.findings, *bundled):
        if not finding.text_de or not finding.text_en:
            yield f"{finding.code}: no text"
        if finding.line == 0 and finding.layer not in WITHOUT_PLACE:
            yield f"{finding.code}: no line"
