"""Random models for property tests: block-structured ones of many kinds of elements, and unstructured ones."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tests.support.nets import net


def models(usual: int) -> settings:
    """Settings for a property of random models: `usual` examples, as many as `STAFFEL_EXAMPLES` says in a nightly run."""
    return settings(
        max_examples=int(os.environ.get("STAFFEL_EXAMPLES") or usual),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


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


def body_of(block: Block) -> str:
    """The block between a start and an end event."""
    drawing = Drawing()
    start, end = drawing.new("startEvent"), drawing.new("endEvent")
    first, last = drawing.block(block)
    drawing.flow(start, first)
    drawing.flow(last, end)
    return "".join(drawing.nodes)


@st.composite
def unstructured(draw: st.DrawFn) -> str:
    """A process of a few tasks and gateways with flows between any of them; every node comes after the start."""
    kinds = draw(st.lists(st.sampled_from(["user", "user", "xor", "and", "or"]), min_size=3, max_size=7))
    names = [f"n{number}" for number in range(len(kinds))]
    flows = ["s n0"]
    flows += [f"{names[draw(st.integers(0, number - 1))]} {names[number]}" for number in range(1, len(names))]
    pair = st.tuples(st.sampled_from(names), st.sampled_from(names))
    flows += [f"{one} {two}" for one, two in draw(st.lists(pair, max_size=4)) if one != two]
    flows += [f"{name} e" for name in names if not any(flow.startswith(f"{name} ") for flow in flows)]
    flows += [f"{name} e" for name in draw(st.lists(st.sampled_from(names), max_size=1))]
    nodes = " ".join(f"{name}:{kind}" for name, kind in zip(names, kinds, strict=True))
    return net(f"s:start e:end {nodes}", "|".join(dict.fromkeys(flows)))
