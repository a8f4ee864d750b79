"""The models that `shapes` plays and compiles: rows, branches, loops, nesting and items of any size, as BPMN text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:staffel:bench">'
    '<process id="P" name="P" isExecutable="true">'
)
TAIL = "</process></definitions>"
PASSES = 1_000
"""The passes of the loop; its condition is valid FEEL and Python."""


def sequence(tasks: int) -> str:
    """User tasks one after the other."""
    names = [f"T{number}" for number in range(tasks)]
    return _process(_start(), *map(_user, names), _end(), *_row(["s", *names, "e"]))


def parallel(branches: int) -> str:
    """A user task in each branch between a fork and a join."""
    names = [f"T{number}" for number in range(branches)]
    flows = [line for name in names for line in _row(["fork", name, "join"])]
    gateways = '<parallelGateway id="fork"/><parallelGateway id="join"/>'
    return _process(
        _start(), gateways, *map(_user, names), _end(), *_row(["s", "fork"]), *flows, *_row(["join", "e"])
    )


def loop() -> str:
    """A user task until the variable `n` has come to the number of passes."""
    again = f"<conditionExpression>n &lt; {PASSES}</conditionExpression>"
    return _process(
        _start(),
        '<exclusiveGateway id="in"/>',
        _user("T"),
        '<exclusiveGateway id="out" default="out_e"/>',
        _end(),
        *_row(["s", "in", "T", "out", "e"]),
        f'<sequenceFlow id="back" sourceRef="out" targetRef="in">{again}</sequenceFlow>',
    )


def nested(depth: int) -> str:
    """Sub-processes in each other, a user task in the innermost."""
    inner = _user("T")
    for level in range(depth):
        s, body, e = f"s{level}", f"B{level}", f"e{level}"
        content = inner if level == 0 else f'<subProcess id="{body}">{inner}</subProcess>'
        first = "T" if level == 0 else body
        inner = "".join((_start(s), content, _end(e), *_row([s, first, e])))
    return _process(_start(), f'<subProcess id="B">{inner}</subProcess>', _end(), *_row(["s", "B", "e"]))


def items(number: int) -> str:
    """A parallel multi-instance of a task without work."""
    many = f"<multiInstanceLoopCharacteristics><loopCardinality>{number}</loopCardinality></multiInstanceLoopCharacteristics>"
    return _process(_start(), f'<task id="T" name="T">{many}</task>', _end(), *_row(["s", "T", "e"]))


def blocks(nodes: int) -> str:
    """About so many nodes: decisions and pairs of parallel user tasks in turn."""
    parts, before = [_start()], "s"
    flows: list[str] = []
    for number in range(nodes // 8):
        x, y, f, j = (f"{letter}{number}" for letter in "xyfj")
        a, b, c, d = (f"{letter}{number}" for letter in "abcd")
        parts += [
            f'<exclusiveGateway id="{x}" name="?" default="{x}_{b}"/><exclusiveGateway id="{y}"/>',
            f'<parallelGateway id="{f}"/><parallelGateway id="{j}"/>',
            *map(_user, (a, b, c, d)),
        ]
        flows += [
            *_row([before, x]), *_row([x, b, y, f, c, j]), *_row([a, y]), *_row([f, d, j]),
            f'<sequenceFlow id="{x}_{a}" name="ja" sourceRef="{x}" targetRef="{a}">'
            "<conditionExpression>n &gt; 5</conditionExpression></sequenceFlow>",
        ]  # fmt: skip
        before = j
    return _process(*parts, _end(), *flows, *_row([before, "e"]))


def _process(*parts: str) -> str:
    return HEAD + "".join(parts) + TAIL


def _start(name: str = "s") -> str:
    return f'<startEvent id="{name}"/>'


def _end(name: str = "e") -> str:
    return f'<endEvent id="{name}"/>'


def _user(name: str) -> str:
    return f'<userTask id="{name}" name="{name}"/>'


def _row(names: Iterable[str]) -> list[str]:
    return [
        f'<sequenceFlow id="{one}_{two}" sourceRef="{one}" targetRef="{two}"/>'
        for one, two in pairwise(names)
    ]
