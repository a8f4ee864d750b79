"""Soundness of a program: can every case end, is nothing done twice by accident, is everything ever reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from staffel.engine.findings import Finding
from staffel.engine.kernel import Program
from staffel.engine.soundness.abstraction import abstracted
from staffel.engine.soundness.explore import Explorer
from staffel.engine.soundness.verdict import verdict


@dataclass(frozen=True, slots=True)
class Limits:
    """How far to look: states, and seconds of the caller's clock."""

    states: int = 6_000
    seconds: float = 2.0


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Exploration:
    """What a search found, and how far it looked: the states it came to and the steps it took."""

    findings: tuple[Finding, ...]
    states: int
    steps: int


def check_soundness(
    program: Program,
    *,
    clock: Callable[[], float] | None = None,
    limits: Limits = LIMITS,
    reduce: bool = True,
) -> tuple[Finding, ...]:
    """The faults of a program that has no errors, each with a path to it; gravest first. See `explore`."""
    return explore(program, clock=clock, limits=limits, reduce=reduce).findings


def explore(
    program: Program,
    *,
    clock: Callable[[], float] | None = None,
    limits: Limits = LIMITS,
    reduce: bool = True,
) -> Exploration:
    """Look for faults of a program that has no errors; the gravest come first, each with a path to it.

    Data are left out: every condition may hold or not, what waits may go on in any order. `clock` gives seconds;
    without one only the number of states is limited. A model too large for the limits gets `soundness-undecided`.
    """
    abstract = abstracted(program)
    explorer = Explorer(abstract, reduce=reduce)
    until = clock() + limits.seconds if clock is not None else 0.0
    graph = explorer.run(limits.states, lambda: clock is None or clock() < until)
    return Exploration(verdict(abstract, graph), len(graph.nodes), graph.steps)
