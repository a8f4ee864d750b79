"""Read a BPMN file: safe XML, schema, references, structure, then the model as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from staffel.engine.bpmn.descriptive import descriptive
from staffel.engine.bpmn.dialects.expressions import SPIFF, Translator
from staffel.engine.bpmn.dialects.extensions import ExtensionReader
from staffel.engine.bpmn.dialects.leftovers import Leftovers
from staffel.engine.bpmn.model import Definitions
from staffel.engine.bpmn.reader.context import Context
from staffel.engine.bpmn.reader.definitions import read_definitions
from staffel.engine.bpmn.references import check_references
from staffel.engine.bpmn.report import Report
from staffel.engine.bpmn.schema import check_schema
from staffel.engine.bpmn.source import Source, index, line_of
from staffel.engine.bpmn.structure import check_structure
from staffel.engine.bpmn.words import BPMN, FLOW_NODES, is_bpmn, local
from staffel.engine.findings import Finding, Severity
from staffel.engine.xml import XmlRefused, parse_xml

_ORDER: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.HINT: 2}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says (None when it could not be read at all), and everything found on the way."""

    definitions: Definitions | None
    findings: tuple[Finding, ...]


def read_bpmn(data: bytes, *, file: str = "model.bpmn", beside: Mapping[str, bytes] | None = None) -> Reading:
    """Read a BPMN 2.0 file of any tool. Never raises for any input; every fault is a finding with id and line.

    `beside` holds the files that came with it, for its imports.
    """
    report = Report(file)
    try:
        root = parse_xml(data)
    except XmlRefused as err:
        return Reading(None, (_refused(err, file),))
    if not is_bpmn(root) or local(root) != "definitions":
        _not_bpmn(report, str(root.tag))
        return Reading(None, tuple(report.findings))
    source = index(root)
    check_schema(source, report)
    check_references(source, report, beside or {})
    check_structure(source, report)
    leftovers = Leftovers(report)
    python = SPIFF in root.nsmap.values()
    translator = Translator(report, (root.get("expressionLanguage") or "").strip(), python)
    context = Context(source, report, translator, ExtensionReader(leftovers), python)
    definitions = read_definitions(context)
    leftovers.tell()
    _generated_ids(source, report)
    findings = sorted(report.findings, key=lambda finding: (_ORDER[finding.severity], finding.line))
    return Reading(definitions, (*descriptive(definitions, file), *findings))


def _refused(err: XmlRefused, file: str) -> Finding:
    return Finding(
        code=err.code,
        severity=Severity.ERROR,
        text_de=err.message_de,
        text_en=err.message_en,
        line=err.line,
        file=file,
        layer="xml",
    )


def _not_bpmn(report: Report, found: str) -> None:
    report.error(
        "not-bpmn",
        None,
        (
            f"Erwartet wird eine Datei mit dem Wurzelelement definitions von BPMN 2.0, gefunden: {found[:200]}.",
            f"Expected a file whose root is definitions of BPMN 2.0, found: {found[:200]}.",
        ),
        (
            f"Das Modell im Zeichenprogramm als „BPMN 2.0 XML“ exportieren (Namensraum {BPMN}).",
            f'Export the model from the modelling tool as "BPMN 2.0 XML" (namespace {BPMN}).',
        ),
        layer="schema",
    )


def _generated_ids(source: Source, report: Report) -> None:
    """Say that ids were made up, since rules and notes that name them break when lines move."""
    nodes = [identity for identity in source.generated if local(source.by_id[identity]) in FLOW_NODES]
    flows = [identity for identity in source.generated if local(source.by_id[identity]) == "sequenceFlow"]
    made = sorted(nodes + flows, key=lambda identity: line_of(source.by_id[identity]))
    if not made:
        return
    shown = ", ".join(made[:8]) + (" …" if len(made) > 8 else "")
    report.add(
        "id-generated",
        Severity.HINT,
        source.by_id[made[0]],
        (
            f"{len(made)} Elemente oder Flüsse haben keine Kennung (id); sie heißen nach ihrer Zeile: {shown}.",
            f"{len(made)} elements or flows have no id; they are named after their line: {shown}.",
        ),
        (
            "Im Zeichenprogramm öffnen und neu speichern; dann bleiben die Kennungen auch bei Änderungen gleich.",
            "Open and save in a modelling tool; then the ids stay the same through changes.",
        ),
        layer="references",
        rule="EXT.003",
    )
