"""Runs the catalogue of elements and writes it down: the tables of `docs/conformance.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.elements.catalogue import Outcome, all_rows, try_out
from tests.conformance.elements.event_rows import POSITIONS, TRIGGERS
from tests.conformance.elements.pieces import Row

BEGIN, END = "<!-- elements: begin (make conformance writes this) -->", "<!-- elements: end -->"
REFUSED_HERE = "not-executed"


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """How the suite went; `failing` maps rows that are neither executed nor refused to what happened."""

    passed: int
    total: int
    failing: Mapping[str, str]


def run_suite(_path: Path | None = None) -> SuiteResult:
    """Try every row of the catalogue; it needs no material from outside."""
    outcomes = {f"{row.group}: {row.name}": try_out(row) for row in all_rows()}
    failing = {
        name: found.fault for name, found in outcomes.items() if not found.executed and not found.refused
    }
    return SuiteResult(len(outcomes) - len(failing), len(outcomes), failing)


def document(text: str) -> str:
    """The document with its tables written anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables()}{END}{after}"


def tables() -> str:
    """Events by trigger and position, then everything else."""
    tried = [(row, try_out(row)) for row in all_rows()]
    events = {(row.group, row.name): found for row, found in tried if row.group in POSITIONS}
    rest = [(row, found) for row, found in tried if row.group not in POSITIONS]
    return "\n".join((*_events(events), "", *_others(rest), ""))


def _events(found: Mapping[tuple[str, str], Outcome]) -> Iterable[str]:
    yield "| trigger | " + " | ".join(POSITIONS) + " |"
    yield "|---" * (len(POSITIONS) + 1) + "|"
    for trigger in TRIGGERS:
        cells = (_cell(found[position, trigger]) for position in POSITIONS)
        yield f"| {trigger} | " + " | ".join(cells) + " |"


def _cell(outcome: Outcome) -> str:
    if outcome.executed:
        return "executed"
    return "**refused**" if outcome.refused == (REFUSED_HERE,) else "–"


def _others(rows: Iterable[tuple[Row, Outcome]]) -> Iterable[str]:
    yield "| | element | BPMN 2.0.2 | |"
    yield "|---|---|---|---|"
    for row, outcome in rows:
        told = "executed" if outcome.executed else f"**refused** ({', '.join(outcome.refused)})"
        yield f"| {row.group} | {row.name} | {row.section} | {told} |"
