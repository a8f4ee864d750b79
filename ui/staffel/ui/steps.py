"""A diagram in words: its steps in the order of the flow, each with its Stelle and where the case stands."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from staffel.api.cases.schemas import WaitKind, WaitOut
from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel.program import ElementInfo, Program
from staffel.engine.library.ahead import next_steps, targets

PEOPLE = frozenset({NodeType.USER_TASK, NodeType.MANUAL_TASK, NodeType.BUSINESS_RULE_TASK})
"""Steps at which a person may have to do something."""


class Standing(StrEnum):
    """Where a step stands in a case, as far as the reader's Stelle may know: `WAITS` has not happened yet."""

    DONE = "done"
    HERE = "here"
    WAITS = "waits"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """A step for the list beside the diagram."""

    element: str
    name: str
    kind: str
    unit: str
    standing: Standing = Standing.OTHER
    wait: WaitOut | None = None
    done_at: datetime | None = None
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


def step_lines(program: Program) -> list[StepLine]:
    """The steps that say something to people: with a name, or with a task."""
    return [_line(program, info) for info in in_order(program) if info.name or info.type in PEOPLE]


def steps_of_case(
    program: Program, *, done: Mapping[str, datetime], here: Collection[str], waits: Iterable[WaitOut]
) -> list[StepLine]:
    """The steps of a case without its gateways: when it did them, where it is, and what it still waits for."""
    awaited = {each.element: each for each in waits}
    return [
        _stand(_line(program, info), info, done, here, awaited)
        for info in in_order(program)
        if not info.type.is_gateway and (info.name or info.type in PEOPLE or info.id in here)
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


def _stand(
    line: StepLine,
    info: ElementInfo,
    done: Mapping[str, datetime],
    here: Collection[str],
    awaited: Mapping[str, WaitOut],
) -> StepLine:
    """Where the step stands; what is offered to it on a flow waits for it."""
    wait = next((awaited[each] for each in (info.id, *info.incoming) if each in awaited), None)
    if wait is not None and wait.kind is not WaitKind.TASK:
        return replace(line, standing=Standing.WAITS, wait=wait)
    if wait is not None or info.id in here:
        return replace(line, standing=Standing.HERE)
    if info.id in done:
        return replace(line, standing=Standing.DONE, done_at=done[info.id])
    return line


def _line(program: Program, info: ElementInfo) -> StepLine:
    rules = [program.flows[flow].handover for flow in info.incoming if flow in program.flows]
    handover = next((rule.sender for rule in rules if rule is not None), "")
    return StepLine(
        element=info.id,
        name=info.name,
        kind=info.type.value,
        unit=info.unit or "",
        handover=handover,
        legal_bases=info.legal_bases,
        leads_to=tuple(targets(program, info)),
        four_eyes=info.four_eyes,
    )
