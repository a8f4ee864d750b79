"""A program without data: the kernel runs it as any other, but every expression asks an oracle.

The oracle answers only what the explorer has told it for this one step; a question that it has no answer for stops
the element there, as any expression that fails does, and the explorer goes on from the incident once per answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any, Final, TypeAlias

from msgspec.structs import replace as altered

from staffel.engine.bpmn.model import NodeType, StandardLoop, TimerKind
from staffel.engine.kernel import Code, Program, compile_model
from staffel.engine.kernel.behaviours import BEHAVIOURS
from staffel.engine.kernel.compiler.ways import find_ways
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.kernel.program import Element, FlowPlan, LoopPlan, TimerPlan
from staffel.engine.kernel.state import IncidentWait, Wait
from staffel.engine.soundness.truths import truths_of

Answers: TypeAlias = Mapping[str, Any]
"""What the oracle is to say in one step, by the name of the question."""

MOST_ITEMS: Final = 2
SILENT = frozenset((NodeType.TASK, NodeType.SCRIPT_TASK, NodeType.BUSINESS_RULE_TASK, NodeType.SEND_TASK))
"""Activities that may take no time; here each takes some, so that all orders come about."""
AGAIN, ITEMS, FLOWS, DONE = "item", "enter", "leave", "ad-hoc"
"""The stages of incidents that are questions; `emptied` asks the same as `ad-hoc`."""


class Oracle:
    """Answers each question once. `true_now` is the element whose condition is true in this step."""

    __slots__ = ("answers", "true_now")

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.true_now = ""

    def take(self, question: str) -> Any:
        """The answer; without one the element stops."""
        if question not in self.answers:
            raise Stuck(Code.EXPRESSION)
        return self.answers.pop(question)


class Question(Formula):
    """An expression that asks the oracle. `reads` stays empty except for the names that the kernel looks for."""

    __slots__ = ("_oracle", "_question")

    def __init__(self, question: str, oracle: Oracle, reads: tuple[str, ...] = ()) -> None:
        super().__init__("null")
        self._question, self._oracle, self.reads = question, oracle, reads

    def value(self, _names: Mapping[str, Any], _now: datetime) -> Any:
        """The oracle's answer."""
        return self._oracle.take(self._question)

    def holds(self, names: Mapping[str, Any], now: datetime) -> bool:
        """The oracle's answer."""
        return bool(self.value(names, now))

    def whole(self, names: Mapping[str, Any], now: datetime) -> int:
        """The oracle's answer."""
        return int(self.value(names, now))


class Occurrence(Question):
    """The condition of a conditional event: true when the explorer lets it occur."""

    def value(self, _names: Mapping[str, Any], _now: datetime) -> Any:
        """Whether it is this element's turn."""
        return self._oracle.true_now == self._question


@dataclass(frozen=True, slots=True)
class Abstract:
    """The program without data, its oracle, and what may be answered where an element stops at a stage.

    `partial` names the elements where not every answer is tried.
    """

    program: Program
    oracle: Oracle
    answers: Mapping[tuple[str, str], tuple[Answers, ...]]
    partial: tuple[str, ...]


def is_question(wait: Wait) -> bool:
    """Whether the incident is a question to the oracle and no fault."""
    return type(wait) is IncidentWait and wait.code == Code.EXPRESSION.value


def abstracted(program: Program) -> Abstract:
    """The program compiled anew, its data taken away."""
    parts = replace(program.parts, calendar=None)
    fresh = compile_model(program.definitions, program.process, parts=parts).program
    fresh.calendar, fresh.conditional = None, True
    fresh.limit = 1_000 + 4 * len(fresh.flows)
    oracle = Oracle()
    answers: dict[tuple[str, str], tuple[Answers, ...]] = {}
    partial = []
    for element in fresh.elements.values():
        _take_data(element)
        _take_triggers(element, oracle)
        if element.type in SILENT:
            element.behaviour = BEHAVIOURS[NodeType.SERVICE_TASK]
            element.passing = False
        if element.loop is not None:
            _take_loop(element, element.loop, oracle, answers)
        if element.conditional:
            answers[element.id, FLOWS], left_out = _take_conditions(element, oracle)
            partial += [element.id] if left_out else []
        if element.completion is not None:
            element.completion = Question(f"{element.id} done", oracle)
            answers[element.id, DONE] = _yes_no(f"{element.id} done")
        _take_activation(element, oracle, answers)
    for flow in fresh.flows.values():
        _take_handover(flow)
    find_ways(fresh)
    for element in fresh.elements.values():
        element.choosing = False  # the oracle answers each question once
    return Abstract(fresh, oracle, answers, tuple(partial))


def _take_data(element: Element) -> None:
    element.inputs = element.outputs = element.payload = ()
    element.reads_data = element.writes_data = ()
    element.input_sets = ()
    element.priority = element.due = element.follow_up = None
    element.deadlines, element.timed, element.watched = (), False, False
    element.script = element.decision = element.result = None
    if element.message is not None:
        element.message = replace(element.message, correlation=Formula('""'), payload=())


def _take_triggers(element: Element, oracle: Oracle) -> None:
    for trigger in element.triggers:
        trigger.error_variable = None
        if trigger.timer is not None:
            trigger.timer = TimerPlan(TimerKind.DURATION, Formula('"PT1H"'))
        if trigger.correlation is not None:
            trigger.correlation = Formula('""')
        if trigger.condition is not None:
            trigger.condition = Occurrence(element.id, oracle, (element.id,))


def _take_loop(
    element: Element, loop: LoopPlan, oracle: Oracle, answers: dict[tuple[str, str], tuple[Answers, ...]]
) -> None:
    """A standard loop may go on or stop after each pass; a multi-instance has up to two items."""
    name = element.id
    loop.output_element = loop.output_collection = loop.item = None
    if isinstance(loop.source, StandardLoop):
        loop.maximum = None
        loop.condition = Question(f"{name} again", oracle)
        answers[name, AGAIN] = _yes_no(f"{name} again")
        return
    if loop.cardinality is not None or loop.collection is not None:
        loop.collection, loop.cardinality = None, Question(f"{name} items", oracle)
        answers[name, ITEMS] = tuple({f"{name} items": number} for number in range(MOST_ITEMS + 1))
    events = tuple(
        (Question(f"{name} event {number}", oracle) if condition is not None else None, trigger)
        for number, (condition, trigger) in enumerate(loop.events)
    )
    loop.completion = Question(f"{name} stop", oracle) if loop.completion and not events else None
    loop.events = events
    names = [
        f"{name} event {number}" for number, (condition, _) in enumerate(events) if condition is not None
    ]
    names += [f"{name} stop"] if loop.completion is not None else []
    answers[name, AGAIN] = tuple(
        dict(zip(names, values, strict=True)) for values in product((False, True), repeat=len(names))
    )


def _take_conditions(element: Element, oracle: Oracle) -> tuple[tuple[Answers, ...], bool]:
    """The answers at a choice of flows, and whether there are too many to give them all."""
    asked = [flow for flow in element.outgoing if flow is not element.default and flow.condition is not None]
    names = [flow.id for flow in asked]
    conditions = [flow.condition for flow in asked if flow.condition is not None]
    truths, partial = truths_of([condition.tree for condition in conditions])
    free = element.default is not None or len(asked) < len(element.outgoing) or not asked
    found: dict[tuple[tuple[str, bool], ...], None] = {}
    for truth in truths:
        if any(truth) or free:
            number = truth.index(True) + 1 if _exclusive(element) and any(truth) else len(truth)
            found[tuple(zip(names[:number], truth[:number], strict=True))] = None
    for flow, condition in zip(asked, conditions, strict=True):
        phase = tuple(each for each in condition.reads if each == "waitingForStart")
        flow.condition = Question(flow.id, oracle, phase)
    return tuple(dict(each) for each in found), partial


def _exclusive(element: Element) -> bool:
    return element.type is NodeType.EXCLUSIVE_GATEWAY


def _take_activation(
    element: Element, oracle: Oracle, answers: dict[tuple[str, str], tuple[Answers, ...]]
) -> None:
    """A complex gateway's condition stays where it counts tokens only; the reset asks about the flows once more."""
    if element.type is not NodeType.COMPLEX_GATEWAY:
        return
    if element.activation is not None:
        known = {flow.removeprefix(element.plan.prefix) for flow in element.incoming_ids}
        if not known | {"activationCount", "waitingForStart"} >= set(element.activation.reads):
            element.activation = Question(f"{element.id} active", oracle)
    names = [flow.id for flow in element.outgoing if isinstance(flow.condition, Question)]
    names += [f"{element.id} active"] if isinstance(element.activation, Question) else []
    answers[element.id, "resume"] = tuple(
        dict(zip(names, values, strict=True)) for values in product((True, False), repeat=len(names))
    )


def _take_handover(flow: FlowPlan) -> None:
    plan = flow.handover
    if plan is not None:
        plan.fields = None
        plan.condition = plan.result_until = None
        plan.rule = altered(
            plan.rule, max_returns=1, return_reasons=(), result_within=None, consent=False, warm="nein"
        )


def _yes_no(question: str) -> tuple[Answers, ...]:
    return ({question: True}, {question: False})
