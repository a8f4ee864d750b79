"""FEEL expressions of a model, compiled once: evaluated over the names of a scope, failing as incidents do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from staffel.engine import feel
from staffel.engine.calendar import ZONE
from staffel.engine.feel.tree import Node
from staffel.engine.feel.values import literal
from staffel.engine.kernel.incidents import Code, Stuck

_TIME = re.compile(r"\b(now|today)\s*\(")


def local(now: datetime) -> datetime:
    """The same moment by German time: at half past midnight `today()` is the new day, although in UTC it is not yet."""
    return now.astimezone(ZONE)


@lru_cache(maxsize=2_048)
def _parsed(text: str, names: frozenset[str]) -> feel.Expression:
    """The expression; a model is compiled several times between its upload and the first case."""
    return feel.parse(text, names=names)


class Formula:
    """An expression with its text; `reads` are the names it looks up."""

    __slots__ = ("_asks_time", "_expression", "_fault", "reads", "text")

    def __init__(self, text: str, names: frozenset[str] = frozenset()) -> None:
        self.text = text
        self._asks_time = _TIME.search(text) is not None
        self._fault: feel.FeelError | None = None
        self._expression: feel.Expression | None = None
        self.reads: tuple[str, ...] = ()
        try:
            self._expression = _parsed(text, names)
            self.reads = tuple(sorted(self._expression.reads))
        except feel.FeelError as error:
            self._fault = error

    @property
    def fault(self) -> tuple[str, str] | None:
        """Why the text is not FEEL (German, English); None when it is."""
        return None if self._fault is None else (self._fault.message_de, self._fault.message_en)

    @property
    def faults(self) -> tuple[feel.Problem, ...]:
        """What is certainly wrong with it although it can be parsed."""
        return () if self._expression is None else self._expression.faults

    def unknown(self, names: Iterable[str]) -> tuple[feel.Problem, ...]:
        """The names read that are not among `names`, each with its place and what may be meant."""
        if self._expression is None:
            return ()
        return tuple(each for each in self._expression.unknown(names) if each.code == "unknown-name")

    @property
    def tree(self) -> Node | None:
        """The tree of the expression; None when the text is not FEEL."""
        return None if self._expression is None else self._expression.tree

    def value(self, names: Mapping[str, Any], now: datetime) -> Any:
        """The value over `names`. Raises `Stuck` where there is none to be had."""
        if self._expression is None:
            german, english = self.fault or ("", "")
            raise Stuck(Code.EXPRESSION, expression=self.text, reason_de=german, reason_en=english)
        try:
            return self._expression.evaluate(names, now=local(now) if self._asks_time else now)
        except feel.FeelError as error:
            raise Stuck(
                Code.EXPRESSION,
                expression=self.text,
                values=dict(names),
                reason_de=error.message_de,
                reason_en=error.message_en,
            ) from error

    def holds(self, names: Mapping[str, Any], now: datetime) -> bool:
        """The truth of a condition. What is neither true nor false is an incident with the values it came from."""
        found = self.value(names, now)
        if found is True or found is False:
            return found
        problems = self.problems(names, now)
        raise Stuck(
            Code.NOT_BOOLEAN,
            expression=self.text,
            found=literal(found),
            values=dict(names),
            reasons=[problem.message_en for problem in problems],
            reasons_de=[problem.message_de for problem in problems],
        )

    def whole(self, names: Mapping[str, Any], now: datetime) -> int:
        """A whole number, not below zero."""
        found = self.value(names, now)
        if (
            isinstance(found, (Decimal, int))
            and not isinstance(found, bool)
            and found >= 0
            and found == int(found)
        ):
            return int(found)
        raise Stuck(
            Code.BAD_VALUE,
            expression=self.text,
            found=literal(found),
            values=dict(names),
            expected_de="eine ganze Zahl ab 0",
            expected_en="a whole number from 0",
        )

    def problems(self, names: Mapping[str, Any], now: datetime) -> tuple[feel.Problem, ...]:
        """Why parts of the expression are null."""
        return () if self._expression is None else self._expression.explain(names, now=now).problems
