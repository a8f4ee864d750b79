"""The tree of an expression: what the parser builds and the compiler turns into closures.

`at` is the offset in the text, `height` the number of levels below (it bounds the depth of compiling and running).
"""

from __future__ import annotations

from collections.abc import Iterator as Walk
from dataclasses import dataclass

from staffel.engine.feel.types import FeelType
from staffel.engine.feel.values import Value


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression."""

    at: int
    height: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, null or a date or duration written with `@`."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name to be looked up."""

    name: str


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operators of one rank from left to right: `a + b - c`, `a * b / c`, `a ** b`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """`-x`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a and b and c` or `a or b or c`."""

    word: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`a < b` and the other comparisons."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`x between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A unary test: `< 5` with its operator, or an expression (`operator` empty)."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests of a cell: `-` is no tests, `not(...)` is negated."""

    tests: tuple[Test, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class In(Node):
    """`x in (test, test)`."""

    value: Node
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`x instance of type`."""

    value: Node
    type: FeelType


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if a then b else c`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """`name in domain` or `name in start..end`."""

    name: str
    domain: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for x in xs, y in ys return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some x in xs satisfies c` or `every …`."""

    word: str
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`base[condition]`."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; `names` where the arguments are named."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class FunctionNode(Node):
    """`function(a: number, b) body`; `body` is None for an external function."""

    parameters: tuple[str, ...]
    types: tuple[FeelType | None, ...]
    body: Node | None


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextNode(Node):
    """`{a: 1, b: a + 1}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeNode(Node):
    """`[low..high]` with round brackets for bounds that do not belong to it; `(>= low)` has no `high`.

    `operator` is kept for `(= x)` and `(!= x)`.
    """

    low: Node | None
    high: Node | None
    low_included: bool
    high_included: bool
    operator: str = ""


def parts(node: Node) -> Walk[Node]:
    """The node and everything below it, in no particular order."""
    pending: list[object] = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, Node):
            yield part
            pending.extend(getattr(part, name) for name in part.__dataclass_fields__)
        elif isinstance(part, tuple):
            pending.extend(part)
