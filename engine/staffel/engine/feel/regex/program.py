"""Pattern tree to a program for the machine: characters, splits, jumps, marks, anchors, references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from staffel.engine.feel.regex.classes import CharSet
from staffel.engine.feel.regex.syntax import (
    Anchor,
    Chars,
    Choice,
    Group,
    PatternError,
    Reference,
    Regex,
    Repeat,
    Sequence,
)

MAX_PROGRAM = 5_000


@dataclass(slots=True)
class Take:
    """Take one character of the set."""

    members: CharSet


@dataclass(slots=True)
class Split:
    """Go on at `first`, or failing that at `second`."""

    first: int
    second: int


@dataclass(slots=True)
class Jump:
    """Go on at `to`."""

    to: int


@dataclass(slots=True)
class Mark:
    """Remember the position in a slot."""

    slot: int


@dataclass(slots=True)
class Assert:
    """Go on only at this kind of place."""

    kind: str


@dataclass(slots=True)
class Repeated:
    """Take what a group has taken."""

    group: int
    any_case: bool


@dataclass(slots=True)
class Done:
    """The pattern has matched."""


Instruction: TypeAlias = Take | Split | Jump | Mark | Assert | Repeated | Done


def assemble(tree: Regex) -> tuple[Instruction, ...]:
    """The program of a whole pattern; slots 0 and 1 are its ends. Raises `PatternError` where it is too large."""
    code: list[Instruction] = [Mark(0)]
    _emit(tree, code)
    code += [Mark(1), Done()]
    return tuple(code)


def _emit(tree: Regex, code: list[Instruction]) -> None:
    if len(code) > MAX_PROGRAM:
        raise PatternError("die Wiederholungen sind zu groß", "the repetitions are too large")
    match tree:
        case Chars(members):
            code.append(Take(members))
        case Anchor(kind):
            code.append(Assert(kind))
        case Sequence(parts):
            for part in parts:
                _emit(part, code)
        case Choice(branches):
            _emit_choice(branches, code)
        case Group(number, body):
            code.append(Mark(2 * number))
            _emit(body, code)
            code.append(Mark(2 * number + 1))
        case Repeat():
            _emit_repeat(tree, code)
        case Reference(number, any_case):
            code.append(Repeated(number, any_case))
        case _:
            assert_never(tree)


def _emit_choice(branches: tuple[Regex, ...], code: list[Instruction]) -> None:
    exits = list[Jump]()
    for branch in branches[:-1]:
        split = Split(len(code) + 1, 0)
        code.append(split)
        _emit(branch, code)
        exits.append(Jump(0))
        code.append(exits[-1])
        split.second = len(code)
    _emit(branches[-1], code)
    for leave in exits:
        leave.to = len(code)


def _emit_repeat(tree: Repeat, code: list[Instruction]) -> None:
    for _ in range(tree.least):
        _emit(tree.body, code)
    if tree.most is None:
        start = len(code)
        split = Split(0, 0)
        code.append(split)
        _emit(tree.body, code)
        code.append(Jump(start))
        _aim(split, start + 1, len(code), tree.greedy)
        return
    splits = list[tuple[Split, int]]()
    for _ in range(tree.most - tree.least):
        splits.append((Split(0, 0), len(code)))
        code.append(splits[-1][0])
        _emit(tree.body, code)
    for split, at in splits:
        _aim(split, at + 1, len(code), tree.greedy)


def _aim(split: Split, inside: int, outside: int, greedy: bool) -> None:
    split.first, split.second = (inside, outside) if greedy else (outside, inside)
