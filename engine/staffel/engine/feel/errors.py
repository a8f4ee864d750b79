"""What can go wrong with an expression, told in German and English with the place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """A place in an expression's text: `offset` counts from 0, `line` and `column` from 1."""

    offset: int
    line: int
    column: int

    @classmethod
    def at(cls, text: str, offset: int) -> Position:
        """The position of `offset` in `text`."""
        before = text[:offset]
        return cls(offset, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value is null, or what is wrong with an element of a model.

    `code` is stable and kebab-case. `severity` is `error` or `warning`. `element` (an id) and `line` place it in a
    file, `position` in the text of an expression; what is unknown is empty, 0 or None.
    """

    code: str
    message_de: str
    message_en: str
    position: Position | None = None
    severity: str = "error"
    element: str = ""
    line: int = 0


class FeelError(Exception):
    """The expression cannot be used; every error of this package is one of these."""

    def __init__(self, message_de: str, message_en: str, position: Position | None = None) -> None:
        super().__init__(message_en)
        self.message_de = message_de
        self.message_en = message_en
        self.position = position


class FeelSyntaxError(FeelError):
    """The text is not FEEL: `position` says where, `expected` what could stand there."""

    def __init__(
        self,
        message_de: str,
        message_en: str,
        position: Position,
        *,
        expected: Iterable[str] = (),
        suggestion: str | None = None,
    ) -> None:
        where_de = f"Zeile {position.line}, Spalte {position.column}: "
        where_en = f"line {position.line}, column {position.column}: "
        hint_de = f" Meinten Sie „{suggestion}“?" if suggestion else ""
        hint_en = f" Did you mean '{suggestion}'?" if suggestion else ""
        super().__init__(where_de + message_de + hint_de, where_en + message_en + hint_en, position)
        self.expected = tuple(expected)
        self.suggestion = suggestion


class FeelBudgetExceeded(FeelError):  # noqa: N818 - the contract's name
    """The evaluation took more steps, depth, size or time than its budget allows."""

    def __init__(self, limit: str, allowed: float, position: Position | None) -> None:
        german = {"steps": "Schritte", "depth": "Tiefe", "size": "Größe", "seconds": "Sekunden"}[limit]
        super().__init__(
            f"Die Auswertung überschreitet ihr Budget ({german}: {allowed:g}). Bitte den Ausdruck vereinfachen.",
            f"The evaluation exceeds its budget ({limit}: {allowed:g}). Simplify the expression.",
            position,
        )
        self.limit = limit


class FeelValueError(FeelError):
    """A value is not one that FEEL knows, or is nested too deeply."""
