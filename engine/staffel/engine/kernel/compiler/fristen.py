"""What `staffel:deadline` says of activities and events, and whether it can be done (DOMAIN §2.0.2)."""

from __future__ import annotations

from staffel.engine.bpmn.model import DeadlineExtension, NodeType
from staffel.engine.calendar import need_running, parse_length
from staffel.engine.kernel.compiler.workshop import Source, Workshop
from staffel.engine.kernel.deadlines import CONSENT
from staffel.engine.kernel.program import Element, Program

AT_END = frozenset(("remind", "escalate"))
AT_ONCE = {
    NodeType.TASK: ("eine Aufgabe ohne Art wartet auf nichts", "a task without a type waits for nothing"),
    NodeType.SCRIPT_TASK: ("ein Skript rechnet sofort", "a script is computed at once"),
    NodeType.SEND_TASK: ("die Nachricht wird sofort gesendet", "the message is sent at once"),
}
"""Activities that do not wait; a send task with a topic does."""


def deadlines_of(shop: Workshop, source: Source, element: Element) -> None:
    """The Fristen of an element; those of events are at their timers."""
    node = element.node
    deadlines = node.extension.deadlines
    for deadline in deadlines:
        line = deadline.line or node.line
        shop.check_length(
            source, deadline.length, deadline.kind, element=node.id, line=line, shift=deadline.shift
        )
        _check_course(shop, element, deadline)
        (_check_activity if node.type.is_activity else _check_event)(shop, element, deadline)
    if not node.type.is_activity:
        if len(deadlines) > 1:
            shop.refuse(
                node,
                "mehr als eine Frist an einem Ereignis",
                "more than one deadline at an event",
                "Für jede Frist ein eigenes Zeitereignis zeichnen.",
                "Draw a timer event for each deadline.",
            )
        return
    element.deadlines = tuple(
        (each, shop.parsed(source, each.start, node.id, each.line) if each.start else None)
        for each in deadlines
    )
    element.timed = bool(deadlines) or element.due is not None


def check_waiting(shop: Workshop, element: Element) -> None:
    """A Frist needs something that waits: a person's task, a timer, or the instance of the activity (`watched`)."""
    node = element.node
    if not node.extension.deadlines:
        return
    reason = _why_in_vain(element)
    if reason is not None:
        line = node.extension.deadlines[0].line or node.line
        shop.note(
            "deadline-in-vain", node.id, line, name=element.name or node.id,
            reason_de=reason[0], reason_en=reason[1],
        )  # fmt: skip
    element.watched = node.type.is_activity and not _is_of_people(element)


def _is_of_people(element: Element) -> bool:
    decided = element.decision is not None and not element.bound
    return element.type in {NodeType.USER_TASK, NodeType.MANUAL_TASK} or decided


def _why_in_vain(element: Element) -> tuple[str, str] | None:
    """Why a Frist would never run at the element, German and English; None where it runs."""
    kind = element.type
    at_once = AT_ONCE.get(kind)
    if at_once is not None and (kind is not NodeType.SEND_TASK or element.message is not None):
        return at_once
    if element.decision is not None and element.bound:
        return "eine gebundene Entscheidung fällt sofort", "a bound decision is made at once"
    sources = {each.source.type for each in element.incoming}
    if kind is NodeType.RECEIVE_TASK and NodeType.EVENT_BASED_GATEWAY in sources:
        return "gewartet wird am Gateway davor", "it is the gateway before that waits"
    if not kind.is_activity and all(each.timer is None for each in element.triggers):
        return "das Ereignis hat keinen Timer", "the event has no timer"
    return None


def _check_activity(shop: Workshop, element: Element, deadline: DeadlineExtension) -> None:
    if deadline.at_end not in AT_END:
        shop.refuse(
            element.node,
            f"das Fristende „{deadline.at_end}“ an einer Aktivität",
            f"the end of a deadline '{deadline.at_end}' on an activity",
            "Die Frist an ein unterbrechendes Timer-Randereignis setzen.",
            "Put the deadline on an interrupting boundary timer event.",
        )


def _check_event(shop: Workshop, element: Element, deadline: DeadlineExtension) -> None:
    node = element.node
    interrupts = node.type is NodeType.BOUNDARY_EVENT and node.interrupting
    if deadline.at_end == CONSENT and not (interrupts and deadline.legal_basis):
        shop.refuse(
            node,
            "eine Zustimmungsfiktion ohne unterbrechendes Randereignis oder ohne Rechtsgrundlage (§ 42a Abs. 1 VwVfG)",
            "consent deemed given without an interrupting boundary event or without legalBasis (§ 42a(1) VwVfG)",
            "Ein unterbrechendes Timer-Randereignis mit legalBasis und den Weg „Zustimmung gilt als erteilt“ zeichnen.",
            "Draw an interrupting boundary timer event with legalBasis, and the way on.",
        )
    elif deadline.at_end == "interrupt" and not node.interrupting:
        shop.refuse(
            node,
            "das Fristende „interrupt“ an diesem Ereignis",
            "the end of a deadline 'interrupt' on this event",
            "Zeichnen, was am Fristende geschieht: ein unterbrechendes Timer-Randereignis und den Weg danach.",
            "Draw what happens at the end: an interrupting boundary timer event and the way after it.",
        )


def _check_course(shop: Workshop, element: Element, deadline: DeadlineExtension) -> None:
    """Only a Frist that runs in days can be suspended or extended."""
    if deadline.extend is None and not deadline.suspended_by:
        return
    node = element.node
    found = f"{deadline.length} extend={deadline.extend or ''} suspendedBy={' '.join(deadline.suspended_by)}"
    try:
        need_running(parse_length(deadline.length))
        if deadline.extend is not None:
            need_running(parse_length(deadline.extend))
    except ValueError as error:
        shop.note(
            "deadline-invalid", node.id, deadline.line or node.line, found=found.strip(), reason=str(error)
        )


def check_suspending(shop: Workshop, element: Element) -> None:
    """The steps that suspend a Frist are activities or events of the same process file, reached by its ids."""
    for deadline in element.node.extension.deadlines:
        for name in deadline.suspended_by:
            if element.plan.prefix + name not in shop.elements:
                shop.note(
                    "deadline-suspender-unknown", element.node.id, deadline.line or element.node.line,
                    name=element.name or element.id, found=name,
                )  # fmt: skip


def check_pausing(shop: Workshop, element: Element) -> None:
    """The steps that suspend the Frist of a handover's result are the receiver's."""
    for flow in element.outgoing:
        plan = flow.handover
        for name in sorted(plan.result_paused_by) if plan is not None else ():
            step = shop.elements.get(name)
            if plan is not None and (step is None or step.unit != plan.receiver):
                shop.note(
                    "handover-suspender", flow.id, element.node.line,
                    name=flow.name or flow.id, found=name, receiver=plan.receiver,
                )  # fmt: skip


def note_courses(program: Program) -> None:
    """Tell the program which variables move Fristen, and whether steps suspend any."""
    names: set[str] = set()
    for element in program.elements.values():
        deadlines = [deadline for deadline, _ in element.deadlines]
        formulas = [start for _, start in element.deadlines] + [element.due]
        for trigger in element.triggers:
            if trigger.timer is not None and trigger.timer.deadline is not None:
                deadlines.append(trigger.timer.deadline)
                formulas.append(trigger.timer.begin)
        program.dated = program.dated or element.due is not None
        names.update(name for each in formulas if each is not None for name in each.reads)
        program.suspending = program.suspending or any(each.suspended_by for each in deadlines)
    program.anchors = frozenset(names)
    handovers = [flow.handover for flow in program.flows.values() if flow.handover is not None]
    results = [each.result_until for each in handovers if each.result_until is not None]
    program.result_anchors = frozenset(name for each in results for name in each.reads)
    program.result_pausing = frozenset(name for each in handovers for name in each.result_paused_by)
