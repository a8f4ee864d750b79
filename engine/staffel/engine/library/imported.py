"""What became of a model written for another tool: translated to FEEL, carried over, left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic

from staffel.engine.library.todo import Found, Job

_TRANSLATED: Final = frozenset({"expression-translated"})
_CARRIED: Final = frozenset({"carried-over", "built-in-task-offered"})
TITLES: Final = {
    "translated": ("Import: in FEEL übersetzt, bitte prüfen", "Import: translated to FEEL, please check"),
    "carried": ("Import: übernommen", "Import: carried over"),
    "left": ("Import: nicht übernommen, ohne Wirkung", "Import: not carried over, without effect"),
}
_LEFT: Final = frozenset({"not-carried-over", "expression-not-translatable", "script-not-translatable"})


@dataclass(frozen=True, slots=True)
class Imported(Generic[Found]):
    """The list of an import, in the order of the file: `was` and `became` of each finding say what was made of it."""

    translated: tuple[Found, ...]
    carried: tuple[Found, ...]
    left: tuple[Found, ...]


def imported_of(findings: Iterable[Found]) -> Imported[Found] | None:
    """What was read of another tool's extensions and expressions; None where the model has none."""
    found = list(findings)
    lists = [tuple(each for each in found if each.code in codes) for codes in (_TRANSLATED, _CARRIED, _LEFT)]
    return Imported(*lists) if any(lists) else None


def import_jobs(findings: Iterable[Found], quiet: Callable[[Found], bool]) -> tuple[Job[Found], ...]:
    """The list in sections that have something; of each only what is `quiet`, for errors stand among the faults."""
    found = imported_of(findings)
    if found is None:
        return ()
    lists = {"translated": found.translated, "carried": found.carried, "left": found.left}
    jobs = (Job(kind, *TITLES[kind], tuple(filter(quiet, told))) for kind, told in lists.items())
    return tuple(job for job in jobs if job.findings)
