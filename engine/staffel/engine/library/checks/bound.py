"""What the files beside the model say about it: do flows, Stellen, fields, forms and Messpunkte exist there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from staffel.engine.kernel import Program
from staffel.engine.library.checks.handover_rules import BoundRule
from staffel.engine.library.checks.manifest import milestones_of
from staffel.engine.library.checks.names import settable
from staffel.engine.library.checks.notes import Notes

_RULES: Final = "uebergaben.yaml"
_MANIFEST: Final = "process.yaml"


def check_bound(
    rules: tuple[BoundRule, ...],
    manifest: Mapping[str, Any],
    programs: Mapping[str, Program],
    forms: Mapping[str, Mapping[str, Any]],
    notes: Notes,
) -> None:
    """Report rules bound to flows, Stellen or fields that the model does not have, and unknown forms and Messpunkte."""
    names = settable(programs, forms)
    for bound in rules:
        _check_flow(bound, programs, notes)
        _check_after(bound, programs, notes)
        for field in (*(each.name for each in bound.rule.fields or ()), *bound.rule.answer):
            if field not in names and forms:
                _unknown_field(bound, field, notes)
    form = manifest.get("startformular")
    if form and str(form) not in forms:
        notes.error(
            "form-unknown",
            _MANIFEST,
            (
                f"startformular nennt „{form}“; forms/{form}.json liegt nicht bei.",
                f"forms/{form}.json is missing.",
            ),
            ("Das Formular beilegen oder den Namen berichtigen.", "Add the form or correct the name."),
        )
    _check_milestones(manifest, programs, notes)


def _check_flow(bound: BoundRule, programs: Mapping[str, Program], notes: Notes) -> None:
    if not bound.flow:
        return
    plan = next((p.flows[bound.flow] for p in programs.values() if bound.flow in p.flows), None)
    messages = {flow.id for p in programs.values() for flow in p.definitions.message_flows}
    if plan is None:
        if bound.flow not in messages:
            notes.error(
                "handover-flow-unknown",
                _RULES,
                (
                    f"Übergaberegel {bound.rule.id}: den Fluss „{bound.flow}“ gibt es im Modell nicht.",
                    f'Handover rule {bound.rule.id}: the model has no flow "{bound.flow}".',
                ),
                (
                    "Die Kennung des Flusses aus dem Modell eintragen.",
                    "Enter the id of the flow in the model.",
                ),
                element=bound.rule.id,
            )
        return
    ends = (("absender", bound.sender, plan.source.unit), ("empfaenger", bound.receiver, plan.target.unit))
    for end, agreed, drawn in ends:
        if agreed and drawn and agreed != drawn:
            notes.error(
                "handover-unit-differs",
                _RULES,
                (
                    f"Übergaberegel {bound.rule.id}: {end} ist „{agreed}“, im Modell steht dort „{drawn}“.",
                    f'Handover rule {bound.rule.id}: {end} is "{agreed}", in the model it is "{drawn}".',
                ),
                ("Regel oder Bahn berichtigen.", "Correct the rule or the lane."),
                element=bound.flow,
            )


def _check_after(bound: BoundRule, programs: Mapping[str, Program], notes: Notes) -> None:
    """The step that the rule names as its trigger has to be in the model."""
    if not bound.after or any(bound.after in program.elements for program in programs.values()):
        return
    notes.error(
        "handover-trigger-unknown",
        _RULES,
        (
            f"Übergaberegel {bound.rule.id}: ausloeser.nach_schritt nennt „{bound.after}“; diesen Schritt gibt es nicht.",
            f'Handover rule {bound.rule.id}: ausloeser.nach_schritt names "{bound.after}"; there is no such step.',
        ),
        ("Die Kennung des Schritts aus dem Modell eintragen.", "Enter the id of the step in the model."),
        element=bound.rule.id,
    )


def _unknown_field(bound: BoundRule, field: str, notes: Notes) -> None:
    notes.warning(
        "handover-field-unknown",
        _RULES,
        (
            f"Übergaberegel {bound.rule.id}: das Feld „{field}“ füllt kein Formular und kein Schritt dieses Modells.",
            f'Handover rule {bound.rule.id}: no form and no step of this model fills the field "{field}".',
        ),
        (
            "Das Feld in ein Formular aufnehmen oder den Namen berichtigen.",
            "Add the field to a form or correct the name.",
        ),
        element=bound.rule.id,
    )


def _check_milestones(manifest: Mapping[str, Any], programs: Mapping[str, Program], notes: Notes) -> None:
    elements = {element.id for p in programs.values() for element in p.elements.values()}
    marked = {e.node.extension.milestone for p in programs.values() for e in p.elements.values()}
    for milestone, element in milestones_of(manifest).items():
        if (element and element not in elements) or (not element and milestone not in marked):
            notes.warning(
                "milestone-unbound",
                _MANIFEST,
                (
                    f"Den Messpunkt „{milestone}“ trägt kein Element des Modells.",
                    f'No element of the model carries the Messpunkt "{milestone}".',
                ),
                ("staffel:milestone am Element ergänzen.", "Add staffel:milestone to the element."),
                element=element,
            )
