"""Faults of a decision table that show without running it: overlaps, gaps, rules that never apply, wrong types.

Each finding about rules comes with inputs as an example. Columns with cells that are more than constants are left out
of the proof, and the check says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from lxml import etree

from staffel.engine.dmn.domains import Domain, column_domain, parts_of
from staffel.engine.dmn.hits import CompiledTable
from staffel.engine.dmn.model import DecisionModel
from staffel.engine.dmn.source import identity, line_of
from staffel.engine.dmn.tables import HitPolicy
from staffel.engine.dmn.wording import constant, say
from staffel.engine.feel import FeelError, Range, Value
from staffel.engine.feel.builtins import FEEL_NAMES
from staffel.engine.feel.errors import Problem
from staffel.engine.feel.names import Names
from staffel.engine.feel.parser import Parser
from staffel.engine.feel.types import Constrained, FeelType, ListType, conforms, is_instance

MAX_FINDINGS = 10
MAX_RULES = 600
MAX_SEARCH = 50_000
_WHOLE = frozenset(("integer", "int", "long"))
_EMPTY = frozenset(("", "-"))


@dataclass(frozen=True, slots=True)
class TableProblem(Problem):
    """A finding of a table. `example` are inputs by the text of their expression at which it shows; else empty.

    The text `…` is any value that no cell of the column names. `rules` are the numbers of the rules at fault, from 1.
    """

    example: tuple[tuple[str, Value], ...] = ()
    rules: tuple[int, ...] = ()


def check_model(model: DecisionModel) -> tuple[TableProblem, ...]:
    """The findings of all tables that are decisions of the file."""
    tables = {id(each.table): each.table for each in model.decisions.values() if each.table is not None}
    return tuple(problem for table in tables.values() for problem in check_table(table))


def check_table(table: CompiledTable) -> tuple[TableProblem, ...]:
    """The findings of one table; severity `error`, `warning` or `hint`."""
    if not table.table.rules or not table.table.inputs:
        return ()
    types = list(_types(table))
    if len(table.table.rules) > MAX_RULES:
        return (*types, _too_large(table))
    boxes = _Boxes.of(table)
    found = [*types, *_overlaps(table, boxes), *_gaps(table, boxes), *_unreachable(table, boxes)]
    if boxes.opaque:
        names = ", ".join(table.table.inputs[index].label for index in boxes.opaque)
        found.append(
            _problem(
                table,
                "table-not-checkable",
                "hint",
                f"Überschneidungen und Lücken lassen sich in diesen Spalten nicht sicher prüfen: {names}.",
                f"Overlaps and gaps cannot be checked for certain in these columns: {names}.",
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Boxes:
    """The rules as boxes: per column a set of atoms, None where the cell cannot be judged."""

    columns: tuple[Domain, ...]
    opaque: tuple[int, ...]

    @classmethod
    def of(cls, table: CompiledTable) -> _Boxes:
        columns, opaque = list[Domain](), list[int]()
        for index, given in enumerate(table.inputs):
            cells = [row[index] for row in table.tests]
            is_whole = (table.table.inputs[index].type or "").rpartition(":")[2] in _WHOLE
            domain = column_domain(cells, given.domain, is_whole=is_whole)
            if domain is None:
                domain = Domain(("…",), (None,) * len(cells))
            columns.append(domain)
            if None in domain.rules:
                opaque.append(index)
        return cls(tuple(columns), tuple(opaque))

    def known(self, rule: int) -> bool:
        """Whether all cells of the rule can be judged."""
        return all(column.rules[rule] is not None for column in self.columns)

    def atoms(self, rule: int, column: int) -> int:
        return self.columns[column].rules[rule] or 0

    def common(self, one: int, two: int) -> tuple[int, ...] | None:
        """An atom per column that two rules share."""
        found = list[int]()
        for index in range(len(self.columns)):
            shared = self.atoms(one, index) & self.atoms(two, index)
            if not shared:
                return None
            found.append(_lowest(shared))
        return tuple(found)

    def uncovered(self, box: Sequence[int], rules: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Points of a box that no rule covers; ends early after a bounded search."""
        pending: list[tuple[tuple[int, ...], tuple[int, ...]]] = [((), tuple(rules))]
        for _ in range(MAX_SEARCH):
            if not pending:
                return
            point, left = pending.pop()
            column = len(point)
            if not left:
                yield (*point, *(_lowest(atoms) for atoms in box[column:]))
            elif column < len(box):
                pending.extend(
                    ((*point, atom), covering) for atom, covering in self._groups(box[column], column, left)
                )

    def _groups(self, atoms: int, column: int, rules: tuple[int, ...]) -> list[tuple[int, tuple[int, ...]]]:
        """One atom for each different set of rules that cover it, best covered first."""
        groups = dict[tuple[int, ...], int]()
        while atoms:
            atom = _lowest(atoms)
            atoms &= atoms - 1
            covering = tuple(rule for rule in rules if self.atoms(rule, column) >> atom & 1)
            groups.setdefault(covering, atom)
        return sorted(((atom, covering) for covering, atom in groups.items()), key=lambda each: -len(each[1]))

    def everything(self) -> list[int]:
        return [column.everything for column in self.columns]


def _lowest(atoms: int) -> int:
    return (atoms & -atoms).bit_length() - 1


def _example(table: CompiledTable, boxes: _Boxes, point: tuple[int, ...]) -> tuple[str, str]:
    """The inputs at a point, in words."""
    texts = list[str]()
    for lang in ("de", "en"):
        parts = [
            f"{given.label} = {_say(column.examples[atom], lang)}"
            for given, column, atom in zip(table.table.inputs, boxes.columns, point, strict=True)
        ]
        texts.append(", ".join(parts))
    return texts[0], texts[1]


def _inputs(table: CompiledTable, boxes: _Boxes, point: tuple[int, ...]) -> tuple[tuple[str, Value], ...]:
    """The inputs at a point, by the text of their expression."""
    return tuple(
        (given.text, column.examples[atom])
        for given, column, atom in zip(table.table.inputs, boxes.columns, point, strict=True)
    )


def _say(value: Value, lang: str) -> str:
    if value == "…":
        return "(anderer Wert)" if lang == "de" else "(another value)"
    return say(value, lang)


def _overlaps(table: CompiledTable, boxes: _Boxes) -> Iterator[TableProblem]:
    policy = table.table.hit_policy
    if policy not in {HitPolicy.UNIQUE, HitPolicy.ANY}:
        return
    known = [rule for rule in range(len(table.table.rules)) if boxes.known(rule)]
    count = 0
    for one, two in combinations(known, 2):
        if policy is HitPolicy.ANY and _same_outputs(table, one, two):
            continue
        point = boxes.common(one, two)
        if point is None:
            continue
        german, english = _example(table, boxes, point)
        yield _problem(
            table,
            "table-overlap",
            "error",
            f"Die Regeln {one + 1} und {two + 1} treffen beide zu, z. B. bei {german}. "
            f"Die Trefferregel {policy.value} lässt das nicht zu; bitte die Bedingungen trennen.",
            f"The rules {one + 1} and {two + 1} both apply, for example with {english}. "
            f"The hit policy {policy.value} does not allow this; separate the conditions.",
            element=table.table.rules[two].element,
            example=_inputs(table, boxes, point),
            rules=(one + 1, two + 1),
        )
        count += 1
        if count == MAX_FINDINGS:
            return


def _same_outputs(table: CompiledTable, one: int, two: int) -> bool:
    return table.table.rules[one].outputs == table.table.rules[two].outputs


def _gaps(table: CompiledTable, boxes: _Boxes) -> Iterator[TableProblem]:
    if all(output.default is not None for output in table.outputs) or table.table.hit_policy in {
        HitPolicy.COLLECT,
        HitPolicy.RULE_ORDER,
        HitPolicy.OUTPUT_ORDER,
    }:
        return
    rules = range(len(table.table.rules))
    if not all(map(boxes.known, rules)):
        return
    for count, point in enumerate(boxes.uncovered(boxes.everything(), rules)):
        if count == MAX_FINDINGS:
            return
        german, english = _example(table, boxes, point)
        yield _problem(
            table,
            "table-gap",
            "warning",
            f"Keine Regel trifft zu bei {german}. Bitte eine Regel oder einen Vorgabewert ergänzen.",
            f"No rule applies with {english}. Add a rule or a default output.",
            example=_inputs(table, boxes, point),
        )


def _unreachable(table: CompiledTable, boxes: _Boxes) -> Iterator[TableProblem]:
    for index, rule in enumerate(table.table.rules):
        if not boxes.known(index):
            continue
        box = [boxes.atoms(index, column) for column in range(len(boxes.columns))]
        is_empty = not all(box)
        if not is_empty:
            earlier = [other for other in range(index) if boxes.known(other)]
            if table.table.hit_policy is not HitPolicy.FIRST or not earlier:
                continue
            if not _covered(boxes, box, earlier):
                continue
        why_de = (
            "ihre Bedingungen kann keine Eingabe erfüllen"
            if is_empty
            else "frühere Regeln kommen ihr immer zuvor"
        )
        why_en = "no input meets its conditions" if is_empty else "earlier rules always come first"
        yield _problem(
            table,
            "rule-unreachable",
            "warning",
            f"Regel {index + 1} kann nie gelten: {why_de}.",
            f"Rule {index + 1} can never apply: {why_en}.",
            element=rule.element,
            rules=(index + 1,),
        )


def _covered(boxes: _Boxes, box: list[int], rules: list[int]) -> bool:
    """Whether the rules cover the box for certain."""
    size = 1
    for atoms in box:
        size *= atoms.bit_count()
    return size <= MAX_SEARCH // 10 and next(boxes.uncovered(box, rules), None) is None


def _types(table: CompiledTable) -> Iterator[TableProblem]:
    for index, (given, column) in enumerate(zip(table.inputs, table.table.inputs, strict=True)):
        if given.kind is None:
            continue
        for number, row in enumerate(table.tests, 1):
            values = [end for _, value in parts_of(row[index]) or () for end in _ends(value)]
            wrong = next((value for value in values if not _fits(value, given.kind)), None)
            if wrong is not None:
                yield _type_problem(table, number, column.label, str(given.kind), wrong)
    for index, (output, shown) in enumerate(zip(table.outputs, table.table.outputs, strict=True)):
        for number, rule in enumerate(table.table.rules, 1):
            value = _constant_output(rule.outputs[index])
            if value is None:
                continue
            if output.kind is not None and not conforms(value, output.kind):
                yield _type_problem(table, number, shown.label, str(output.kind), value)
            elif output.priorities and type(value) is str and value not in output.priorities:
                yield _type_problem(table, number, shown.label, str(shown.allowed or shown.type), value)


def _ends(value: Value) -> list[Value]:
    return [value.low, value.high] if isinstance(value, Range) else [value]


def _fits(value: Value, kind: FeelType) -> bool:
    return value is None or isinstance(_base(kind), ListType) or is_instance(value, kind)


def _base(kind: FeelType) -> FeelType:
    for _ in range(20):
        if not isinstance(kind, Constrained):
            break
        kind = kind.base()
    return kind


def _constant_output(text: str) -> Value:
    if text in _EMPTY:
        return None
    try:
        found = constant(Parser(text, Names(base=FEEL_NAMES), {}).whole_expression())
    except FeelError:
        return None
    return found[0] if found else None


def _type_problem(table: CompiledTable, rule: int, label: str, kind: str, found: Value) -> TableProblem:
    return _problem(
        table,
        "cell-type",
        "error",
        f"In der Spalte „{label}“ wird {kind} erwartet, gefunden: {say(found, 'de')}.",
        f"The column '{label}' expects {kind}, found {say(found, 'en')}.",
        element=table.table.rules[rule - 1].element,
        rules=(rule,),
    )


def _too_large(table: CompiledTable) -> TableProblem:
    return _problem(
        table,
        "table-not-checkable",
        "hint",
        f"Die Tabelle hat mehr als {MAX_RULES} Regeln; Überschneidungen und Lücken werden nicht geprüft.",
        f"The table has more than {MAX_RULES} rules; overlaps and gaps are not checked.",
    )


def _problem(
    table: CompiledTable,
    code: str,
    severity: str,
    german: str,
    english: str,
    *,
    element: etree._Element | None = None,
    example: tuple[tuple[str, Value], ...] = (),
    rules: tuple[int, ...] = (),
) -> TableProblem:
    place = table.table.element if element is None else element
    name = table.table.name
    return TableProblem(
        code,
        f"Tabelle „{name}“: {german}",
        f"Table '{name}': {english}",
        severity=severity,
        element=identity(place),
        line=line_of(place),
        example=example,
        rules=rules,
    )
