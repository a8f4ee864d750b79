"""The rules of the BPMN 2.0.2 specification on how elements fit together; the registry of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.structure import (
    activities,
    basics,
    collaboration,
    data,
    events,
    flows,
    gateways,
    intermediate,
    messaging,
    triggers,
)
from staffel.engine.bpmn.structure.view import View

if TYPE_CHECKING:
    from staffel.engine.bpmn.report import Report
    from staffel.engine.bpmn.source import Source
    from staffel.engine.bpmn.structure.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *flows.RULES,
    *events.RULES,
    *intermediate.RULES,
    *triggers.RULES,
    *gateways.RULES,
    *activities.RULES,
    *messaging.RULES,
    *data.RULES,
    *collaboration.RULES,
    *basics.RULES,
)


def check_structure(source: Source, report: Report) -> None:
    """Apply every rule to the file."""
    view = View(source)
    for rule in RULES:
        rule.apply(view, report)
