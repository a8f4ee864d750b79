"""The parser's view of the tokens: look, take, expect, and put names of several words together."""

from __future__ import annotations

from typing import NoReturn

from staffel.engine.feel.lexer import Token, refuse, tokens
from staffel.engine.feel.mistakes import MISSING_WORDS, NO_HINT, Hint, syntax_hint
from staffel.engine.feel.names import STOP_WORDS, Names, closest
from staffel.engine.feel.tree import Node

MAX_HEIGHT = 100
_NAME_SYMBOLS = frozenset("-+*/.'")


class Tokens:
    """The tokens of one text, read from front to back, with the names known so far."""

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.index = 0
        self.depth = 0
        self.names = names
        self.last_name = ""

    @property
    def now(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.index]

    @property
    def after(self) -> Token:
        """The token after that; the end stays the end."""
        return self.tokens[min(self.index + 1, len(self.tokens) - 1)]

    def enter(self) -> None:
        """Go one level down, as far as that is allowed."""
        self.depth += 1
        if self.depth > MAX_HEIGHT:
            self.too_deep(self.now.start)

    def leave(self) -> None:
        """Come back up."""
        self.depth -= 1

    def name(self) -> str:
        """A name of one or more words: the longest known one, then every word that follows."""
        token = self.now
        if token.kind != "word":
            self.expected(token, "ein Name", "a name")
        name, count = self.names.match(self.tokens, self.index) or (token.text, 1)
        self.index += count
        while name != "?" and self.now.kind == "word" and self.now.text not in STOP_WORDS:
            name = f"{name} {self.now.text}"
            self.index += 1
        self.last_name = name
        return name

    def key(self, *ends: str) -> str:
        """A name that is being defined: everything up to one of `ends`."""
        start = self.index
        if self.tokens[start].kind == "string":
            self.index += 1
            return str(self.tokens[start].value)
        if self.tokens[start].kind != "word":
            self.expected(self.tokens[start], "ein Name", "a name")
        while self.now.text not in ends and self.now.kind != "end":
            self.index += 1
        span = self.text[self.tokens[start].start : self.tokens[self.index - 1].end]
        return " ".join(span.split())

    def starts_with_key(self) -> bool:
        """Whether a name and a colon come next: a named argument."""
        index = self.index
        if self.tokens[index].kind not in {"word", "string"}:
            return False
        while (
            self.tokens[index].kind in {"word", "number", "string"}
            or self.tokens[index].text in _NAME_SYMBOLS
        ):
            index += 1
        return self.tokens[index].text == ":"

    def at(self, text: str) -> bool:
        """Whether this word or symbol comes next."""
        token = self.now
        return token.text == text and token.kind in {"symbol", "word"}

    def next(self) -> Token:
        """Take the next token."""
        token = self.now
        self.index += 1
        return token

    def take(self, symbol: str) -> bool:
        """Take the word or symbol if it comes next."""
        if self.at(symbol):
            self.index += 1
            return True
        return False

    def expect(self, symbol: str) -> None:
        """Take the symbol or refuse the text."""
        if not self.take(symbol):
            self.expected(self.now, f"„{symbol}“", f"'{symbol}'", symbol)

    def expect_word(self, word: str) -> None:
        """Take the word or refuse the text, with a hint where it seems misspelt."""
        if not self.take(word):
            misspelt = [part for part in self.last_name.split() if closest(part, [word])]
            suggestion = word if misspelt else None
            hint = NO_HINT if misspelt else MISSING_WORDS.get(word, NO_HINT)
            self.expected(self.now, f"„{word}“", f"'{word}'", word, suggestion=suggestion, hint=hint)

    def expect_end(self) -> None:
        """Refuse the text where it goes on."""
        token = self.now
        if token.kind != "end":
            self.expected(
                token, "ein Operator oder das Ende", "an operator or the end", "and", "or", "=", "+"
            )

    def unexpected(self, token: Token) -> NoReturn:
        """Refuse a token where an operand should stand."""
        self.expected(token, "ein Wert, ein Name oder „(“", "a value, a name or '('", "value", "name", "(")

    def expected(
        self,
        token: Token,
        german: str,
        english: str,
        *expected: str,
        suggestion: str | None = None,
        hint: Hint = NO_HINT,
    ) -> NoReturn:
        """Refuse the text at a token: this was expected, that was found."""
        found = token.text[:40]
        found_de, found_en = (f"„{found}“", f"'{found}'") if found else ("das Ende", "the end")
        if not suggestion:
            hint = self._hint(token) or hint
        refuse(
            self.text,
            token.start,
            f"Erwartet wird {german}, gefunden: {found_de}.{hint[0]}",
            f"Expected {english}, found {found_en}.{hint[1]}",
            *(expected or ("name",)),
            suggestion=suggestion,
        )

    def _hint(self, token: Token) -> Hint | None:
        index = next(index for index, each in enumerate(self.tokens) if each.start == token.start)
        found = syntax_hint(self.tokens, index, self.last_name)
        return None if found is NO_HINT else found

    def height(self, at: int, *children: Node) -> int:
        """The height of a node above its children; refused where it is too high."""
        height = 1 + max((child.height for child in children), default=0)
        if height > MAX_HEIGHT:
            self.too_deep(at)
        return height

    def too_deep(self, at: int) -> NoReturn:
        """Refuse the text because it is nested too deeply."""
        refuse(
            self.text,
            at,
            f"Der Ausdruck ist tiefer als {MAX_HEIGHT} Stufen geschachtelt.",
            f"The expression is nested deeper than {MAX_HEIGHT} levels.",
        )
