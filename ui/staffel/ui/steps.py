"""A diagram in words: its steps in the order of the flow, each with its Stelle and where the case stands."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel.program import ElementInfo, Program
from staffel.engine.library.ahead import next_steps, targets

PEOPLE = frozenset({NodeType.USER_TASK, NodeType.MANUAL_TASK, NodeType.BUSINESS_RULE_TASK})
"""Steps at which a person may have to do something."""


class Standing(StrEnum):
    """Where a step stands in a case, as far as the reader's Stelle may know."""

    DONE = "done"
    HERE = "here"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """A step for the list beside the diagram."""

    element: str
    name: str
    kind: str
    unit: str
    standing: Standing = Standing.OTHER
    handover: str = ""
    legal_bases: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()
    four_eyes: bool = False


def in_order(program: Program) -> list[ElementInfo]:
    """The elements as the flow reaches them; what no flow reaches follows at the end."""
    infos = {info.id: info for info in program.describe()}
    attached: dict[str, list[str]] = {}
    for info in infos.values():
        if info.attached_to:
            attached.setdefault(info.attached_to, []).append(info.id)
    inner: dict[str, list[str]] = {}
    for info in infos.values():
        if info.parent and not info.incoming and not info.attached_to:
            inner.setdefault(info.parent, []).append(info.id)
    starts = [
        info.id for info in infos.values() if not info.incoming and not info.attached_to and not info.parent
    ]
    seen: dict[str, ElementInfo] = {}
    waiting = deque(starts)
    while waiting:
        current = waiting.popleft()
        if current in seen or current not in infos:
            continue
        seen[current] = infos[current]
        waiting.extend(inner.get(current, ()))
        waiting.extend(attached.get(current, ()))
        waiting.extend(targets(program, infos[current]))
    return [*seen.values(), *(info for info in infos.values() if info.id not in seen)]


def step_lines(program: Program, *, done: Collection[str] = (), here: Collection[str] = ()) -> list[StepLine]:
    """The steps that say something to people: with a name, or with a task."""
    return [
        _line(program, info, done, here)
        for info in in_order(program)
        if info.name or info.type in PEOPLE or info.id in here
    ]


def next_for_people(program: Program, here: Iterable[str]) -> list[ElementInfo]:
    """The next steps of people after the places where the case stands, whatever way it takes."""
    return next_steps(program, here, lambda info: info.type in PEOPLE)


def labels(program: Program) -> Mapping[str, str]:
    """A name for every element and flow of the program."""
    names = {info.id: info.name or info.id for info in program.describe()}
    for flow in program.flows.values():
        names[flow.id] = f"{flow.source.name or flow.source.id} → {flow.target.name or flow.target.id}"
    return names


def _line(program: Program, info: ElementInfo, done: Collection[str], here: Collection[str]) -> StepLine:
    standing = Standing.OTHER
    if info.id in here or any(flow in here for flow in info.incoming):
        standing = Standing.HERE
    elif info.id in done:
        standing = Standing.DONE
    rules = [program.flows[flow].handover for flow in info.incoming if flow in program.flows]
    handover = next((rule.sender for rule in rules if rule is not None), "")
    return StepLine(
        element=info.id,
        name=info.name,
        kind=info.type.value,
        unit=info.unit or "",
        standing=standing,
        handover=handover,
        legal_bases=info.legal_bases,
        leads_to=tuple(targets(program, info)),
        four_eyes=info.four_eyes,
    )
