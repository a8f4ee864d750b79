"""Models that were drawn to be read, not run: one to-do list in front of the single findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from staffel.engine.bpmn.model import EventKind, NodeType
from staffel.engine.findings import Finding, Severity

if TYPE_CHECKING:
    from staffel.engine.bpmn.model import Definitions, Node, Scope

_SPLITS = {NodeType.EXCLUSIVE_GATEWAY, NodeType.INCLUSIVE_GATEWAY, NodeType.COMPLEX_GATEWAY}


def descriptive(definitions: Definitions, file: str) -> Finding | None:
    """The to-do list of a model without any executable process; None for all others."""
    processes = list(definitions.processes.values())
    if not processes or any(process.executable for process in processes):
        return None
    if any(_conditions(process.scope) for process in processes):
        return None
    steps = [step for process in processes for step in _steps(process.scope)]
    german = [f"{number}. {de}" for number, (de, _en) in enumerate(_list(steps), 2)]
    english = [f"{number}. {en}" for number, (_de, en) in enumerate(_list(steps), 2)]
    first = processes[0]
    return Finding(
        code="descriptive-model",
        severity=Severity.HINT,
        text_de="Das Modell beschreibt einen Ablauf, ist aber noch nicht ausführbar. Was zu tun ist: "
        + " ".join(["1. isExecutable am Prozess einschalten.", *german]),
        text_en="The model describes a process but cannot be executed yet. What to do: "
        + " ".join(["1. Switch on isExecutable at the process.", *english]),
        mend_de="Die Liste von oben nach unten abarbeiten und das Modell danach erneut hochladen.",
        mend_en="Work through the list from top to bottom, then upload the model again.",
        element=first.id,
        line=first.line,
        file=file,
        layer="executability",
    )


def _conditions(scope: Scope) -> bool:
    scopes = [scope, *(node.body for node in scope.walk() if node.body is not None)]
    return any(flow.condition is not None for inner in scopes for flow in inner.flows.values())


def _steps(scope: Scope) -> Iterator[tuple[str, str]]:
    """What is open, as pairs of (kind of work, element)."""
    for node in scope.walk():
        name = node.name or node.id
        if node.type is NodeType.TASK:
            yield "type", name
        if node.type in _SPLITS and len(node.outgoing) > 1:
            yield "condition", name
        yield from (("event", name) for _ in range(_open_events(node)))


def _open_events(node: Node) -> int:
    missing = 0
    for event in node.events:
        named = event.kind in {EventKind.MESSAGE, EventKind.SIGNAL} and event.ref is None
        timed = event.kind is EventKind.TIMER and event.expression is None
        conditional = event.kind is EventKind.CONDITIONAL and event.expression is None
        missing += named or timed or conditional
    return missing


_TEXTS = {
    "type": (
        "{count} Aufgaben eine Art geben (Benutzer-, Service-, Regel-Aufgabe …): {names}.",
        "Give {count} tasks a type (user, service, business rule task …): {names}.",
    ),
    "condition": (
        "An {count} Verzweigungen Bedingungen oder einen Standardfluss eintragen: {names}.",
        "Enter conditions or a default flow at {count} gateways: {names}.",
    ),
    "event": (
        "Bei {count} Ereignissen Nachricht, Signal, Zeit oder Bedingung angeben: {names}.",
        "State message, signal, time or condition at {count} events: {names}.",
    ),
}


def _list(steps: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for kind, (german, english) in _TEXTS.items():
        names = [name for found, name in steps if found == kind]
        if not names:
            continue
        shown = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
        count = str(len(names))
        yield _filled(german, count, shown), _filled(english, count, shown)


def _filled(text: str, count: str, names: str) -> str:
    """Names come last, so that braces in them are never read as places to fill."""
    return text.replace("{count}", count).replace("{names}", names)
