"""The reusable sub-processes that come with Staffel, as programs: what a model on disk calls is looked up here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from staffel.engine.kernel import Program
from staffel.engine.library.bundle import check_bundle
from staffel.processes import building_blocks, read_bundle

_CALL = re.compile(rb"""calledElement\s*=\s*["'](?:[^"':]*:)?([^"']+)["']""")


def shipped_calls(files: Mapping[str, bytes]) -> dict[str, Program]:
    """The programs of the shipped sub-processes that a bundle's models call, by the id of the process."""
    called = {
        name.decode()
        for path, text in files.items()
        if path.endswith(".bpmn")
        for name in _CALL.findall(text)
    }
    return {name: _program(name) for name in called & set(building_blocks())}


@cache
def _program(name: str) -> Program:
    files = read_bundle(building_blocks()[name])
    return check_bundle(files, calls=shipped_calls(files), play=False).programs[name]
