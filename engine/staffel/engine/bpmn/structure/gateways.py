"""Rules about gateways, and about nodes that nothing leads to or that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import child, is_true
from staffel.engine.bpmn.structure.rule import ERROR, WARNING, Check, Rule
from staffel.engine.bpmn.words import ACTIVITIES, FLOW_NODES, GATEWAYS, local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.structure.view import View

_WAITING: Final = {"message", "signal", "timer", "conditional"}


def _direction(direction: str) -> Check:
    def check(view: View) -> Iterator[tuple[etree._Element, str]]:
        for gateway in view.all(*GATEWAYS):
            ins, outs = len(view.into(gateway)), len(view.out_of(gateway))
            fits = {"Converging": outs < 2, "Diverging": ins < 2, "Mixed": ins > 1 and outs > 1}
            if gateway.get("gatewayDirection") == direction and not fits[direction]:
                yield gateway, f"{ins} → {outs}"

    return check


def _pointless(view: View) -> Iterator[tuple[etree._Element, str]]:
    for gateway in view.all(*GATEWAYS):
        ins, outs = len(view.into(gateway)), len(view.out_of(gateway))
        starts = local(gateway) == "eventBasedGateway" and is_true(gateway.get("instantiate"))
        if ins < 2 and outs < 2 and not starts:
            yield gateway, f"{ins} → {outs}"


def _too_few_events(view: View) -> Iterator[tuple[etree._Element, str]]:
    for gateway in view.all("eventBasedGateway"):
        if len(view.out_of(gateway)) < 2:
            yield gateway, str(len(view.out_of(gateway)))


def _chosen(view: View) -> Iterator[tuple[etree._Element, etree._Element, etree._Element]]:
    """Event-based gateway, flow out of it, element at its end."""
    for gateway in view.all("eventBasedGateway"):
        for flow in view.out_of(gateway):
            target = view.target(flow, "targetRef")
            if target is not None:
                yield gateway, flow, target


def _conditional_choice(view: View) -> Iterator[etree._Element]:
    for _gateway, flow, _target in _chosen(view):
        if child(flow, "conditionExpression") is not None:
            yield flow


def _wrong_choice(view: View) -> Iterator[tuple[etree._Element, str]]:
    for gateway, _flow, target in _chosen(view):
        kinds = view.kinds(target)
        waits = local(target) == "intermediateCatchEvent" and kinds and set(kinds) <= _WAITING
        if not waits and local(target) != "receiveTask":
            yield gateway, f"{local(target)} {target.get('id')}"


def _mixed_choice(view: View) -> Iterator[etree._Element]:
    for gateway in view.all("eventBasedGateway"):
        ends = [view.target(flow, "targetRef") for flow in view.out_of(gateway)]
        targets = [target for target in ends if target is not None]
        tasks = any(local(target) == "receiveTask" for target in targets)
        events = any(local(t) == "intermediateCatchEvent" and "message" in view.kinds(t) for t in targets)
        if tasks and events:
            yield gateway


def _choice_with_boundary(view: View) -> Iterator[etree._Element]:
    for _gateway, _flow, target in _chosen(view):
        if local(target) == "receiveTask" and view.attached.get(target.get("id") or ""):
            yield target


def _choice_shared(view: View) -> Iterator[etree._Element]:
    for _gateway, _flow, target in _chosen(view):
        if len(view.into(target)) > 1:
            yield target


def _starter_with_incoming(view: View) -> Iterator[etree._Element]:
    for gateway in view.all("eventBasedGateway"):
        if is_true(gateway.get("instantiate")) and view.into(gateway):
            yield gateway


def _parallel_inside(view: View) -> Iterator[etree._Element]:
    for gateway in view.all("eventBasedGateway"):
        if gateway.get("eventGatewayType") == "Parallel" and not is_true(gateway.get("instantiate")):
            yield gateway


def _parallel_conditions(view: View) -> Iterator[etree._Element]:
    for gateway in view.all("parallelGateway"):
        for flow in view.out_of(gateway):
            if child(flow, "conditionExpression") is not None:
                yield flow


def _stands_in_flow(node: etree._Element) -> bool:
    """Whether a node takes part in the flow: not compensation, event sub-process, ad-hoc content or a start."""
    parent = node.getparent()
    if parent is None or local(parent) == "adHocSubProcess":
        return False
    apart = is_true(node.get("isForCompensation")) or is_true(node.get("triggeredByEvent"))
    starts = is_true(node.get("instantiate")) and local(node) in {"receiveTask", "eventBasedGateway"}
    return not apart and not starts


def _unreachable(view: View) -> Iterator[etree._Element]:
    for node in view.all(*(ACTIVITIES | GATEWAYS), "intermediateThrowEvent", "intermediateCatchEvent"):
        if not view.has(node.getparent(), "startEvent") or view.into(node):
            continue
        if "link" in view.kinds(node) and local(node) == "intermediateCatchEvent":
            continue
        if _stands_in_flow(node):
            yield node


def _dead_end(view: View) -> Iterator[etree._Element]:
    for node in view.all(*FLOW_NODES):
        if not view.has(node.getparent(), "endEvent") or view.out_of(node) or local(node) == "endEvent":
            continue
        kinds = view.kinds(node) if local(node).endswith("Event") else []
        if ("link" in kinds and local(node) == "intermediateThrowEvent") or "compensate" in kinds:
            continue
        if _stands_in_flow(node):
            yield node


_TURN: Final = (
    "gatewayDirection an die gezeichneten Flüsse anpassen oder das Attribut löschen.",
    "Let gatewayDirection fit the flows drawn, or delete the attribute.",
)

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "017",
        "gateway-direction",
        WARNING,
        "10.6",
        "Ein zusammenführendes Gateway (Converging) hat höchstens einen Ausgang.",
        "A converging gateway has at most one outgoing flow.",
        *_TURN,
        _direction("Converging"),
    ),
    Rule(
        "018",
        "gateway-direction",
        WARNING,
        "10.6",
        "Ein verzweigendes Gateway (Diverging) hat höchstens einen Eingang.",
        "A diverging gateway has at most one incoming flow.",
        *_TURN,
        _direction("Diverging"),
    ),
    Rule(
        "019",
        "gateway-direction",
        WARNING,
        "10.6",
        "Ein gemischtes Gateway (Mixed) hat mehrere Eingänge und mehrere Ausgänge.",
        "A mixed gateway has several incoming and several outgoing flows.",
        *_TURN,
        _direction("Mixed"),
    ),
    Rule(
        "",
        "parallel-condition",
        WARNING,
        "10.6.4",
        "Flüsse aus einem parallelen Gateway werden alle genommen; eine Bedingung daran wirkt nicht.",
        "All flows out of a parallel gateway are taken; a condition on them has no effect.",
        "Die Bedingung löschen oder ein inklusives Gateway verwenden.",
        "Delete the condition or use an inclusive gateway.",
        _parallel_conditions,
    ),
    Rule(
        "135",
        "gateway-pointless",
        WARNING,
        "10.6",
        "Ein Gateway hat mehrere Eingänge oder mehrere Ausgänge.",
        "A gateway has several incoming or several outgoing flows.",
        "Das Gateway löschen oder den fehlenden Fluss ergänzen.",
        "Delete the gateway or add the missing flow.",
        _pointless,
    ),
    Rule(
        "136",
        "event-gateway-few",
        ERROR,
        "10.6.6",
        "Ein ereignisbasiertes Gateway hat mindestens zwei Ausgänge.",
        "An event-based gateway has at least two outgoing flows.",
        "Ein zweites Ereignis ergänzen oder das Gateway löschen.",
        "Add a second event or delete the gateway.",
        _too_few_events,
    ),
    Rule(
        "137",
        "event-gateway-condition",
        ERROR,
        "10.6.6",
        "Flüsse aus einem ereignisbasierten Gateway haben keine Bedingung.",
        "Flows out of an event-based gateway have no condition.",
        "Die Bedingung löschen.",
        "Delete the condition.",
        _conditional_choice,
    ),
    Rule(
        "138",
        "event-gateway-target",
        ERROR,
        "10.6.6",
        "Nach einem ereignisbasierten Gateway stehen nur Empfangs-Aufgaben oder eintretende Ereignisse (Nachricht, Signal, "
        "Zeit, Bedingung).",
        "Only receive tasks or catch events (message, signal, timer, condition) follow an event-based gateway.",
        "Ein eintretendes Zwischenereignis dazwischensetzen.",
        "Put a catch event in between.",
        _wrong_choice,
    ),
    Rule(
        "139",
        "event-gateway-mixed",
        ERROR,
        "10.6.6",
        "Nach einem ereignisbasierten Gateway stehen entweder Empfangs-Aufgaben oder Nachrichten-Ereignisse, nicht beides.",
        "Either receive tasks or message events follow an event-based gateway, not both.",
        "Die Empfangs-Aufgaben durch Nachrichten-Ereignisse ersetzen.",
        "Replace the receive tasks by message events.",
        _mixed_choice,
    ),
    Rule(
        "140",
        "event-gateway-boundary",
        ERROR,
        "10.6.6",
        "An einer Empfangs-Aufgabe nach einem ereignisbasierten Gateway haften keine Ereignisse.",
        "No events are attached to a receive task after an event-based gateway.",
        "Das angeheftete Ereignis als weiteren Ausgang des Gateways zeichnen.",
        "Draw the boundary event as another way out of the gateway.",
        _choice_with_boundary,
    ),
    Rule(
        "141",
        "event-gateway-target-shared",
        ERROR,
        "10.6.6",
        "In ein Element nach einem ereignisbasierten Gateway führt kein weiterer Fluss.",
        "No other flow leads into an element after an event-based gateway.",
        "Das Element für den anderen Weg noch einmal zeichnen.",
        "Draw the element again for the other way.",
        _choice_shared,
    ),
    Rule(
        "142",
        "event-gateway-start",
        ERROR,
        "10.6.6",
        "In ein ereignisbasiertes Gateway, das den Prozess beginnt (instantiate), führt kein Fluss.",
        "No flow leads into an event-based gateway that starts the process (instantiate).",
        "Den Fluss löschen oder instantiate abschalten.",
        "Delete the flow or switch instantiate off.",
        _starter_with_incoming,
    ),
    Rule(
        "",
        "event-gateway-parallel",
        ERROR,
        "10.6.6",
        "Ein paralleles ereignisbasiertes Gateway gibt es nur am Anfang eines Prozesses (instantiate).",
        "A parallel event-based gateway exists only at the start of a process (instantiate).",
        "eventGatewayType auf Exclusive setzen.",
        "Set eventGatewayType to Exclusive.",
        _parallel_inside,
    ),
    Rule(
        "150",
        "node-unreachable",
        ERROR,
        "8.4.13",
        "Wo es ein Startereignis gibt, führt in jedes Element ein Sequenzfluss; dieses Element wird nie erreicht.",
        "Where there is a start event, a sequence flow leads into every element; this one is never reached.",
        "Einen Sequenzfluss zu diesem Element ziehen oder es löschen.",
        "Draw a sequence flow to it or delete it.",
        _unreachable,
    ),
    Rule(
        "151",
        "node-leads-nowhere",
        WARNING,
        "8.4.13",
        "Wo es ein Endereignis gibt, geht von jedem Element ein Sequenzfluss aus.",
        "Where there is an end event, a sequence flow leaves every element.",
        "Einen Sequenzfluss ergänzen, zum Beispiel zu einem Endereignis.",
        "Add a sequence flow, e.g. to an end event.",
        _dead_end,
    ),
)
