"""A bundle: the files of one model version, read and checked together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from staffel.engine.bpmn import read_bpmn
from staffel.engine.bpmn.descriptive import switched_off
from staffel.engine.bpmn.model import Definitions, Node, NodeType, Scope
from staffel.engine.bpmn.units import UNITS_BY_KEY, unit_of
from staffel.engine.calendar import Calendar
from staffel.engine.dmn import DecisionModel
from staffel.engine.findings import Finding, Severity, blocks
from staffel.engine.kernel import Parts, Program, compile_model
from staffel.engine.kernel.handover_rule import HandoverRule
from staffel.engine.library.booklet import Booklet
from staffel.engine.library.checks.booklet import BOOKLET, check_booklet, read_booklet
from staffel.engine.library.checks.bound import check_bound
from staffel.engine.library.checks.decisions import read_decisions
from staffel.engine.library.checks.forms import check_form, check_start_documents, generated_form
from staffel.engine.library.checks.handover_rules import BoundRule, read_rules
from staffel.engine.library.checks.handover_terms import read_blocks
from staffel.engine.library.checks.manifest import read_manifest
from staffel.engine.library.checks.names import check_names
from staffel.engine.library.checks.notes import Notes
from staffel.engine.library.checks.scenarios import Filed, check_scenarios, read_scenario_file
from staffel.engine.library.checks.sound import Explored, check_sound
from staffel.engine.library.checks.style import style_hints
from staffel.engine.library.checks.test_sets import DecisionCase, check_test_sets, read_test_set

MAX_FILES: Final = 500
_RULES, _MANIFEST, _BLOCKS = "uebergaben.yaml", "process.yaml", "textbausteine.yaml"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the files say. `programs` by process id, `forms` by name, `manifest` as in `process.yaml`.

    `decisions` by id and name, `handover_rules` by flow and by rule id, `process_key` the process meant (the one that
    `process.yaml` names, else the first executable one of the file), None without a readable model. `explored` says how
    far soundness was looked for, None where an error or the caller kept it from being.
    """

    findings: tuple[Finding, ...]
    programs: Mapping[str, Program] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    process_key: str | None = None
    definitions: Definitions | None = None
    decisions: Mapping[str, DecisionModel] = field(default_factory=dict)
    handover_rules: Mapping[str, HandoverRule] = field(default_factory=dict)
    scenarios: tuple[Filed, ...] = ()
    explored: Explored | None = None
    booklet: Booklet = field(default_factory=Booklet)


@dataclass(slots=True)
class _Read:
    """The files sorted by kind and read."""

    notes: Notes = field(default_factory=Notes)
    definitions: Definitions | None = None
    model: str = ""
    forms: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    rules: tuple[BoundRule, ...] = ()
    blocks: dict[str, dict[str, str]] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, bytes] = field(default_factory=dict)
    scenarios: list[Filed] = field(default_factory=list)
    cases: list[DecisionCase] = field(default_factory=list)
    booklet: Booklet = field(default_factory=Booklet)


def check_bundle(
    files: Mapping[str, bytes],
    *,
    lanes: Mapping[str, str] | None = None,
    calls: Mapping[str, Program] | None = None,
    play: bool = True,
    style: bool = False,
) -> Bundle:
    """Read every file of a bundle and compile its processes. Every fault of a file is a finding, never an exception.

    `lanes` binds lanes (by id) to kinds of Stellen and comes before what the model says; `calls` holds the programs of
    processes that stand elsewhere. The test sets of decisions are run, the scenarios are played and the states explored
    unless `play` is False or another error stands already; `style` adds hints about the drawing.
    """
    read = _read(files)
    decisions = read_decisions(read.tables, read.notes)
    if play:
        check_test_sets(read.cases, decisions, read.notes)
    bundle = Bundle(
        (),
        forms=read.forms,
        manifest=read.manifest,
        decisions=decisions,
        handover_rules=_by_id_and_flow(read.rules),
    )
    if read.definitions is None:
        return replace(bundle, findings=tuple(read.notes.findings))
    definitions = _with_start_form(read.definitions, read.manifest)
    bundle = _compiled(bundle, read, definitions, lanes or {}, calls or {})
    _check_together(bundle, read)
    key = _process_key(definitions, read)
    if key is not None:
        read.notes.findings += switched_off(definitions, key, read.model)
    if style:
        read.notes.findings += style_hints(files[read.model], read.model)
    bundle = replace(bundle, process_key=key, scenarios=tuple(read.scenarios), booklet=read.booklet)
    explored = _played(bundle, read) if play else None
    return replace(bundle, findings=_told_once(read.notes.findings), explored=explored)


def _by_id_and_flow(rules: Iterable[BoundRule]) -> dict[str, HandoverRule]:
    by_id = {bound.rule.id: bound.rule for bound in rules}
    return by_id | {bound.flow: bound.rule for bound in rules if bound.flow}


def _compiled(
    bundle: Bundle,
    read: _Read,
    definitions: Definitions,
    lanes: Mapping[str, str],
    calls: Mapping[str, Program],
) -> Bundle:
    """The bundle with the programs of its processes and the forms that they go by."""
    forms = read.forms | _generated(definitions, read.forms)
    parts = Parts(
        decisions=bundle.decisions,
        forms={name: tuple(_properties(form)) for name, form in forms.items()},
        handover_rules=bundle.handover_rules,
        lanes=_bound_lanes(definitions, lanes, read),
        calls=calls,
        calendar=Calendar(),
    )
    programs = _compile(definitions, parts, read)
    return replace(bundle, definitions=definitions, programs=programs, forms=forms)


def _check_together(bundle: Bundle, read: _Read) -> None:
    """What no file says for itself: whether rules, names, forms and booklet fit the processes."""
    programs, forms = bundle.programs, bundle.forms
    check_bound(read.rules, read.manifest, programs, forms, read.notes)
    check_names(programs, forms, read.model, read.notes)
    check_start_documents(programs, forms, read.notes)
    check_booklet(read.booklet, {name for each in programs.values() for name in each.elements}, read.notes)


def _played(bundle: Bundle, read: _Read) -> Explored | None:
    """Play the scenarios and explore the states of a model that has no error yet."""
    if blocks(read.notes.findings):
        return None
    if bundle.process_key is not None:
        check_scenarios(read.scenarios, bundle.programs, bundle.process_key, bundle.forms, read.notes)
    return check_sound(bundle.programs, read.model, read.notes)


def _read(files: Mapping[str, bytes]) -> _Read:
    read = _Read()
    if len(files) > MAX_FILES:
        _too_many(read.notes, len(files))
        return read
    models = sorted(path for path in files if path.endswith(".bpmn"))
    for path in models[:1]:
        beside = {name.rpartition("/")[2]: data for name, data in files.items() if name != path}
        reading = read_bpmn(files[path], file=path, beside=beside)
        read.notes.findings += reading.findings
        read.definitions, read.model = reading.definitions, path
    if len(models) != 1:
        _one_model(read.notes, models)
    if _BLOCKS in files:
        read.blocks = read_blocks(files[_BLOCKS], _BLOCKS, read.notes)
    for path, content in sorted(files.items()):
        if not path.endswith(".bpmn") and path != _BLOCKS:
            _read_one(read, path, content)
    return read


def _read_one(read: _Read, path: str, content: bytes) -> None:
    name = path.rpartition("/")[2]
    if name.endswith(".dmn"):
        read.tables[path] = content
    elif path.startswith("forms/") and path.endswith(".json"):
        form = check_form(content, path, read.notes)
        if form is not None:
            read.forms[path.removeprefix("forms/").removesuffix(".json")] = form
    elif path == _RULES:
        read.rules = read_rules(content, path, read.notes, read.blocks)
    elif path == _MANIFEST:
        read.manifest = read_manifest(content, path, read.notes)
    elif path == BOOKLET:
        read.booklet = read_booklet(content, path, read.notes)
    elif path.startswith("tests/") and path.endswith((".yaml", ".yml")):
        read.cases += read_test_set(content, path, read.notes)
    elif path.startswith("scenarios/") and path.endswith((".yaml", ".yml")):
        read.scenarios += read_scenario_file(content, path, read.notes)
    elif not name.endswith((".md", ".txt")) and name != "LICENSE":
        _unknown(read.notes, path)


def _all_nodes(definitions: Definitions) -> Iterator[Node]:
    for process in definitions.processes.values():
        yield from process.scope.walk()
    yield from definitions.global_tasks.values()


def _generated(definitions: Definitions, forms: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The forms of the nodes that bring their fields themselves; their name is the node's id."""
    return {
        node.extension.form: generated_form(node.extension.form_fields)
        for node in _all_nodes(definitions)
        if node.extension.form_fields and node.extension.form and node.extension.form not in forms
    }


def _properties(form: Mapping[str, Any]) -> Iterator[str]:
    schema = form.get("schema")
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    yield from properties if isinstance(properties, Mapping) else ()


def _with_start_form(definitions: Definitions, manifest: Mapping[str, Any]) -> Definitions:
    """`startformular` of `process.yaml` holds for the start events that name no form themselves."""
    form = manifest.get("startformular")
    if not form:
        return definitions
    processes = {
        key: replace(process, scope=_started(process.scope, str(form)))
        for key, process in definitions.processes.items()
    }
    return replace(definitions, processes=processes)


def _started(scope: Scope, form: str) -> Scope:
    nodes = {
        key: replace(node, extension=replace(node.extension, form=form))
        if node.type is NodeType.START_EVENT and not node.events and node.extension.form is None
        else node
        for key, node in scope.nodes.items()
    }
    return replace(scope, nodes=nodes)


def _bound_lanes(definitions: Definitions, given: Mapping[str, str], read: _Read) -> dict[str, str]:
    """Lane and pool id → kind of Stelle: as given, else as the model says, else by its name."""
    named = [
        (lane.id, lane.name, lane.unit, lane.line) for p in definitions.processes.values() for lane in p.lanes
    ]
    named += [(pool.id, pool.name, pool.unit, pool.line) for pool in definitions.participants]
    bound: dict[str, str] = {}
    for identity, name, unit, line in named:
        kind = given.get(identity) or unit or unit_of(name)
        if kind is None:
            continue
        bound[identity] = kind
        if kind not in UNITS_BY_KEY:
            _unknown_unit(read, identity, name or identity, kind, line)
    return bound


def _compile(definitions: Definitions, parts: Parts, read: _Read) -> dict[str, Program]:
    programs: dict[str, Program] = {}
    for key in definitions.processes:
        compiled = compile_model(definitions, key, parts=parts)
        programs[key] = compiled.program
        read.notes.findings += [replace_file(finding, read.model) for finding in compiled.findings]
    return programs


def replace_file(finding: Finding, file: str) -> Finding:
    """The finding with the file it stands in, when it names none."""
    if finding.file:
        return finding
    return Finding(**{name: getattr(finding, name) for name in finding.__struct_fields__} | {"file": file})


def _process_key(definitions: Definitions, read: _Read) -> str | None:
    wanted = read.manifest.get("prozess")
    if wanted is not None:
        if str(wanted) in definitions.processes:
            return str(wanted)
        names = ", ".join(definitions.processes) or "–"
        read.notes.error(
            "manifest-process-unknown",
            _MANIFEST,
            (
                f"prozess nennt „{wanted}“; im Modell gibt es: {names}.",
                f'prozess names "{wanted}"; the model has: {names}.',
            ),
            (
                "prozess auf die Kennung eines Prozesses im Modell setzen.",
                "Set prozess to the id of a process.",
            ),
        )
        return None
    processes = definitions.processes.values()
    return next((p.id for p in processes if p.executable), next(iter(definitions.processes), None))


def _told_once(findings: list[Finding]) -> tuple[Finding, ...]:
    """The layers look at the same element; what they agree on is told once."""
    elsewhere = {
        (finding.code, finding.element, finding.file)
        for finding in findings
        if finding.layer != "executability"
    }
    kept = (
        finding
        for finding in dict.fromkeys(findings)
        if not finding.element
        or finding.layer != "executability"
        or (finding.code, finding.element, finding.file) not in elsewhere
    )
    return tuple(kept)


def _one_model(notes: Notes, models: list[str]) -> None:
    found = ", ".join(models) or "–"
    notes.error(
        "bundle-model-count",
        models[0] if models else "",
        (
            f"Erwartet wird genau eine Datei *.bpmn, gefunden: {found}.",
            f"Expected exactly one *.bpmn file, found: {found}.",
        ),
        (
            "Je Version ein Modell hochladen; aufgerufene Prozesse werden über ihre Kennung gefunden.",
            "Upload one model per version; called processes are found by their id.",
        ),
    )


def _too_many(notes: Notes, number: int) -> None:
    notes.error(
        "bundle-too-many-files",
        "",
        (
            f"Erlaubt sind {MAX_FILES} Dateien, gefunden: {number}.",
            f"{MAX_FILES} files are allowed, found: {number}.",
        ),
        ("Nur die Dateien dieser Version hochladen.", "Upload only the files of this version."),
    )


def _unknown(notes: Notes, path: str) -> None:
    notes.error(
        "bundle-file-unknown",
        path,
        (
            f"Die Datei {path} gehört zu keiner bekannten Art (*.bpmn, *.dmn, forms/*.json, {_RULES}, {_MANIFEST}, "
            f"{_BLOCKS}, {BOOKLET}, tests/*.yaml, scenarios/*.yaml, README.md).",
            f"The file {path} is of no known kind (*.bpmn, *.dmn, forms/*.json, {_RULES}, {_MANIFEST}, {_BLOCKS}, "
            f"{BOOKLET}, tests/*.yaml, scenarios/*.yaml, README.md).",
        ),
        ("Die Datei weglassen oder umbenennen.", "Leave the file out or rename it."),
    )


def _unknown_unit(read: _Read, identity: str, name: str, kind: str, line: int) -> None:
    known = ", ".join(UNITS_BY_KEY)
    read.notes.add(
        "unit-unknown",
        Severity.WARNING,
        read.model,
        (
            f"Die Bahn „{name}“ ist an „{kind}“ gebunden; bekannt sind: {known}.",
            f'The lane "{name}" is bound to "{kind}"; known are: {known}.',
        ),
        (
            "Den Schlüssel berichtigen, wenn keine eigene Art von Stelle gemeint ist.",
            "Correct the key unless a kind of Stelle of your own is meant.",
        ),
        element=identity,
        line=line,
    )
