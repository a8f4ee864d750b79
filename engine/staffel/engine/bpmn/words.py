"""Namespaces and words: what elements of BPMN are called in the file, in German and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.model import EventKind, NodeType

if TYPE_CHECKING:
    from lxml import etree

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
STAFFEL: Final = "urn:staffel:bpmn:1"

FLOW_NODES: Final = {node_type.value: node_type for node_type in NodeType}
ACTIVITIES: Final = frozenset(name for name, kind in FLOW_NODES.items() if kind.is_activity)
TASKS: Final = frozenset(
    name for name, kind in FLOW_NODES.items() if kind.is_activity and not kind.is_sub_process
) - {"callActivity"}
GATEWAYS: Final = frozenset(name for name, kind in FLOW_NODES.items() if kind.is_gateway)
EVENTS: Final = frozenset(name for name, kind in FLOW_NODES.items() if kind.is_event)
SUB_PROCESSES: Final = frozenset(name for name, kind in FLOW_NODES.items() if kind.is_sub_process)
EVENT_DEFINITIONS: Final = {f"{kind.value}EventDefinition": kind for kind in EventKind}
GLOBAL_TASKS: Final = {
    "globalTask": NodeType.TASK,
    "globalUserTask": NodeType.USER_TASK,
    "globalManualTask": NodeType.MANUAL_TASK,
    "globalScriptTask": NodeType.SCRIPT_TASK,
    "globalBusinessRuleTask": NodeType.BUSINESS_RULE_TASK,
}
CHOREOGRAPHY: Final = frozenset({"choreographyTask", "callChoreography", "subChoreography"})

NAMES: Final[dict[str, tuple[str, str]]] = {
    "definitions": ("Modell", "model"),
    "process": ("Prozess", "process"),
    "collaboration": ("Kollaboration", "collaboration"),
    "participant": ("Pool", "pool"),
    "laneSet": ("Bahnen", "lane set"),
    "lane": ("Bahn", "lane"),
    "sequenceFlow": ("Sequenzfluss", "sequence flow"),
    "messageFlow": ("Nachrichtenfluss", "message flow"),
    "association": ("Assoziation", "association"),
    "textAnnotation": ("Textanmerkung", "text annotation"),
    "group": ("Gruppierung", "group"),
    "startEvent": ("Startereignis", "start event"),
    "endEvent": ("Endereignis", "end event"),
    "intermediateCatchEvent": ("eintretendes Zwischenereignis", "intermediate catch event"),
    "intermediateThrowEvent": ("auslösendes Zwischenereignis", "intermediate throw event"),
    "boundaryEvent": ("angeheftetes Ereignis", "boundary event"),
    "task": ("Aufgabe", "task"),
    "userTask": ("Benutzeraufgabe", "user task"),
    "manualTask": ("manuelle Aufgabe", "manual task"),
    "serviceTask": ("Service-Aufgabe", "service task"),
    "sendTask": ("Sende-Aufgabe", "send task"),
    "receiveTask": ("Empfangs-Aufgabe", "receive task"),
    "scriptTask": ("Skript-Aufgabe", "script task"),
    "businessRuleTask": ("Regel-Aufgabe", "business rule task"),
    "callActivity": ("Aufruf-Aktivität", "call activity"),
    "subProcess": ("Teilprozess", "sub-process"),
    "transaction": ("Transaktion", "transaction"),
    "adHocSubProcess": ("Ad-hoc-Teilprozess", "ad-hoc sub-process"),
    "exclusiveGateway": ("exklusives Gateway", "exclusive gateway"),
    "parallelGateway": ("paralleles Gateway", "parallel gateway"),
    "inclusiveGateway": ("inklusives Gateway", "inclusive gateway"),
    "complexGateway": ("komplexes Gateway", "complex gateway"),
    "eventBasedGateway": ("ereignisbasiertes Gateway", "event-based gateway"),
    "messageEventDefinition": ("Nachrichten-Definition", "message definition"),
    "timerEventDefinition": ("Zeit-Definition", "timer definition"),
    "signalEventDefinition": ("Signal-Definition", "signal definition"),
    "errorEventDefinition": ("Fehler-Definition", "error definition"),
    "escalationEventDefinition": ("Eskalations-Definition", "escalation definition"),
    "conditionalEventDefinition": ("Bedingungs-Definition", "conditional definition"),
    "linkEventDefinition": ("Link-Definition", "link definition"),
    "compensateEventDefinition": ("Kompensations-Definition", "compensation definition"),
    "cancelEventDefinition": ("Abbruch-Definition", "cancel definition"),
    "terminateEventDefinition": ("Terminierungs-Definition", "terminate definition"),
    "message": ("Nachricht", "message"),
    "signal": ("Signal", "signal"),
    "error": ("Fehler", "error"),
    "escalation": ("Eskalation", "escalation"),
    "dataObject": ("Datenobjekt", "data object"),
    "dataObjectReference": ("Datenobjekt-Verweis", "data object reference"),
    "dataStore": ("Datenspeicher", "data store"),
    "dataStoreReference": ("Datenspeicher-Verweis", "data store reference"),
    "dataInput": ("Dateneingang", "data input"),
    "dataOutput": ("Datenausgang", "data output"),
    "property": ("Eigenschaft", "property"),
    "dataInputAssociation": ("Daten-Eingangsassoziation", "data input association"),
    "dataOutputAssociation": ("Daten-Ausgangsassoziation", "data output association"),
    "ioSpecification": ("Ein-/Ausgabe-Angabe", "input/output specification"),
    "multiInstanceLoopCharacteristics": ("Mehrfachausführung", "multi-instance loop"),
    "standardLoopCharacteristics": ("Schleife", "standard loop"),
    "conditionExpression": ("Bedingung", "condition"),
    "choreographyTask": ("Choreografie-Aufgabe", "choreography task"),
    "callChoreography": ("Choreografie-Aufruf", "call choreography"),
    "subChoreography": ("Teil-Choreografie", "sub-choreography"),
    "choreography": ("Choreografie", "choreography"),
    "globalConversation": ("globale Konversation", "global conversation"),
    "import": ("Import", "import"),
    "operation": ("Operation", "operation"),
    "itemDefinition": ("Datentyp", "item definition"),
}


IN_BPMN = "{" + BPMN + "}"
"""What a tag of BPMN itself begins with."""


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    tag: str = element.tag
    return tag.rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    """The element's namespace, empty when it has none."""
    tag: str = element.tag
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def is_bpmn(element: etree._Element) -> bool:
    """Whether the element belongs to BPMN itself, not to a vendor."""
    return str(element.tag).startswith(IN_BPMN)


def in_german(element: etree._Element) -> str:
    """`Benutzeraufgabe „Antrag prüfen“ (Task_1)`: how a finding names an element."""
    return _named(element, 0, "„", "“")


def in_english(element: etree._Element) -> str:
    """`user task "Antrag prüfen" (Task_1)`."""
    return _named(element, 1, '"', '"')


def name_of(element: etree._Element) -> str:
    """What the element is called, on one line: drawing programs keep the line breaks of a label in its name."""
    return " ".join((element.get("name") or "").split())


def _named(element: etree._Element, language: int, opening: str, closing: str) -> str:
    kind = NAMES.get(local(element), (local(element), local(element)))[language]
    name = name_of(element)[:80]
    identity = element.get("id") or ""
    return kind + (f" {opening}{name}{closing}" if name else "") + (f" ({identity})" if identity else "")
