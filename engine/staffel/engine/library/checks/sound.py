"""Can every case of the model end: the soundness of each process, looked for within seconds."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

import msgspec

from staffel.engine.kernel import Program
from staffel.engine.library.checks.notes import Notes
from staffel.engine.soundness import explore


class Explored(msgspec.Struct, frozen=True):
    """How far the search for faults of the flow went, over all processes of a model."""

    states: int
    steps: int
    seconds: float


def check_sound(programs: Mapping[str, Program], file: str, notes: Notes) -> Explored:
    """Explore every process of a model without errors; `file` is where it stands."""
    begun, states, steps = monotonic(), 0, 0
    for program in programs.values():
        found = explore(program, clock=monotonic)
        notes.findings += [msgspec.structs.replace(each, file=file) for each in found.findings]
        states, steps = states + found.states, steps + found.steps
    return Explored(states, steps, round(monotonic() - begun, 3))
