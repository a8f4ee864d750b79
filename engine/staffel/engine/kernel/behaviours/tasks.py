"""The task types (BPMN 2.0.2 §10.3.3, §13.3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from staffel.engine.bpmn.model import NodeType
from staffel.engine.feel import FeelError
from staffel.engine.kernel import arming, data, deadlines, lifecycle, throwing
from staffel.engine.kernel.behaviours.behaviour import Behaviour
from staffel.engine.kernel.events import DecisionMade, ElementActivated, TaskOffered, WorkOffered
from staffel.engine.kernel.formulas import local
from staffel.engine.kernel.incidents import Code, Stuck
from staffel.engine.kernel.program import Element, FlowPlan
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.together import apply_offer


class PersonTask(Behaviour):
    """User and manual tasks: offered to the Stelle of the lane, done by a person."""

    def take(
        self, run: Run, element: Element, flow: FlowPlan, scope: int, held: tuple[str, ...]
    ) -> FlowPlan | None:
        """Begin, and where there is nothing to compute offer the task at once."""
        if not element.fixed:
            return super().take(run, element, flow, scope, held)
        key = run.state.next_key
        activated = ElementActivated(key=key, element=element.id, scope=scope, flows=flow.alone)
        offered = TaskOffered(
            key=key + 1,
            owner=key,
            element=element.id,
            name=element.name,
            lane=element.lane,
            unit=element.unit,
            form=element.form,
        )
        run.events += (activated, offered)
        apply_offer(run.state, activated, held)
        return None

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Offer the task."""
        offer_task(run, key, element)


def offer_task(run: Run, key: int, element: Element, proposal: Mapping[str, Any] | None = None) -> None:
    """Put the task before the people of the lane's Stelle."""
    priority = None
    if element.priority is not None:
        value = run.value(element.priority, key)
        priority = int(value) if isinstance(value, (Decimal, int)) else None
    dues = deadlines.task_dues(run, key, element) if element.timed else ()
    run.emit(
        TaskOffered(
            key=run.state.next_key,
            owner=key,
            element=element.id,
            name=element.name,
            lane=element.lane,
            unit=element.unit,
            form=element.form,
            priority=priority,
            due=dues[0] if dues else None,
            follow_up=None if element.follow_up is None else deadlines.follow_up(run, key, element),
            proposal=proposal,
            further=dues[1:],
        )
    )


class Work(Behaviour):
    """Service tasks, and send tasks with a topic: a job for an outside worker."""

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Offer the job with what the model maps: variables of a case must not reach a worker by accident."""
        run.emit(
            WorkOffered(
                key=run.state.next_key,
                owner=key,
                element=element.id,
                topic=element.topic,
                payload=data.mapped(run, key, element),
                retries=element.retries,
            )
        )


class SendTask(Work):
    """Send the message and go on; without a message it is work for a topic."""

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Send or offer."""
        if element.message is None:
            super().enter(run, key, element)
            return
        throwing.send(run, key, element, element.message)
        lifecycle.finish(run, key, element)


class ReceiveTask(Behaviour):
    """Wait for the message (§10.3.3)."""

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Arm the message."""
        arming.arm(run, key, element)


class ScriptTask(Behaviour):
    """Evaluate the FEEL script; its value becomes the result variable, or the entries of a context variables each."""

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Evaluate, and be done."""
        if element.script is None:
            lifecycle.finish(run, key, element)
            return
        value = run.value(element.script, key)
        lifecycle.complete(run, key, element, named(element, value))


def named(element: Element, value: Any) -> dict[str, Any]:
    """The variables that a script's or decision's value stands for."""
    if element.result:
        return {element.result: value}
    if isinstance(value, dict):
        return dict(value)
    return {"result": value}


def key_date(run: Run, key: int, element: Element) -> date | None:
    """The day of the fact that is judged (Stichtag); None: today. Anything but a day is an incident."""
    if element.key_date is None:
        return None
    found = run.value(element.key_date, key)
    if isinstance(found, datetime):
        return found.date()
    if isinstance(found, date):
        return found
    raise Stuck(
        Code.BAD_VALUE,
        expression=element.key_date.text,
        found=found,
        expected_de="der Tag, nach dem sich die Fassung der Entscheidung richtet",
        expected_en="the day that picks the version of the decision",
    )


class BusinessRuleTask(Work):
    """Evaluate the decision; unless it is bound, it is a proposal for a person to confirm or depart from (§10.3.3)."""

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Decide, then go on or ask."""
        if element.decision is None:
            super().enter(run, key, element)
            return
        name, model = element.decision
        inputs = dict(run.state.values(key)) if element.inputs else run.visible(key)
        try:
            found = model.evaluate(name, inputs, now=local(run.now), key_date=key_date(run, key, element))
        except FeelError as error:
            raise Stuck(
                Code.DECISION_FAILED,
                decision=name,
                values=inputs,
                reason_de=error.message_de,
                reason_en=error.message_en,
            ) from error
        problems = [problem for problem in found.problems if problem.severity == "error"]
        if problems and found.value is None:
            raise Stuck(
                Code.DECISION_FAILED,
                decision=name,
                values=inputs,
                reason_de="; ".join(problem.message_de for problem in problems),
                reason_en="; ".join(problem.message_en for problem in problems),
            )
        run.emit(
            DecisionMade(
                key=key, element=element.id, decision=name, result=found.value, explanation=found.explanation
            )
        )
        result = named(element, found.value)
        if element.bound:
            lifecycle.complete(run, key, element, result)
            return
        run.set(key, result)
        offer_task(run, key, element, {"decision": name, "result": found.value, "key": Decimal(key)})


BEHAVIOURS: dict[NodeType, Behaviour] = {
    NodeType.TASK: Behaviour(),
    NodeType.USER_TASK: PersonTask(),
    NodeType.MANUAL_TASK: PersonTask(),
    NodeType.SERVICE_TASK: Work(),
    NodeType.SEND_TASK: SendTask(),
    NodeType.RECEIVE_TASK: ReceiveTask(),
    NodeType.SCRIPT_TASK: ScriptTask(),
    NodeType.BUSINESS_RULE_TASK: BusinessRuleTask(),
}
