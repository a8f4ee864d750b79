"""Which names an expression may use: names of several words are found by longest match (DMN 1.5 §10.3.1.5)."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeAlias

from staffel.engine.feel.lexer import Token, words

STOP_WORDS = frozenset(("and", "or", "in", "between", "then", "else", "return", "satisfies", "instance"))


MAX_WORDS = 20
_Same: TypeAlias = tuple[tuple[int, ...], dict[tuple[str, ...], str]]


class Names:
    """Known names of two or more words by their first. Names are only ever added: a wrong guess costs nothing."""

    __slots__ = ("_by_word", "_own")

    def __init__(self, names: Iterable[str] = (), base: Names | None = None) -> None:
        self._by_word: dict[str, _Same] = dict(base._by_word) if base else {}
        self._own: set[str] = set()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known; one of more than twenty words is not told from an expression."""
        parts = words(name)
        if not 2 <= len(parts) <= MAX_WORDS:
            return
        lengths, known = self._by_word.get(parts[0], ((), {}))
        if parts in known:
            return
        if parts[0] not in self._own:  # what the base knows stays the base's
            self._own.add(parts[0])
            known = dict(known)
        known[parts] = " ".join(name.split())
        self._by_word[parts[0]] = tuple(sorted({*lengths, len(parts)}, reverse=True)), known

    def match(self, tokens: list[Token], at: int) -> tuple[str, int] | None:
        """The longest known name of two or more words that starts at `at`, with its number of tokens."""
        lengths, known = self._by_word.get(tokens[at].text, ((), {}))
        for length in lengths:
            name = known.get(tuple(token.text for token in tokens[at : at + length]))
            if name is not None:
                return name, length
        return None


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, if one is like it."""
    found = get_close_matches(name[:60], [each for each in known if each != name], n=1, cutoff=0.7)
    return found[0] if found else None
