"""Decisions: every DMN file of the upload read, with its imports among the others."""

from __future__ import annotations

from collections.abc import Mapping

from staffel.engine.dmn import DecisionModel, read_dmn
from staffel.engine.feel.errors import Problem
from staffel.engine.findings import Severity
from staffel.engine.library.checks.notes import Notes

_MEND = (
    "Die Tabelle im DMN-Editor öffnen und die genannte Stelle berichtigen.",
    "Open the table in the DMN editor and correct that place.",
)


def read_decisions(files: Mapping[str, bytes], notes: Notes) -> dict[str, DecisionModel]:
    """Decisions and decision services by id and by name, each with the model it stands in."""
    found: dict[str, DecisionModel] = {}
    owners: dict[str, str] = {}
    for path, content in sorted(files.items()):
        others = {other.rpartition("/")[2]: data for other, data in files.items() if other != path}
        model, problems = read_dmn(content, imports=others)
        for problem in problems:
            _tell(problem, path, notes)
        if model is None:
            continue
        for name in (*model.decisions, *model.services):
            if found.get(name, model) is not model:
                _twice(name, owners[name], path, notes)
            found.setdefault(name, model)
            owners.setdefault(name, path)
    return found


def _tell(problem: Problem, path: str, notes: Notes) -> None:
    notes.add(
        problem.code,
        Severity.ERROR if problem.severity == "error" else Severity.WARNING,
        path,
        (problem.message_de, problem.message_en),
        _MEND,
        element=problem.element,
        line=problem.line,
        layer="decisions",
    )


def _twice(name: str, first: str, second: str, notes: Notes) -> None:
    notes.error(
        "decision-twice",
        second,
        (
            f"Die Entscheidung „{name}“ steht in {first} und in {second}; es gilt nicht mehr, welche gemeint ist.",
            f'The decision "{name}" stands in {first} and in {second}; which one is meant is unclear.',
        ),
        ("Eine der beiden umbenennen.", "Rename one of the two."),
        element=name,
    )
