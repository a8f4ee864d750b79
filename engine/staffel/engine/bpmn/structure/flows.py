"""Rules about sequence flows and message flows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import child, is_true, text_of
from staffel.engine.bpmn.structure.rule import ERROR, WARNING, Check, Rule
from staffel.engine.bpmn.words import ACTIVITIES, EVENTS, FLOW_NODES, local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.structure.view import View

_ARTIFACTS: Final = frozenset({"association", "textAnnotation", "group"})


def _artifact_at(flow_name: str, end: str) -> Check:
    def check(view: View) -> Iterator[tuple[etree._Element, str]]:
        for flow in view.all(flow_name):
            other = view.target(flow, end)
            if other is not None and local(other) in _ARTIFACTS:
                yield flow, other.get("id") or ""

    return check


def _wrong_end(end: str) -> Check:
    """The other end is neither activity, gateway nor event, or it is an event sub-process."""

    def check(view: View) -> Iterator[tuple[etree._Element, str]]:
        for flow in view.all("sequenceFlow"):
            other = view.target(flow, end)
            if other is None or local(other) in _ARTIFACTS:
                continue
            wrong = local(other) not in FLOW_NODES or is_true(other.get("triggeredByEvent"))
            if wrong and not view.inside(flow, "choreography", "subChoreography"):
                yield flow, f"{local(other)} {other.get('id')}"

    return check


def _writes_ends(view: View) -> bool:
    """Whether the file writes `incoming` and `outgoing` at all; Flowable and others leave them out throughout."""
    return any(True for _ in view.all("incoming", "outgoing"))


def _ends_disagree(view: View) -> Iterator[tuple[etree._Element, str]]:
    if not _writes_ends(view):
        return
    for flow in view.all("sequenceFlow"):
        identity = flow.get("id") or ""
        if identity in view.source.generated:
            continue
        for attribute, name in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
            node = view.target(flow, attribute)
            if node is None or local(node) not in FLOW_NODES:
                continue
            listed = view.refs(node, name)
            if identity not in listed:
                yield flow, f"{node.get('id')}: {name} = {', '.join(listed) or '–'}"


def _lonely_condition(view: View) -> Iterator[etree._Element]:
    for flow in view.all("sequenceFlow"):
        if child(flow, "conditionExpression") is None:
            continue
        source = view.target(flow, "sourceRef")
        name = "" if source is None else local(source)
        if name in EVENTS or (source is not None and name in ACTIVITIES and len(view.out_of(source)) < 2):
            yield flow


def _foreign_default(view: View) -> Iterator[tuple[etree._Element, str]]:
    for node in view.all(*FLOW_NODES):
        flow = view.target(node, "default") if node.get("default") else None
        if (
            flow is not None
            and local(flow) == "sequenceFlow"
            and view.ref(flow, "sourceRef") != node.get("id")
        ):
            yield node, flow.get("id") or ""


def _called(node: etree._Element) -> str:
    """The name in the diagram, else the id."""
    return node.get("name") or node.get("id") or ""


def _crosses_scope(view: View) -> Iterator[tuple[etree._Element, str]]:
    for flow in view.all("sequenceFlow"):
        source, target = view.target(flow, "sourceRef"), view.target(flow, "targetRef")
        if source is None or target is None or source.getparent() is target.getparent():
            continue
        yield flow, f"{_called(source)} → {_called(target)}"


def _process_of(view: View, identity: str) -> etree._Element | None:
    """The process that a message flow's end belongs to: that of the pool, or the one around the node."""
    element = view.source.by_id.get(identity)
    if element is not None and local(element) == "participant":
        return view.target(element, "processRef")
    while element is not None and local(element) != "process":
        element = element.getparent()
    return element


def _same_pool(view: View) -> Iterator[tuple[etree._Element, str]]:
    for flow in view.all("messageFlow"):
        source, target = view.ref(flow, "sourceRef"), view.ref(flow, "targetRef")
        process = _process_of(view, source)
        if source == target or (process is not None and process is _process_of(view, target)):
            yield flow, f"{source} → {target}"


def _not_immediate(view: View) -> Iterator[etree._Element]:
    for flow in view.all("sequenceFlow"):
        if not is_true(flow.get("isImmediate"), True) and view.executable(flow):
            yield flow


def _message_end(end: str, name: str) -> Check:
    def check(view: View) -> Iterator[tuple[etree._Element, str]]:
        for flow in view.all("messageFlow"):
            other = view.target(flow, end)
            if other is not None and local(other) == name:
                yield flow, other.get("id") or ""

    return check


def _no_message(name: str, *, receives: bool) -> Check:
    """An event at a message flow that has no message definition."""

    def check(view: View) -> Iterator[etree._Element]:
        flows = view.messages_to if receives else view.messages_from
        for event in view.all(name):
            if flows.get(event.get("id") or "") and "message" not in view.kinds(event):
                yield event

    return check


def _wrong_direction(view: View) -> Iterator[etree._Element]:
    for event in view.all("intermediateThrowEvent"):
        if view.messages_to.get(event.get("id") or ""):
            yield event
    for event in view.all("intermediateCatchEvent"):
        if view.messages_from.get(event.get("id") or ""):
            yield event


def _empty_formal(view: View) -> Iterator[tuple[etree._Element, str]]:
    names = ("conditionExpression", "condition", "completionCondition", "loopCondition", "loopCardinality")
    for item in view.all(
        *names, "transformation", "dataPath", "messagePath", "timeDate", "timeDuration", "timeCycle"
    ):
        formal = any(
            str(key).endswith("}type") and "tFormalExpression" in str(v) for key, v in item.attrib.items()
        )
        always = local(item) in {"transformation", "dataPath", "messagePath"}
        if (formal or always) and not text_of(item) and not list(item):
            yield item, local(item)


_REDRAW: Final = (
    "Den Fluss im Zeichenprogramm neu ziehen, zwischen Aktivität, Gateway oder Ereignis.",
    "Draw the flow anew in the modelling tool, between activity, gateway or event.",
)

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "006",
        "flow-to-artifact",
        ERROR,
        "8.4.1",
        "Ein Sequenzfluss darf nicht zu einer Anmerkung, Gruppierung oder Assoziation führen.",
        "A sequence flow must not lead to an annotation, group or association.",
        *_REDRAW,
        _artifact_at("sequenceFlow", "targetRef"),
    ),
    Rule(
        "007",
        "flow-from-artifact",
        ERROR,
        "8.4.1",
        "Ein Sequenzfluss darf nicht von einer Anmerkung, Gruppierung oder Assoziation ausgehen.",
        "A sequence flow must not start at an annotation, group or association.",
        *_REDRAW,
        _artifact_at("sequenceFlow", "sourceRef"),
    ),
    Rule(
        "008",
        "message-flow-to-artifact",
        ERROR,
        "8.4.1",
        "Ein Nachrichtenfluss darf nicht zu einer Anmerkung, Gruppierung oder Assoziation führen.",
        "A message flow must not lead to an annotation, group or association.",
        *_REDRAW,
        _artifact_at("messageFlow", "targetRef"),
    ),
    Rule(
        "009",
        "message-flow-from-artifact",
        ERROR,
        "8.4.1",
        "Ein Nachrichtenfluss darf nicht von einer Anmerkung, Gruppierung oder Assoziation ausgehen.",
        "A message flow must not start at an annotation, group or association.",
        *_REDRAW,
        _artifact_at("messageFlow", "sourceRef"),
    ),
    Rule(
        "013",
        "expression-empty",
        WARNING,
        "8.4.7",
        "Ein formaler Ausdruck braucht einen Inhalt.",
        "A formal expression needs a body.",
        "Den Ausdruck in FEEL eintragen oder das Element löschen.",
        "Enter the expression in FEEL or delete the element.",
        _empty_formal,
    ),
    Rule(
        "021",
        "flow-source-type",
        ERROR,
        "8.4.13",
        "Ein Sequenzfluss beginnt an einer Aktivität, einem Gateway oder einem Ereignis, nicht an einem "
        "Ereignis-Teilprozess.",
        "A sequence flow starts at an activity, gateway or event, not at an event sub-process.",
        *_REDRAW,
        _wrong_end("sourceRef"),
    ),
    Rule(
        "022",
        "flow-target-type",
        ERROR,
        "8.4.13",
        "Ein Sequenzfluss endet an einer Aktivität, einem Gateway oder einem Ereignis, nicht an einem "
        "Ereignis-Teilprozess.",
        "A sequence flow ends at an activity, gateway or event, not at an event sub-process.",
        *_REDRAW,
        _wrong_end("targetRef"),
    ),
    Rule(
        "023",
        "flow-ends-disagree",
        ERROR,
        "8.4.13",
        "Das Element am Ende des Flusses nennt ihn nicht in incoming oder outgoing; die Angaben widersprechen sich.",
        "The element at the end of the flow does not list it in incoming or outgoing; the two contradict each other.",
        "Den Fluss im Zeichenprogramm löschen, neu ziehen und neu exportieren.",
        "Delete the flow in the modelling tool, draw it anew and export again.",
        _ends_disagree,
    ),
    Rule(
        "024",
        "flow-not-immediate",
        ERROR,
        "8.4.13",
        'isImmediate="false" ist in einem ausführbaren Prozess nicht erlaubt.',
        'isImmediate="false" is not allowed in an executable process.',
        "Das Attribut isImmediate löschen.",
        "Delete the attribute isImmediate.",
        _not_immediate,
    ),
    Rule(
        "025",
        "condition-lonely",
        WARNING,
        "8.4.13",
        "Ein bedingter Fluss braucht eine Aktivität oder ein Gateway mit mindestens einem weiteren Ausgang; ist die "
        "Bedingung falsch, geht es sonst nirgends weiter.",
        "A conditional flow needs an activity or gateway with at least one more way out; if the condition is false, "
        "there is nowhere to go.",
        "Die Bedingung löschen oder einen zweiten Fluss (Standardfluss) ergänzen.",
        "Delete the condition or add a second (default) flow.",
        _lonely_condition,
    ),
    Rule(
        "026",
        "default-foreign",
        ERROR,
        "8.4.13",
        "Der Standardfluss (default) muss an diesem Element beginnen.",
        "The default flow must start at this element.",
        "Einen der eigenen Ausgänge als Standardfluss wählen.",
        "Choose one of its own outgoing flows as default.",
        _foreign_default,
    ),
    Rule(
        "028",
        "flow-crosses-border",
        ERROR,
        "9.3",
        "Ein Sequenzfluss darf die Grenze eines Pools oder Teilprozesses nicht überschreiten.",
        "A sequence flow must not cross the border of a pool or sub-process.",
        "Soll die andere Stelle den Vorgang übernehmen: beide als Bahnen eines Pools zeichnen, dann ist der Fluss zwischen ihnen "
        "die Übergabe. Sonst zwischen Pools einen Nachrichtenfluss verwenden; Teilprozesse am Rand verlassen.",
        "If the other agency is to take the case over: draw both as lanes of one pool, then the flow between them is the "
        "handover. Else use a message flow between pools; leave sub-processes at their border.",
        _crosses_scope,
    ),
    Rule(
        "152",
        "flow-crosses-border",
        ERROR,
        "7.6.1",
        "Ein Sequenzfluss verbindet nur Elemente derselben Ebene.",
        "A sequence flow connects only elements of the same level.",
        "Soll die andere Stelle den Vorgang übernehmen: beide als Bahnen eines Pools zeichnen, dann ist der Fluss zwischen ihnen "
        "die Übergabe. Sonst zwischen Pools einen Nachrichtenfluss verwenden; Teilprozesse am Rand verlassen.",
        "If the other agency is to take the case over: draw both as lanes of one pool, then the flow between them is the "
        "handover. Else use a message flow between pools; leave sub-processes at their border.",
        _crosses_scope,
    ),
    Rule(
        "031",
        "message-flow-same-pool",
        ERROR,
        "9.3",
        "Ein Nachrichtenfluss verbindet verschiedene Pools.",
        "A message flow connects different pools.",
        "Innerhalb eines Pools einen Sequenzfluss verwenden.",
        "Use a sequence flow inside a pool.",
        _same_pool,
    ),
    Rule(
        "102",
        "start-sends-message",
        ERROR,
        "10.5.2",
        "Ein Startereignis kann keine Nachricht senden.",
        "A start event cannot send a message.",
        "Den Nachrichtenfluss umdrehen oder bei einer Sende-Aufgabe beginnen lassen.",
        "Turn the message flow round or let it start at a send task.",
        _message_end("sourceRef", "startEvent"),
    ),
    Rule(
        "103",
        "start-without-message",
        ERROR,
        "10.5.2",
        "Ein Startereignis, zu dem ein Nachrichtenfluss führt, braucht eine Nachrichten-Definition.",
        "A start event that a message flow leads to needs a message definition.",
        "Das Startereignis zum Nachrichten-Startereignis machen.",
        "Make it a message start event.",
        _no_message("startEvent", receives=True),
    ),
    Rule(
        "108",
        "end-receives-message",
        ERROR,
        "10.5.3",
        "Ein Endereignis kann keine Nachricht empfangen.",
        "An end event cannot receive a message.",
        "Den Nachrichtenfluss umdrehen oder zu einem empfangenden Element führen.",
        "Turn the message flow round or lead it to an element that receives.",
        _message_end("targetRef", "endEvent"),
    ),
    Rule(
        "109",
        "end-without-message",
        ERROR,
        "10.5.3",
        "Ein Endereignis, von dem ein Nachrichtenfluss ausgeht, braucht eine Nachrichten-Definition.",
        "An end event that a message flow starts at needs a message definition.",
        "Das Endereignis zum Nachrichten-Endereignis machen.",
        "Make it a message end event.",
        _no_message("endEvent", receives=False),
    ),
    Rule(
        "119",
        "message-direction",
        ERROR,
        "10.5.4",
        "Auslösende Ereignisse senden, eintretende empfangen Nachrichten.",
        "Throw events send messages, catch events receive them.",
        "Den Nachrichtenfluss umdrehen oder die Art des Ereignisses ändern.",
        "Turn the message flow round or change the kind of event.",
        _wrong_direction,
    ),
)
