"""Translate the simple part of JUEL and Python to FEEL: comparisons, `and`/`or`/`not`, arithmetic, paths, choices.

A closed grammar read by a small precedence parser; nothing is ever run. What it does not know it refuses with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MAX_LENGTH: Final = 4_000
MAX_DEPTH: Final = 40

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<number>\d+(?:\.\d+)?(?![\w.]))
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<name>[^\W\d]\w*)
      | (?P<sign>\*\*|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:().,\[\]])
    )""",
    re.VERBOSE,
)
_FEEL_WORDS: Final = frozenset(
    {"and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between"}
    | {"instance", "of", "function", "external", "true", "false", "null", "date", "time", "duration"}
)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}

# Binding strength of what a piece of FEEL is made of.
_CHOICE, _OR, _AND, _COMPARE, _SUM, _PRODUCT, _SIGN, _ATOM = range(8)

_COMPARISONS: Final = {"==": "=", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_JUEL_WORDS: Final = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
    "and": "&&",
    "or": "||",
} | {
    "not": "!",
    "div": "/",
    "mod": "%",
}
_PYTHON_WORDS: Final = {"and": "&&", "or": "||", "not": "!"}
_CONSTANTS: Final = {"true": "true", "false": "false", "null": "null"}
_PYTHON_CONSTANTS: Final = {"True": "true", "False": "false", "None": "null"}


class Untranslatable(ValueError):  # noqa: N818 - says what the expression is
    """The expression is not in the part that can be translated; `de` and `en` say why."""

    def __init__(self, de: str, en: str) -> None:
        super().__init__(en)
        self.de, self.en = de, en


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Feel:
    text: str
    strength: int = _ATOM

    def within(self, strength: int) -> str:
        """The text, in brackets where it binds more weakly than what stands around it."""
        return self.text if self.strength >= strength else f"({self.text})"


def juel_to_feel(text: str) -> str:
    """`${betrag > 1000 && art == 'A'}` → `betrag > 1000 and art = "A"`; text around `${…}` is joined with `+`."""
    if len(text) > MAX_LENGTH:
        raise _too_long()
    parts = re.split(r"([$#]\{[^{}]*\})", text)
    pieces = [part for part in parts if part]
    if len(pieces) == 1 and pieces[0][:1] in "$#":
        return _Parser(pieces[0][2:-1], python=False).whole()
    joined = [
        f"string({_Parser(piece[2:-1], python=False).whole()})"
        if re.match(r"[$#]\{", piece)
        else quoted(piece)
        for piece in pieces
    ]
    if any(re.search(r"[$#]\{", piece) for piece in pieces if not piece.endswith("}")):
        raise Untranslatable("die Klammer „${“ wird nicht geschlossen", 'the bracket "${" is not closed')
    return " + ".join(joined)


def python_to_feel(text: str) -> str:
    """`betrag > 1000 and art == "A"` → `betrag > 1000 and art = "A"`."""
    if len(text) > MAX_LENGTH:
        raise _too_long()
    return _Parser(text, python=True).whole()


def quoted(text: str) -> str:
    """A FEEL string of literally this text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return '"' + escaped.replace("\t", "\\t") + '"'


def is_juel(text: str) -> bool:
    """Whether the text holds a JUEL expression; FEEL never has `${`."""
    return "${" in text or "#{" in text


class _Parser:
    """One expression; every rule gives the FEEL text with its binding strength."""

    def __init__(self, text: str, *, python: bool) -> None:
        self.python = python
        self.constants = _PYTHON_CONSTANTS if python else _CONSTANTS
        self.tokens = _tokens(text, _PYTHON_WORDS if python else _JUEL_WORDS)
        self.at = 0
        self.depth = 0

    def whole(self) -> str:
        result = self.choice()
        if self.peek().kind != "end":
            raise _unexpected(self.peek())
        return result.text

    def peek(self) -> _Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> _Token | None:
        token = self.tokens[self.at]
        if token.kind in {"sign", "name"} and token.text in texts:
            self.at += 1
            return token
        return None

    def expect(self, text: str) -> None:
        if self.take(text) is None:
            raise _unexpected(self.peek())

    def choice(self) -> _Feel:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Untranslatable("er ist zu tief geschachtelt", "it is nested too deeply")
        value = self.either()
        if self.python and self.take("if"):
            condition = self.either()
            self.expect("else")
            value = _if(condition, value, self.choice())
        elif not self.python and self.take("?"):
            yes = self.choice()
            self.expect(":")
            value = _if(value, yes, self.choice())
        self.depth -= 1
        return value

    def either(self) -> _Feel:
        value = self.both()
        while self.take("||"):
            value = _Feel(f"{value.within(_OR)} or {self.both().within(_AND)}", _OR)
        return value

    def both(self) -> _Feel:
        value = self.negated()
        while self.take("&&"):
            value = _Feel(f"{value.within(_AND)} and {self.negated().within(_COMPARE)}", _AND)
        return value

    def negated(self) -> _Feel:
        if self.python and self.take("!"):
            return _Feel(f"not({self.nested(self.negated).text})")
        return self.comparison()

    def nested(self, rule: Callable[[], _Feel]) -> _Feel:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Untranslatable("er ist zu tief geschachtelt", "it is nested too deeply")
        result = rule()
        self.depth -= 1
        return result

    def comparison(self) -> _Feel:
        left = self.sum()
        found: list[_Feel] = []
        while (part := self._compared(left)) is not None:
            feel, left = part
            found.append(feel)
        if not found:
            return left
        if len(found) == 1:
            return found[0]
        if not self.python:
            raise Untranslatable("Vergleiche stehen hintereinander", "comparisons stand in a chain")
        return _Feel(" and ".join(part.text for part in found), _AND)

    def _compared(self, left: _Feel) -> tuple[_Feel, _Feel] | None:
        if sign := self.take(*_COMPARISONS):
            right = self.sum()
            return _Feel(
                f"{left.within(_SUM)} {_COMPARISONS[sign.text]} {right.within(_SUM)}", _COMPARE
            ), right
        if self.python and self.take("is"):
            negated = self.take("!") is not None
            right = self.sum()
            if right.text != "null":
                raise Untranslatable("„is“ ist nur vor None erlaubt", '"is" is allowed only before None')
            return _Feel(f"{left.within(_SUM)} {'!=' if negated else '='} null", _COMPARE), right
        if self.python and (self.peek().text == "in" or self._not_in()):
            return self._membership(left)
        return None

    def _not_in(self) -> bool:
        following = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        return self.peek().text == "!" and following.text == "in"

    def _membership(self, left: _Feel) -> tuple[_Feel, _Feel]:
        negated = self.take("!") is not None
        self.expect("in")
        right = self.sum()
        if not right.text.startswith("["):
            raise Untranslatable("nach „in“ steht keine Liste", 'there is no list after "in"')
        contains = f"list contains({right.text}, {left.text})"
        return _Feel(f"not({contains})" if negated else contains), right

    def sum(self) -> _Feel:
        value = self.product()
        while sign := self.take("+", "-"):
            value = _Feel(f"{value.within(_SUM)} {sign.text} {self.product().within(_PRODUCT)}", _SUM)
        return value

    def product(self) -> _Feel:
        value = self.signed()
        while sign := self.take("*", "/", "%"):
            right = self.signed()
            if sign.text == "%":
                if not self.python:
                    raise Untranslatable("„%“ rechnet in FEEL anders", '"%" computes differently in FEEL')
                value = _Feel(f"modulo({value.text}, {right.text})")
            else:
                value = _Feel(f"{value.within(_PRODUCT)} {sign.text} {right.within(_SIGN)}", _PRODUCT)
        return value

    def signed(self) -> _Feel:
        if self.take("-"):
            return _Feel(f"-{self.nested(self.signed).within(_SIGN)}", _SIGN)
        if not self.python and self.take("!"):
            return _Feel(f"not({self.nested(self.signed).text})")
        if not self.python and self.take("empty"):
            value = self.nested(self.signed).within(_SUM)
            return _Feel(f'{value} = null or string({value}) = "" or string({value}) = "[]"', _OR)
        return self.path()

    def path(self) -> _Feel:
        value = self.atom()
        while True:
            if self.take("."):
                value = self.step(value)
            elif self.take("["):
                value = self.index(value)
            elif self.peek().text == "(":
                raise Untranslatable(
                    f"der Aufruf „{value.text}(…)“ hat in FEEL keine Entsprechung",
                    f'the call "{value.text}(…)" has no counterpart in FEEL',
                )
            else:
                return value

    def step(self, value: _Feel) -> _Feel:
        token = self.peek()
        if token.kind != "name":
            raise _unexpected(token)
        self.at += 1
        if not self.python and self.peek().text == "(":
            return self.method(value, token.text)
        return _Feel(f"{value.within(_ATOM)}.{_checked(token.text)}")

    def method(self, value: _Feel, name: str) -> _Feel:
        """The few methods of JUEL expressions that only read a value."""
        self.expect("(")
        argument = None if self.peek().text == ")" else self.choice()
        self.expect(")")
        if name == "equals" and argument is not None:
            return _Feel(f"{value.within(_SUM)} = {argument.within(_SUM)}", _COMPARE)
        if name == "size" and argument is None:
            return _Feel(f"count({value.text})")
        if name == "getVariable" and value.text == "execution" and argument and argument.text.startswith('"'):
            return _Feel(_checked(argument.text[1:-1]))
        raise Untranslatable(
            f"der Aufruf „{name}(…)“ hat in FEEL keine Entsprechung",
            f'the call "{name}(…)" has no counterpart in FEEL',
        )

    def index(self, value: _Feel) -> _Feel:
        key = self.choice()
        self.expect("]")
        if key.text.startswith('"') and key.text[1:-1].isidentifier():
            return _Feel(f"{value.within(_ATOM)}.{_checked(key.text[1:-1])}")
        if key.text.isdigit():  # FEEL counts from 1
            return _Feel(f"{value.within(_ATOM)}[{int(key.text) + 1}]")
        raise Untranslatable("der Index ist kein fester Wert", "the index is not a fixed value")

    def atom(self) -> _Feel:
        token = self.peek()
        self.at += 1
        match token.kind:
            case "number":
                return _Feel(token.text)
            case "string":
                return _Feel(quoted(_unescaped(token.text)))
            case "name":
                return self._named(token.text)
            case _:
                return self._bracketed(token)

    def _named(self, name: str) -> _Feel:
        if self.python and name == "len" and self.peek().text == "(":
            return self._length()
        constant = self.constants.get(name)
        return _Feel(constant if constant is not None else _checked(name))

    def _bracketed(self, token: _Token) -> _Feel:
        if token.kind == "sign" and token.text == "(":
            value = self.choice()
            self.expect(")")
            return _Feel(f"({value.text})")
        if token.kind == "sign" and token.text == "[" and self.python:
            return self._list()
        raise _unexpected(token)

    def _length(self) -> _Feel:
        self.expect("(")
        value = self.choice()
        self.expect(")")
        return _Feel(f"count({value.text})")

    def _list(self) -> _Feel:
        items: list[str] = []
        while not self.take("]"):
            items.append(self.choice().text)
            if not self.take(",") and self.peek().text != "]":
                raise _unexpected(self.peek())
        return _Feel(f"[{', '.join(items)}]")


def _if(condition: _Feel, yes: _Feel, no: _Feel) -> _Feel:
    return _Feel(f"if {condition.text} then {yes.text} else {no.text}", _CHOICE)


def _tokens(text: str, words: dict[str, str]) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            rest = text[at : at + 12].strip()
            raise Untranslatable(f"„{rest}“ ist unbekannt", f'"{rest}" is unknown')
        word = match[match.lastgroup]
        kind = match.lastgroup
        if kind == "name" and word in words:
            kind, word = "sign", words[word]
        found.append(_Token(kind, word))
        at = match.end()
    return [*found, _Token("end", "")]


def _unescaped(literal: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), literal[1:-1])


def _checked(name: str) -> str:
    if name in _FEEL_WORDS:
        raise Untranslatable(f"„{name}“ ist in FEEL ein festes Wort", f'"{name}" is a reserved word in FEEL')
    return name


def _unexpected(token: _Token) -> Untranslatable:
    if token.kind == "end":
        return Untranslatable("er endet zu früh", "it ends too early")
    return Untranslatable(f"„{token.text}“ wird hier nicht erwartet", f'"{token.text}" is not expected here')


def _too_long() -> Untranslatable:
    return Untranslatable(
        f"er hat mehr als {MAX_LENGTH} Zeichen", f"it has more than {MAX_LENGTH} characters"
    )
