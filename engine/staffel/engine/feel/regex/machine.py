"""Runs a program over a text: all alternatives at once (Thompson 1968, Pike), so time grows with text × pattern.

A pattern with back-references keeps alternatives apart by what their groups took; every step is counted against the
caller's budget, so that these end as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from staffel.engine.feel.regex.classes import variants
from staffel.engine.feel.regex.program import Assert, Done, Instruction, Jump, Mark, Repeated, Split, Take
from staffel.engine.feel.regex.syntax import PatternError

Tick: TypeAlias = Callable[[int], None]
Slots: TypeAlias = tuple[int, ...]
_Thread: TypeAlias = tuple[int, Slots, int]
"""Where it stands in the program, its slots, how many characters of a back-reference it has taken."""

_PART = re.compile(r"\\([\\$])|\$([0-9]+)|([^\\$]+)|(.)", re.DOTALL)


class Pattern:
    """A compiled pattern."""

    def __init__(self, code: tuple[Instruction, ...], groups: int, *, literal_replacement: bool) -> None:
        self.code = code
        self.groups = groups
        self.literal_replacement = literal_replacement
        self.has_references = any(isinstance(step, Repeated) for step in code)

    def search(self, text: str, start: int, tick: Tick) -> Slots | None:
        """The first match at or after `start`: begin and end of the whole and of each group (-1 = none)."""
        empty = (-1,) * (2 * self.groups + 2)
        threads = list[_Thread]()
        best: Slots | None = None
        for at in range(start, len(text) + 1):
            seen = set[object]()
            ready = list[_Thread]()
            for thread in threads:
                self._follow(thread, text, at, ready, seen)
            if best is None:
                self._follow((0, empty, 0), text, at, ready, seen)
            tick(len(seen) + 1)
            threads = []
            char = text[at] if at < len(text) else ""
            for pc, slots, taken in ready:
                step = self.code[pc]
                if isinstance(step, Done):
                    best = slots
                    break
                if char and isinstance(step, Take) and step.members(char):
                    threads.append((pc + 1, slots, 0))
                elif char and isinstance(step, Repeated):
                    self._repeat(step, (pc, slots, taken), text, char, threads)
            if best is not None and not threads:
                break
        return best

    def _follow(self, thread: _Thread, text: str, at: int, ready: list[_Thread], seen: set[object]) -> None:
        """Go on through everything that takes no character, in order of preference."""
        pending = [thread]
        while pending:
            pc, slots, taken = pending.pop()
            key: object = (pc, slots, taken) if self.has_references else pc
            if key in seen:
                continue
            seen.add(key)
            match self.code[pc]:
                case Jump(to):
                    pending.append((to, slots, 0))
                case Split(first, second):
                    pending.append((second, slots, 0))
                    pending.append((first, slots, 0))
                case Mark(slot):
                    pending.append((pc + 1, (*slots[:slot], at, *slots[slot + 1 :]), 0))
                case Assert(kind):
                    if _holds(kind, text, at):
                        pending.append((pc + 1, slots, 0))
                case Repeated(group, _) if _length(slots, group) == taken:
                    pending.append((pc + 1, slots, 0))
                case _:
                    ready.append((pc, slots, taken))

    def _repeat(self, step: Repeated, thread: _Thread, text: str, char: str, threads: list[_Thread]) -> None:
        pc, slots, taken = thread
        wanted = text[slots[2 * step.group] + taken]
        if char == wanted or (step.any_case and char in variants(wanted)):
            threads.append((pc, slots, taken + 1))

    def matches(self, text: str, tick: Tick) -> Iterator[Slots]:
        """All matches from left to right. Raises `PatternError` where one is empty (XPath: FORX0003)."""
        at = 0
        while at <= len(text) and (found := self.search(text, at, tick)) is not None:
            if found[0] == found[1]:
                raise PatternError("es trifft auf leeren Text zu", "it matches an empty text")
            yield found
            at = found[1]

    def split(self, text: str, tick: Tick) -> Iterator[str]:
        """The parts between the matches."""
        at = 0
        for found in self.matches(text, tick):
            yield text[at : found[0]]
            at = found[1]
        yield text[at:]

    def replace(self, text: str, replacement: str, tick: Tick, check_size: Tick) -> str:
        """Every match replaced; `$1` is what group 1 took, `$0` the whole, `\\$` and `\\\\` the signs."""
        if self.search("", 0, tick) is not None:
            raise PatternError("es trifft auf leeren Text zu", "it matches an empty text")
        parts = self._replacement(replacement)
        result, at, size = list[str](), 0, 0
        for found in self.matches(text, tick):
            result.append(text[at : found[0]])
            for part in parts:
                piece = part if isinstance(part, str) else _taken(text, found, part)
                result.append(piece)
                size += len(piece)
            check_size(size)
            at = found[1]
        return "".join([*result, text[at:]])

    def _replacement(self, text: str) -> list[str | int]:
        if self.literal_replacement:
            return [text]
        parts = list[str | int]()
        for found in _PART.finditer(text):
            sign, digits, plain, wrong = found.groups()
            if wrong:
                raise PatternError(
                    f"die Ersetzung „{text}“ ist nicht gültig", f"the replacement '{text}' is not valid"
                )
            if digits is None:
                parts.append(sign or plain)
                continue
            count = max((n for n in range(1, len(digits) + 1) if int(digits[:n]) <= self.groups), default=1)
            parts += [int(digits[:count]), digits[count:]]
        return parts


def _taken(text: str, found: Slots, group: int) -> str:
    if 2 * group + 1 >= len(found) or found[2 * group + 1] < 0:
        return ""
    return text[found[2 * group] : found[2 * group + 1]]


def _length(slots: Slots, group: int) -> int:
    start, end = slots[2 * group], slots[2 * group + 1]
    return end - start if 0 <= start <= end else 0


def _holds(kind: str, text: str, at: int) -> bool:
    if kind[0] == "^":
        return at == 0 or (kind == "^m" and at < len(text) and text[at - 1] == "\n")
    return at == len(text) or (kind == "$m" and text[at] == "\n")
