"""Both engines go the same ways: the kernel here, SpiffWorkflow in a process that is stopped when it takes too long."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from staffel.engine.findings import Finding
from staffel.engine.kernel import Program
from staffel.engine.portability import texts
from staffel.engine.portability.messages import Order, Walked
from staffel.engine.portability.preparing import Prepared, prepare
from staffel.engine.portability.ways import Act, Way, way_to, ways_of


class Verdict(StrEnum):
    """What came of it."""

    RUNS = "runs"
    NOT_LOADED = "not-loaded"
    DIFFERS = "differs"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many ways of how many acts; seconds and MiB of the fenced process."""

    ways: int = 40
    acts: int = 120
    seconds: int = 20
    megabytes: int = 1_024


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Portability:
    """The verdict, how many ways both went, and findings of the layer `portability`: what it is founded on."""

    verdict: Verdict
    ways: int
    findings: tuple[Finding, ...]


def check_portability(
    data: bytes, program: Program, *, file: str = "", limits: Limits = LIMITS
) -> Portability:
    """Whether the process of a BPMN file that has no errors also runs on SpiffWorkflow, and where the two differ.

    `data` is the file that `program` was compiled from. Ways are made by the kernel, every condition answered; then
    both engines are asked after each act what waits, and at the end what was completed. Never raises for what
    SpiffWorkflow does.
    """
    prepared = prepare(data)
    ways = ways_of(program, most_ways=limits.ways, most_acts=limits.acts)
    answers, stopped = _ask(prepared, program.process, ways, limits)
    found = list(_findings(prepared, ways, answers, stopped, limits))
    verdict = _verdict(prepared, answers, found, stopped)
    if verdict is Verdict.RUNS:
        found.append(texts.runs(len(ways)))
    found += _remarks(prepared, program)
    lines = {each.id: each.node.line for each in program.elements.values()}
    placed = (
        msgspec.structs.replace(each, file=file, line=each.line or lines.get(each.element, 0))
        for each in found
    )
    return Portability(verdict, max(len(answers) - 1, 0), tuple(placed))


def _ask(prepared: Prepared, process: str, ways: Sequence[Way], limits: Limits) -> tuple[list[Walked], str]:
    """What the fenced process answered, and why it ended early: `time`, `broken` or ""."""
    order = Order(
        xml=prepared.xml.decode(),
        process=process,
        ways=tuple(ways),
        megabytes=limits.megabytes,
        seconds=limits.seconds,
    )
    child = subprocess.Popen(
        [sys.executable, "-I", "-m", "staffel.engine.portability.sandbox"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={},
        cwd="/",
        start_new_session=True,
    )
    stopped = ""
    try:
        output, told = child.communicate(msgspec.json.encode(order), timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        output, told = child.communicate()
        stopped = "time"
    answers = [
        msgspec.json.decode(line, type=Walked)
        for line in output.splitlines(keepends=True)
        if line.endswith(b"\n")
    ]
    if child.returncode > 0:
        raise RuntimeError(f"The fenced process failed by itself: {told.decode(errors='replace')[-2_000:]}")
    if not stopped and child.returncode < 0:
        stopped = "broken"
    return answers, stopped


def _findings(
    prepared: Prepared, ways: Sequence[Way], answers: Sequence[Walked], stopped: str, limits: Limits
) -> Iterator[Finding]:
    yield from (texts.unknown(each) for each in prepared.unknown)
    if answers and answers[0].fault:
        yield texts.not_loaded(answers[0].fault, answers[0].element)
        return
    told: set[tuple[str, str]] = set()
    for way, walked in zip(ways, answers[1:], strict=False):
        found = compare(way, walked)
        if found is not None and (found.code, found.element) not in told:
            told.add((found.code, found.element))
            yield found
    if stopped:
        number = max(len(answers) - 1, 0)
        path = way_to(ways[number], len(ways[number])) if number < len(ways) and answers else ()
        yield texts.undecided(stopped, number, len(ways), limits.seconds, path)


def compare(way: Way, walked: Walked) -> Finding | None:
    """The first difference on the way; None where both say the same all along."""
    for number, act in enumerate(way):
        if number >= len(walked.seen):
            path = way_to(way, number)
            if walked.missing:
                return texts.missing(act, path)
            return texts.failed(act.at or _first(act), walked.fault, path)
        seen = walked.seen[number]
        if seen.open != act.open:
            return texts.waits_elsewhere(act, seen, way_to(way, number))
    seen, act = walked.seen[-1], way[-1]
    if set(seen.completed) != set(act.completed):
        return texts.completes_other(act, seen, way_to(way, len(way)))
    if seen.ended != act.ended:
        return texts.ends_otherwise(act, seen, way_to(way, len(way)))
    return None


def _first(act: Act) -> str:
    return act.trail[0] if act.trail else ""


def _verdict(
    prepared: Prepared, answers: Sequence[Walked], found: Iterable[Finding], stopped: str
) -> Verdict:
    if prepared.unknown or (answers and answers[0].fault):
        return Verdict.NOT_LOADED
    if any(each.code in texts.DIFFERENCES for each in found):
        return Verdict.DIFFERS
    return Verdict.UNDECIDED if stopped else Verdict.RUNS


def _remarks(prepared: Prepared, program: Program) -> Iterator[Finding]:
    """What a run does not show: expressions are answered, handovers are left out."""
    if prepared.expressions:
        yield texts.expressions(prepared.expressions)
    handed = [flow.id for flow in program.flows.values() if flow.handover is not None]
    if handed:
        yield texts.handovers(handed)
