"""Random block-structured models on random paths: what must hold after every single step, and at the end."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffel.engine.bpmn import read_bpmn
from staffel.engine.kernel import (
    CompleteTask,
    FireTimer,
    Instance,
    Program,
    Start,
    Step,
    advance,
    compile_model,
    decode_state,
    encode_state,
    fold,
)
from staffel.engine.kernel.events import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    Ending,
    Event,
    FlowTaken,
    IncidentRaised,
)
from staffel.engine.kernel.state import TaskWait, TimerWait

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MOST_STEPS = 300

Block = tuple  # ("task",) or (kind, [inner blocks])

LEAVES = st.sampled_from([("task",), ("script",), ("pass",), ("many",)])


def _grown(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(inner, min_size=2, max_size=3)
    one = st.lists(inner, min_size=1, max_size=1)
    return st.one_of(
        st.tuples(st.sampled_from(["sequence", "exclusive", "parallel", "inclusive"]), several),
        st.tuples(st.sampled_from(["sub", "loop", "interrupted", "reminded", "each"]), one),
    )


BLOCKS = st.recursive(LEAVES, _grown, max_leaves=8)


@dataclass
class Drawing:
    """A model being drawn: each block lies between two nodes."""

    nodes: list[str] = field(default_factory=list)
    number: int = 0

    def new(self, kind: str, inner: str = "", attributes: str = "") -> str:
        self.number += 1
        name = f"n{self.number}"
        self.nodes.append(f'<{kind} id="{name}" {attributes}>{inner}</{kind}>')
        return name

    def flow(self, source: str, target: str, condition: str = "") -> str:
        self.number += 1
        inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        name = f"f{self.number}"
        self.nodes.append(
            f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
        )
        return name

    def block(self, block: Block) -> tuple[str, str]:
        """The first and the last node of the block."""
        kind = block[0]
        match kind:
            case "task":
                name = self.new("userTask")
            case "script":
                name = self.new("scriptTask", f"<script>{{ s{self.number}: 1 + 1 }}</script>")
            case "pass":
                name = self.new("intermediateThrowEvent")
            case "many":
                name = self.new("userTask", _multiple(self.number % 2 == 0))
            case "sequence":
                return self._sequence(block[1])
            case "exclusive" | "parallel" | "inclusive":
                return self._gateways(kind, block[1])
            case "loop":
                return self._loop(block[1][0])
            case _:
                return self._sub(kind, block[1][0])
        return name, name

    def _sequence(self, blocks: list[Block]) -> tuple[str, str]:
        ends = [self.block(each) for each in blocks]
        for (_, source), (target, _) in itertools.pairwise(ends):
            self.flow(source, target)
        return ends[0][0], ends[-1][1]

    def _gateways(self, kind: str, blocks: list[Block]) -> tuple[str, str]:
        split, join = self.new(f"{kind}Gateway"), self.new(f"{kind}Gateway")
        for index, each in enumerate(blocks):
            first, last = self.block(each)
            default = kind != "parallel" and index == 0
            condition = "" if kind == "parallel" or default else f"choice &gt;= {index}"
            flow = self.flow(split, first, condition)
            if default:
                self.nodes = [
                    node.replace(f'id="{split}"', f'id="{split}" default="{flow}"') for node in self.nodes
                ]
            self.flow(last, join)
        return split, join

    def _loop(self, block: Block) -> tuple[str, str]:
        first, last = self.block(block)
        back, ask = self.new("exclusiveGateway"), self.new("exclusiveGateway")
        ask_task = self.new("userTask")
        self.flow(back, first)
        self.flow(last, ask_task)
        self.flow(ask_task, ask)
        self.flow(ask, back, "choice = 3")
        out = self.new("intermediateThrowEvent")
        default = self.flow(ask, out)
        self.nodes = [node.replace(f'id="{ask}"', f'id="{ask}" default="{default}"') for node in self.nodes]
        return back, out

    def _sub(self, kind: str, block: Block) -> tuple[str, str]:
        outer, self.nodes = self.nodes, []
        start, end = self.new("startEvent"), self.new("endEvent")
        first, last = self.block(block)
        self.flow(start, first)
        self.flow(last, end)
        body = "".join(self.nodes)
        self.nodes = outer
        name = self.new("subProcess", (_multiple(sequential=True) if kind == "each" else "") + body)
        if kind in {"interrupted", "reminded"}:
            timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
            attributes = f'attachedToRef="{name}" cancelActivity="{str(kind == "interrupted").lower()}"'
            boundary = self.new("boundaryEvent", timer, attributes)
            aside = self.new("endEvent") if kind == "reminded" else self.new("exclusiveGateway")
            self.flow(boundary, aside)
            if kind == "interrupted":
                self.flow(name, aside)
                return name, aside
        return name, name


def _multiple(sequential: bool) -> str:
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    )


def program_of(block: Block) -> Program:
    """The block between a start and an end event, compiled."""
    drawing = Drawing()
    start, end = drawing.new("startEvent"), drawing.new("endEvent")
    first, last = drawing.block(block)
    drawing.flow(start, first)
    drawing.flow(last, end)
    text = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
        f'<process id="P" isExecutable="true">{"".join(drawing.nodes)}</process></definitions>'
    )
    reading = read_bpmn(text.encode())
    assert reading.definitions is not None, reading.findings
    compiled = compile_model(reading.definitions, "P")
    assert not [each for each in compiled.findings if each.severity == "error"], compiled.findings
    return compiled.program


def check_step(program: Program, step: Step, history: list[Event]) -> None:
    """What must hold after every step."""
    history.extend(step.events)
    state = step.state
    assert step.first_seq + len(step.events) - 1 == state.seq == len(history)
    assert fold(program, history) == state
    loaded = decode_state(encode_state(state))
    assert loaded == state
    assert (loaded.children, loaded.owned) == (state.children, state.owned)
    assert all(place.scope == 0 or place.scope in state.places for place in state.places.values())
    _check_conservation(program, state, history)


def _check_conservation(program: Program, state: Instance, history: list[Event]) -> None:
    """Every instance that began is alive or has ended; every token that was put was taken or lies on its flow."""
    began = Counter(event.element for event in history if isinstance(event, ElementActivated))
    ended = Counter(
        event.element for event in history if isinstance(event, (ElementCompleted, ElementTerminated))
    )
    alive = Counter(place.element for place in state.places.values())
    assert began == ended + alive
    put = Counter(event.flow for event in history if isinstance(event, FlowTaken))
    taken = Counter(flow for event in history if isinstance(event, ElementActivated) for flow in event.flows)
    resting = Counter(flow for flows in state.tokens.values() for flow in flows)
    assert not taken - put
    assert not resting - (put - taken)
    assert set(put) <= set(program.flows)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=BLOCKS, data=st.data())
def test_events_state_and_stored_state_agree_on_every_path_and_sound_models_end(
    block: Block, data: st.DataObject
) -> None:
    program = program_of(block)
    history: list[Event] = []
    step = advance(program, None, Start(variables={"choice": 0}), NOW)
    check_step(program, step, history)
    for passes in range(MOST_STEPS):
        if step.state.ended is not None:
            break
        places = [
            (key, type(wait)) for key, wait in step.state.waits.items() if type(wait) in {TaskWait, TimerWait}
        ]
        tasks = [place for place in places if place[1] is TaskWait]
        assert tasks, "nothing to do, but not ended"
        key, kind = data.draw(st.sampled_from(places))
        if kind is TimerWait:
            step = advance(program, step.state, FireTimer(key=key), NOW)
        else:
            choice = data.draw(st.integers(0, 3)) if passes < 20 else 0
            step = advance(program, step.state, CompleteTask(key=key, variables={"choice": choice}), NOW)
        check_step(program, step, history)
    assert step.state.ended is Ending.COMPLETED
    assert not (step.state.places)
    assert not (step.state.waits)
    assert not (step.state.tokens)
    assert not any(isinstance(event, IncidentRaised) for event in history)
