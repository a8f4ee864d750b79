"""Where names live: compile-time scopes that turn a name into a look-up of the frame it stands in.

A frame at run time is the caller's mapping (top) or a list `[outer frame, value, value, …]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from staffel.engine.feel.names import closest
from staffel.engine.feel.run import Run
from staffel.engine.feel.values import Value

Code: TypeAlias = Callable[[Any, Run], Value]
"""A compiled expression: `code(frame, run)`."""

_ABSENT = object()


class Top:
    """The caller's mapping; names not found there may be FEEL's functions."""

    def __init__(self, builtins: Mapping[str, Value], known: frozenset[str]) -> None:
        self.builtins = builtins
        self.known = known
        self.reads: set[str] = set()
        self.needs: set[str] = set()
        self.calls: dict[str, int] = {}

    def lookup(self, name: str, at: int, *, sure: bool = True) -> Code:
        """The code that reads the name."""
        builtin = self.builtins.get(name)
        if builtin is None or name in self.known:
            self.reads.add(name)
            if sure:
                self.needs.add(name)

        def read(frame: Any, run: Run) -> Value:
            try:
                return frame[name]
            except KeyError:
                if builtin is not None:
                    return builtin
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


def suggestion(name: str, known: Mapping[str, Value]) -> tuple[str, str]:
    """The hint for a name that is not there, German and English."""
    similar = closest(name, [each for each in known if isinstance(each, str)][:500])
    return (f" Meinten Sie „{similar}“?", f" Did you mean '{similar}'?") if similar else ("", "")
