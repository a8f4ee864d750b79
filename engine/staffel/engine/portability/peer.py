"""SpiffWorkflow going a way, one act after another. Runs in the fenced process only (`sandbox`)."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from typing import Any, Final

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition, TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from staffel.engine.bpmn.words import BPMN
from staffel.engine.portability.messages import Seen
from staffel.engine.portability.preparing import LATER
from staffel.engine.portability.ways import Act

MANUAL: Final = frozenset(("userTask", "manualTask", "task", "scriptTask", "sendTask"))
CATCHING: Final = frozenset(("intermediateCatchEvent", "receiveTask"))
CONTAINERS: Final = frozenset(("subProcess", "transaction", "adHocSubProcess", "callActivity"))
PAST: Final = datetime(2000, 1, 1, tzinfo=UTC).isoformat()


class RefusingEngine(PythonScriptEngine):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Answers from the way. Nothing is parsed, evaluated or executed, and the default environment does not exist."""

    def __init__(self) -> None:
        self.environment = _NoEnvironment(self)
        self.answers: dict[str, deque[Any]] = {}

    def validate(self, expression: str) -> None:
        """Nothing is parsed."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:  # noqa: ARG002
        """The way's answer to the question; one that is asked more often than in Staffel gets the last answer again."""
        name = expression.strip()
        if name.startswith("later:"):
            return LATER[name.removeprefix("later:")]
        given = self.answers.get(name)
        if not given:
            return 0 if name.endswith(" items") else False
        return given.popleft() if len(given) > 1 else given[0]

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:  # noqa: ARG002
        """A script task counts as done; its script is not run."""
        return True

    def call_service(self, task: Any, **_: Any) -> None:
        """No service is called."""


class _NoEnvironment:
    """What SpiffWorkflow asks where it passes by the engine; it has no data and runs nothing either."""

    def __init__(self, engine: RefusingEngine) -> None:
        self._engine = engine

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> Any:  # noqa: ARG002
        """The way's answer."""
        return self._engine.evaluate(None, expression)


class Peer:
    """One model on SpiffWorkflow: `begin` anew for each way, then `act` and look at what is `seen`."""

    def __init__(self, root: Any, process: str) -> None:
        """Raises whatever the parser raises."""
        self.tags = {each.get("id"): etree.QName(each).localname for each in root.iter(f"{{{BPMN}}}*")}
        self.engine = RefusingEngine()
        self._root, self._process = root, process
        self._load()

    def _load(self) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(self._root)
        self._spec = parser.get_spec(self._process)
        self._inner = parser.get_subprocess_specs(self._process)
        for spec in (self._spec, *self._inner.values()):
            for task in spec.task_specs.values():
                if self._tag(task) in MANUAL:
                    task.manual = not isinstance(task, LoopTask)

    def begin(self) -> None:
        """A fresh case, of a model loaded anew: running cases leave traces in the loaded one."""
        self.engine.answers = {}
        self._completed: set[str] = set()
        self._load()
        self._workflow = BpmnWorkflow(self._spec, self._inner, script_engine=self.engine)

    def act(self, act: Act) -> bool:
        """Let one thing happen, and all that follows; False where nothing waits for it."""
        if act.kind == "occur":
            self._workflow.do_engine_steps()
            task = self._find(act.at, TaskState.WAITING)
            if task is not None:
                self._occur(task)
            elif not self._choose(act.at) and not self._trigger(act.at):
                return False
        elif act.kind == "do":
            task = self._find(act.at, TaskState.READY)
            if task is None:
                return False
            task.run()
        self._workflow.do_engine_steps()
        return True

    def seen(self) -> Seen:
        """What waits, what is completed until now, whether it is over.

        What was completed is remembered here: a sub-process that is interrupted forgets it.
        """
        opened = set()
        for task in self._workflow.get_tasks():
            name = task.task_spec.bpmn_id
            tag = self._tag(task.task_spec)
            if task.state == TaskState.COMPLETED and tag and tag not in CONTAINERS:
                self._completed.add(name)
            elif (task.state == TaskState.READY and task.task_spec.manual) or (
                task.state == TaskState.WAITING and tag in CATCHING
            ):
                opened.add(name)
            elif task.state == TaskState.WAITING and isinstance(task.task_spec, EventBasedGateway):
                opened |= {each.bpmn_id for each in task.task_spec.outputs}
        ended = bool(self._workflow.completed)
        return Seen(open=tuple(sorted(opened)), completed=tuple(sorted(self._completed)), ended=ended)

    def _find(self, name: str, state: Any) -> Any:
        """The first task of the element in this state."""
        for task in self._workflow.get_tasks(state=state):
            right = task.task_spec.manual or state == TaskState.WAITING
            if right and task.task_spec.bpmn_id == name:
                return task
        return None

    def _occur(self, task: Any) -> None:
        """Let the event occur that the task waits for: a signal for all who wait, else for this one."""
        definition = task.task_spec.event_definition
        if isinstance(definition, SignalEventDefinition):
            self._workflow.catch(BpmnEvent(definition))
            return
        if isinstance(definition, CycleTimerEventDefinition):
            task.internal_data["event_value"]["next"] = PAST
        elif isinstance(definition, ConditionalEventDefinition):
            self.engine.answers[f"{task.task_spec.bpmn_id} occurs"] = deque([True])
        elif isinstance(definition, MultipleEventDefinition):
            self._see_next(task, definition)
        elif isinstance(definition, TimerEventDefinition):
            task._set_internal_data(event_value=PAST)
        else:
            task._set_internal_data(event_fired=True)
            if isinstance(definition, MessageEventDefinition):
                task.internal_data.setdefault(definition.name, {})
        task.task_spec._update(task)

    def _see_next(self, task: Any, definition: Any) -> None:
        """One more of the events that a multiple event waits for has occurred."""
        seen = task.internal_data.get("seen_events", [])
        event = BpmnEvent(definition.event_definitions[len(seen)], payload={}, correlations={})
        task._set_internal_data(seen_events=[*seen, event])

    def _choose(self, name: str) -> bool:
        """Let the event behind an event-based gateway occur; the gateway holds what its events wait for."""
        for task in self._workflow.get_tasks(state=TaskState.WAITING):
            spec = task.task_spec
            names = [each.bpmn_id for each in spec.outputs] if isinstance(spec, EventBasedGateway) else []
            if name in names:
                definition = spec.event_definition.event_definitions[names.index(name)]
                event = BpmnEvent(definition, payload={}, correlations={})
                task._set_internal_data(seen_events=[event])
                spec._update(task)
                return True
        return False

    def _trigger(self, name: str) -> bool:
        """Begin the event sub-process with this start event; there nothing waits until its event is on the way."""
        for inner in (self._inner[each] for each in self._spec.start.trigger_specs):
            for start in inner.bpmn_start_events:
                if start.bpmn_id == name:
                    self._workflow.catch(BpmnEvent(start.event_definition, payload={}, correlations={}))
                    return True
        return False

    def _tag(self, spec: Any) -> str:
        return self.tags.get(spec.bpmn_id, "") if spec.bpmn_id else ""
