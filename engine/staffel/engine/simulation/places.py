"""Reads from a case's state where it waits, as a simulation sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel import Instance, Program
from staffel.engine.kernel.state import HandoverWait, MessageWait, TaskWait, TimerWait, WorkWait
from staffel.engine.simulation.world import Place, PlaceKind


def places_of(program: Program, state: Instance, starter: str) -> list[Place]:
    """Where the case waits; elements without a bound lane are `starter`'s, the kind of Stelle that began the case.

    Signals, conditions and incidents are not among them: nobody can answer those from outside.
    """
    places = []
    for key, wait in state.waits.items():
        read = _READERS.get(type(wait))
        if read is not None:
            places.append(read(program, key, wait, starter))
    return places


def _task(program: Program, key: int, wait: TaskWait, starter: str) -> Place:
    return Place(PlaceKind.TASK, key, wait.element, program.elements[wait.element].unit or starter)


def _handover(program: Program, key: int, wait: HandoverWait, starter: str) -> Place:
    plan = program.flows[wait.element].handover
    sender, receiver = (plan.sender, plan.receiver) if plan else (starter, starter)
    if wait.returned:
        return Place(PlaceKind.RETURNED, key, wait.element, sender)
    final = plan is not None and plan.follow_up is None and wait.attempt > plan.rule.max_returns
    return Place(PlaceKind.HANDOVER, key, wait.element, receiver, final=final)


def _timer(_program: Program, key: int, wait: TimerWait, _starter: str) -> Place:
    return Place(PlaceKind.TIMER, key, wait.element, due=wait.due)


def _message(program: Program, key: int, wait: MessageWait, _starter: str) -> Place:
    element = program.elements[wait.element]
    aside = element.attached_to is not None or element.type is NodeType.START_EVENT
    return Place(
        PlaceKind.MESSAGE, key, wait.element, name=wait.name, correlation=wait.correlation, aside=aside
    )


def _work(program: Program, key: int, wait: WorkWait, _starter: str) -> Place:
    return Place(PlaceKind.WORK, key, wait.element, name=program.elements[wait.element].topic)


_READERS: Mapping[type, Callable[[Program, int, Any, str], Place]] = {
    TaskWait: _task,
    HandoverWait: _handover,
    TimerWait: _timer,
    MessageWait: _message,
    WorkWait: _work,
}
