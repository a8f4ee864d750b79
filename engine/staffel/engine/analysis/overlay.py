"""Waiting time as classes for colouring a diagram."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from staffel.engine.analysis.disclosure import Quantiles
from staffel.engine.analysis.figures import HandoverFigures, StepFigures

BOUNDS = (1, 3, 7, 14)
"""Days (of the clock) at which the classes 1 to 4 begin."""


def overlay(
    steps: Iterable[StepFigures], handovers: Iterable[HandoverFigures], day: int
) -> dict[str, dict[str, int]]:
    """Per municipality the class of waiting of each step (Liegezeit) and handover flow (Übergabezeit)."""
    classes: dict[str, dict[str, int]] = {}
    for step in steps:
        for ags, times in step.municipalities.items():
            _colour(classes, ags, step.element, times.waiting, day)
    for handover in handovers:
        for ags, flow_times in handover.municipalities.items():
            _colour(classes, ags, handover.flow, flow_times.transfer, day)
    return classes


def _colour(classes: dict[str, dict[str, int]], ags: str, element: str, waiting: Quantiles, day: int) -> None:
    found = waiting_class(waiting, day)
    if found is not None:
        classes.setdefault(ags, {})[element] = found


def waiting_class(waiting: Quantiles, day: int) -> int | None:
    """The class of a median; of an interval alone only when both its ends lie in one class."""
    if waiting.median is None:
        return None
    ends = waiting.median
    known = [ends.lower, ends.upper] if ends.value is None else [ends.value]
    found = {bisect_right(BOUNDS, value / day) for value in known if value is not None}
    return found.pop() if len(found) == 1 and None not in known else None
