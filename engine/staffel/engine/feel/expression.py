"""The package's face: parse once, evaluate often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from staffel.engine.feel import tree
from staffel.engine.feel.builtins import BUILTINS, FEEL_NAMES, FUNCTION_VALUES
from staffel.engine.feel.compiler import compile_node
from staffel.engine.feel.errors import FeelBudgetExceeded, FeelSyntaxError, Position, Problem
from staffel.engine.feel.matching import Matcher, any_of
from staffel.engine.feel.mistakes import function_hint, name_hint
from staffel.engine.feel.names import Names
from staffel.engine.feel.parser import Parser
from staffel.engine.feel.run import DEFAULT_BUDGET, Budget, Run
from staffel.engine.feel.scope import Code, Locals, Scope, Top
from staffel.engine.feel.static import problems_of
from staffel.engine.feel.types import FeelType
from staffel.engine.feel.values import Value


@dataclass(frozen=True, slots=True)
class Outcome:
    """A value, and the reasons for nulls met on the way to it."""

    value: Value
    problems: tuple[Problem, ...]


class _Compiled:
    """A text with its names and its code; the same text parsed twice gives two different objects."""

    __slots__ = ("_code", "faults", "needs", "reads", "text", "tree")

    def __init__(self, text: str, node: tree.Node, code: Code, scope: Scope) -> None:
        self.text = text
        self.tree = node
        self.reads = frozenset(scope.reads if isinstance(scope, Top) else ())
        """Free names the text may read; inside a filter a name may turn out to be an entry of the element."""
        self.needs = frozenset(scope.needs if isinstance(scope, Top) else ())
        """Free names the text reads for certain."""
        self.faults = problems_of(scope, text) if isinstance(scope, Top) else ()
        """What is certainly wrong although the text can be parsed: severity `error` or `warning`."""
        self._code = code

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r})"

    def unknown(self, names: Iterable[str]) -> tuple[Problem, ...]:
        """What is read or called although it is neither in `names` nor part of FEEL, with suggestions."""
        known = set(names)
        missing = [name for name in sorted(self.needs) if name not in known and name not in BUILTINS]
        called = _called(self.tree) if missing else frozenset()
        problems = list[Problem]()
        for name in missing:
            offset = _offset_of(self.tree, name)
            is_called = name in called
            hint_de, hint_en = (
                function_hint(name, (*known, *BUILTINS)) if is_called else name_hint(name, known)
            )
            kind_de, kind_en = ("Die Funktion", "The function") if is_called else ("Der Name", "The name")
            problems.append(
                Problem(
                    "unknown-function" if is_called else "unknown-name",
                    f"{kind_de} „{name}“ ist nicht bekannt.{hint_de}",
                    f"{kind_en} '{name}' is not known.{hint_en}",
                    Position.at(self.text, offset),
                )
            )
        return tuple(problems)


class Expression(_Compiled):
    """A parsed expression."""

    __slots__ = ()

    def evaluate(
        self, scope: Mapping[str, Value], *, budget: Budget | None = None, now: datetime | None = None
    ) -> Value:
        """The value in `scope`. Errors give null (see `explain`); raises `FeelBudgetExceeded` only."""
        run = Run(self.text, budget or DEFAULT_BUDGET, now, None)
        try:
            return self._code(scope, run)
        except ArithmeticError:
            return None
        except RecursionError as err:
            raise _too_deep(self.text, run) from err

    def explain(
        self, scope: Mapping[str, Value], *, budget: Budget | None = None, now: datetime | None = None
    ) -> Outcome:
        """The value in `scope` with the reasons for nulls."""
        problems = list[Problem]()
        run = Run(self.text, budget or DEFAULT_BUDGET, now, problems)
        try:
            value = self._code(scope, run)
        except ArithmeticError:  # a number from outside that is none (NaN)
            value = run.null(0, "number-range")
        except RecursionError as err:
            raise _too_deep(self.text, run) from err
        return Outcome(value, tuple(problems))


class UnaryTests(_Compiled):
    """Parsed unary tests: the input entry of a decision table. `matcher` is None for `-`."""

    __slots__ = ("matcher",)

    def __init__(self, text: str, node: tree.Tests, scope: Scope) -> None:
        self.matcher = _matcher(node, scope)
        super().__init__(text, node, self._decide, scope)

    def matches(
        self,
        value: Value,
        scope: Mapping[str, Value],
        *,
        budget: Budget | None = None,
        now: datetime | None = None,
    ) -> bool | None:
        """Whether the value passes; None where that cannot be said. Raises `FeelBudgetExceeded` only."""
        if self.matcher is None:
            return True
        run = Run(self.text, budget or DEFAULT_BUDGET, now, None)
        try:
            return self.matcher(value, [scope, value], run)
        except ArithmeticError:
            return None
        except RecursionError as err:
            raise _too_deep(self.text, run) from err

    def _decide(self, frame: Any, run: Run) -> Value:
        value = frame.get("?")
        return True if self.matcher is None else self.matcher(value, [frame, value], run)


def _matcher(node: tree.Tests, scope: Scope) -> Matcher | None:
    if not node.tests:
        return None
    match = any_of(node.tests, Locals(scope, ("?",)), compile_node)
    if not node.negated:
        return match

    def negated(value: Value, frame: Any, run: Run) -> bool | None:
        found = match(value, frame, run)
        return None if found is None else not found

    return negated


def parse(
    text: str,
    *,
    names: Iterable[str] = (),
    types: Mapping[str, FeelType] | None = None,
    strict: bool = False,
) -> Expression:
    """Parse an expression. `names` are known names, which may contain spaces and signs; `types` known item types.

    With `strict`, a name that is neither in `names` nor FEEL's own is an error. Raises `FeelSyntaxError`.
    """
    known = tuple(names)
    node = _parsed(text, known, types).whole_expression()
    top = Top(FUNCTION_VALUES, frozenset(" ".join(name.split()) for name in known))
    expression = Expression(text, node, compile_node(node, top), top)
    if strict and (problems := expression.unknown(known)):
        first = problems[0]
        raise FeelSyntaxError(first.message_de, first.message_en, first.position or Position(0, 1, 1))
    return expression


def parse_unary_tests(
    text: str, *, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None
) -> UnaryTests:
    """Parse unary tests (`< 5`, `"a","b"`, `not(null)`, `-`). Raises `FeelSyntaxError`."""
    known = tuple(names)
    node = _parsed(text, known, types).whole_tests()
    return UnaryTests(text, node, Top(FUNCTION_VALUES, frozenset(" ".join(name.split()) for name in known)))


def _parsed(text: str, names: Iterable[str], types: Mapping[str, FeelType] | None) -> Parser:
    return Parser(text, Names(names, FEEL_NAMES), types or {})


def _called(node: tree.Node) -> frozenset[str]:
    return frozenset(
        part.function.name
        for part in tree.parts(node)
        if isinstance(part, tree.Call) and isinstance(part.function, tree.Name)
    )


def _offset_of(node: tree.Node, name: str) -> int:
    return next(
        (part.at for part in tree.parts(node) if isinstance(part, tree.Name) and part.name == name), 0
    )


def _too_deep(text: str, run: Run) -> FeelBudgetExceeded:
    return FeelBudgetExceeded("depth", run.budget.depth, Position.at(text, 0))
