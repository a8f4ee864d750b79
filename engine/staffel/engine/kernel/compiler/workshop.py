"""What the parts of the compiler share: the file being compiled, expressions made into formulas, findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from staffel.engine.bpmn.labels import Label
from staffel.engine.bpmn.model import (
    DataItem,
    Definitions,
    Expression,
    Lane,
    Mapping_,
    Node,
    Process,
    Scope,
)
from staffel.engine.feel import Problem
from staffel.engine.findings import Finding
from staffel.engine.kernel.compiler.findings import finding
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.program import Element, FlowPlan, MappingPlan, Parts

XPATH = "http://www.w3.org/1999/XPath"
"""The standard's default for `expressionLanguage`, written by tools that mean nothing by it."""
PLACEHOLDER = "__targetRef_placeholder"
"""The data input that bpmn-js draws an association to when there is none."""
SOME_DAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
"""A day to try the length of a Frist on."""


@dataclass(slots=True, eq=False)
class Source:
    """One process being compiled: its file, the prefix of its ids, what its ids mean."""

    definitions: Definitions
    process: Process
    parts: Parts
    prefix: str
    lanes: Mapping[str, Lane]
    names: frozenset[str]
    data: Mapping[str, str]
    calls: tuple[tuple[str, str], ...]
    lane: str | None = None
    unit: str | None = None

    def unit_of(self, lane: str | None) -> str | None:
        """The kind of Stelle of a lane or of the nearest lane around it that has one."""
        while lane is not None:
            found = self.lanes.get(lane)
            if found is None:
                return None
            unit = self.parts.lanes.get(lane) or found.unit
            if unit:
                return unit
            lane = found.parent
        return None


@dataclass(slots=True, eq=False)
class Workshop:
    """The program as it comes about."""

    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, FlowPlan] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    told: set[Finding] = field(default_factory=set)
    conditional: bool = False
    labels: dict[str, Label] = field(default_factory=dict)

    def note(self, code: str, element: str, line: int, **fill: str) -> None:
        """Add a finding, once. Its `{name}` is what the designer calls the element, not its id."""
        own = element.rpartition("/")[2]
        if fill.get("name", own) in {own, element}:
            fill["name_de"], fill["name_en"] = self.labels.get(own, (element, element))
        found = finding(code, element, line, **fill)
        if found not in self.told:
            self.told.add(found)
            self.findings.append(found)

    def refuse(self, node: Node, german: str, english: str, mend_de: str = "", mend_en: str = "") -> None:
        """Say that something is not executed."""
        self.note(
            "not-executed",
            node.id,
            node.line,
            name=node.name or node.id,
            what_de=german,
            what_en=english,
            mend_de=mend_de or "Anders modellieren.",
            mend_en=mend_en or "Model it in another way.",
        )

    def formula(
        self, source: Source, expression: Expression | None, element: str, line: int = 0
    ) -> Formula | None:
        """The expression compiled; None for none. What is wrong with it becomes a finding."""
        if expression is None or not expression.text.strip():
            return None
        line = expression.line or line
        language = expression.language or source.definitions.expression_language
        if language and "feel" not in language.lower() and language != XPATH:
            self.note("expression-language", element, line, found=language, expression=expression.text)
        text = expression.text.strip()
        return self.parsed(source, text[1:] if text.startswith("=") else text, element, line)

    def parsed(self, source: Source, text: str, element: str, line: int) -> Formula:
        """FEEL text compiled."""
        formula = Formula(text, source.names)
        if formula.fault is not None:
            german, english = formula.fault
            self.note(
                "expression-invalid", element, line, expression=text, reason_de=german, reason_en=english
            )
        for problem in formula.faults:
            self._faulty(problem, text, element, line)
        return formula

    def _faulty(self, problem: Problem, text: str, element: str, line: int) -> None:
        """Say what is certainly wrong with an expression that can be parsed."""
        code = "expression-faulty" if problem.severity == "error" else "expression-null"
        at = problem.position
        where = (at.line, at.column) if at else (1, 1)
        self.note(
            code,
            element,
            line,
            expression=text,
            reason_de=f"Zeile {where[0]}, Spalte {where[1]}: {problem.message_de}",
            reason_en=f"line {where[0]}, column {where[1]}: {problem.message_en}",
        )

    def check_length(
        self, source: Source, length: str, kind: str, *, element: str, line: int, shift: bool | None = None
    ) -> None:
        """Have the calendar read the length of a Frist."""
        calendar = source.parts.calendar
        if calendar is None:
            return
        try:
            calendar.due(SOME_DAY, length, kind=kind, shift=shift)
        except ValueError as error:
            self.note("deadline-invalid", element, line, found=f"{length} ({kind})", reason=str(error))

    def mappings(
        self, source: Source, mappings: Iterable[Mapping_], element: str, line: int
    ) -> tuple[MappingPlan, ...]:
        """Input or output mappings compiled."""
        plans = []
        for mapping in mappings:
            formula = self.formula(source, mapping.source, element, line)
            plans.append(MappingPlan(formula or Formula("null"), mapping.target))
        return tuple(plans)


def source_of(
    definitions: Definitions, process: Process, parts: Parts, prefix: str, calls: tuple[tuple[str, str], ...]
) -> Source:
    """Everything that the ids of the process mean."""
    items = list(_data_items(process))
    names = frozenset(_name(item) for item in items if " " in _name(item))
    by_id = {item.id: item for item in items}
    data = {item.id: _name(by_id.get(item.refers_to or "", item)) for item in items}
    lanes = {lane.id: lane for lane in process.lanes}
    unit = next((each.unit for each in definitions.participants if each.process == process.id), None)
    return Source(definitions, process, parts, prefix, lanes, names, data, calls, unit=unit)


def _name(item: DataItem) -> str:
    return " ".join(item.name.split()) or item.id


def _data_items(process: Process) -> Iterable[DataItem]:
    scopes: list[Scope] = [process.scope]
    if process.io is not None:
        yield from (*process.io.inputs, *process.io.outputs)
    while scopes:
        scope = scopes.pop()
        yield from scope.data
        for node in scope.nodes.values():
            if node.io is not None:
                yield from (*node.io.inputs, *node.io.outputs)
            if node.body is not None:
                scopes.append(node.body)
