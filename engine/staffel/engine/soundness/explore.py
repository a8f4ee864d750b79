"""The states that a model can reach: breadth first, so that the way to each is short."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain, groupby
from typing import Final

from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel import Code, Instance, Start, Step, advance
from staffel.engine.kernel.commands import Command
from staffel.engine.kernel.events import ElementActivated, FlowTaken
from staffel.engine.kernel.state import ROOT, IncidentWait
from staffel.engine.soundness.abstraction import Abstract
from staffel.engine.soundness.form import Forms, Token, Used, crowds, tokens
from staffel.engine.soundness.main_flow import main_flow
from staffel.engine.soundness.moves import Move, Moves
from staffel.engine.soundness.reduction import Reduction, handed_over_again

NOW: Final = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
MANY: Final = 3
"""So many tokens in one place are looked at as a sign that there may be any number."""


class Kind(StrEnum):
    """What became of a state."""

    OPEN = "open"
    ENDED = "ended"
    STUCK = "stuck"
    CIRCLING = "circling"
    DOUBLED = "doubled"
    GROWING = "growing"
    LEFT = "left"
    """Not followed: events that may come as often as they like have brought many tokens."""


@dataclass(slots=True)
class Node:
    """A state that can be reached: from `parent` by `trail` (ids of what was activated and taken); `place` is at fault."""

    state: Instance
    used: Used
    parent: int
    trail: tuple[str, ...]
    kind: Kind = Kind.OPEN
    place: str = ""
    following: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Graph:
    """What was explored. `whole`: nothing was left out; else `reason` (`states` or `time`)."""

    nodes: list[Node] = field(default_factory=list)
    activated: set[str] = field(default_factory=set)
    steps: int = 0
    reason: str = ""

    def whole(self) -> bool:
        """Whether every state was followed to its end."""
        return not self.reason and not any(
            node.kind in {Kind.DOUBLED, Kind.GROWING, Kind.CIRCLING} for node in self.nodes
        )

    def way(self, number: int) -> tuple[str, ...]:
        """The ids of elements and flows from the start to the state, in order; a stay is told once."""
        trails = []
        while number >= 0:
            trails.append(self.nodes[number].trail)
            number = self.nodes[number].parent
        return tuple(each for each, _ in groupby(chain.from_iterable(reversed(trails))))


class Explorer:
    """Explores one abstract program; `reduce` leaves out orders that make no difference."""

    def __init__(self, abstract: Abstract, *, reduce: bool = True) -> None:
        self.abstract = abstract
        self.program = abstract.program
        self.graph = Graph()
        self._forms = Forms(handed_over_again(abstract.program))
        self._seen: dict[int, int] = {}
        self._moves = Moves(abstract)
        self._main = main_flow(abstract.program)
        self._reduction = Reduction(abstract.program, self._main) if reduce else None
        self._open: deque[int] = deque()

    def run(self, states: int, more_time: Callable[[], bool]) -> Graph:
        """Explore until nothing is left, `states` are known, or there is no more time."""
        for start in self.program.starts or (None,):
            command = Start() if start is None else Start(element=start.element, trigger=start.trigger)
            step = self._step(None, command, None)
            self._add(step, frozenset(), -1, () if start is None else (start.element,))
        while self._open:
            if len(self.graph.nodes) >= states:
                self.graph.reason = "states"
                break
            if not more_time():
                self.graph.reason = "time"
                break
            self._follow(self._open.popleft())
        return self.graph

    def _follow(self, number: int) -> None:
        """Make the moves of a state: those of one independent group if there is one, else all.

        Questions come first: what they stop goes on at once in a case with data.
        """
        node = self.graph.nodes[number]
        spots = self._moves.of(node.state, node.used)
        questions = next((spot.questions() for spot in spots if spot.questions()), None)
        if questions is not None:
            self._make(number, questions)
            return
        if self._reduction is not None and len(spots) > 1:
            spots = self._reduction.group(node.state, spots)
        for spot in spots:
            self._make(number, spot.moves)
        if not node.following:
            node.kind = Kind.STUCK

    def _make(self, number: int, moves: list[Move]) -> None:
        node = self.graph.nodes[number]
        for move in moves:
            step = self._step(node.state, move.command, move)
            if move.throws and _uncaught(step.state) > _uncaught(node.state):
                continue
            used = node.used.union(move.uses)
            node.following.append(self._add(step, used, number, (move.at,)))

    def _step(self, state: Instance | None, command: Command, move: Move | None) -> Step:
        oracle = self.abstract.oracle
        oracle.answers = dict(move.answers) if move is not None else {}
        oracle.true_now = move.true_now if move is not None else ""
        self.graph.steps += 1
        return advance(self.program, state, command, NOW)

    def _add(self, step: Step, used: Used, parent: int, at: tuple[str, ...]) -> int:
        state = step.state
        used = frozenset(each for each in used if _alive(state, each)) if used else used
        trail = [*at]
        for event in step.events:
            if type(event) is ElementActivated:
                self.graph.activated.add(event.element)
                trail.append(event.element)
            elif type(event) is FlowTaken:
                trail.append(event.flow)
        form = self._forms.of(state, used)
        known = self._seen.get(form)
        if known is not None:
            return known
        number = self._seen[form] = len(self.graph.nodes)
        node = Node(state, used, parent, tuple(trail))
        self.graph.nodes.append(node)
        node.kind, node.place = self._judge(node)
        if node.kind is Kind.OPEN:
            self._open.append(number)
        return number

    def _judge(self, node: Node) -> tuple[Kind, str]:
        """What the state is, and the element or flow at fault."""
        if node.state.ended is not None:
            return Kind.ENDED, ""
        crowded = crowds(node.state)
        doubled = [place for (_, place) in crowded if self._doubles(place)]
        many = [place for (_, place), number in crowded.items() if number >= MANY and not self._passes(place)]
        if (doubled or many) and self._grows(node):
            place = (doubled or many)[0]
            if any(each in self._main for each in (*doubled, *many)):
                return Kind.GROWING, next(each for each in (*doubled, *many) if each in self._main)
            return (Kind.LEFT, place) if many else (Kind.OPEN, "")
        if doubled:
            return Kind.DOUBLED, doubled[0]
        circling = _incident(node.state, Code.STEP_LIMIT)
        return (Kind.CIRCLING, circling) if circling else (Kind.OPEN, "")

    def _doubles(self, place: str) -> bool:
        """Whether two tokens here mean that something is done twice: at work, or at a join, on the main flow."""
        if place not in self._main:
            return False
        element = self.program.elements.get(place)
        if element is None:
            target = self.program.flows[place].target
            return target.node.start_quantity == 1
        return not self._passes(place)

    def _passes(self, place: str) -> bool:
        """Whether tokens are here only until a question is answered."""
        element = self.program.elements.get(place)
        waits = NodeType.EVENT_BASED_GATEWAY
        return element is not None and element.type.is_gateway and element.type is not waits

    def _grows(self, node: Node) -> bool:
        """Whether an earlier state on the way holds the same tokens and fewer of them."""
        now = tokens(node.state, node.used)
        parent = node.parent
        while parent >= 0:
            earlier = self.graph.nodes[parent]
            before = tokens(earlier.state, earlier.used)
            if before != now and _covers(now, before):
                return True
            parent = earlier.parent
        return False


def _covers(now: Counter[Token], before: Counter[Token]) -> bool:
    return all(now[token] >= number for token, number in before.items())


def _alive(state: Instance, mark: object) -> bool:
    if isinstance(mark, tuple):
        return mark[0] == ROOT or mark[0] in state.places
    return mark in state.waits


def _incident(state: Instance, code: Code) -> str:
    return next(
        (
            wait.element
            for wait in state.waits.values()
            if type(wait) is IncidentWait and wait.code == code.value
        ),
        "",
    )


def _uncaught(state: Instance) -> int:
    return sum(
        type(wait) is IncidentWait and wait.code == Code.ERROR_UNCAUGHT.value for wait in state.waits.values()
    )
