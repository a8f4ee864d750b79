"""Event definitions and the messages, signals, errors and escalations they refer to (BPMN 2.0.2 §10.5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffel.engine.bpmn.model import EventDefinition, EventKind, Expression, RootElement, TimerKind
from staffel.engine.bpmn.reader.context import Context, flag
from staffel.engine.bpmn.source import child, line_of, text_of
from staffel.engine.bpmn.words import EVENT_DEFINITIONS, is_bpmn, local, name_of

if TYPE_CHECKING:
    from lxml import etree

_REFERENCES = {
    EventKind.MESSAGE: "messageRef",
    EventKind.SIGNAL: "signalRef",
    EventKind.ERROR: "errorRef",
    EventKind.ESCALATION: "escalationRef",
}
_ROOTS = {
    "message": EventKind.MESSAGE,
    "signal": EventKind.SIGNAL,
    "error": EventKind.ERROR,
    "escalation": EventKind.ESCALATION,
}


def read_roots(context: Context) -> dict[str, RootElement]:
    """The messages, signals, errors and escalations of the file by id."""
    roots: dict[str, RootElement] = {}
    for name, kind in _ROOTS.items():
        for element in context.source.all(name):
            identity = element.get("id") or ""
            roots.setdefault(
                identity,
                RootElement(
                    identity,
                    kind,
                    name_of(element),
                    line_of(element),
                    code=(element.get(f"{name}Code") or "").strip() or None,
                    correlation=context.extension(element).correlation,
                ),
            )
    return roots


def read_events(context: Context, node: etree._Element) -> tuple[EventDefinition, ...]:
    """The event definitions of an event: its own ones, and those it refers to by `eventDefinitionRef`."""
    found: list[EventDefinition] = []
    for element in node:
        if not is_bpmn(element):
            continue
        if local(element) in EVENT_DEFINITIONS:
            found.append(read_event(context, element))
        elif local(element) == "eventDefinitionRef":
            definition = context.source.find(text_of(element), element)
            if definition is not None and local(definition) in EVENT_DEFINITIONS:
                found.append(read_event(context, definition))
    return tuple(found)


def read_event(context: Context, element: etree._Element) -> EventDefinition:
    """One event definition with what it refers to resolved."""
    kind = EVENT_DEFINITIONS[local(element)]
    ref = context.ref(element, _REFERENCES[kind]) if kind in _REFERENCES else None
    root = context.source.by_id.get(ref) if ref else None
    timer, expression = _timer(context, element) if kind is EventKind.TIMER else (None, None)
    if kind is EventKind.CONDITIONAL:
        expression = context.expression(child(element, "condition"))
    return EventDefinition(
        kind,
        id=element.get("id") or "",
        line=line_of(element),
        ref=ref,
        name=_name(kind, element, root),
        code=_code(kind, root),
        timer=timer,
        expression=expression,
        activity_ref=context.ref(element, "activityRef") if kind is EventKind.COMPENSATION else None,
        wait_for_completion=flag(element, "waitForCompletion", True),
        error_variable=_error_variable(element) if kind is EventKind.ERROR else None,
    )


def _name(kind: EventKind, element: etree._Element, root: etree._Element | None) -> str | None:
    owner = element if kind is EventKind.LINK else root
    return None if owner is None else name_of(owner) or None


def _code(kind: EventKind, root: etree._Element | None) -> str | None:
    if root is None or kind not in {EventKind.ERROR, EventKind.ESCALATION}:
        return None
    return (root.get(f"{local(root)}Code") or "").strip() or None


def _timer(context: Context, element: etree._Element) -> tuple[TimerKind | None, Expression | None]:
    for kind in TimerKind:
        definition = child(element, kind.value)
        if definition is not None:
            return kind, context.expression(definition)
    return None, None


def _error_variable(element: etree._Element) -> str | None:
    """The variable that gets the code of a caught error, as Camunda and Flowable write it."""
    for key, value in element.attrib.items():
        if str(key).endswith("}errorCodeVariable") or str(key).endswith("}errorVariable"):
            return str(value).strip() or None
    return None
