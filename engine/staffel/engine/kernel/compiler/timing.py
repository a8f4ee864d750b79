"""Whether a timer says what its kind promises, and repeats only where it can occur again (BPMN 2.0.2 §10.5.5)."""

from __future__ import annotations

from staffel.engine.bpmn.model import NodeType, TimerKind
from staffel.engine.kernel import timers
from staffel.engine.kernel.compiler.workshop import Workshop
from staffel.engine.kernel.program import Element, TimerPlan


def check_timers(shop: Workshop, element: Element) -> None:
    """Report the timers of an event that would be executed otherwise than they are written; note fixed lengths."""
    for trigger in element.triggers:
        plan = trigger.timer
        if plan is None or plan.formula is None:
            continue
        line = element.node.events[trigger.index].line or element.node.line
        fixed = _fixed(plan.formula.text)
        if fixed is not None and plan.kind is TimerKind.DURATION:
            plan.length = timers.parse_length(fixed)
        if fixed is not None and not timers.fits(plan.kind, fixed):
            german, english = timers.EXPECTED[plan.kind]
            shop.note(
                "timer-kind", element.id, line, name=element.name or element.id, found=fixed,
                kind=plan.kind.value, expected_de=german, expected_en=english,
            )  # fmt: skip
        elif _repeats(plan, fixed) and (reason := _once(element, plan)) is not None:
            shop.note(
                "timer-repeats-in-vain", element.id, line, name=element.name or element.id,
                found=fixed or plan.formula.text, reason_de=reason[0], reason_en=reason[1],
            )  # fmt: skip


def _fixed(text: str) -> str | None:
    """The text that the formula always gives; None when it depends on the case."""
    inner = text[1:-1]
    return inner if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in inner else None


def _repeats(plan: TimerPlan, fixed: str | None) -> bool:
    """Whether the timer repeats, or may do so for all that is known before a case runs."""
    cycle = timers.parse_cycle(fixed) if fixed is not None else None
    return plan.kind is TimerKind.CYCLE and (cycle is None or cycle.times != 0)


def _once(element: Element, plan: TimerPlan) -> tuple[str, str] | None:
    """Why the event occurs once at most, German and English; None when it can occur again."""
    node = element.node
    if plan.deadline is not None:
        return "die Frist daran läuft einmal ab", "the deadline at it ends once"
    if element.type is NodeType.INTERMEDIATE_CATCH_EVENT:
        return "der Vorgang geht danach weiter", "the case goes on afterwards"
    if node.parallel_multiple:
        return "es wartet jedes Mal auf alle seine Auslöser", "it waits for all its triggers each time"
    owner = element.plan.owner
    if element.type is NodeType.START_EVENT and (owner is None or not owner.node.triggered_by_event):
        return None  # it begins one case after the other
    return ("es unterbricht", "it interrupts") if node.interrupting else None
