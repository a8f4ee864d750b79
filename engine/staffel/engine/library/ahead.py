"""Where a case stands and which steps can follow, whatever way it takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel.program import ElementInfo, Program


def standing_at(program: Program, active: Iterable[str]) -> list[str]:
    """The active elements and flows without those that only listen: at a step's edge, or to begin an event sub-process."""
    return [element for element in active if not only_listens(program, element)]


def next_steps(
    program: Program, here: Iterable[str], wanted: Callable[[ElementInfo], bool]
) -> list[ElementInfo]:
    """The first wanted elements after the places (elements or flows) where the case stands."""
    infos = {info.id: info for info in program.describe()}
    waiting = deque(target for place in here for target in _after(program, infos, place))
    seen: set[str] = set()
    found: dict[str, ElementInfo] = {}
    while waiting:
        current = waiting.popleft()
        if current in seen or current not in infos:
            continue
        seen.add(current)
        info = infos[current]
        if wanted(info):
            found[current] = info
        else:
            waiting.extend(targets(program, info))
    return list(found.values())


def targets(program: Program, info: ElementInfo) -> Iterator[str]:
    """The elements to which an element's flows lead."""
    for flow in info.outgoing:
        if flow in program.flows:
            yield program.flows[flow].target.id


def _after(program: Program, infos: Mapping[str, ElementInfo], place: str) -> Iterator[str]:
    if place in program.flows:
        yield program.flows[place].target.id
    elif place in infos:
        yield from targets(program, infos[place])


def only_listens(program: Program, element: str) -> bool:
    """Whether an event only listens beside the course of the case: at a step's edge, or to begin an event sub-process."""
    found = program.elements.get(element)
    return found is not None and found.type in {NodeType.BOUNDARY_EVENT, NodeType.START_EVENT}
