"""Can every case of the model end: the soundness of each process, looked for within seconds."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

import msgspec

from staffel.engine.kernel import Program
from staffel.engine.library.checks.notes import Notes
from staffel.engine.soundness import check_soundness


def check_sound(programs: Mapping[str, Program], file: str, notes: Notes) -> None:
    """Explore every process of a model without errors; `file` is where it stands."""
    for program in programs.values():
        found = check_soundness(program, clock=monotonic)
        notes.findings += [msgspec.structs.replace(each, file=file) for each in found]
