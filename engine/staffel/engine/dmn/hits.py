"""Decision tables to code: which rules match, and what the hit policy makes of them (DMN 1.5 §8.2.8-11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from staffel.engine.dmn.compiler import Compiler, converted
from staffel.engine.dmn.items import literals
from staffel.engine.dmn.tables import DecisionTable, HitPolicy, InputColumn, OutputColumn
from staffel.engine.feel import Value
from staffel.engine.feel.builtins import BUILTINS, invoke
from staffel.engine.feel.expression import UnaryTests
from staffel.engine.feel.matching import Matcher
from staffel.engine.feel.operators import equal
from staffel.engine.feel.run import Run
from staffel.engine.feel.scope import Code, Scope
from staffel.engine.feel.types import FeelType

_Cell = tuple[int, Matcher | None]
_Policy = Callable[["CompiledTable", Run, Sequence[int], Any], Value]


@dataclass(frozen=True, slots=True)
class Firing:
    """What one evaluation of a table did: `refused[i]` is the first input that refused rule i, or None."""

    table: CompiledTable
    inputs: tuple[Value, ...]
    refused: tuple[int | None, ...]
    value: Value

    @property
    def matched(self) -> tuple[int, ...]:
        """The rules that match, from 0."""
        return tuple(index for index, cell in enumerate(self.refused) if cell is None)


@dataclass(frozen=True, slots=True)
class _Input:
    code: Code
    allowed: Matcher | None
    domain: UnaryTests | None
    kind: FeelType | None
    label: str


@dataclass(frozen=True, slots=True)
class _Output:
    name: str
    default: Code | None
    kind: FeelType | None
    priorities: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CompiledTable:
    """A table ready to run; `table` is how it stands in the file, `tests` its cells parsed (None = faulty)."""

    table: DecisionTable
    tests: tuple[tuple[UnaryTests | None, ...], ...]
    inputs: tuple[_Input, ...]
    outputs: tuple[_Output, ...]
    rules: tuple[tuple[_Cell, ...], ...]
    entries: tuple[tuple[Code, ...], ...]

    def run(self, frame: Any, run: Run) -> Value:
        """The table's value."""
        run.tick(1 + len(self.rules) // 4)
        values = [given.code(frame, run) for given in self.inputs]
        if not self._allowed(values, frame, run):
            return None
        refused = self._refused(values, frame, run)
        matched = [index for index, cell in enumerate(refused) if cell is None]
        value = self._value(matched, frame, run)
        if run.trace is not None:
            run.trace.append(Firing(self, tuple(values), refused, value))
        return value

    def _allowed(self, values: list[Value], frame: Any, run: Run) -> bool:
        for given, value in zip(self.inputs, values, strict=True):
            if given.allowed is None or value is None:
                continue
            if given.allowed(value, [frame, value], run) is not True:
                run.null(None, "value-not-allowed", given.label, value)
                return False
        return True

    def _refused(self, values: list[Value], frame: Any, run: Run) -> tuple[int | None, ...]:
        problems, run.problems = run.problems, None  # a cell that does not apply is no problem
        frames = [[frame, value] for value in values]
        found = list[int | None]()
        for cells in self.rules:
            for index, match in cells:
                if match is None or match(values[index], frames[index], run) is not True:
                    found.append(index)
                    break
            else:
                found.append(None)
        run.problems = problems
        return tuple(found)

    def _value(self, matched: list[int], frame: Any, run: Run) -> Value:
        if not matched:
            return self._default(frame, run)
        return _POLICIES[self.table.hit_policy](self, run, matched, frame)

    def _default(self, frame: Any, run: Run) -> Value:
        if any(output.default is not None for output in self.outputs):
            codes = tuple(output.default or _null for output in self.outputs)
            value = self._shaped([code(frame, run) for code in codes])
            many = self.table.hit_policy in _LISTS and self.table.aggregation is None
            return [value] if many and type(value) is not list else value
        if self.table.aggregation == "COUNT":
            return invoke(run, 0, BUILTINS["count"], [[]])
        return None

    def output(self, rule: int, frame: Any, run: Run) -> Value:
        """What one rule gives: a value, or a context where there are several outputs."""
        return self._shaped([code(frame, run) for code in self.entries[rule]])

    def _shaped(self, values: list[Value]) -> Value:
        if len(self.outputs) == 1:
            return values[0]
        return {output.name: value for output, value in zip(self.outputs, values, strict=True)}

    def parts(self, value: Value) -> list[Value]:
        """The values of the outputs in order."""
        return [value] if len(self.outputs) == 1 else [value[output.name] for output in self.outputs]

    def rank(self, value: Value) -> tuple[int, ...]:
        """Where an output stands in the order of the allowed values; what is not in it comes last."""
        ranks = list[int]()
        for output, part in zip(self.outputs, self.parts(value), strict=True):
            known = output.priorities
            ranks.append(known.index(part) if part in known else len(known))
        return tuple(ranks)


def _null(_frame: Any, _run: Run) -> Value:
    return None


def _violated(table: CompiledTable, run: Run, matched: Sequence[int]) -> Value:
    numbers = ", ".join(str(index + 1) for index in matched)
    return run.null(None, "hit-policy", table.table.hit_policy.value, numbers)


def _unique(table: CompiledTable, run: Run, matched: Sequence[int], frame: Any) -> Value:
    return _violated(table, run, matched) if len(matched) > 1 else table.output(matched[0], frame, run)


def _any(table: CompiledTable, run: Run, matched: Sequence[int], frame: Any) -> Value:
    first, *others = (table.output(index, frame, run) for index in matched)
    same = all(equal(run, 0, first, other) is True for other in others)
    return first if same else _violated(table, run, matched)


def _first(table: CompiledTable, run: Run, matched: Sequence[int], frame: Any) -> Value:
    return table.output(matched[0], frame, run)


def _all(table: CompiledTable, run: Run, matched: Sequence[int], frame: Any) -> Value:
    return [table.output(index, frame, run) for index in matched]


def _by_priority(table: CompiledTable, run: Run, matched: Sequence[int], frame: Any) -> Value:
    return sorted(_all(table, run, matched, frame), key=table.rank)


def _priority(table: CompiledTable, run: Run, matched: Sequence[int], frame: Any) -> Value:
    return _by_priority(table, run, matched, frame)[0]


def _collect(table: CompiledTable, run: Run, matched: Sequence[int], frame: Any) -> Value:
    values = _all(table, run, matched, frame)
    name = (table.table.aggregation or "").lower()
    if not name:
        return values
    if len(table.outputs) == 1 or name == "count":
        return invoke(run, 0, BUILTINS[name], [values])
    parts = [table.parts(value) for value in values]
    return {
        output.name: invoke(run, 0, BUILTINS[name], [[row[index] for row in parts]])
        for index, output in enumerate(table.outputs)
    }


_POLICIES: Mapping[HitPolicy, _Policy] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.FIRST: _first,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.RULE_ORDER: _all,
    HitPolicy.OUTPUT_ORDER: _by_priority,
    HitPolicy.COLLECT: _collect,
}
_LISTS = frozenset((HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT))


def compile_table(compiler: Compiler, table: DecisionTable, scope: Scope) -> CompiledTable:
    """Compile a table; faulty cells are reported and never match."""
    tests = tuple(
        tuple(compiler.tests(text, rule.element, scope) for text in rule.tests) for rule in table.rules
    )
    rules = tuple(
        tuple(
            (index, None if cell is None else cell.matcher)
            for index, cell in enumerate(row)
            if cell is None or cell.matcher is not None
        )
        for row in tests
    )
    entries = tuple(
        tuple(
            _entry(compiler, text, column, rule.element, scope)
            for text, column in zip(rule.outputs, table.outputs, strict=True)
        )
        for rule in table.rules
    )
    inputs = tuple(_input(compiler, column, scope) for column in table.inputs)
    outputs = tuple(_output(compiler, column, scope, table) for column in table.outputs)
    return CompiledTable(table, tests, inputs, outputs, rules, entries)


def _input(compiler: Compiler, column: InputColumn, scope: Scope) -> _Input:
    code = compiler.text(column.text, column.element, scope)
    kind = compiler.items.resolve(column.type, column.element)
    tests = compiler.tests(column.allowed, column.element, scope) if column.allowed else None
    domain = tests or compiler.items.allowed.get(column.type or "")
    return _Input(
        converted(code, kind, column.label), tests.matcher if tests else None, domain, kind, column.label
    )


def _output(compiler: Compiler, column: OutputColumn, scope: Scope, table: DecisionTable) -> _Output:
    default = compiler.text(column.default, column.element, scope) if column.default else None
    tests = compiler.tests(column.allowed, column.element, scope) if column.allowed else None
    priorities = literals(tests or compiler.items.allowed.get(column.type or ""))
    if not priorities and table.hit_policy in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}:
        compiler.source.report(
            "table-priorities",
            column.element,
            f"Die Trefferregel {table.hit_policy.value} braucht die erlaubten Werte der Ausgabe „{column.label}“ "
            "in ihrer Rangfolge.",
            f"The hit policy {table.hit_policy.value} needs the allowed values of the output '{column.label}' in "
            "order of priority.",
            severity="warning",
        )
    kind = compiler.items.resolve(column.type, column.element)
    return _Output(column.name, default, kind, priorities)


def _entry(compiler: Compiler, text: str, column: OutputColumn, element: Any, scope: Scope) -> Code:
    if text in {"", "-"}:
        return _null
    code = compiler.text(text, element, scope)
    return converted(code, compiler.items.resolve(column.type, column.element), column.label)
