"""Decisions: every DMN file of the upload read, with its imports among the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from staffel.engine.dmn import ALWAYS, DecisionModel, Validity, read_dmn
from staffel.engine.feel.errors import Problem
from staffel.engine.findings import Severity
from staffel.engine.library.checks.notes import Notes

_MEND = (
    "Die Tabelle im DMN-Editor öffnen und die genannte Stelle berichtigen.",
    "Open the table in the DMN editor and correct that place.",
)


Filed = tuple[str, DecisionModel]
"""A model and the file it stands in."""


def read_decisions(files: Mapping[str, bytes], notes: Notes) -> dict[str, DecisionModel]:
    """Decisions and decision services by id and by name, each with the model it stands in."""
    read: list[Filed] = []
    for path, content in sorted(files.items()):
        others = {other.rpartition("/")[2]: data for other, data in files.items() if other != path}
        model, problems = read_dmn(content, imports=others)
        for problem in problems:
            _tell(problem, path, notes)
        if model is not None:
            model.file = path
            read.append((path, model))
    holders: dict[str, list[Filed]] = {}
    for path, model in read:
        for name in (*model.decisions, *model.services):
            holders.setdefault(name, []).append((path, model))
    for name, filed in holders.items():
        if len(filed) > 1:
            _dated(name, filed, notes)
    _imports(read, notes)
    return {name: filed[-1][1] for name, filed in holders.items()}


def _dated(name: str, filed: list[Filed], notes: Notes) -> None:
    """Versions of one decision, put in the order of time; each day may have one only. The last is the one to show."""
    undated = sum(name in model.decisions and model.decisions[name].validity == ALWAYS for _, model in filed)
    if undated > 1 or any(name not in model.decisions for _, model in filed):
        _twice(name, filed[0][0], filed[1][0], notes)
        return
    filed.sort(key=lambda each: each[1].decisions[name].validity.order)
    told = name == filed[0][1].decisions[name].id
    for (first, one), (second, other) in pairwise(filed):
        earlier, later = one.decisions[name].validity, other.decisions[name].validity
        if not told:
            continue
        if earlier.overlaps(later):
            _overlap(name, (first, earlier), (second, later), notes)
        elif not later.follows(earlier):
            _gap(name, (first, earlier), (second, later), notes)
    for _, model in filed:
        model.versions = {**model.versions, name: tuple(each for _, each in filed)}


def _imports(read: Sequence[Filed], notes: Notes) -> None:
    """An import names a namespace; where two files share it, which one is meant is unclear."""
    shared = {name for name, number in Counter(model.namespace for _, model in read).items() if number > 1}
    for path, model in read:
        for namespace in sorted(model.imported & shared):
            notes.error(
                "decision-import-ambiguous",
                path,
                (
                    f"Eingebunden wird der Namensraum {namespace}, den mehrere Dateien haben.",
                    f"The namespace {namespace} is imported, which several files have.",
                ),
                (
                    "Jeder Fassung einen eigenen Namensraum geben und in jeder die passende einbinden.",
                    "Give each version a namespace of its own and import the fitting one in each.",
                ),
            )


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


def _overlap(name: str, first: tuple[str, Validity], second: tuple[str, Validity], notes: Notes) -> None:
    notes.error(
        "decision-overlap",
        second[0],
        (
            f"„{name}“ {first[1].text_de} ({first[0]}) und {second[1].text_de} ({second[0]}): An manchen Tagen gälten beide.",
            f"'{name}' {first[1].text_en} ({first[0]}) and {second[1].text_en} ({second[0]}): on some days both would hold.",
        ),
        (
            "staffel:validFrom und staffel:validTo so setzen, dass an jedem Tag genau eine Fassung gilt.",
            "Set staffel:validFrom and staffel:validTo so that exactly one version holds on each day.",
        ),
        element=name,
    )


def _gap(name: str, first: tuple[str, Validity], second: tuple[str, Validity], notes: Notes) -> None:
    notes.warning(
        "decision-gap",
        second[0],
        (
            f"„{name}“ {first[1].text_de} und {second[1].text_de}: Für die Tage dazwischen gibt es keine Fassung.",
            f"'{name}' {first[1].text_en} and {second[1].text_en}: there is no version for the days between.",
        ),
        (
            "Die Lücke schließen, wenn Sachverhalte dieser Tage vorkommen können; ein Vorgang stünde dort still.",
            "Close the gap if facts of those days can occur; a case would stand still there.",
        ),
        element=name,
    )


def _twice(name: str, first: str, second: str, notes: Notes) -> None:
    notes.error(
        "decision-twice",
        second,
        (
            f"Die Entscheidung „{name}“ steht in {first} und in {second}; es gilt nicht mehr, welche gemeint ist.",
            f'The decision "{name}" stands in {first} and in {second}; which one is meant is unclear.',
        ),
        (
            "Eine der beiden umbenennen; Fassungen derselben Entscheidung mit staffel:validFrom und staffel:validTo datieren.",
            "Rename one of the two; date versions of the same decision by staffel:validFrom and staffel:validTo.",
        ),
        element=name,
    )
