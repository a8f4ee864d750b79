"""Decisions as they stand in a version's files: read, drawn, compared with the version in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from staffel.api.decisions.schemas import (
    CellChange,
    Changes,
    DecisionDetail,
    DecisionInput,
    DecisionSummary,
    GraphPart,
    RuleChangeOut,
    TableColumn,
    TableFinding,
    TableOut,
    TableRule,
)
from staffel.api.models.queries import find_version, in_force, read_files, released_by
from staffel.engine.actor import Actor
from staffel.engine.dmn import Decision, DecisionModel, DecisionTable, Problem, check_table, read_dmn
from staffel.engine.dmn.check import TableProblem
from staffel.engine.dmn.comparison import TableChange, compare_tables
from staffel.engine.dmn.domains import parts_of
from staffel.engine.dmn.source import children, local, text_of
from staffel.engine.errors import NotFound
from staffel.engine.feel import to_json
from staffel.engine.library.drawing import Part, graph_of, shown_dmn
from staffel.engine.store import Transaction
from staffel.engine.xml import parse_xml


@dataclass(frozen=True, slots=True)
class Found:
    """A decision with the file and the model that it stands in."""

    file: str
    content: bytes
    model: DecisionModel
    decision: Decision


def tables_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The DMN files among the files of a version, by path."""
    return {path: content for path, content in sorted(files.items()) if path.endswith(".dmn")}


def found_in(files: Mapping[str, bytes]) -> list[Found]:
    """The decisions of all DMN files, by file and in the file's order; files that cannot be read have none."""
    tables = tables_of(files)
    found = list[Found]()
    for path, content in tables.items():
        others = {other.rpartition("/")[2]: data for other, data in tables.items() if other != path}
        model, _ = read_dmn(content, imports=others)
        if model is not None:
            own = {each.id: each for each in model.decisions.values()}
            found += [Found(path, content, model, each) for each in own.values()]
    return found


def find_decision(
    tx: Transaction, *, actor: Actor, version_id: UUID, decision: str, file: str | None = None
) -> Found:
    """A decision by its id; of several dated ones that of `file`, or the first. Raises `NotFound`."""
    return named(read_files(tx, actor=actor, version_id=version_id), decision, file)


def named(files: Mapping[str, bytes], decision: str, file: str | None) -> Found:
    """A decision by its id; of several dated ones that of `file`, or the first. Raises `NotFound`."""
    for each in found_in(files):
        if each.decision.id == decision and file in {None, each.file}:
            return each
    raise NotFound


def list_decisions(tx: Transaction, *, actor: Actor, version_id: UUID) -> list[DecisionSummary]:
    """The decisions of a version. Raises `NotFound`."""
    return [_summary(each) for each in found_in(read_files(tx, actor=actor, version_id=version_id))]


def read_decision(
    tx: Transaction, *, actor: Actor, version_id: UUID, decision: str, file: str | None = None
) -> DecisionDetail:
    """A decision with its table and the check of it. Raises `NotFound`."""
    files = read_files(tx, actor=actor, version_id=version_id)
    version, _ = find_version(tx, actor=actor, version_id=version_id)
    found = named(files, decision, file)
    table = found.decision.table
    return DecisionDetail(
        **_summary(found).model_dump(),
        inputs=[
            DecisionInput(name=each.name, type=each.type_name, choices=_choices(found.model, each.name))
            for each in found.model.inputs_of(found.decision.id)
        ],
        requires=[".".join(each.path) for each in found.decision.requires],
        table=None if table is None else _table(table.table),
        logic=[] if table is not None else _logic(found),
        findings=[finding_out(each) for each in (() if table is None else check_table(table))],
        graph=_graph(found, tables_of(files)),
        released_at=version.released_at,
        released_by=released_by(tx, version),
    )


def draw_decision(
    tx: Transaction, *, actor: Actor, version_id: UUID, decision: str, file: str | None = None
) -> bytes:
    """The decision's DMN file for a browser, with a drawing of its graph. Raises `NotFound`."""
    files = read_files(tx, actor=actor, version_id=version_id)
    found = named(files, decision, file)
    beside = (
        (path.rpartition("/")[2], data) for path, data in tables_of(files).items() if path != found.file
    )
    return shown_dmn(found.content, tuple(beside))


def compare_decision(
    tx: Transaction, *, actor: Actor, now: datetime, version_id: UUID, decision: str, file: str | None = None
) -> Changes:
    """The changes against the version in force, that is, of the same process. Raises `NotFound`."""
    found = find_decision(tx, actor=actor, version_id=version_id, decision=decision, file=file)
    _, summary = find_version(tx, actor=actor, version_id=version_id)
    former = next((v for v in in_force(tx, actor=actor, now=now) if v.process == summary.process), None)
    if former is None or former.id == version_id:
        return _changes(None, TableChange((), ()), [])
    try:
        before = find_decision(tx, actor=actor, version_id=former.id, decision=decision, file=file)
    except NotFound:
        return _changes(None, TableChange((), ()), [])
    one, two = before.decision.table, found.decision.table
    if one is not None and two is not None:
        return _changes(former.number, compare_tables(one.table, two.table), [])
    texts = ["\n".join(_logic(each)) for each in (before, found)]
    logic = [CellChange(label=decision, before=texts[0], after=texts[1])] if texts[0] != texts[1] else []
    return _changes(former.number, TableChange((), ()), logic)


def finding_out(problem: Problem) -> TableFinding:
    """A finding for the API."""
    example, rules = (problem.example, problem.rules) if isinstance(problem, TableProblem) else ((), ())
    return TableFinding(
        code=problem.code,
        severity=problem.severity,
        text_de=problem.message_de,
        text_en=problem.message_en,
        example={name: to_json(value) for name, value in example},
        rules=list(rules),
    )


def _graph(found: Found, tables: Mapping[str, bytes]) -> list[GraphPart]:
    """The parts of the decision's file, then those of other files that these need directly."""
    own = graph_of(found.content)
    needed = {each for part in own for each in part.requires}
    parts = [_part(each, found.file, each.id) for each in own]
    needed -= {each.id for each in own}
    for path, content in tables.items() if needed else ():
        others = graph_of(content) if path != found.file else []
        space = parse_xml(content).get("namespace", "") if others else ""
        for each in others:
            outside = f"{space}#{each.id}"
            if outside in needed:
                needed.remove(outside)
                parts.append(_part(each, path, outside))
    return parts


def _part(part: Part, file: str, identity: str) -> GraphPart:
    return GraphPart(
        id=identity,
        name=part.name,
        kind=part.kind,
        type=part.type,
        requires=list(part.requires) if identity == part.id else [],
        file=file,
        decision=part.id if part.kind == "decision" else None,
    )


def _changes(against: int | None, change: TableChange, logic: list[CellChange]) -> Changes:
    rules = change.rules
    return Changes(
        against=against,
        added=sum(rule.before is None for rule in rules),
        removed=sum(rule.after is None for rule in rules),
        changed=sum(rule.before is not None and rule.after is not None for rule in rules),
        columns=_cells(change.columns),
        rules=[RuleChangeOut(before=r.before, after=r.after, cells=_cells(r.cells)) for r in rules],
        logic=logic,
    )


def _cells(cells: Iterable[tuple[str, str, str]]) -> list[CellChange]:
    return [CellChange(label=label, before=before, after=after) for label, before, after in cells]


def _summary(found: Found) -> DecisionSummary:
    decision = found.decision
    policy = None if decision.table is None else decision.table.table.hit_policy.value
    return DecisionSummary(
        id=decision.id,
        name=decision.name,
        question=decision.question,
        file=found.file,
        hit_policy=policy,
        valid_from=decision.validity.first,
        valid_to=decision.validity.last,
        legal_state=decision.validity.legal_state,
        legal_bases=list(decision.validity.legal_bases),
    )


def _table(table: DecisionTable) -> TableOut:
    columns = [
        [TableColumn(label=each.label, type=each.type, allowed=each.allowed) for each in part]
        for part in (table.inputs, table.outputs)
    ]
    rules = [
        TableRule(
            number=number, tests=[*rule.tests], outputs=[*rule.outputs], annotations=[*rule.annotations]
        )
        for number, rule in enumerate(table.rules, start=1)
    ]
    return TableOut(
        hit_policy=table.hit_policy.value,
        aggregation=table.aggregation,
        inputs=columns[0],
        outputs=columns[1],
        rules=rules,
    )


def _choices(model: DecisionModel, name: str) -> list[str]:
    """The closed list of texts that a table of the file allows for an input."""
    for table in (each.table for each in model.decisions.values() if each.table is not None):
        for column, given in zip(table.table.inputs, table.inputs, strict=True):
            values = parts_of(given.domain) if column.text == name else None
            if values and all(sign == "=" and isinstance(value, str) for sign, value in values):
                return [str(value) for _, value in values]
    return []


def _logic(found: Found) -> list[str]:
    """The texts of a decision that is no table, with the name of the entry that each stands in."""
    root = parse_xml(found.content)
    element = next((each for each in children(root, "decision") if each.get("id") == found.decision.id), None)
    lines = list[str]()
    for each in () if element is None else element.iter():
        text = text_of(each) if isinstance(each.tag, str) else None
        if text is not None:
            above = each.getparent()
            name = ""
            if above is not None and local(above) in {"contextEntry", "binding"}:
                named = next(children(above, "variable", "parameter"), None)
                name = named.get("name", "") if named is not None else ""
            lines.append(f"{name}: {text.strip()}" if name else text.strip())
    return lines
