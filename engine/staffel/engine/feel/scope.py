"""Where names live: compile-time scopes that turn a name into a look-up of the frame it stands in.

A frame at run time is the caller's mapping (top) or a list `[outer frame, value, value, …]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from staffel.engine.feel.errors import Position, Problem
from staffel.engine.feel.messages import MESSAGES
from staffel.engine.feel.mistakes import Hint, name_hint
from staffel.engine.feel.run import Run
from staffel.engine.feel.values import Value

Code: TypeAlias = Callable[[Any, Run], Value]
"""A compiled expression: `code(frame, run)`."""

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something certainly wrong at `at` of a text; `found` fills the message of `code`."""

    code: str
    at: int
    found: tuple[object, ...]
    severity: str = "error"

    def problem(self, text: str) -> Problem:
        """The fault told in words, with its place in the text."""
        german, english = MESSAGES[self.code]
        texts = [str(each)[:200] for each in self.found]
        position = Position.at(text, self.at)
        return Problem(self.code, german.format(*texts), english.format(*texts), position, self.severity)


class Top:
    """The caller's mapping; names not found there may be FEEL's functions."""

    def __init__(self, builtins: Mapping[str, Value], known: frozenset[str]) -> None:
        self.builtins = builtins
        self.known = known
        self.reads: set[str] = set()
        self.needs: set[str] = set()
        self.signatures: dict[str, tuple[str, ...]] = {}
        """The parameters of the functions among the known names."""
        self.faults: list[Fault] = []
        self.unknown_calls: set[str] = set()

    def lookup(self, name: str, at: int, *, sure: bool = True) -> Code:
        """The code that reads the name."""
        builtin = self.builtins.get(name)
        self.reads.add(name)  # a variable may bear the name of a function, such as `number` or `date`
        if sure and (builtin is None or name in self.known):
            self.needs.add(name)

        def read(frame: Any, run: Run) -> Value:
            try:
                return frame[name]
            except KeyError:
                if builtin is not None:
                    return builtin
                if run.problems is None:
                    return None  # nobody asks why, and looking for the name that is meant takes long
                return run.null(at, "unknown-name", name, *suggestion(name, frame))

        return read

    def defines(self, name: str) -> bool:
        """Whether the name is certainly a variable."""
        return name in self.known


class Locals:
    """Names bound by the expression itself: loop variables, parameters, entries of a context."""

    def __init__(self, outer: Scope, names: tuple[str, ...] = ()) -> None:
        self.outer = outer
        self.slots = {name: index for index, name in enumerate(names, 1)}
        self.signatures: dict[str, tuple[str, ...]] = {}

    def add(self, name: str) -> None:
        """Bind one more name."""
        self.slots[name] = len(self.slots) + 1

    def lookup(self, name: str, at: int, *, sure: bool = True) -> Code:
        """The code that reads the name."""
        slot = self.slots.get(name)
        if slot is None:
            return outward(self.outer.lookup(name, at, sure=sure))
        if name == "partial":

            def read_partial(frame: Any, run: Run) -> Value:
                value = frame[slot]
                if type(value) is not list:
                    return value
                run.tick(len(value) // 64, at)
                return value.copy()  # a loop's results grow on; what was read must not

            return read_partial

        def read(frame: Any, _run: Run) -> Value:
            return frame[slot]

        return read

    def defines(self, name: str) -> bool:
        """Whether the name is certainly a variable."""
        return name in self.slots or self.outer.defines(name)


class Item:
    """The element a filter looks at: its entries are names, `item` is itself."""

    def __init__(self, outer: Scope) -> None:
        self.outer = outer
        self.used = False

    def lookup(self, name: str, at: int, *, sure: bool = True) -> Code:
        """The code that reads the name."""
        self.used = True
        outer = None if name == "item" else self.outer.lookup(name, at, sure=sure and self.defines(name))

        def read(frame: Any, run: Run) -> Value:
            item = frame[1]
            if type(item) is dict:
                value = item.get(name, _ABSENT)
                if value is not _ABSENT:
                    return value
            return item if outer is None else outer(frame[0], run)

        return read

    def defines(self, name: str) -> bool:
        """Whether the name is certainly a variable."""
        return name == "item" or self.outer.defines(name)


Scope: TypeAlias = Top | Locals | Item


def outward(code: Code) -> Code:
    """The code run in the frame one further out."""

    def read(frame: Any, run: Run) -> Value:
        return code(frame[0], run)

    return read


def top_of(scope: Scope) -> Top:
    """The outermost scope."""
    while not isinstance(scope, Top):
        scope = scope.outer
    return scope


def names_of(scope: Scope) -> Iterable[str]:
    """Every name that is certainly known in the scope."""
    while not isinstance(scope, Top):
        if isinstance(scope, Locals):
            yield from scope.slots
        scope = scope.outer
    yield from scope.known


def signature_of(scope: Scope, name: str) -> tuple[str, ...] | None:
    """The parameters of the function that the name stands for; None where that is not certain."""
    while not isinstance(scope, Top):
        if isinstance(scope, Item):
            return None
        if name in scope.slots:
            break
        scope = scope.outer
    return scope.signatures.get(name)


def suggestion(name: str, known: Mapping[str, Value]) -> Hint:
    """The hint for a name that is not there, German and English."""
    return name_hint(name, [each for each in known if isinstance(each, str)][:500])
