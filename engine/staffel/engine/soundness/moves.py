"""What may happen in a state: every waiting place may get what it waits for, in any order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

from staffel.engine.bpmn.model import EventKind, NodeType
from staffel.engine.kernel import commands as cmd
from staffel.engine.kernel.program import Element, Program, ScopePlan
from staffel.engine.kernel.state import (
    ROOT,
    ConditionWait,
    HandoverWait,
    IncidentWait,
    Instance,
    MessageWait,
    SignalWait,
    TaskWait,
    TimerWait,
    Wait,
    WorkWait,
)
from staffel.engine.soundness.abstraction import DONE, Abstract, Answers, is_question
from staffel.engine.soundness.form import Used


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may happen: a command with the oracle's answers. `at` is the element or flow it happens at.

    `uses` are the marks of what occurs only once (see `form.Used`); `throws`: it counts only where it is caught.
    """

    at: str
    command: cmd.Command
    answers: Answers = field(default_factory=dict)
    true_now: str = ""
    uses: tuple[Hashable, ...] = ()
    throws: bool = False


@dataclass(slots=True)
class Spot:
    """The moves of one token, or of one scope as a whole: `key` is its instance (for handovers the wait)."""

    key: int
    node: str
    scope: int
    moves: list[Move] = field(default_factory=list)

    def questions(self) -> list[Move]:
        """The moves that answer a question."""
        return [move for move in self.moves if type(move.command) is cmd.RetryIncident]


@dataclass(frozen=True, slots=True)
class Throw:
    """An error or escalation that something inside may throw, because `catcher` waits for it and nothing throws it."""

    catcher: Element
    kind: EventKind
    code: str


class Moves:
    """What may happen in the states of one program."""

    def __init__(self, abstract: Abstract) -> None:
        self.abstract = abstract
        program = abstract.program
        self._elements = program.elements
        self._throws = _throws(program)

    def of(self, state: Instance, used: Used) -> list[Spot]:
        """The spots of a state that have moves, oldest first."""
        spots: dict[int, Spot] = {}
        for key, wait in state.waits.items():
            spot = _spot(spots, state, key, wait)
            if key not in used:
                spot.moves += MAKERS[type(wait)](self, state, key, wait)
        self._add_throws(spots, state, used)
        return [spot for _, spot in sorted(spots.items()) if spot.moves]

    def _add_throws(self, spots: dict[int, Spot], state: Instance, used: Used) -> None:
        if not self._throws:
            return
        for key in (ROOT, *state.places):
            if key and state.places[key].index is not None:
                continue
            name = state.places[key].element if key else ""
            for throw in self._throws.get(name, ()):
                mark = (key, throw.catcher.id)
                worker = _worker(state, key)
                if mark in used or worker is None:
                    continue
                make = cmd.ThrowError if throw.kind is EventKind.ERROR else cmd.ThrowEscalation
                spot = spots.setdefault(key, Spot(key, name, state.places[key].scope if key else -1))
                command = make(key=worker, code=throw.code)
                spot.moves.append(Move(throw.catcher.id, command, uses=(mark,), throws=True))

    def signal(self, state: Instance, _key: int, wait: SignalWait) -> Iterator[Move]:
        """A signal reaches all who wait for it."""
        same = [k for k, each in state.waits.items() if type(each) is SignalWait and each.name == wait.name]
        yield Move(wait.element, cmd.DeliverSignal(name=wait.name), uses=tuple(same))

    def condition(self, _state: Instance, key: int, wait: ConditionWait) -> Iterator[Move]:
        """A condition turns true."""
        if not wait.holds:
            command = cmd.SetVariables(variables={wait.element: True})
            yield Move(wait.element, command, true_now=wait.element, uses=(key,))

    def handover(self, _state: Instance, key: int, wait: HandoverWait) -> Iterator[Move]:
        """A handover is accepted, or comes back: once, and once more where that leads elsewhere."""
        if wait.returned:
            yield Move(wait.element, cmd.OfferHandover(key=key))
            return
        yield Move(wait.element, cmd.AcceptHandover(key=key))
        plan = self.abstract.program.flows[wait.element].handover
        if plan is None:
            return
        to = plan.return_to if wait.attempt == 1 else plan.follow_up if wait.attempt == 2 else None
        if to is not None or (wait.attempt == 1 and plan.follow_up is not None):
            yield Move(wait.element, cmd.ReturnHandover(key=key, reason="-"))

    def question(self, _state: Instance, key: int, wait: IncidentWait) -> Iterator[Move]:
        """The oracle answers in every way."""
        if is_question(wait):
            stage = DONE if wait.stage == "emptied" else wait.stage
            for answers in self.abstract.answers[wait.element, stage]:
                yield Move(wait.element, cmd.RetryIncident(key=key), answers)


def _spot(spots: dict[int, Spot], state: Instance, key: int, wait: Wait) -> Spot:
    if type(wait) is HandoverWait:
        return spots.setdefault(key, Spot(key, wait.element, wait.owner))
    owner = wait.owner
    if owner == ROOT:
        return spots.setdefault(ROOT, Spot(ROOT, "", -1))
    place = state.places[owner]
    return spots.setdefault(owner, Spot(owner, place.element, place.scope))


def _one(make: Callable[..., cmd.Command]) -> Callable[[Moves, Instance, int, Wait], Iterator[Move]]:
    def moves(_moves: Moves, _state: Instance, key: int, wait: Wait) -> Iterator[Move]:
        yield Move(wait.element, make(key=key), uses=(key,))

    return moves


MAKERS: dict[type, Callable[[Moves, Instance, int, Any], Iterator[Move]]] = {
    TaskWait: _one(cmd.CompleteTask),
    WorkWait: _one(cmd.CompleteWork),
    TimerWait: _one(cmd.FireTimer),
    MessageWait: _one(cmd.DeliverMessage),
    SignalWait: Moves.signal,
    ConditionWait: Moves.condition,
    HandoverWait: Moves.handover,
    IncidentWait: Moves.question,
}


def _worker(state: Instance, key: int) -> int | None:
    """The oldest task or work item in or inside the instance: who throws makes no difference to who catches."""
    for each, wait in state.waits.items():
        if type(wait) in {TaskWait, WorkWait}:
            owner = wait.owner
            while owner not in {key, ROOT}:
                owner = state.places[owner].scope
            if owner == key:
                return each
    return None


def _throws(program: Program) -> dict[str, tuple[Throw, ...]]:
    """By activity (or "" for the process): what its boundary events and event sub-processes catch and nothing throws."""
    found: dict[str, tuple[Throw, ...]] = {}
    for element in program.elements.values():
        if element.type is NodeType.BOUNDARY_EVENT and element.attached_to is not None:
            owner, body = element.attached_to.id, element.attached_to.body
        elif element.type is NodeType.START_EVENT and element.plan.owner is not None and element.triggers:
            body = element.plan.owner.plan
            owner = body.owner.id if body.owner is not None else ""
        else:
            continue
        for trigger in element.triggers:
            catches = trigger.kind in {EventKind.ERROR, EventKind.ESCALATION}
            if catches and not _thrown_inside(program, body, element, trigger.kind, trigger.code):
                throw = Throw(element, trigger.kind, trigger.code or "-")
                found[owner] = (*found.get(owner, ()), throw)
    return found


def _thrown_inside(
    program: Program, body: ScopePlan | None, catcher: Element, kind: EventKind, code: str | None
) -> bool:
    """Whether the model itself throws what the event catches."""
    return any(
        trigger.kind is kind and (code is None or trigger.code == code)
        for element in program.elements.values()
        if element.type in {NodeType.END_EVENT, NodeType.INTERMEDIATE_THROW_EVENT}
        and element.plan is not catcher.plan
        and _stands_in(element, body)
        for trigger in element.triggers
    )


def _stands_in(element: Element, body: ScopePlan | None) -> bool:
    plan: ScopePlan | None = element.plan
    while plan is not None:
        if plan is body:
            return True
        plan = plan.owner.plan if plan.owner is not None else None
    return False
