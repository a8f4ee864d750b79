"""Text to tokens (DMN 1.5 §10.3.1.2). Names of several words are put together by the parser, which knows the scope."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple, NoReturn

from staffel.engine.feel.errors import FeelSyntaxError, Position
from staffel.engine.feel.values import MATH, Value

MAX_LENGTH = 200_000
_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_TOKEN = re.compile(
    rf"(?P<space>[{_SPACE}]+|//[^\n\r]*|/\*(?:.*?\*/)?)"
    rf"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<word>[{_START}][{_START}0-9\xb7\u0300-\u036f\u203f-\u2040]*|\?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r'|(?P<at>@"(?:[^"\\]|\\.)*")'
    r"|(?P<symbol>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>(){}\[\],:.])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "'": "'", '"': '"', "\\": "\\"}


class Token(NamedTuple):
    """A piece of the text: `kind` is word, number, string, at, symbol, other or end."""

    kind: str
    text: str
    start: int
    end: int
    value: Value = None


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, closed by one of kind `end`. Raises `FeelSyntaxError`."""
    if len(text) > MAX_LENGTH:
        refuse(
            text,
            0,
            f"Der Ausdruck ist länger als {MAX_LENGTH:,} Zeichen.",
            f"The expression is longer than {MAX_LENGTH:,} characters.",
        )
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        piece = match.group()
        if kind == "space":
            if piece == "/*":
                refuse(text, match.start(), "Der Kommentar hat kein Ende.", "The comment has no end.", "*/")
            continue
        value: Value = None
        if kind == "number":
            value = _number(text, match.start(), piece)
        elif kind in {"string", "at"}:
            value = unescape(piece[1:-1] if kind == "string" else piece[2:-1])
        elif piece == '"':
            refuse(
                text,
                match.start(),
                "Der Text hat kein schließendes Anführungszeichen.",
                "The string has no closing quote.",
                '"',
            )
        found.append(Token(kind, piece, match.start(), match.end(), value))
    found.append(Token("end", "", len(text), len(text)))
    return found


def words(text: str) -> tuple[str, ...]:
    """A name as the texts of its tokens; names with equal tokens are the same name."""
    if text.isascii() and text.isidentifier():
        return (text,)
    return tuple(match.group() for match in _TOKEN.finditer(text) if match.lastgroup != "space")


def refuse(
    text: str, offset: int, german: str, english: str, *expected: str, suggestion: str | None = None
) -> NoReturn:
    """Raise the syntax error at `offset`."""
    raise FeelSyntaxError(
        german, english, Position.at(text, offset), expected=expected, suggestion=suggestion
    )


def unescape(text: str) -> str:
    """Resolve `\\n`, `\\uXXXX`, `\\UXXXXXX`; an escape FEEL does not know stays as it is (`\\d` in a pattern)."""
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_escaped, text)
    # Two \\u escapes may be the halves of one character; strings are code points.
    return (
        plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if _has_surrogate(plain)
        else plain
    )


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


def _escaped(match: re.Match[str]) -> str:
    short, long, char = match.groups()
    if char:
        return _ESCAPES.get(char, match.group())
    code = int(short or long, 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def _number(text: str, at: int, piece: str) -> Decimal:
    try:
        return MATH.create_decimal(piece)
    except ArithmeticError:
        refuse(text, at, f"Die Zahl {piece[:40]} ist zu groß.", f"The number {piece[:40]} is too large.")
