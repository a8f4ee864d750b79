"""Steps per second by shape of model, and the time to read, compile and check models: beside SpiffWorkflow in one run.

A step is a completed user task (or a finished item). Times are CPU times of this process, the contestants take turns,
and ratios are medians over the rounds of each round's ratio, so that a busy machine moves them little.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.util.task import TaskState

from staffel.engine.bpmn import read_bpmn
from staffel.engine.kernel import Parts, Program, advance, compile_model
from staffel.engine.kernel.commands import CompleteTask, Start
from staffel.engine.kernel.events import TaskOffered
from staffel.engine.library.bundle import check_bundle
from tools.bench import models

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Timed = Callable[[], list[float]]


@dataclass(frozen=True)
class Shape:
    """A model and its number of steps; `peer_size` is that of the smaller one SpiffWorkflow plays (0: as large)."""

    model: Callable[[int], str]
    size: int
    peer_size: int = 0


SHAPES = {
    "sequence_10": Shape(models.sequence, 10),
    "sequence_100": Shape(models.sequence, 100),
    "sequence_800": Shape(models.sequence, 800, 100),
    "parallel_50": Shape(models.parallel, 50),
    "loop_1000": Shape(lambda _: models.loop(), models.PASSES, 50),
    "depth_50": Shape(models.nested, 50),
    "items_10000": Shape(models.items, 10_000, 100),
}
MODELS = (100, 1_000)


def measure_shapes(rounds: int) -> dict[str, dict[str, float]]:
    """Per shape: microseconds per step here and there, the ratio, and the last tenth of steps against the first."""
    found = {}
    for name, shape in SHAPES.items():
        kernel = kernel_play(shape)
        peer = _peer(shape)
        ours: list[list[float]] = []
        pairs: list[tuple[float, float]] = []
        gc.collect()
        for number in range(rounds + 1):
            steps, theirs = kernel(), peer()
            if number:
                ours.append(steps)
                pairs.append((_per_step(steps, shape.size), _per_step(theirs, shape.peer_size or shape.size)))
        mine = statistics.median(one for one, _ in pairs)
        found[name] = {
            "us_per_step": round(mine * 1e6, 2),
            "steps_per_second": round(1 / mine),
            "spiffworkflow_us_per_step": round(statistics.median(two for _, two in pairs) * 1e6, 1),
            "spiffworkflow_size": shape.peer_size or shape.size,
            "vs_spiffworkflow": round(statistics.median(two / one for one, two in pairs), 1),
        }
        if len(ours[0]) >= 100:
            found[name]["last_to_first"] = round(statistics.median(map(_last_to_first, ours)), 2)
    return found


def _per_step(seconds: list[float], steps: int) -> float:
    return sum(seconds) / steps


def _last_to_first(seconds: list[float]) -> float:
    """The median of the last tenth against that of the first, the very first steps left out."""
    tenth = len(seconds) // 10
    return statistics.median(seconds[-tenth - 1 : -1]) / statistics.median(seconds[1 : tenth + 1])


def program_of(text: str) -> Program:
    """The compiled model."""
    reading = read_bpmn(text.encode())
    assert reading.definitions is not None
    return compile_model(reading.definitions, "P", parts=Parts()).program


def kernel_play(shape: Shape) -> Timed:
    """Play the model once; seconds of the start and of each completion."""
    program = program_of(shape.model(shape.size))
    program.limit = 100_000

    def play() -> list[float]:
        started = time.process_time()
        step = advance(program, None, Start(), NOW)
        seconds = [time.process_time() - started]
        waiting = [event.key for event in step.events if type(event) is TaskOffered]
        number = 0
        while waiting:
            number += 1
            command = CompleteTask(key=waiting.pop(0), variables={"n": Decimal(number)})
            started = time.process_time()
            step = advance(program, step.state, command, NOW)
            seconds.append(time.process_time() - started)
            waiting += [event.key for event in step.events if type(event) is TaskOffered]
        assert step.state.ended is not None
        return seconds

    return play


class _Counting(PythonScriptEngine):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The expressions of the shapes and no others (ADR 0002)."""

    def __init__(self, passes: int, items: int) -> None:
        super().__init__()
        self.passes = passes
        self.items = items

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:  # noqa: ARG002
        """`n < …`, or the number of items."""
        return task.data["n"] < self.passes if expression.startswith("n <") else self.items

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:  # noqa: ARG002
        """No script ever runs here."""
        raise ValueError(f"refused: {script}")


def _peer(shape: Shape) -> Timed:
    """Play the model once on SpiffWorkflow, in memory; seconds in all."""
    size = shape.peer_size or shape.size
    spec, inner = spec_of(shape.model(size))
    engine = _Counting(size, size)

    def play() -> list[float]:
        started = time.process_time()
        workflow = BpmnWorkflow(spec, inner, script_engine=engine)
        workflow.do_engine_steps()
        number = 0
        while (task := next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)), None)) is not None:
            number += 1
            task.data["n"] = number
            task.run()
            workflow.do_engine_steps()
        assert workflow.completed
        return [time.process_time() - started]

    return play


def spec_of(text: str) -> tuple[Any, Any]:
    """The model as SpiffWorkflow parses it, with those of its sub-processes."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model.bpmn"
        file.write_text(text, encoding="utf-8")
        parser = BpmnParser()
        parser.add_bpmn_file(str(file))
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(20_000)  # it goes down a level per node
        try:
            return parser.get_spec("P"), parser.get_subprocess_specs("P")
        finally:
            sys.setrecursionlimit(before)


def measure_models(rounds: int) -> dict[str, dict[str, float]]:
    """Per number of nodes: milliseconds to read and compile, to check as a bundle, and SpiffWorkflow's to parse."""
    found = {}
    for nodes in MODELS:
        text = models.blocks(nodes)
        works: dict[str, Callable[[], Any]] = {
            "compile_ms": partial(program_of, text),
            "check_ms": partial(check_bundle, {"model.bpmn": text.encode()}),
            "spiffworkflow_ms": partial(spec_of, text),
        }
        seconds: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(rounds):
            for name, work in works.items():
                started = time.process_time()
                work()
                seconds[name].append(time.process_time() - started)
        found[str(nodes)] = {name: round(min(each) * 1e3, 1) for name, each in seconds.items()}
        ratios = map(lambda two, one: two / one, seconds["spiffworkflow_ms"], seconds["compile_ms"])
        found[str(nodes)]["vs_spiffworkflow"] = round(statistics.median(ratios), 2)
    return found
