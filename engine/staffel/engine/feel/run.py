"""One evaluation: its budget, the current time it was given, and why nulls came about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from staffel.engine.feel.errors import FeelBudgetExceeded, Position, Problem
from staffel.engine.feel.messages import MESSAGES
from staffel.engine.feel.values import Value

MAX_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Budget:
    """What an evaluation may take.

    `steps` counts loop passes, calls and items looked at; `depth` the nesting of function calls in levels of
    expression; `size` the items of a list or characters of a string that come about. `seconds` needs a `clock`
    (`time.monotonic`): the package itself reads none.
    """

    steps: int = 250_000
    depth: int = 400
    size: int = 1_000_000
    seconds: float | None = None
    clock: Callable[[], float] | None = None


DEFAULT_BUDGET = Budget()


class Run:
    """The state of one evaluation."""

    element = ""
    trace: list[Any] | None = None
    """Where decision tables note what they did; the DMN package reads it."""
    deadline: float | None = None

    def __init__(
        self, text: str, budget: Budget, now: datetime | None, problems: list[Problem] | None
    ) -> None:
        self.text = text
        self.budget = budget
        self.steps = budget.steps
        self.depth = budget.depth
        self.now = now
        self.problems = problems
        if budget.clock is not None and budget.seconds is not None:
            self.deadline = budget.clock() + budget.seconds

    def tick(self, steps: int, at: int = 0) -> None:
        """Count steps; raise where the budget is used up."""
        before = self.steps
        self.steps = left = before - steps
        if left < 0:
            raise FeelBudgetExceeded("steps", self.budget.steps, self._position(at))
        if self.deadline is not None and (before ^ left) & ~0xFF:
            self._check_time(at)

    def enter(self, levels: int, at: int) -> None:
        """Go down so many levels of expression; `depth += levels` comes back."""
        self.tick(1, at)
        self.depth -= levels
        if self.depth < 0:
            raise FeelBudgetExceeded("depth", self.budget.depth, self._position(at))

    def check_size(self, size: int, at: int = 0) -> None:
        """Refuse a value that is too large."""
        if size > self.budget.size:
            raise FeelBudgetExceeded("size", self.budget.size, self._position(at))

    def null(self, at: int | None, code: str, *found: object) -> Value:
        """null, with the reason noted where the caller asked for reasons."""
        problems = self.problems
        if problems is not None and len(problems) < MAX_PROBLEMS:
            german, english = MESSAGES[code]
            texts = [str(each)[:200] for each in found]
            position = None if at is None else self._position(at)
            problems.append(
                Problem(code, german.format(*texts), english.format(*texts), position, element=self.element)
            )
        return None

    def _position(self, at: int) -> Position:
        return Position.at(self.text, at)

    def _check_time(self, at: int) -> None:
        clock, seconds = self.budget.clock, self.budget.seconds
        if clock is not None and self.deadline is not None and clock() > self.deadline:
            raise FeelBudgetExceeded("seconds", seconds or 0, self._position(at))
