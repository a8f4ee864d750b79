"""Decision requirement graphs: inputs, decisions, functions, services, and the order to evaluate them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from staffel.engine.dmn.hits import CompiledTable, Firing
from staffel.engine.dmn.validity import ALWAYS, Validity
from staffel.engine.feel import Function, Value
from staffel.engine.feel.coercion import coerce
from staffel.engine.feel.run import Run
from staffel.engine.feel.scope import Code
from staffel.engine.feel.types import FeelType, kind_of

Key: TypeAlias = tuple[str, str]
"""Namespace and id of an element."""

_SERVICE_LEVELS = 30
_MISMATCH = object()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What an element needs: `path` is the name in its scope, with the import's name in front where imported."""

    key: Key
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InputData:
    """A value from outside."""

    key: Key
    name: str
    type: FeelType | None
    type_name: str | None

    def value(self, inputs: Mapping[str, Value], run: Run) -> Value:
        """The value given under the name, as one of the type."""
        if self.name not in inputs:
            return run.null(None, "input-missing", self.name)
        value = inputs[self.name]
        return fitting(value, self.type, self.name, run)


@dataclass(slots=True, eq=False)
class Decision:
    """A decision; `table` is its decision table where it is one."""

    key: Key
    name: str
    code: Code
    requires: tuple[Requirement, ...]
    table: CompiledTable | None
    type_name: str | None
    question: str = ""
    line: int = 0
    validity: Validity = ALWAYS
    knowledge: dict[str, Value] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The element's id."""
        return self.key[1]


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: its outputs, and what a call has to give, in order."""

    key: Key
    name: str
    outputs: tuple[Key, ...]
    parameters: tuple[tuple[str, Key, FeelType | None], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One decision as it was evaluated: what it read, what its tables did, what came out."""

    decision: Decision
    inputs: Mapping[str, Value]
    firings: tuple[Firing, ...]
    value: Value


@dataclass(slots=True, eq=False)
class Graph:
    """Everything of a file and its imports by key."""

    inputs: dict[Key, InputData] = field(default_factory=dict)
    decisions: dict[Key, Decision] = field(default_factory=dict)
    functions: dict[Key, Function] = field(default_factory=dict)
    services: dict[Key, Service] = field(default_factory=dict)
    plans: dict[tuple[Key, ...], tuple[Key, ...]] = field(default_factory=dict)

    def plan(self, targets: tuple[Key, ...], given: Iterable[Key] = ()) -> tuple[Key, ...]:
        """The decisions to evaluate for `targets`, each after those that it needs."""
        cut = frozenset(given)
        cache = (*targets, ("", ""), *sorted(cut))
        if cache not in self.plans:
            self.plans[cache] = tuple(self._ordered(targets, cut))
        return self.plans[cache]

    def _ordered(self, targets: tuple[Key, ...], cut: frozenset[Key]) -> list[Key]:
        order, done = list[Key](), set[Key](cut)
        pending = [(key, False) for key in reversed(targets)]
        while pending:
            key, is_ready = pending.pop()
            if is_ready:
                order.append(key)
            elif key not in done and key in self.decisions:
                done.add(key)
                pending.append((key, True))
                pending.extend((needed.key, False) for needed in reversed(self.decisions[key].requires))
        return order

    def evaluate(self, plan: tuple[Key, ...], values: dict[Key, Value], run: Run) -> list[Step]:
        """Evaluate the decisions of a plan into `values`, which holds the inputs."""
        steps = list[Step]()
        for key in plan:
            decision = self.decisions[key]
            scope = dict(decision.knowledge)
            read = dict[str, Value]()
            for needed in decision.requires:
                value = values.get(needed.key)
                put(scope, needed.path, value)
                read[".".join(needed.path)] = value
            before, run.trace = run.trace, []
            run.tick(1)
            values[key] = value = decision.code(scope, run)
            steps.append(Step(decision, read, tuple(run.trace), value))
            run.trace = before
        return steps

    def needed_inputs(self, plan: tuple[Key, ...], targets: Iterable[Key] = ()) -> list[InputData]:
        """The inputs that the decisions of a plan read, each once."""
        keys = dict.fromkeys(needed.key for key in plan for needed in self.decisions[key].requires)
        return [self.inputs[key] for key in (*keys, *targets) if key in self.inputs]

    def service_function(self, service: Service) -> Function:
        """The service as a function of its parameters."""
        given = tuple(key for _, key, _ in service.parameters)

        def call(run: Run, values: Sequence[Value]) -> Value:
            run.enter(_SERVICE_LEVELS, 0)
            result = self.run_service(service, dict(zip(given, values, strict=True)), run)[0]
            run.depth += _SERVICE_LEVELS
            return result

        names = tuple(name for name, _, _ in service.parameters)
        return Function(service.name, names, call, tuple(kind for _, _, kind in service.parameters))

    def run_service(self, service: Service, values: dict[Key, Value], run: Run) -> tuple[Value, list[Step]]:
        """The service's value (a context where it has several outputs) and the steps on the way."""
        given = [key for _, key, _ in service.parameters if key in self.decisions]
        steps = self.evaluate(self.plan(service.outputs, given), values, run)
        if len(service.outputs) == 1:
            return values.get(service.outputs[0]), steps
        named = {
            self.decisions[key].name: values.get(key) for key in service.outputs if key in self.decisions
        }
        return named, steps


def put(scope: dict[str, Any], path: tuple[str, ...], value: Value) -> None:
    """Set a name, inside the import's context where the path has two parts."""
    *outer, name = path
    for part in outer:
        inner = scope.get(part)
        scope[part] = scope = dict(inner) if isinstance(inner, dict) else {}
    scope[name] = value


def fitting(value: Value, kind: FeelType | None, name: str, run: Run) -> Value:
    """The value as one of the type, or null with the reason."""
    if value is None or kind is None:
        return value
    converted = coerce(value, kind, _MISMATCH)
    return run.null(None, "value-type", name, kind, kind_of(value)) if converted is _MISMATCH else converted
