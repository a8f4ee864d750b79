"""Which values a person may bring in at a task: those that the model declares there, no others of the case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from staffel.engine.bpmn.model import EventKind
from staffel.engine.kernel import Program
from staffel.engine.kernel.program import Element
from staffel.engine.library.forms import Form, ValuesRefused, read_corrections


def results_of(element: Element) -> frozenset[str]:
    """What the output mappings and data outputs of a task read, and what a loop gathers from it."""
    names = _read_by(element)
    if element.loop is not None and element.loop.output_element is not None:
        names |= set(element.loop.output_element.reads)
    return frozenset(names)


def payload_of(program: Program, code: str) -> frozenset[str]:
    """What the events that catch a BPMN error of this code map from what comes with it."""
    catching = (
        element
        for element in program.elements.values()
        for trigger in element.triggers
        if trigger.kind is EventKind.ERROR and trigger.code in {None, code}
    )
    return frozenset(name for element in catching for name in _read_by(element))


def read_declared(form: Form | None, values: Mapping[str, Any], declared: Collection[str]) -> dict[str, Any]:
    """FEEL values of declared names, typed by the form where it has the field. Raises `ValuesRefused` for others."""
    settable = form.settable if form is not None else frozenset()
    unknown = [name for name in values if name not in settable and name not in declared]
    if unknown:
        raise _undeclared(unknown)
    return read_corrections([form] if form is not None else [], values)


def _read_by(element: Element) -> set[str]:
    names = {name for mapping in element.outputs for name in mapping.source.reads}
    for transfer in element.writes_data:
        formulas = [formula for formula, _ in transfer.assignments]
        formulas += [transfer.formula] if transfer.formula is not None else []
        names.update(transfer.sources, *(formula.reads for formula in formulas))
    return names


def _undeclared(names: Iterable[str]) -> ValuesRefused:
    named = ", ".join(names)
    return ValuesRefused(
        f"The model declares no such result here: {named}. Expected are fields of the task's form and what its output "
        "mappings read.",
        text_de=f"Das Modell sieht hier diese Angaben nicht vor: {named}. Erwartet werden Felder des Formulars und was die "
        "Ausgaben der Aufgabe (staffel:output) lesen.",
        fields=[
            {
                "field": name,
                "code": "unknown",
                "text_de": "Diese Angabe ist hier nicht vorgesehen.",
                "text_en": "This value is not provided for here.",
            }
            for name in names
        ],
    )
