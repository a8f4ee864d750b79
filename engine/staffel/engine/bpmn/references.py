"""References: every id once, every reference to something that exists and is of the right kind, imports resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import children, line_of, text_of
from staffel.engine.bpmn.words import (
    ACTIVITIES,
    BPMN,
    EVENT_DEFINITIONS,
    FLOW_NODES,
    GATEWAYS,
    GLOBAL_TASKS,
    NAMES,
    in_english,
    in_german,
    local,
)
from staffel.engine.findings import Severity
from staffel.engine.xml import XmlRefused, parse_xml

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.report import Report
    from staffel.engine.bpmn.source import Source

LAYER: Final = "references"
Kinds = frozenset[str]

_NODES: Final = frozenset(FLOW_NODES)
_CHOREOGRAPHY: Final = frozenset({"choreographyTask", "callChoreography", "subChoreography"})
_ARTIFACTS: Final = frozenset({"textAnnotation", "group", "association"})
_DATA: Final = frozenset(
    {
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "property",
        "dataInput",
        "dataOutput",
    }
)
_ENDS: Final = _NODES | {"participant"} | _CHOREOGRAPHY
_DEFAULTS: Final = ACTIVITIES | GATEWAYS

# Attribute of an element → the kinds of elements it may refer to.
ATTRIBUTES: Final[dict[tuple[str, str], Kinds]] = {
    ("sequenceFlow", "sourceRef"): _NODES | _CHOREOGRAPHY | _ARTIFACTS,
    ("sequenceFlow", "targetRef"): _NODES | _CHOREOGRAPHY | _ARTIFACTS,
    ("messageFlow", "sourceRef"): _ENDS | _ARTIFACTS | {"conversation", "subConversation"},
    ("messageFlow", "targetRef"): _ENDS | _ARTIFACTS | {"conversation", "subConversation"},
    ("messageFlow", "messageRef"): frozenset({"message"}),
    ("boundaryEvent", "attachedToRef"): frozenset(ACTIVITIES),
    ("participant", "processRef"): frozenset({"process"}),
    ("dataObjectReference", "dataObjectRef"): frozenset({"dataObject"}),
    ("dataStoreReference", "dataStoreRef"): frozenset({"dataStore"}),
    ("messageEventDefinition", "messageRef"): frozenset({"message"}),
    ("signalEventDefinition", "signalRef"): frozenset({"signal"}),
    ("errorEventDefinition", "errorRef"): frozenset({"error"}),
    ("escalationEventDefinition", "escalationRef"): frozenset({"escalation"}),
    ("compensateEventDefinition", "activityRef"): frozenset(ACTIVITIES),
    ("sendTask", "messageRef"): frozenset({"message"}),
    ("receiveTask", "messageRef"): frozenset({"message"}),
    ("sendTask", "operationRef"): frozenset({"operation"}),
    ("receiveTask", "operationRef"): frozenset({"operation"}),
    ("serviceTask", "operationRef"): frozenset({"operation"}),
    ("message", "itemRef"): frozenset({"itemDefinition"}),
    ("multiInstanceLoopCharacteristics", "oneBehaviorEventRef"): frozenset(EVENT_DEFINITIONS),
    ("multiInstanceLoopCharacteristics", "noneBehaviorEventRef"): frozenset(EVENT_DEFINITIONS),
    ("correlationSubscription", "correlationKeyRef"): frozenset({"correlationKey"}),
    ("correlationPropertyBinding", "correlationPropertyRef"): frozenset({"correlationProperty"}),
} | {(name, "default"): frozenset({"sequenceFlow"}) for name in _DEFAULTS}

# Child element with the id as its text → the kinds of elements it may refer to.
ELEMENTS: Final[dict[str, Kinds]] = {
    "incoming": frozenset({"sequenceFlow"}),
    "outgoing": frozenset({"sequenceFlow"}),
    "flowNodeRef": _NODES
    | {"dataObjectReference", "dataStoreReference", "dataObject", "textAnnotation", "group"},
    "eventDefinitionRef": frozenset(EVENT_DEFINITIONS),
    "dataInputRefs": frozenset({"dataInput"}),
    "dataOutputRefs": frozenset({"dataOutput"}),
    "operationRef": frozenset({"operation"}),
    "inMessageRef": frozenset({"message"}),
    "outMessageRef": frozenset({"message"}),
}
# Wrong in these places, yet without effect on what is executed.
_HARMLESS: Final = frozenset({"itemRef", "operationRef", "inMessageRef", "outMessageRef", "flowNodeRef"})


def check_references(source: Source, report: Report, beside: Mapping[str, bytes]) -> None:
    """Report duplicate ids, dangling and wrong references, and imports of files that are not in `beside`."""
    for element in source.duplicates:
        _duplicate(source, report, element)
    for element, what, reference, kinds in _references(source):
        found = source.find(reference, element)
        if found is None:
            if not _may_be_foreign(source, what, reference, element):
                _dangling(source, report, element, what, reference)
        elif local(found) not in kinds:
            _wrong_kind(source, report, (element, what), found, kinds)
    _data_associations(source, report)
    _imports(source, report, beside)


def _references(source: Source) -> Iterator[tuple[etree._Element, str, str, Kinds]]:
    for (name, attribute), kinds in ATTRIBUTES.items():
        for element in source.all(name):
            if reference := (element.get(attribute) or "").strip():
                yield element, attribute, reference, kinds
    for name, kinds in ELEMENTS.items():
        for element in source.all(name):
            if reference := text_of(element):
                yield element, name, reference, kinds
    called = frozenset({"process"}) | frozenset(GLOBAL_TASKS)
    for element in source.all("callActivity"):
        reference = source.name(element.get("calledElement"), element)
        if reference in source.by_id:
            yield element, "calledElement", reference, called


def _may_be_foreign(source: Source, what: str, reference: str, element: etree._Element) -> bool:
    """References into imported files are checked where all files are known; XSD types need no definition."""
    return source.is_foreign(reference, element) and (what != "flowNodeRef")


def _duplicate(source: Source, report: Report, element: etree._Element) -> None:
    identity = element.get("id") or ""
    first = line_of(source.by_id[identity])
    report.error(
        "id-duplicate",
        element,
        (
            f"Erwartet wird jede Kennung nur einmal, gefunden: „{identity}“ zum zweiten Mal in Zeile {line_of(element)}, "
            f"zuerst in Zeile {first}. Verweise darauf sind nicht eindeutig.",
            f'Expected every id only once, found: "{identity}" again in line {line_of(element)}, first in line {first}. '
            "References to it are ambiguous.",
        ),
        (
            "Einem der beiden Elemente eine andere Kennung geben oder es neu zeichnen.",
            "Give one of the two elements another id or draw it anew.",
        ),
        layer=LAYER,
        rule="EXT.002",
    )


def _owner(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    return parent if element.get("id") is None and parent is not None else element


WORDS: Final = {
    "sourceRef": ("der Anfang", "its start"),
    "targetRef": ("das Ziel", "its end"),
    "attachedToRef": ("der Schritt, an dem es haftet", "the step it is attached to"),
    "processRef": ("der Prozess", "its process"),
    "messageRef": ("die Nachricht", "its message"),
    "signalRef": ("das Signal", "its signal"),
    "errorRef": ("der Fehler", "its error"),
    "escalationRef": ("die Eskalation", "its escalation"),
    "activityRef": ("die Aktivität", "its activity"),
    "default": ("der Standardfluss", "its default flow"),
    "calledElement": ("der aufgerufene Prozess", "the called process"),
}
"""What designers call the references that they set."""


def _told(what: str) -> tuple[str, str]:
    """`das Ziel (targetRef)`."""
    found = WORDS.get(what)
    return (f"{found[0]} ({what})", f"{found[1]} ({what})") if found else (f"der Verweis {what}", what)


def _ends(source: Source, element: etree._Element) -> tuple[str, str]:
    """Between which elements a flow is drawn: it seldom has a name."""
    ends = [source.find(element.get(end), element) for end in ("sourceRef", "targetRef") if element.get(end)]
    named = [end for end in ends if end is not None]
    if local(element) not in {"sequenceFlow", "messageFlow"} or not named:
        return "", ""
    between = len(named) > 1
    return (
        (" zwischen " if between else " an ") + " und ".join(in_german(end) for end in named),
        (" between " if between else " at ") + " and ".join(in_english(end) for end in named),
    )


def _dangling(source: Source, report: Report, element: etree._Element, what: str, reference: str) -> None:
    owner = _owner(element)
    german, english = _told(what)
    ends = _ends(source, owner)
    report.add(
        "reference-dangling",
        _severity(what),
        element,
        (
            f"{_upper(in_german(owner))}{ends[0]}: {german} soll „{reference[:100]}“ sein (Zeile {line_of(element)}); ein "
            "solches Element gibt es in der Datei nicht.",
            f'{_upper(in_english(owner))}{ends[1]}: {english} should be "{reference[:100]}" (line {line_of(element)}); there '
            "is no such element in the file.",
        ),
        (
            "Im Zeichenprogramm neu verbinden oder neu auswählen und neu exportieren.",
            "Connect or choose it anew in the modelling tool and export again.",
        ),
        layer=LAYER,
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _severity(what: str) -> Severity:
    return Severity.WARNING if what in _HARMLESS else Severity.ERROR


def _expected(kinds: Kinds) -> tuple[str, str]:
    if kinds == ACTIVITIES:
        return "ein Schritt (Aufgabe, Teilprozess oder Aufruf)", "a step (task, sub-process or call)"
    named = [NAMES.get(kind, (kind, kind)) for kind in sorted(kinds)]
    rest = " …" if len(named) > 6 else ""
    return tuple(", ".join(each[language] for each in named[:6]) + rest for language in (0, 1))  # type: ignore[return-value]  # two


def _wrong_kind(
    source: Source,
    report: Report,
    place: tuple[etree._Element, str],
    found: etree._Element,
    kinds: Kinds,
) -> None:
    element, what = place
    owner = _owner(element)
    (german, english), ends = _told(what), _ends(source, owner)
    expected = _expected(kinds)
    report.add(
        "reference-wrong-kind",
        _severity(what),
        element,
        (
            f"{_upper(in_german(owner))}{ends[0]}: {german}: Erwartet wird {expected[0]}, gefunden: {in_german(found)}.",
            f"{_upper(in_english(owner))}{ends[1]}: {english}: expected is {expected[1]}, found: {in_english(found)}.",
        ),
        (
            "Im Zeichenprogramm das Element neu anheften, neu verbinden oder neu auswählen.",
            "Attach, connect or choose the element anew in the modelling tool.",
        ),
        layer=LAYER,
    )


def _data_associations(source: Source, report: Report) -> None:
    for association in source.all("dataInputAssociation", "dataOutputAssociation"):
        for item in children(association, "sourceRef", "targetRef"):
            reference = text_of(item)
            found = source.find(reference, item)
            if found is None and reference and not source.is_foreign(reference, item):
                _dangling(source, report, item, local(item), reference)
            elif found is not None and local(found) not in _DATA:
                _wrong_kind(source, report, (item, local(item)), found, _DATA)


def _imports(source: Source, report: Report, beside: Mapping[str, bytes]) -> None:
    for element in source.all("import"):
        if (element.get("importType") or "").strip() != BPMN:
            continue
        location = (element.get("location") or "").strip()
        missing = _missing_behind(location, beside)
        if missing is not None:
            _not_there(report, element, missing)


def _missing_behind(location: str, beside: Mapping[str, bytes]) -> str | None:
    """The first file that is not beside the model: the imported one, or one that it imports in turn."""
    waiting, seen = [location], set[str]()
    while waiting:
        current = waiting.pop()
        name = current.rpartition("/")[2]
        if name in seen:
            continue
        seen.add(name)
        if name not in beside:
            return current
        try:
            root = parse_xml(beside[name])
        except XmlRefused:
            return current
        imports = root.iterfind("{" + BPMN + "}import[@importType='" + BPMN + "']")
        waiting.extend((item.get("location") or "").strip() for item in imports)
    return None


def _not_there(report: Report, element: etree._Element, location: str) -> None:
    report.error(
        "import-missing",
        element,
        (
            f"Das Modell bindet die Datei „{location[:200]}“ ein; sie liegt nicht lesbar bei.",
            f'The model imports the file "{location[:200]}"; it is not beside it or cannot be read.',
        ),
        (
            "Die Datei mit hochladen oder den Import löschen; aufgerufene Prozesse werden über ihre Kennung gefunden.",
            "Upload the file as well or delete the import; called processes are found by their id.",
        ),
        layer=LAYER,
        rule="EXT.001",
    )
