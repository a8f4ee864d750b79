"""Runs the cases of bpmn-js-token-simulation on the kernel, through the public play API.

The simulator has no data: it decides gateways by configuration and lets every task pass unless told to wait. So a
model is completed before it runs: conditions ask the variable `choice`, conditional events the variable `occurred`,
timers get a length, signals a name. What is compared per expectation is which elements began, which gateways were
passed, which flows taken and which processes ended, how often each; the order is that of the simulator's own queue.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from staffel.engine.bpmn import read_bpmn
from staffel.engine.bpmn.model import (
    Definitions,
    EventDefinition,
    EventKind,
    Expression,
    Flow,
    Node,
    NodeType,
    Scope,
    TimerKind,
)
from staffel.engine.kernel import SetVariables
from staffel.engine.kernel.events import CaseEnded, CaseStarted, ElementActivated, ElementCompleted, FlowTaken
from staffel.engine.play import Player

DEVIATIONS = {
    "error-no-catch": "What becomes of an error that nothing around it catches is left to the engine (§10.5.3), but an "
    "error suspends execution where it is thrown and is unresolved then (§10.5.1). The simulator follows the normal flow "
    "out of the sub-process as if it had succeeded; here it is an incident.",
}
"""Cases where the suite is held to be wrong or narrower than the standard, by name, with the reason."""

CHOOSING = frozenset((NodeType.EXCLUSIVE_GATEWAY, NodeType.INCLUSIVE_GATEWAY))


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """How the suite went; `failing` maps the names of failed cases to what differed."""

    passed: int
    total: int
    failing: Mapping[str, str]


def run_suite(path: Path) -> SuiteResult:
    """Run every case of the suite in `path`."""
    cases = json.loads((path / "cases.json").read_text(encoding="utf-8"))["cases"]
    failing: dict[str, str] = {}
    for number, case in enumerate(cases):
        fault = run_case(path, case)
        if fault:
            failing[f"{number:03d} {case['name']}"] = fault
    return SuiteResult(len(cases) - len(failing), len(cases), failing)


def run_case(path: Path, case: Mapping[str, Any]) -> str:
    """Run one case; what differed, empty when nothing did."""
    reading = read_bpmn((path / case["model"]).read_bytes(), file=case["model"])
    if reading.definitions is None:
        return "unreadable: " + "; ".join(each.text_en for each in reading.findings)
    try:
        return Simulator(reading.definitions, case["steps"]).run(path)
    except (LookupError, ValueError) as error:
        return f"{type(error).__name__}: {error}"


class Simulator:
    """One case being run."""

    def __init__(self, definitions: Definitions, steps: list[Mapping[str, Any]]) -> None:
        self.steps = steps
        self.paused = _paused(steps) | _interactive(definitions)
        self.player = Player(completed(definitions, self.paused))
        self.choice = first_choices(definitions)
        self.seen = 0
        self.named = ""
        nodes = [node for process in definitions.processes.values() for node in process.scope.walk()]
        self.nodes = {node.id for node in nodes}
        waiting = [node for node in nodes if node.type is NodeType.EVENT_BASED_GATEWAY]
        self.gateways = {node.id for node in nodes if node.type.is_gateway} - {node.id for node in waiting}
        self.nodes -= {node.id for node in waiting}
        self.chosen_by_event = {flow for node in waiting for flow in node.outgoing}
        self.flows = {flow for program in self.player.programs.values() for flow in program.flows}
        self.processes = {each.id: each.process for each in definitions.participants if each.process}
        self.processes |= {process: process for process in definitions.processes}

    def run(self, path: Path) -> str:
        """Do every step."""
        for number, step in enumerate(self.steps):
            if "setConfig" in step:
                self.choice[step["setConfig"]] = list(step["activeOutgoing"])
                for case in self.player.cases.values():
                    if case.ended is None:
                        self.player.do(case, SetVariables(variables={"choice": self.choice}))
            elif step.get("other") == "element":
                self.named = step["raw"].strip("'")
            elif "trigger" in step:
                self.trigger((step["trigger"] or [self.named])[0])
            elif "signal" in step:
                self.message(step["signal"][0])
            elif "expect" in step:
                fault = self.compare(json.loads((path / step["expect"]).read_text(encoding="utf-8")))
                if fault:
                    return f"step {number}: {fault}"
        return ""

    def trigger(self, element: str) -> None:
        """What a click on the element does."""
        places = self.player.waiting(element)
        if places and places[0].kind == "condition":
            for value in (True, False):
                if self.player.cases[places[0].case].ended is None:
                    self.player.do(places[0].case, SetVariables(variables={"occurred": {element: value}}))
        elif places:
            self.player.complete(element)
        else:
            values = {"choice": self.choice, "occurred": {}}
            inner = not any(element in each.root.elements for each in self.player.programs.values())
            self.player.start(None, values, element=None if inner else element)
            if inner:
                self.player.complete(element)
        self.pass_tasks()

    def message(self, flow: str) -> None:
        """A message comes over a message flow."""
        target = next(each.target for each in self.player.definitions.message_flows if each.id == flow)
        names = [
            trigger.name
            for program in self.player.programs.values()
            for trigger in (program.elements[target].triggers if target in program.elements else ())
            if trigger.kind is EventKind.MESSAGE
        ]
        starts = [each.element for program in self.player.programs.values() for each in program.starts]
        if target in starts and not self.player.waiting(target):
            self.player.start(None, {"choice": self.choice, "occurred": {}}, element=target)
        else:
            self.player.send(names[0] if names else flow)
        self.pass_tasks()

    def pass_tasks(self) -> None:
        """Tasks pass by themselves unless they are to wait."""
        for _ in range(1000):
            open_ = [each for each in self.player.waiting() if each.kind in {"task", "work"}]
            open_ = [each for each in open_ if each.element not in self.paused]
            if not open_:
                return
            self.player.complete(open_[0].element, case=open_[0].case)

    def compare(self, expected: list[str]) -> str:
        """What happened since the last comparison against the simulator's trace."""
        wanted = Counter(filter(None, (self._fact(line) for line in expected)))
        found: Counter[str] = Counter()
        for entry in self.player.trace[self.seen :]:
            match entry.event:
                case CaseStarted(process=process):
                    found[f"begin {process}"] += 1
                case ElementActivated(element=element, compensating=False) if (
                    element in self.nodes - self.gateways
                ):
                    found[f"begin {element}"] += 1
                case ElementCompleted(element=element) if element in self.gateways:
                    found[f"pass {element}"] += 1
                case FlowTaken(flow=flow):
                    found[f"take {flow}"] += 1
                case CaseEnded():
                    found[f"end {self.player.cases[entry.case].program.process}"] += 1
        for flow in self.chosen_by_event:
            del found[f"take {flow}"]
        self.seen = len(self.player.trace)
        missing, extra = wanted - found, found - wanted
        return "" if wanted == found else f"missing {dict(missing)}, extra {dict(extra)}"

    def _fact(self, line: str) -> str:
        """A line of the simulator's trace as the fact it stands for; most lines are its own bookkeeping."""
        action, element, _ = line.split(":")
        element = self.processes.get(element, element.removesuffix("_plane"))
        if element in self.flows:
            return f"take {element}" if action == "exit" and element not in self.chosen_by_event else ""
        if element in self.gateways:
            return f"pass {element}" if action == "exit" else ""
        if element in self.processes.values():
            return {"createScope": f"begin {element}", "exit": f"end {element}"}.get(action, "")
        return f"begin {element}" if action == "createScope" and element in self.nodes else ""


def _paused(steps: list[Mapping[str, Any]]) -> set[str]:
    paused, named = set(), ""
    for step in steps:
        if step.get("other") == "element":
            named = step["raw"].strip("'")
        if "waitAt" in step:
            paused.update(step["waitAt"] or [named])
    return paused


def _interactive(definitions: Definitions) -> set[str]:
    """Activities with a boundary event that something from outside triggers wait for it, once a token comes."""
    kinds = {EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL}
    nodes = [node for process in definitions.processes.values() for node in process.scope.walk()]
    hosts = {
        node.attached_to
        for node in nodes
        if node.type is NodeType.BOUNDARY_EVENT and any(event.kind in kinds for event in node.events)
    }
    return {node.id for node in nodes if node.id in hosts and node.incoming}


def first_choices(definitions: Definitions) -> dict[str, list[str]]:
    """The simulator's default: the first flow."""
    return {
        node.id: list(node.outgoing[:1])
        for process in definitions.processes.values()
        for node in process.scope.walk()
        if node.type in CHOOSING
    }


def completed(definitions: Definitions, paused: set[str]) -> Definitions:
    """The file with the data that the simulator does without."""
    sends = {flow.source for flow in definitions.message_flows}
    hears = {flow.target for flow in definitions.message_flows}
    completer = Completer(paused, sends, hears)
    processes = {
        name: replace(process, scope=completer.scope(process.scope))
        for name, process in definitions.processes.items()
    }
    return replace(definitions, processes=processes)


@dataclass(frozen=True, slots=True)
class Completer:
    """Adds what a model leaves out: which tasks wait, and that message flows carry messages."""

    paused: set[str]
    sends: set[str]
    hears: set[str]

    def scope(self, scope: Scope) -> Scope:
        """The scope with its nodes and flows completed."""
        nodes = {name: self.node(node) for name, node in scope.nodes.items()}
        flows = {name: _flow(flow, scope.nodes) for name, flow in scope.flows.items()}
        return replace(scope, nodes=nodes, flows=flows)

    def node(self, node: Node) -> Node:
        """The node completed."""
        changes: dict[str, Any] = {"events": tuple(_event(node, each) for each in node.events)}
        changes.update(self._messages(node))
        if node.type is NodeType.TASK and node.id in self.paused:
            changes["type"] = NodeType.USER_TASK
        if node.type in {NodeType.SCRIPT_TASK, NodeType.BUSINESS_RULE_TASK}:
            changes["type"] = NodeType.TASK
        if node.body is not None:
            changes["body"] = self.scope(node.body)
        if node.type in CHOOSING:
            changes["default"] = None
        return replace(node, **changes)

    def _messages(self, node: Node) -> dict[str, Any]:
        message = (EventDefinition(EventKind.MESSAGE),)
        hears, sends = node.id in self.hears, node.id in self.sends
        if node.type is NodeType.TASK and (hears or sends):
            return {"type": NodeType.RECEIVE_TASK if hears else NodeType.SEND_TASK}
        catches = node.type is NodeType.BOUNDARY_EVENT or (node.type is NodeType.START_EVENT and hears)
        throws = node.type in {NodeType.END_EVENT, NodeType.INTERMEDIATE_THROW_EVENT} and sends
        return {"events": message} if (catches or throws) and not node.events else {}


def _event(node: Node, event: EventDefinition) -> EventDefinition:
    if event.kind is EventKind.TIMER:
        if node.type is NodeType.BOUNDARY_EVENT and not node.interrupting:
            return replace(event, timer=TimerKind.CYCLE, expression=Expression("R/P1D"))
        return replace(event, timer=TimerKind.DURATION, expression=Expression("P1D"))
    if event.kind is EventKind.CONDITIONAL:
        return replace(event, expression=Expression(f"occurred.{node.id} = true"))
    if event.kind is EventKind.SIGNAL and not event.name:
        return replace(event, name="signal")
    return event


def _flow(flow: Flow, nodes: Mapping[str, Node]) -> Flow:
    source = nodes.get(flow.source)
    if source is None or source.type not in CHOOSING or len(source.outgoing) < 2:
        return replace(flow, condition=None)
    identifier = re.sub(r"[^\w]", "_", flow.id)
    text = f'list contains(get value(choice, "{source.id}"), "{flow.id}")'
    return replace(flow, condition=Expression(text), name=flow.name or identifier)
