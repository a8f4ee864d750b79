"""Steps and handovers of a comparison, by municipality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from staffel.engine.analysis.disclosure import NOT_SHOWN, Quantiles, Share, quantiles, share
from staffel.engine.analysis.durations import (
    Durations,
    Measure,
    Stopwatch,
    handover_durations,
    task_durations,
)
from staffel.engine.analysis.figures import (
    HandoverFigures,
    HandoverTimes,
    LocalStep,
    StepFigures,
    StepTimes,
)
from staffel.engine.analysis.reading import RETURNED, CaseRow, HandoverRow, TaskRow
from staffel.engine.analysis.steps import StepMap

Place = tuple[str, UUID, str]
"""Municipality, model version, element or flow."""
Cell = tuple[str, str]
"""Municipality, element or flow of the reference model."""


class Returns:
    """How many answered handovers came back, and from how many cases."""

    __slots__ = ("_cases", "_count", "_returned", "_returned_cases")

    def __init__(self) -> None:
        self._count = self._returned = 0
        self._cases: set[str] = set()
        self._returned_cases: set[str] = set()

    def add(self, case: str, *, came_back: bool) -> None:
        """Count one answered handover of a case."""
        self._count += 1
        self._cases.add(case)
        if came_back:
            self._returned += 1
            self._returned_cases.add(case)

    def merge(self, other: Returns) -> None:
        """Take over what another counted."""
        self._count += other._count
        self._returned += other._returned
        self._cases |= other._cases
        self._returned_cases |= other._returned_cases

    def share(self) -> Share:
        """The share of returned handovers; how many cases are behind it decides whether it is shown."""
        return share(self._returned, self._count, len(self._returned_cases), len(self._cases))


class Details:
    """Collects the durations of tasks and handovers of the counted cases."""

    def __init__(self, groups: Mapping[str, Sequence[CaseRow]], watch: Stopwatch) -> None:
        self._watch = watch
        self._order = list(groups)
        self._cases = {row.case: (ags, row.version) for ags, rows in groups.items() for row in rows}
        self._durations: dict[tuple[Measure, Place], Durations] = {}
        self._returns: dict[Place, Returns] = {}

    def add_tasks(self, rows: Iterable[TaskRow]) -> None:
        """Measure tasks."""
        for row in rows:
            case = self._cases.get(row.case)
            if case is not None:
                for measure, observation in task_durations(row, self._watch):
                    self._at(measure, (*case, row.element)).add(row.case, observation)

    def add_handovers(self, rows: Iterable[HandoverRow]) -> None:
        """Measure handovers and count returns."""
        for row in rows:
            case = self._cases.get(row.case)
            if case is None:
                continue
            place = (*case, row.flow)
            for measure, observation in handover_durations(row, self._watch):
                self._at(measure, place).add(row.case, observation)
            if row.status == RETURNED or row.accepted is not None:
                self._returns.setdefault(place, Returns()).add(row.case, came_back=row.status == RETURNED)

    def _at(self, measure: Measure, place: Place) -> Durations:
        found = self._durations.get((measure, place))
        if found is None:
            found = self._durations[measure, place] = Durations(measure, self._watch.clock.id)
        return found

    def returned(self, ags: str) -> Share:
        """The share of a municipality's cases in which a handover came back."""
        whole = Returns()
        for place, returns in self._returns.items():
            if place[0] == ags:
                whole.merge(returns)
        return whole.share()

    def steps(self, steps: StepMap) -> tuple[StepFigures, ...]:
        """Every step of the reference model that has tasks, in the order of the file."""
        waiting = self._quantiles(Measure.LIEGEZEIT, steps)
        processing = self._quantiles(Measure.BEARBEITUNGSZEIT, steps)
        transfer = self._quantiles(Measure.UEBERGABEZEIT, steps)
        into = {flow.target: flow.id for flow in steps.reference.flows.values()}
        used = {element for _, element in waiting}
        return tuple(
            StepFigures(
                element=info.id,
                name=info.name,
                unit=info.unit,
                milestone=info.milestone,
                municipalities={
                    ags: StepTimes(
                        waiting=waiting.get((ags, info.id), NOT_SHOWN),
                        processing=processing.get((ags, info.id), NOT_SHOWN),
                        transfer=transfer.get((ags, into.get(info.id, ""))),
                    )
                    for ags in self._order
                },
            )
            for info in steps.reference.elements.values()
            if info.id in used
        )

    def handovers(self, steps: StepMap) -> tuple[HandoverFigures, ...]:
        """Every handover flow of the reference model that was used."""
        acknowledgement = self._quantiles(Measure.BESTAETIGUNGSZEIT, steps)
        transfer = self._quantiles(Measure.UEBERGABEZEIT, steps)
        returns = self._merged_returns(steps)
        used = {flow for _, flow in transfer}
        return tuple(
            HandoverFigures(
                flow=flow.id,
                sender=flow.sender,
                receiver=flow.receiver,
                before=steps.names.get(flow.source, flow.source),
                after=steps.names.get(flow.target, flow.target),
                municipalities={
                    ags: HandoverTimes(
                        acknowledgement=acknowledgement.get((ags, flow.id), NOT_SHOWN),
                        transfer=transfer.get((ags, flow.id), NOT_SHOWN),
                        returned=returns.get((ags, flow.id), Returns()).share(),
                    )
                    for ags in self._order
                },
            )
            for flow in steps.reference.flows.values()
            if flow.id in used
        )

    def local(self, steps: StepMap) -> tuple[LocalStep, ...]:
        """Steps and handovers that the reference model does not have."""
        found = {
            (place[0], place[2])
            for measure, place in self._durations
            if measure in {Measure.LIEGEZEIT, Measure.UEBERGABEZEIT}
            and _target(steps, measure, place) is None
        }
        return tuple(
            LocalStep(municipality=ags, element=element, name=steps.names.get(element, element))
            for ags, element in sorted(found)
        )

    def _quantiles(self, measure: Measure, steps: StepMap) -> dict[Cell, Quantiles]:
        cells: dict[Cell, Durations] = {}
        for (kind, place), durations in self._durations.items():
            target = _target(steps, kind, place) if kind is measure else None
            if target is not None:
                cell = cells.setdefault((place[0], target), Durations(measure, self._watch.clock.id))
                cell.observations += cell.with_same_clock(durations).observations
                cell.cases |= durations.cases
        return {cell: quantiles(durations.curve(), durations.n) for cell, durations in cells.items()}

    def _merged_returns(self, steps: StepMap) -> dict[Cell, Returns]:
        cells: dict[Cell, Returns] = {}
        for (ags, version, flow), returns in self._returns.items():
            target = steps.flow(version, flow)
            if target is not None:
                cells.setdefault((ags, target), Returns()).merge(returns)
        return cells


def _target(steps: StepMap, measure: Measure, place: Place) -> str | None:
    _, version, element = place
    if measure in {Measure.LIEGEZEIT, Measure.BEARBEITUNGSZEIT}:
        return steps.element(version, element)
    return steps.flow(version, element)
