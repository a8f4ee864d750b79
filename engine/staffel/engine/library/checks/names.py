"""Which variables a model can ever set, and the expressions that read others: mostly names written wrongly.

Where a step may bring values that the model does not name (a form-less task, outside work, a start by API), only names
that are much like a known one are told; elsewhere every name that nothing sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Any, Final

from staffel.engine.bpmn.labels import Label, labels_of
from staffel.engine.bpmn.model import EventKind, NodeType
from staffel.engine.feel import Problem
from staffel.engine.feel.tree import ContextNode
from staffel.engine.findings import Severity
from staffel.engine.kernel import Program
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.program import (
    Element,
    LoopPlan,
    MappingPlan,
    MessagePlan,
    TimerPlan,
    TransferPlan,
    Trigger,
)
from staffel.engine.library.checks.notes import Notes

GIVEN: Final = frozenset(
    (
        "case", "loopCounter", "numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances",
        "numberOfTerminatedInstances",
    )
)  # fmt: skip
"""The names that the kernel itself gives."""
_PLANS: Final = (Formula, LoopPlan, MappingPlan, MessagePlan, TimerPlan, TransferPlan, Trigger)
_OPEN: Final = frozenset(
    (NodeType.TASK, NodeType.USER_TASK, NodeType.SERVICE_TASK, NodeType.SEND_TASK, NodeType.RECEIVE_TASK,
     NodeType.CALL_ACTIVITY)
)  # fmt: skip
RESPONSE: Final = "response"
"""What the outputs of a task that calls an endpoint read: the answer of the endpoint."""
_LIKE: Final = 0.84
"""How like two names are of which one is taken for the other misspelt (difflib's ratio)."""


def check_names(
    programs: Mapping[str, Program], forms: Mapping[str, Mapping[str, Any]], file: str, notes: Notes
) -> None:
    """Warn of names that an expression reads for certain and that nothing in the model sets."""
    known = settable(programs, forms)
    is_open = any(
        _may_bring_more(element) for program in programs.values() for element in program.elements.values()
    )
    told = set[tuple[str, str]]()
    for program in programs.values():
        labels = labels_of(program.definitions)
        for element, line, formula in _expressions(program):
            for problem in formula.unknown(known):
                name = problem.message_en.split("'")[1]
                similar = _misspelt(name, known)
                if (similar or not is_open) and (element, name) not in told:
                    told.add((element, name))
                    _tell(
                        problem,
                        formula,
                        (name, similar),
                        (file, element, line, labels.get(element, (element, element))),
                        notes,
                    )


def settable(programs: Mapping[str, Program], forms: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Every name that a form, mapping, data object, message, loop or result can fill, and those always there."""
    names = set[str](GIVEN)
    for form in forms.values():
        properties = form.get("schema", {}).get("properties", {})
        names.update(properties if isinstance(properties, Mapping) else ())
    for program in programs.values():
        for element in program.elements.values():
            names.update(_set_by(element))
        for plan in program.scopes.values():
            names.update(plan.declared)
    return frozenset(names)


def _set_by(element: Element) -> Iterator[str]:
    """The names that passing the element can set."""
    message = element.message.payload if element.message is not None else ()
    for mapping in (*element.inputs, *element.outputs, *element.payload, *message):
        yield mapping.target.partition(".")[0]
    for transfer in (*element.reads_data, *element.writes_data):
        yield transfer.target
        yield from transfer.sources
    if element.script is not None and not element.result and isinstance(element.script.tree, ContextNode):
        yield from (key for key, _ in element.script.tree.entries)
    if element.script is not None or element.decision is not None:
        yield element.result or "result"
    if element.node.extension.endpoint is not None:
        yield RESPONSE
    if element.loop is not None:
        yield from filter(None, (element.loop.item, element.loop.output_collection))
    for trigger in element.triggers:
        if trigger.error_variable:
            yield trigger.error_variable


def _may_bring_more(element: Element) -> bool:
    """Whether a case may get values there that the model does not name."""
    if element.outputs or element.writes_data:
        return False
    if element.type is NodeType.START_EVENT:
        return not element.form
    if element.script is not None:
        return not element.result and not isinstance(element.script.tree, ContextNode)
    if element.decision is not None:
        return not element.result
    brings = any(
        each.kind in {EventKind.MESSAGE, EventKind.ERROR, EventKind.ESCALATION} for each in element.triggers
    )
    return brings or (element.type in _OPEN and not element.form)


def _expressions(program: Program) -> Iterator[tuple[str, int, Formula]]:
    for element in program.elements.values():
        for field in fields(element):
            for formula in _formulas(getattr(element, field.name, None)):
                yield element.local_id, element.node.line, formula
    for flow in program.flows.values():
        if flow.condition is not None:
            yield flow.id, flow.source.node.line, flow.condition


def _formulas(plan: object) -> Iterator[Formula]:
    """The expressions of a plan, not of the elements that it refers to."""
    if isinstance(plan, Formula):
        yield plan
    elif isinstance(plan, tuple):
        for part in plan:
            yield from _formulas(part)
    elif isinstance(plan, _PLANS) and is_dataclass(plan):
        for field in fields(plan):
            yield from _formulas(getattr(plan, field.name))


def _misspelt(name: str, known: Iterable[str]) -> str | None:
    """The known name that is meant. Names that differ in digits only, or in an ending (plural), are two names."""
    folded = name.casefold()
    by_fold = {each.casefold(): each for each in known if _letters(each) != _letters(name)}
    if folded in by_fold:
        return by_fold[folded]
    others = [each for each in by_fold if not each.startswith(folded) and not folded.startswith(each)]
    found = get_close_matches(folded, others, n=1, cutoff=_LIKE)
    return by_fold[found[0]] if found else None


def _letters(name: str) -> str:
    return "".join(char for char in name if not char.isdigit())


def _tell(
    problem: Problem,
    formula: Formula,
    names: tuple[str, str | None],
    place: tuple[str, str, int, Label],
    notes: Notes,
) -> None:
    name, similar = names
    file, element, line, label = place
    at = problem.position
    where = (at.line, at.column) if at else (1, 1)
    mend_de, mend_en = (
        (
            f"Gemeint ist wohl „{similar}“: den Namen „{name}“ im Ausdruck so schreiben.",
            f"Probably '{similar}' is meant: write the name '{name}' in the expression like that.",
        )
        if similar
        else (
            "Den Namen berichtigen oder das Feld in ein Formular oder eine Zuordnung aufnehmen.",
            "Correct the name or add the field to a form or mapping.",
        )
    )
    notes.add(
        "variable-never-set",
        Severity.WARNING,
        file,
        (
            f"Der Ausdruck „{formula.text}“ an „{label[0]}“ liest „{name}“ (Zeile {where[0]}, Spalte {where[1]}); "
            "das setzt nichts in diesem Modell.",
            f"The expression '{formula.text}' at '{label[1]}' reads '{name}' (line {where[0]}, column {where[1]}), "
            "which nothing in this model sets.",
        ),
        (mend_de, mend_en),
        element=element,
        line=line,
        layer="executability",
    )
