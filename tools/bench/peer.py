"""SpiffWorkflow doing the human case: load, complete a user task, run on, save. The peer of `kernel_vs_spiffworkflow`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState


class TwoConditions(PythonScriptEngine):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Evaluates the two conditions of the human case and refuses everything else, scripts above all (ADR 0002)."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool | str:  # noqa: ARG002
        """The conditions as plain Python, which spares SpiffWorkflow the parsing; timer texts stand for themselves."""
        match expression:
            case "not(vollstaendig)":
                return not task.data["vollstaendig"]
            case "betrag > 1000":
                return bool(task.data["betrag"] > 1000)
            case '"P28D"':
                return "P28D"
        raise ValueError(f"refused: {expression}")

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:  # noqa: ARG002
        """No script ever runs here."""
        raise ValueError(f"refused: {script}")


class Peer:
    """One case after another on SpiffWorkflow; `run_case` gives seconds per user task and the largest saved state."""

    def __init__(self, model: Path, process_id: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_file(str(model))
        self.spec = parser.get_spec(process_id)
        self.serializer = BpmnWorkflowSerializer()
        self.engine = TwoConditions()

    def run_case(self, values: Mapping[str, Any]) -> tuple[list[float], int]:
        """Seconds of each completion (load, complete, run on, save), and the largest state in bytes."""
        workflow = BpmnWorkflow(self.spec, script_engine=self.engine)
        self._run_on(workflow)
        saved = self.serializer.serialize_json(workflow)
        seconds: list[float] = []
        largest = len(saved)
        while not workflow.completed:
            started = time.perf_counter()
            workflow = self.serializer.deserialize_json(saved)
            workflow.script_engine = self.engine
            task = next(t for t in workflow.get_tasks(state=TaskState.READY, manual=True) if _is_user_task(t))
            task.data.update(values)
            task.run()
            self._run_on(workflow)
            saved = self.serializer.serialize_json(workflow)
            seconds.append(time.perf_counter() - started)
            largest = max(largest, len(saved.encode()))
        return seconds, largest

    @staticmethod
    def _run_on(workflow: Any) -> None:
        """Everything that needs no person: SpiffWorkflow leaves plain tasks to its caller."""
        while True:
            workflow.do_engine_steps()
            plain = [
                t for t in workflow.get_tasks(state=TaskState.READY, manual=True) if not _is_user_task(t)
            ]
            if not plain:
                return
            for task in plain:
                task.run()


def _is_user_task(task: Any) -> bool:
    return type(task.task_spec).__name__ == "UserTask"
