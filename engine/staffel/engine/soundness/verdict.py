"""What the explored states say about the model."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from staffel.engine.bpmn.labels import Label, labels_of
from staffel.engine.bpmn.model import EventKind, NodeType
from staffel.engine.findings import Finding
from staffel.engine.kernel import Code
from staffel.engine.kernel.program import Element
from staffel.engine.kernel.state import IncidentWait
from staffel.engine.soundness.abstraction import Abstract, Question
from staffel.engine.soundness.explore import Graph, Kind, Node
from staffel.engine.soundness.texts import finding


def verdict(abstract: Abstract, graph: Graph) -> tuple[Finding, ...]:
    """Every fault once, at its element, by the shortest way found."""
    judge = _Judge(abstract, graph)
    found: list[Finding] = []
    told: set[tuple[str, str]] = set()
    for each in judge.findings():
        if (each.code, each.element) not in told:
            told.add((each.code, each.element))
            found.append(each)
    return tuple(found)


class _Judge:
    """Reads one graph."""

    def __init__(self, abstract: Abstract, graph: Graph) -> None:
        self.abstract, self.graph = abstract, graph
        self.program = abstract.program
        self.labels = labels_of(self.program.definitions)
        self.standing: set[str] = set()

    def findings(self) -> Iterator[Finding]:
        """All findings, some of them more than once."""
        for number, node in enumerate(self.graph.nodes):
            tell = TELLING.get(node.kind)
            if tell is not None:
                yield from tell(self, number, node)
        if self.graph.whole():
            yield from self._circles()
            yield from self._dead()
        yield from self._undecided()

    # single states

    def doubled(self, number: int, node: Node) -> Iterator[Finding]:
        """Two tokens in one place."""
        yield self._at("lack-of-synchronisation", self._element(node.place), number)

    def growing(self, number: int, node: Node) -> Iterator[Finding]:
        """More tokens with every pass."""
        yield self._at("unbounded-tokens", self._element(node.place), number)

    def circling(self, number: int, node: Node) -> Iterator[Finding]:
        """More automatic steps in one go than the model can need."""
        most = max((len(flows) for flows in node.state.tokens.values()), default=0)
        text = "unbounded-tokens" if most > len(self.program.flows) else "endless-circle"
        yield self._at(text, self._element(node.place), number)

    def stuck(self, number: int, node: Node) -> Iterator[Finding]:
        """Nothing can happen any more, and the case has not ended."""
        waiting = [
            (scope, target)
            for scope, flows in node.state.tokens.items()
            for target in {self.program.flows[flow].target: None for flow in flows}
        ]
        for scope, target in waiting:
            if not isinstance(target.activation, Question):
                here = node.state.tokens[scope]
                missing = [flow.source for flow in target.incoming if flow.id not in here]
                german = ", ".join(f"„{self._label(each)[0]}“" for each in missing) or "–"
                english = ", ".join(f"'{self._label(each)[1]}'" for each in missing) or "–"
                self.standing.add(target.id)
                yield self._at("deadlock", target, number, missing_de=german, missing_en=english)
        incidents = [wait for wait in node.state.waits.values() if type(wait) is IncidentWait]
        for wait in incidents:
            uncaught = wait.code == Code.ERROR_UNCAUGHT.value
            text = "error-uncaught" if uncaught else "standing-still"
            yield self._at(text, self.program.elements[wait.element], number)
        if not waiting and not incidents:
            for place in list(node.state.places.values())[-1:]:
                yield self._at("standing-still", self.program.elements[place.element], number)

    # the graph as a whole

    def _circles(self) -> Iterator[Finding]:
        """The first state from which neither an end nor a fault that is told already can be reached."""
        nodes = self.graph.nodes
        before: list[list[int]] = [[] for _ in nodes]
        for number, node in enumerate(nodes):
            for following in node.following:
                before[following].append(number)
        good = {number for number, node in enumerate(nodes) if node.kind is not Kind.OPEN}
        waiting = deque(good)
        while waiting:
            for number in before[waiting.popleft()]:
                if number not in good:
                    good.add(number)
                    waiting.append(number)
        for number, node in enumerate(nodes):
            if number not in good:
                for place in list(node.state.places.values())[-1:]:
                    yield self._at("missed-completion", self.program.elements[place.element], number)
                return

    def _dead(self) -> Iterator[Finding]:
        """Elements never activated, of those that follow each other the first; a join that is stuck is told already."""
        dead = {
            each.id: each
            for each in self.program.elements.values()
            if each.id not in self.graph.activated | self.standing
            and "/" not in each.id
            and not _no_element(each)
        }
        behind: set[str] = set()
        first = [each for each in dead.values() if not any(b.id in dead for b in _before(each))]
        for each in [*first, *dead.values()]:
            if each.id in behind:
                continue
            behind |= _behind(each, dead)
            yield self._at(_dead_text(each), each, -1)

    def _undecided(self) -> Iterator[Finding]:
        reasons = {
            "states": ("Grenze der Zahl der Zustände", "limit of the number of states"),
            "time": ("Zeitgrenze", "time limit"),
        }
        found = reasons.get(self.graph.reason)
        open_questions = [
            each.name or each.local_id
            for each in self.program.elements.values()
            if isinstance(each.activation, Question) or each.id in self.abstract.partial
        ]
        if found is None and open_questions:
            names = ", ".join(open_questions)
            found = (
                f"nicht jede Wahl an {names} lässt sich durchspielen",
                f"not every choice at {names} can be tried",
            )
        if found is not None:
            yield finding(
                "undecided",
                self.program.process,
                0,
                name=self.program.name,
                states=len(self.graph.nodes),
                steps=self.graph.steps,
                reason_de=found[0],
                reason_en=found[1],
            )

    # places

    def _at(self, text: str, element: Element, number: int, **fill: object) -> Finding:
        """The finding at the element; inside a called process at the call."""
        way = self.graph.way(number) if number >= 0 else ()
        shown = self.program.elements[element.id.partition("/")[0]]
        german, english = self._label(element)
        if shown is not element:
            around = self._label(shown)
            german, english = f"{around[0]}: {german}", f"{around[1]}: {english}"
        return finding(text, shown.id, shown.node.line, way, name_de=german, name_en=english, **fill)

    def _label(self, element: Element) -> Label:
        return self.labels.get(element.local_id) or (element.name or element.local_id,) * 2

    def _element(self, place: str) -> Element:
        return self.program.elements.get(place) or self.program.flows[place].target


TELLING: dict[Kind, Callable[[_Judge, int, Node], Iterable[Finding]]] = {
    Kind.DOUBLED: _Judge.doubled,
    Kind.GROWING: _Judge.growing,
    Kind.CIRCLING: _Judge.circling,
    Kind.STUCK: _Judge.stuck,
}


def _no_element(element: Element) -> bool:
    """A compensation boundary event is never entered: its handler is."""
    return element.type is NodeType.BOUNDARY_EVENT and _compensating(element)


def _compensating(element: Element) -> bool:
    return any(each.kind is EventKind.COMPENSATION for each in element.triggers)


def _compensates(element: Element) -> bool:
    sub = element.body is not None and any(_compensating(each) for each in element.body.elements.values())
    return element.node.for_compensation or (element.node.triggered_by_event and sub)


def _dead_text(element: Element) -> str:
    """Catching what never comes, or compensating what is never undone, does no harm."""
    if _compensates(element):
        return "dead-handler"
    catches = element.type is NodeType.BOUNDARY_EVENT or element.node.triggered_by_event
    return "dead-catcher" if catches else "dead-element"


def _before(element: Element) -> list[Element]:
    found = [flow.source for flow in element.incoming]
    found += [each for each in (element.attached_to, element.plan.owner) if each is not None]
    return found


def _behind(element: Element, dead: dict[str, Element]) -> set[str]:
    """Dead elements that follow, stand inside or hang on it."""
    found: set[str] = set()
    waiting = [element]
    while waiting:
        each = waiting.pop()
        if each.id in found or each.id not in dead:
            continue
        found.add(each.id)
        waiting += [flow.target for flow in each.outgoing]
        waiting += each.boundaries
        waiting += [target for target in (each.links_to, each.handler) if target is not None]
        if each.body is not None:
            waiting += each.body.elements.values()
    return found
