"""Which conditions can hold together: `a` and `not(a)` cannot, nor `x = 1` and `x = 2`; of all else nothing is known."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations, product
from typing import Any, Final, TypeAlias

from staffel.engine.feel import tree

MOST_ATOMS: Final = 9
"""With more different statements than this only few combinations are tried."""
NEGATIONS: Final = {"!=": "=", "<=": ">", "<": ">="}
"""Comparisons told as the negation of another."""

Truth: TypeAlias = tuple[bool, ...]


class _Statements:
    """The different statements that conditions are made of, numbered."""

    def __init__(self, conditions: Sequence[tree.Node | None]) -> None:
        self.numbers: dict[Hashable, int] = {}
        for number, condition in enumerate(conditions):
            if condition is None:
                self.numbers.setdefault(("?", number), len(self.numbers))
            else:
                self._collect(condition)

    def _collect(self, node: tree.Node) -> None:
        if _constant(node) is not None:
            return
        inner = _operands(node)
        for each in inner:
            self._collect(each)
        if not inner:
            self.numbers.setdefault(_positive(node)[0], len(self.numbers))

    def exclusions(self) -> list[tuple[int, int]]:
        """Pairs of statements that cannot both be true: the same thing equal to two different values."""
        equal = [(shape, number) for shape, number in self.numbers.items() if _value_of(shape) is not None]
        return [
            (one, two)
            for (first, one), (second, two) in combinations(equal, 2)
            if _subject_of(first) == _subject_of(second) and _value_of(first) != _value_of(second)
        ]

    def truth(self, node: tree.Node, values: Truth) -> bool:
        """The truth of a condition where the statements have these values."""
        constant = _constant(node)
        if constant is not None:
            return constant
        inner = _operands(node)
        if not inner:
            shape, positive = _positive(node)
            return values[self.numbers[shape]] is positive
        if isinstance(node, tree.Logic):
            found = [self.truth(each, values) for each in inner]
            return all(found) if node.word == "and" else any(found)
        return not self.truth(inner[0], values)


def truths_of(conditions: Sequence[tree.Node | None]) -> tuple[list[Truth], bool]:
    """Every way in which the conditions can be true or false, and whether some were left out for their number."""
    statements = _Statements(conditions)
    size = len(statements.numbers)
    if size > MOST_ATOMS:
        return list(_few(len(conditions))), True
    excluded = statements.exclusions()
    found: dict[Truth, None] = {}
    for values in product((True, False), repeat=size):
        if not any(values[one] and values[two] for one, two in excluded):
            found[_truth(statements, conditions, values)] = None
    return list(found), False


def _truth(statements: _Statements, conditions: Sequence[tree.Node | None], values: Truth) -> Truth:
    return tuple(
        values[statements.numbers["?", number]] if each is None else statements.truth(each, values)
        for number, each in enumerate(conditions)
    )


def _few(size: int) -> Iterator[Truth]:
    """All, none, and each alone."""
    yield (True,) * size
    yield (False,) * size
    for number in range(size):
        yield tuple(each == number for each in range(size))


def _operands(node: tree.Node) -> tuple[tree.Node, ...]:
    """The parts of `and`, `or` and `not(…)`."""
    if isinstance(node, tree.Logic):
        return node.operands
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name == "not":
        return node.arguments if len(node.arguments) == 1 else ()
    return ()


def _constant(node: tree.Node) -> bool | None:
    return node.value if isinstance(node, tree.Literal) and isinstance(node.value, bool) else None


def _positive(node: tree.Node) -> tuple[Hashable, bool]:
    """The statement without its negation, and whether it stands for it or against it."""
    if not isinstance(node, tree.Compare):
        return _shape(node), True
    left, right = _shape(node.left), _shape(node.right)
    positive = node.operator not in NEGATIONS
    operator = node.operator if positive else NEGATIONS[node.operator]
    if operator == "=" and isinstance(node.right, tree.Literal) and isinstance(node.right.value, bool):
        return left, positive is node.right.value
    return ("compare", operator, left, right), positive


def _shape(part: Any) -> Hashable:
    """A part of an expression without its place in the text."""
    if isinstance(part, tree.Node):
        names = [name for name in part.__dataclass_fields__ if name not in {"at", "height"}]
        return (type(part).__name__, *(_shape(getattr(part, name)) for name in names))
    if isinstance(part, tuple):
        return tuple(_shape(each) for each in part)
    return part if isinstance(part, (str, int)) or part is None else repr(part)


def _value_of(shape: Any) -> Hashable:
    is_equality = isinstance(shape, tuple) and shape[:2] == ("compare", "=") and shape[3][0] == "Literal"
    return repr(shape[3][1]) if is_equality else None


def _subject_of(shape: Any) -> Hashable:
    return (shape[2],)
