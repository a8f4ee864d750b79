"""Ways through a model, made with the kernel: what happens in which order, and what Staffel says to it after each act.

Data are left out as in the check of soundness: each condition is answered, each activity takes time. The ways are
chosen so that every answer and every occurrence comes about on one of them, where the limits allow it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

import msgspec

from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel import Program, Start, Step, advance
from staffel.engine.kernel.commands import AcceptHandover, Command, RetryIncident
from staffel.engine.kernel.events import ElementActivated, ElementCompleted, Event, FlowTaken
from staffel.engine.kernel.state import Instance, TaskWait, WorkWait
from staffel.engine.soundness.abstraction import Abstract, abstracted
from staffel.engine.soundness.explore import NOW
from staffel.engine.soundness.form import Used
from staffel.engine.soundness.moves import Move, Moves

MOST_ANSWERS: Final = 200
"""How many questions one act may lead to: a loop without an activity may ask for ever."""
WITHOUT_NEWS: Final = 3
"""So many ways in a row that bring nothing new end the search."""
CATCHING: Final = frozenset((NodeType.INTERMEDIATE_CATCH_EVENT, NodeType.RECEIVE_TASK))

CONTAINERS: Final = frozenset(
    (NodeType.SUB_PROCESS, NodeType.TRANSACTION, NodeType.AD_HOC_SUB_PROCESS, NodeType.CALL_ACTIVITY)
)
"""Not looked at by themselves: one that is interrupted counts as completed in SpiffWorkflow; what follows it tells more."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happens `at` an element, and what Staffel says then.

    `kind`: `start`, `do` (an activity is done) or `occur` (an event occurs). `answers`: question → answers in their order
    (a flow's id: does its condition hold). `open`: where activities and catching events wait; `completed`: what was
    completed until now, containers left out; `trail`: ids entered and taken by this act.
    """

    kind: str
    at: str
    answers: dict[str, list[Any]]
    open: tuple[str, ...]
    completed: tuple[str, ...]
    trail: tuple[str, ...]
    ended: bool


Way = tuple[Act, ...]


def ways_of(program: Program, *, most_ways: int, most_acts: int) -> list[Way]:
    """Ways from a start towards an end, at most `most_acts` long. Handovers are accepted at once."""
    walker = _Walker(abstracted(program))
    ways: list[Way] = []
    silent = 0
    while len(ways) < most_ways and silent < WITHOUT_NEWS:
        before = len(walker.made)
        way = walker.walk(most_acts)
        silent = 0 if len(walker.made) > before else silent + 1
        if way not in ways:
            ways.append(way)
    return ways


def way_to(way: Way, number: int) -> tuple[str, ...]:
    """The ids entered and taken up to and with the act of this number; a stay is told once."""
    return tuple(each for each, _ in groupby(each for act in way[: number + 1] for each in act.trail))


class _Walker:
    """Walks again and again, each time where it has been least."""

    def __init__(self, abstract: Abstract) -> None:
        self.abstract = abstract
        self.made: Counter[tuple[Any, ...]] = Counter()
        self._moves = Moves(abstract)
        self._completed: dict[str, None] = {}

    def walk(self, most_acts: int) -> Way:
        """One way."""
        self._completed = {}
        starts = self.abstract.program.starts
        start = min(starts, key=lambda each: self.made["start", each.element], default=None)
        at = start.element if start is not None else ""
        self.made["start", at] += 1
        command = Start(element=start.element, trigger=start.trigger) if start is not None else Start()
        kind = "start" if start is None or not self.abstract.program.elements[at].triggers else "occur"
        act, state = self._act(kind, at, self._step(None, command, None))
        acts, used = [act], frozenset[Any]()
        while state.ended is None and len(acts) < most_acts:
            move = self._next(state, used)
            if move is None:
                break
            used = used.union(move.uses)
            self.made[_mark(move)] += 1
            doing = _does(state, move)
            act, state = self._act("do" if doing else "occur", move.at, self._step(state, move.command, move))
            used = frozenset(each for each in used if each in state.waits or isinstance(each, tuple))
            acts.append(act)
        return tuple(acts)

    def _next(self, state: Instance, used: Used) -> Move | None:
        """What was made least often; events before activities, as an activity that is done takes them away."""
        moves = [move for spot in self._moves.of(state, used) for move in spot.moves if not _settled(move)]
        return min(moves, key=lambda move: (self.made[_mark(move)], _does(state, move)), default=None)

    def _act(self, kind: str, at: str, step: Step) -> tuple[Act, Instance]:
        """The act with all questions that it leads to answered."""
        events: list[Event] = list(step.events)
        answers: dict[str, list[Any]] = {}
        state = step.state
        for _ in range(MOST_ANSWERS):
            move = self._answer(state)
            if move is None:
                break
            self.made[_mark(move)] += 1
            for question, answer in move.answers.items():
                answers.setdefault(question, []).append(answer)
            step = self._step(state, move.command, move)
            events += step.events
            state = step.state
        elements = self.abstract.program.elements
        self._completed |= dict.fromkeys(
            _local(each.element)
            for each in events
            if type(each) is ElementCompleted and elements[each.element].type not in CONTAINERS
        )
        done = Act(
            kind=kind,
            at=_local(at),
            answers={_local(question): given for question, given in answers.items()},
            open=self._open(state),
            completed=tuple(sorted(self._completed)),
            trail=tuple(_trail(events)),
            ended=state.ended is not None,
        )
        return done, state

    def _answer(self, state: Instance) -> Move | None:
        """What is settled at once: a question, and a handover, which nobody but Staffel knows and is accepted."""
        spots = self._moves.of(state, frozenset())
        moves = [move for spot in spots for move in spot.moves if _settled(move)]
        return min(moves, key=lambda move: self.made[_mark(move)], default=None)

    def _open(self, state: Instance) -> tuple[str, ...]:
        elements = self.abstract.program.elements
        found = set()
        for wait in state.waits.values():
            element = elements.get(wait.element)
            if type(wait) in {TaskWait, WorkWait} or (element is not None and element.type in CATCHING):
                found.add(_local(wait.element))
        return tuple(sorted(found))

    def _step(self, state: Instance | None, command: Command, move: Move | None) -> Step:
        oracle = self.abstract.oracle
        oracle.answers = dict(move.answers) if move is not None else {}
        oracle.true_now = move.true_now if move is not None else ""
        return advance(self.abstract.program, state, command, NOW)


def _settled(move: Move) -> bool:
    return type(move.command) in {RetryIncident, AcceptHandover}


def _does(state: Instance, move: Move) -> bool:
    key = getattr(move.command, "key", None)
    return not move.throws and key in state.waits and type(state.waits[key]) in {TaskWait, WorkWait}


def _mark(move: Move) -> tuple[Any, ...]:
    return (move.at, type(move.command).__name__, *sorted(move.answers.items()))


def _trail(events: Iterable[Event]) -> Iterable[str]:
    for event in events:
        if type(event) is ElementActivated:
            yield event.element
        elif type(event) is FlowTaken:
            yield event.flow


def _local(identity: str) -> str:
    """The id as the file has it; elements of a called process carry the call's id and a slash."""
    return identity.rpartition("/")[2]
