"""The steps that the models of several municipalities have in common.

The reference is one version's model. An element of another version is the same step when it bears the same id, or
the same Messpunkt. What has no counterpart is listed, not dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from staffel.engine.kernel.program import ElementInfo, Program


class Flow(msgspec.Struct, frozen=True):
    """A sequence flow that is a handover: between which Stellenarten, into which element."""

    id: str
    sender: str
    receiver: str
    source: str
    target: str


class Model(msgspec.Struct, frozen=True):
    """What comparison needs of a model version; `has_timed_fristen`: of timers, which nothing but the history keeps."""

    version: UUID
    elements: Mapping[str, ElementInfo]
    flows: Mapping[str, Flow]
    has_timed_fristen: bool = False


class StepMap:
    """Leads from an element or flow of any version to that of the reference model."""

    def __init__(self, reference: Model, others: Iterable[Model]) -> None:
        models = (reference, *others)
        self.reference = reference
        self.timed = [model.version for model in models if model.has_timed_fristen]
        self.names = {info.id: info.name for model in reversed(models) for info in model.elements.values()}
        self._elements: dict[tuple[UUID, str], str | None] = {}
        self._flows: dict[tuple[UUID, str], str | None] = {}
        self._sides = {
            (model.version, flow.id): (flow.sender, flow.receiver)
            for model in models
            for flow in model.flows.values()
        }
        milestones = _unique(
            (info.milestone, info.id) for info in reference.elements.values() if info.milestone
        )
        ways = _unique(((f.sender, f.receiver, f.target), f.id) for f in reference.flows.values())
        for model in models:
            for info in model.elements.values():
                same = info.id if info.id in reference.elements else None
                self._elements[model.version, info.id] = milestones.get(info.milestone or "", same)
            for flow in model.flows.values():
                same = flow.id if flow.id in reference.flows else None
                way = (flow.sender, flow.receiver, self._elements.get((model.version, flow.target)) or "")
                self._flows[model.version, flow.id] = same or ways.get(way)

    def element(self, version: UUID, element: str) -> str | None:
        """The reference's element, None when the step is local."""
        return self._elements.get((version, element))

    def sides(self, version: UUID, flow: str) -> tuple[str, str] | None:
        """The kinds of Stellen that hand over and receive on a flow, local or not."""
        return self._sides.get((version, flow))

    def flow(self, version: UUID, flow: str) -> str | None:
        """The reference's flow, None when the handover is local."""
        return self._flows.get((version, flow))


def model_of(version: UUID, program: Program) -> Model:
    """What comparison needs of a program."""
    return Model(
        version,
        {info.id: info for info in program.describe()},
        {
            flow.id: Flow(
                flow.id, flow.handover.sender, flow.handover.receiver, flow.source.id, flow.target.id
            )
            for flow in program.flows.values()
            if flow.handover is not None
        },
        any(
            trigger.timer is not None and trigger.timer.deadline is not None
            for element in program.elements.values()
            for trigger in element.triggers
        ),
    )


def _unique(pairs: Iterable[tuple[object, str]]) -> dict[object, str]:
    """Keys that stand once; a Messpunkt on two elements decides nothing."""
    seen: dict[object, str] = {}
    twice = set()
    for key, value in pairs:
        if key in seen:
            twice.add(key)
        seen[key] = value
    return {key: value for key, value in seen.items() if key not in twice}
