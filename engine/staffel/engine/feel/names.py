"""Which names an expression may use: names of several words are found by longest match (DMN 1.5 §10.3.1.5)."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from staffel.engine.feel.lexer import Token, words

STOP_WORDS = frozenset(("and", "or", "in", "between", "then", "else", "return", "satisfies", "instance"))


class Names:
    """Known names by their first word, longest first. Names are only ever added: a wrong guess costs nothing."""

    __slots__ = ("_by_word",)

    def __init__(self, names: Iterable[str]) -> None:
        self._by_word: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known."""
        parts = words(name)
        if len(parts) < 2:
            return
        entry = (parts, " ".join(name.split()))
        same = self._by_word.setdefault(parts[0], [])
        if entry not in same:
            same.append(entry)
            same.sort(key=lambda item: -len(item[0]))

    def match(self, tokens: list[Token], at: int) -> tuple[str, int] | None:
        """The longest known name of two or more tokens that starts at `at`, with its number of tokens."""
        for parts, name in self._by_word.get(tokens[at].text, ()):
            if all(
                token.text == part for token, part in zip(tokens[at : at + len(parts)], parts, strict=False)
            ):
                return name, len(parts)
        return None


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, if one is like it."""
    found = get_close_matches(name[:60], [each for each in known if each != name], n=1, cutoff=0.7)
    return found[0] if found else None
