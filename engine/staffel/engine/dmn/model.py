"""A DMN model ready to decide: look up a decision, evaluate it, get its value with the explanation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

from staffel.engine.dmn.explanation import explain_steps
from staffel.engine.dmn.graph import Decision, Graph, InputData, Key, Service, Step, fitting
from staffel.engine.feel import Budget, FeelBudgetExceeded, FeelError, Position, Problem, Value
from staffel.engine.feel.coercion import read_as
from staffel.engine.feel.run import DEFAULT_BUDGET, Run


class DecisionUnknown(FeelError):  # noqa: N818 - the domain's word
    """The model has no decision or service of this name or id."""


class DecisionNotInForce(FeelError):  # noqa: N818 - the domain's word
    """No version of the decision holds on the key date."""


class DecisionResult:
    """What was decided: `value`, `problems` (why nulls came about) and, when asked for, the `explanation`."""

    def __init__(
        self, value: Value, problems: tuple[Problem, ...], steps: list[Step], key_date: date | None = None
    ) -> None:
        self.value = value
        self.key_date = key_date
        self.problems = problems
        self._steps = steps

    @cached_property
    def explanation(self) -> dict[str, Any]:
        """Per decision in the order of evaluation: inputs read, rules with the cell that refused, in plain JSON."""
        return explain_steps(self._steps, self.problems, self.key_date)


class DecisionModel:
    """A DMN file with its imports, read once."""

    def __init__(self, namespace: str, name: str, graph: Graph) -> None:
        self.namespace = namespace
        self.name = name
        self._graph = graph
        own = [decision for decision in graph.decisions.values() if decision.key[0] == namespace]
        by_name = {decision.name: decision for decision in own}
        self.decisions: Mapping[str, Decision] = MappingProxyType(by_name | {each.id: each for each in own})
        """The file's decisions by id and by name."""
        services = [service for service in graph.services.values() if service.key[0] == namespace]
        self.services: Mapping[str, Service] = MappingProxyType(
            {each.name: each for each in services} | {each.key[1]: each for each in services}
        )
        """The file's decision services by id and by name."""
        self.versions: Mapping[str, tuple[DecisionModel, ...]] = {}
        """Who holds a decision of this name at another time, this model among them; empty without dated versions."""
        self.file = ""
        """The path of its file, where it was read as one of several."""

    @property
    def imported(self) -> frozenset[str]:
        """Namespaces of the files that this one imports decisions from."""
        return frozenset(namespace for namespace, _ in self._graph.decisions) - {self.namespace}

    def on(self, name: str, day: date) -> DecisionModel:
        """The model whose rules hold for a fact of the day. Raises `DecisionNotInForce`."""
        versions = self.versions.get(name, (self,))
        for model in versions:
            decision = model.decisions.get(name)
            if decision is None or decision.validity.covers(day):
                return model
        known = [model.decisions[name].validity for model in versions]
        raise DecisionNotInForce(
            f"Für den Stichtag {day:%d.%m.%Y} gibt es keine Fassung der Entscheidung „{name}“; sie "
            f"{'; '.join(each.text_de for each in known)}.",
            f"There is no version of the decision '{name}' for the key date {day}; it "
            f"{'; '.join(each.text_en for each in known)}.",
        )

    def inputs_of(self, name: str) -> tuple[InputData, ...]:
        """The inputs that a decision or service reads, directly or through others."""
        targets, given = self._targets(name)
        plan = self._graph.plan(targets, given)
        return tuple(self._graph.needed_inputs(plan, given))

    def read_inputs(self, name: str, given: Mapping[str, Value]) -> dict[str, Value]:
        """Inputs out of JSON, which has no dates: texts become the date, time or duration that is declared."""
        kinds = {each.name: each.type for each in self.inputs_of(name)}
        if (service := self.services.get(name)) is not None and name not in self.decisions:
            kinds |= {parameter: kind for parameter, _, kind in service.parameters}
        return {key: read_as(value, kinds.get(key)) for key, value in given.items()}

    def evaluate(
        self,
        name: str,
        inputs: Mapping[str, Value],
        *,
        budget: Budget | None = None,
        now: datetime | None = None,
        key_date: date | None = None,
        by_date: bool = True,
    ) -> DecisionResult:
        """Decide. `name` is the id or name of a decision or service.

        `key_date` (default: the day of `now`) picks the version; without either, or where not to be picked `by_date`,
        this model's rules are taken.
        Errors give null and problems; raises `DecisionUnknown`, `DecisionNotInForce` and `FeelBudgetExceeded`.
        """
        day = key_date or (now.date() if now else None)
        if by_date and day is not None and (model := self.on(name, day)) is not self:
            return model.evaluate(name, inputs, budget=budget, now=now, key_date=day)
        problems = list[Problem]()
        run = Run("", budget or DEFAULT_BUDGET, now, problems)
        try:
            value, steps = self._evaluate(name, inputs, run)
        except ArithmeticError:  # a number from outside that is none (NaN)
            value, steps = run.null(None, "number-range"), []
        except RecursionError as err:
            raise FeelBudgetExceeded("depth", run.budget.depth, Position(0, 1, 1)) from err
        return DecisionResult(value, tuple(problems), steps, day)

    def _evaluate(self, name: str, inputs: Mapping[str, Value], run: Run) -> tuple[Value, list[Step]]:
        graph = self._graph
        targets, given = self._targets(name)
        plan = graph.plan(targets, given)
        values = {each.key: each.value(inputs, run) for each in graph.needed_inputs(plan)}
        service = None if name in self.decisions else self.services[name]
        if service is None:
            steps = graph.evaluate(plan, values, run)
            return values[targets[0]], steps
        values |= {
            key: fitting(inputs.get(parameter), kind, parameter, run)
            for parameter, key, kind in service.parameters
        }
        return graph.run_service(service, values, run)

    def _targets(self, name: str) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
        if (decision := self.decisions.get(name)) is not None:
            return (decision.key,), ()
        if (service := self.services.get(name)) is not None:
            return service.outputs, tuple(
                key for _, key, _ in service.parameters if key in self._graph.decisions
            )
        known = ", ".join(sorted({each.name for each in self.decisions.values()}))[:300]
        raise DecisionUnknown(
            f"Das Modell enthält keine Entscheidung „{name}“. Vorhanden: {known}.",
            f"The model has no decision '{name}'. It has: {known}.",
        )
