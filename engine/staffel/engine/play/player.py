"""Play models in memory under a virtual clock: cases of all processes of a file, messages and signals between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from staffel.engine.bpmn.model import Definitions, EventKind
from staffel.engine.findings import Finding
from staffel.engine.kernel import (
    Command,
    CompleteWork,
    DeliverMessage,
    DeliverSignal,
    Event,
    FireTimer,
    Instance,
    Parts,
    Program,
    Start,
    StartPlan,
    ThrowError,
    advance,
    compile_model,
    variables,
)
from staffel.engine.kernel import events as ev
from staffel.engine.kernel.talks import talk_first
from staffel.engine.kernel.timers import parse_length
from staffel.engine.play.waiting import Waiting, answer, waiting_of

BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
MOST_STEPS = 20_000
"""How many messages, signals and jobs one call may lead to: two cases may send messages to each other for ever."""


OUTWARD = (ev.MessageThrown, ev.SignalThrown, ev.MessageAwaited, ev.WorkOffered)
"""The events that the play itself answers."""


class TooLong(RuntimeError):  # noqa: N818 - the play was stopped, nothing is broken
    """The play led to more than it was allowed to."""


class BpmnError(Exception):
    """Raised by the stub of a service task to throw a BPMN error of this code."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


Stub = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
"""What a service task does in a play: from the work's payload to its result variables."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trace: what happened in which case and when."""

    case: int
    seq: int
    at: datetime
    event: Event


@dataclass(slots=True)
class Message:
    """A message that nobody has taken yet."""

    name: str
    correlation: str
    payload: Mapping[str, Any]
    until: datetime | None


@dataclass(slots=True)
class Case:
    """A running or ended case of a play."""

    number: int
    program: Program
    state: Instance
    events: list[Event] = field(default_factory=list)

    @property
    def ended(self) -> ev.Ending | None:
        """How it ended; None while it runs."""
        return self.state.ended

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of its process."""
        return dict(variables(self.state))


class Player:
    """A play: `start` cases, `complete` what waits, let time `pass_time`, read `trace` and `waiting`.

    >>> from staffel.engine.bpmn import read_bpmn
    >>> from staffel.engine.play import Player
    >>> player = Player(read_bpmn(b'''<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">
    ... <process id="P" isExecutable="true"><startEvent id="s"/><userTask id="t"/><endEvent id="e"/>
    ... <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/></process>
    ... </definitions>''').definitions)
    >>> case = player.start()
    >>> [place.element for place in player.waiting()]
    ['t']
    >>> player.complete("t", {"amount": 3})
    >>> case.ended, case.variables
    (<Ending.COMPLETED: 'completed'>, {'amount': 3})
    """

    def __init__(
        self,
        definitions: Definitions,
        *,
        parts: Parts | None = None,
        now: datetime = BEGIN,
        programs: Mapping[str, Program] | None = None,
        most_events: int | None = None,
    ) -> None:
        """`programs` are those of the file where they are compiled already; past `most_events` it is `TooLong`."""
        self.definitions = definitions
        self.most_events = most_events
        self.now = now
        self.programs: dict[str, Program] = dict(programs or {})
        self.findings: list[Finding] = []
        self.cases: dict[int, Case] = {}
        self.trace: list[Entry] = []
        self.kept: list[Message] = []
        self.stubs: dict[str, Stub] = {}
        self._outbox: deque[tuple[int, Event]] = deque()
        for process in definitions.processes if programs is None else ():
            compiled = compile_model(definitions, process, parts=parts or Parts())
            self.programs[process] = compiled.program
            self.findings.extend(compiled.findings)

    def stub(self, topic: str, work: Stub) -> None:
        """Let `work` do every job of this topic (or of the element with this id) at once."""
        self.stubs[topic] = work

    def start(
        self,
        process: str | None = None,
        values: Mapping[str, Any] | None = None,
        *,
        element: str | None = None,
        payload: Mapping[str, Any] | None = None,
        trigger: int = 0,
        reference: str | None = None,
    ) -> Case:
        """Start a case of a process (None: the one that has `element`, else the first of the file)."""
        command = Start(
            variables=values or {},
            element=element,
            payload=payload or {},
            reference="" if reference is None else reference,
            trigger=trigger,
        )
        case = self._begin(self._program(process, element), command)
        self._settle()
        return case

    def _begin(self, program: Program, command: Start) -> Case:
        number = len(self.cases) + 1
        reference = command.reference or f"case-{number}"
        command = msgspec.structs.replace(command, reference=reference, case_id=str(number))
        step = advance(program, None, command, self.now)
        case = self.cases[number] = Case(number, program, step.state)
        self._note(case, step.events, step.first_seq)
        return case

    def _program(self, process: str | None, element: str | None) -> Program:
        if process is not None:
            return self.programs[process]
        found = (each for each in self.programs.values() if element is None or element in each.root.elements)
        return next(found)

    def do(self, case: int | Case, command: Command) -> tuple[Event, ...]:
        """Carry out a kernel command in one case, with all that follows from it; its own events."""
        target = case if isinstance(case, Case) else self.cases[case]
        events = self._step(target, command)
        self._settle()
        return events

    def waiting(self, element: str | None = None, *, case: int | None = None) -> list[Waiting]:
        """Everything that waits, oldest case first; of one element or one case only where given."""
        return [
            place
            for number, each in self.cases.items()
            if each.ended is None and case in {None, number}
            for place in waiting_of(number, each.state)
            if element in {None, place.element}
        ]

    def complete(
        self, element: str, values: Mapping[str, Any] | None = None, *, case: int | None = None
    ) -> None:
        """Give the first waiting place of an element what it waits for: done, fired, delivered, accepted."""
        place = self._first(element, case)
        target = self.cases[place.case]
        command = answer(target.state, place, values or {})
        talk = talk_first(target.program, target.state, command, self.now)
        if talk is not None:
            self._step(target, talk)
        self._step(target, command)
        self._settle()

    def fail(self, element: str, code: str, *, case: int | None = None, **values: Any) -> None:
        """Let a task or work item throw a BPMN error."""
        place = self._first(element, case)
        self.do(place.case, ThrowError(key=place.key, code=code, variables=values))

    def _first(self, element: str, case: int | None) -> Waiting:
        found = self.waiting(element, case=case)
        if not found:
            here = ", ".join(sorted({place.element for place in self.waiting(case=case)})) or "nothing"
            raise LookupError(f"Nothing waits at '{element}'; what waits: {here}.")
        return found[0]

    def send(
        self, name: str, payload: Mapping[str, Any] | None = None, *, correlation: str | None = None
    ) -> bool:
        """Send a message from outside; without a correlation key to whichever case waits. Whether it was taken."""
        message = Message(name, correlation or "", payload or {}, self.now)
        taken = self._take(message, any_key=correlation is None)
        self._settle()
        return taken

    def signal(self, name: str, payload: Mapping[str, Any] | None = None) -> None:
        """Broadcast a signal from outside to all cases and start events."""
        self._broadcast(name, payload or {}, sender=0)
        self._settle()

    def pass_time(self, span: timedelta) -> int:
        """Let time pass and fire what becomes due on the way, in order; how many timers fired."""
        end, fired = self.now + span, 0
        while fired < MOST_STEPS:
            due = [place for place in self.waiting() if place.due is not None and place.due <= end]
            if not due:
                break
            place = min(due, key=lambda each: (each.due or end, each.case, each.key))
            self.now = max(self.now, place.due or self.now)
            self.do(place.case, FireTimer(key=place.key))
            fired += 1
        self.now = end
        return fired

    # what follows from a step: stubs, messages, signals

    def _step(self, case: Case, command: Command) -> tuple[Event, ...]:
        step = advance(case.program, case.state, command, self.now)
        case.state = step.state
        self._note(case, step.events, step.first_seq)
        return step.events

    def _note(self, case: Case, events: tuple[Event, ...], first: int) -> None:
        case.events.extend(events)
        if self.most_events is not None and len(self.trace) + len(events) > self.most_events:
            raise TooLong(f"Stopped after {self.most_events} events: the play may go on for ever.")
        for number, event in enumerate(events, first):
            self.trace.append(Entry(case.number, number, self.now, event))
            if isinstance(event, OUTWARD):
                self._outbox.append((case.number, event))

    def _settle(self) -> None:
        for _ in range(MOST_STEPS):
            if not self._outbox:
                return
            case, event = self._outbox.popleft()
            match event:
                case ev.MessageThrown():
                    self._deliver(event)
                case ev.SignalThrown():
                    self._broadcast(event.name, event.payload, sender=case)
                case ev.MessageAwaited():
                    self._offer_kept()
                case ev.WorkOffered():
                    self._work(case, event)
        self._outbox.clear()
        raise TooLong(
            f"Stopped after {MOST_STEPS} messages, signals and jobs: the cases keep answering each other."
        )

    def _work(self, case: int, event: ev.WorkOffered) -> None:
        work = self.stubs.get(event.element) or self.stubs.get(event.topic)
        target = self.cases[case]
        if work is None or event.key not in target.state.waits:
            return
        try:
            result = work(event.payload) or {}
        except BpmnError as error:
            self._step(target, ThrowError(key=event.key, code=error.code, variables=error.values))
        else:
            self._step(target, CompleteWork(key=event.key, variables=result))

    def _deliver(self, event: ev.MessageThrown) -> None:
        span = parse_length(event.time_to_live) if event.time_to_live else None
        until = span.after(self.now) if span is not None else None
        message = Message(event.name, event.correlation, event.payload, until)
        if not self._take(message):
            self.kept.append(message)

    def _take(self, message: Message, *, any_key: bool = False) -> bool:
        """Give the message to exactly one receiver: a case that waits, else a start event."""
        for place in self.waiting():
            right = any_key or place.correlation == message.correlation
            if place.kind == "message" and place.name == message.name and right:
                self._step(self.cases[place.case], DeliverMessage(key=place.key, payload=message.payload))
                return True
        for program, start in self._starts(EventKind.MESSAGE, message.name):
            command = Start(
                element=start.element,
                payload=message.payload,
                trigger=start.trigger,
                reference=message.correlation,
            )
            self._begin(program, command)
            return True
        return False

    def _offer_kept(self) -> None:
        for message in list(self.kept):
            gone = message.until is not None and message.until < self.now
            if gone or self._take(message):
                self.kept.remove(message)

    def _broadcast(self, name: str, payload: Mapping[str, Any], *, sender: int) -> None:
        begun = set[tuple[str, str]]()  # a case that another trigger of the start event began takes it
        for number, case in list(self.cases.items()):
            places = [
                each for each in self.waiting(case=number) if (each.kind, each.name) == ("signal", name)
            ]
            if number != sender and places:
                begun |= {(case.program.process, each.element) for each in places}
                self._step(case, DeliverSignal(name=name, payload=payload))
        for program, start in self._starts(EventKind.SIGNAL, name):
            if (program.process, start.element) in begun:
                continue
            self._begin(program, Start(element=start.element, payload=payload, trigger=start.trigger))

    def _starts(self, kind: EventKind, name: str) -> list[tuple[Program, StartPlan]]:
        return [
            (program, start)
            for program in self.programs.values()
            for start in program.starts
            if start.kind is kind and start.name == name
        ]
