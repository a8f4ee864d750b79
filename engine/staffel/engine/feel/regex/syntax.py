"""Pattern text to a tree (XPath Functions 3.1 §5.6.1, XML Schema Part 2 appendix F)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from staffel.engine.feel.regex.classes import (
    SETS,
    CharSet,
    any_case,
    between,
    category,
    inverse,
    one_of,
    union,
    variants,
    without,
)

MAX_DEPTH = 60
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", **{char: char for char in "\\|.?*+(){}$-[]^"}}


class PatternError(ValueError):
    """The pattern is not valid; both texts complete „Das Muster ist nicht gültig: …“."""

    def __init__(self, message_de: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_de = message_de
        self.message_en = message_en


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    members: CharSet


@dataclass(frozen=True, slots=True)
class Anchor:
    """`^` or `$`, with the flag m as `^m`, `$m`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple[Regex, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    branches: tuple[Regex, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A capturing group."""

    number: int
    body: Regex


@dataclass(frozen=True, slots=True)
class Repeat:
    """`{least,most}`; `most` None is unbounded."""

    body: Regex
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """`\\1`."""

    number: int
    any_case: bool


Regex: TypeAlias = "Chars | Anchor | Sequence | Choice | Group | Repeat | Reference"


def parse_pattern(pattern: str, flags: str) -> tuple[Regex, int]:
    """The tree and the number of capturing groups. Raises `PatternError`."""
    reader = _Reader(pattern, flags)
    if "q" in flags:
        return Sequence(tuple(reader.char(char) for char in pattern)), 0
    if "x" in flags:
        reader.text = _without_space(pattern)
    tree = reader.choice()
    if reader.at < len(reader.text):
        reader.fail("„)“ ohne „(“", "')' without '('")
    return tree, reader.groups


def _without_space(pattern: str) -> str:
    """The pattern without white space outside classes (flag x)."""
    kept, depth, escaped = list[str](), 0, False
    for char in pattern:
        if char in " \t\n\r" and not depth:
            continue
        kept.append(char)
        if not escaped:
            depth += {"[": 1, "]": -1}.get(char, 0)
        escaped = char == "\\" and not escaped
    return "".join(kept)


class _Reader:
    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.at = 0
        self.groups = 0
        self.closed = set[int]()
        self.depth = 0
        self.any_case = "i" in flags
        self.dot_all = "s" in flags
        self.lines = "m" in flags

    def fail(self, german: str, english: str) -> NoReturn:
        raise PatternError(f"{german} (Zeichen {self.at + 1})", f"{english} (character {self.at + 1})")

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self, char: str) -> bool:
        if self.text.startswith(char, self.at):
            self.at += len(char)
            return True
        return False

    def choice(self) -> Regex:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("zu tief geschachtelt", "nested too deeply")
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())
        self.depth -= 1
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def sequence(self) -> Regex:
        parts = list[Regex]()
        while self.peek() and self.peek() not in "|)":
            parts.append(self.quantified(self.atom()))
        return Sequence(tuple(parts))

    def atom(self) -> Regex:
        char = self.peek()
        if char == "(":
            return self.group()
        self.at += 1
        if char == ".":
            return Chars(lambda _char: True) if self.dot_all else Chars(inverse(one_of("\n\r")))
        if char in "^$":
            return Anchor(char + ("m" if self.lines else ""))
        if char == "[":
            members = self.char_class()
            return Chars(any_case(members) if self.any_case else members)
        if char == "\\":
            return self.escape()
        if char in "?*+{}])":
            self.at -= 1
            self.fail(f"„{char}“ steht hier ohne Bezug", f"'{char}' has nothing to refer to")
        return self.char(char)

    def char(self, char: str) -> Chars:
        return Chars(any_case(one_of("".join(variants(char)))) if self.any_case else char.__eq__)

    def group(self) -> Regex:
        self.at += 1
        if self.take("?:"):
            body = self.choice()
        elif self.peek() == "?":
            self.fail("diese Gruppe gibt es nicht", "there is no such group")
        else:
            self.groups += 1
            number = self.groups
            body = Group(number, self.choice())
            self.closed.add(number)
        if not self.take(")"):
            self.fail("„)“ fehlt", "')' is missing")
        return body

    def escape(self) -> Regex:
        char = self.peek()
        if char.isascii() and char.isdigit():
            return self.reference()
        members = self.escaped_set()
        if isinstance(members, str):
            return self.char(members)
        return Chars(any_case(members) if self.any_case else members)

    def reference(self) -> Regex:
        number = int(self.peek())
        self.at += 1
        while (
            self.peek().isdigit() and self.peek().isascii() and number * 10 + int(self.peek()) <= self.groups
        ):
            number = number * 10 + int(self.peek())
            self.at += 1
        if number not in self.closed:
            self.fail(f"es gibt keine Gruppe {number}", f"there is no group {number}")
        return Reference(number, self.any_case)

    def escaped_set(self) -> CharSet | str:
        """What follows a backslash: one character or a set."""
        char = self.peek()
        self.at += 1
        if char in _ESCAPED:
            return _ESCAPED[char]
        if char in SETS:
            return SETS[char]
        if char in {"p", "P"} and self.take("{"):
            end = self.text.find("}", self.at)
            members = category(self.text[self.at : end]) if end > 0 else None
            if members is not None:
                self.at = end + 1
                return members if char == "p" else inverse(members)
        self.at -= 1
        self.fail(f"„\\{char}“ gibt es nicht", f"there is no '\\{char}'")

    def char_class(self) -> CharSet:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("zu tief geschachtelt", "nested too deeply")
        negated = self.take("^")
        parts, taken = list[CharSet](), None
        while not self.take("]"):
            if parts and self.take("-["):
                taken = self.char_class()
                if not self.take("]"):
                    self.fail("„]“ fehlt nach der Ausnahme", "']' is missing after the subtraction")
                break
            parts.append(self.class_part(first=not parts))
        if not parts:
            self.fail("die Zeichenklasse ist leer", "the class is empty")
        members = inverse(union(tuple(parts))) if negated else union(tuple(parts))
        if negated and self.any_case:
            members = inverse(any_case(union(tuple(parts))))
        self.depth -= 1
        if taken is None:
            return members
        return without(members, any_case(taken) if self.any_case else taken)

    def class_part(self, *, first: bool) -> CharSet:
        low = self.class_char(first=first)
        if not isinstance(low, str):
            return low
        after = self.text[self.at + 1 : self.at + 2]
        if self.peek() != "-" or after in {"]", "["} or not after:
            return low.__eq__
        self.at += 1
        high = self.class_char(first=False)
        if not isinstance(high, str) or high < low:
            self.fail("der Bereich ist nicht möglich", "the range is not possible")
        return between(low, high)

    def class_char(self, *, first: bool) -> CharSet | str:
        char = self.peek()
        self.at += 1
        if char == "\\":
            return self.escaped_set()
        if char == "-" and not first and self.peek() != "]":
            self.fail("„-“ steht nur am Rand der Klasse", "'-' stands only at the edge of the class")
        if char in {"[", ""}:
            self.fail("die Zeichenklasse hat kein Ende", "the class has no end")
        return char

    def quantified(self, body: Regex) -> Regex:
        char = self.peek()
        bounds: tuple[int, int | None]
        if char and char in "?*+":
            self.at += 1
            bounds = {"?": (0, 1), "*": (0, None), "+": (1, None)}[char]
        elif char == "{":
            bounds = self.bounds()
        else:
            return body
        greedy = not self.take("?")
        return Repeat(body, *bounds, greedy)

    def bounds(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        least, comma, most = self.text[self.at + 1 : max(end, 0)].partition(",")
        right = least.isascii() and least.isdigit() and len(least) < 6
        if comma and most:
            right = right and most.isascii() and most.isdigit() and len(most) < 6 and int(most) >= int(least)
        if not right:
            self.fail("die Anzahl in „{}“ ist nicht gültig", "the count in '{}' is not valid")
        self.at = end + 1
        if not comma:
            return int(least), int(least)
        return int(least), int(most) if most else None
