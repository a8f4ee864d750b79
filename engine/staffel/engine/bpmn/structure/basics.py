"""Rules about what any element may say: media types, languages, what other tools add to a drawing, where things stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.structure.rule import ERROR, HINT, WARNING, Check, Rule
from staffel.engine.bpmn.words import is_bpmn, local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.structure.view import View

# RFC 6838: type/subtype, each a name; parameters may follow (RFC 2045).
_MEDIA_TYPE: Final = re.compile(r"[A-Za-z0-9][\w!#$&^.+-]*/[A-Za-z0-9][\w!#$&^.+-]*(?:\s*;.*)?", re.DOTALL)
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_EXPRESSIONS: Final = (
    *("conditionExpression", "condition", "completionCondition", "loopCondition", "loopCardinality"),
    *("activationCondition", "timeDate", "timeDuration", "timeCycle", "from", "to", "transformation"),
    *("messagePath", "dataPath", "formalExpression"),
)
_CHOREOGRAPHIES: Final = ("choreography", "globalChoreographyTask")
_BEHAVIOUR_EVENTS: Final = {"oneBehaviorEventRef": "One", "noneBehaviorEventRef": "None"}


def _no_media_type(name: str) -> Check:
    def check(view: View) -> Iterator[tuple[etree._Element, str]]:
        for element in view.all(name):
            text = (element.get("textFormat") or "").strip()
            if text and not _MEDIA_TYPE.fullmatch(text):
                yield element, text

    return check


def _no_uri(view: View) -> Iterator[tuple[etree._Element, str]]:
    for element in view.all("definitions", *_EXPRESSIONS):
        for attribute in ("expressionLanguage", "typeLanguage", "language"):
            text = (element.get(attribute) or "").strip()
            if text and not _URI.fullmatch(text):
                yield element, f'{attribute}="{text}"'


def _foreign_ends(view: View) -> Iterator[tuple[etree._Element, str]]:
    """Flows that begin or end at something another tool has added to the drawing."""
    known = view.source.by_id
    loose = [
        (flow, end)
        for flow in view.all("sequenceFlow", "messageFlow")
        for end in (view.source.name(flow.get(side), flow) for side in ("sourceRef", "targetRef"))
        if end and end not in known
    ]
    added = (
        {each.get("id") for each in view.source.root.iter("{*}*") if not is_bpmn(each)} if loose else set()
    )
    yield from ((flow, end) for flow, end in loose if end in added)


def _lanes_in(*owners: str) -> Check:
    def check(view: View) -> Iterator[etree._Element]:
        for lanes in view.all("laneSet"):
            parent = lanes.getparent()
            if parent is not None and local(parent) in owners:
                yield lanes

    return check


def _event_of_no_use(view: View) -> Iterator[tuple[etree._Element, str]]:
    for loop in view.all("multiInstanceLoopCharacteristics"):
        behaviour = loop.get("behavior") or "All"
        for attribute, needed in _BEHAVIOUR_EVENTS.items():
            if loop.get(attribute) and behaviour != needed:
                yield loop, f'{attribute}, behavior="{behaviour}"'
        if any(local(each) == "complexBehaviorDefinition" for each in loop) and behaviour != "Complex":
            yield loop, f'complexBehaviorDefinition, behavior="{behaviour}"'


def _data_outside(view: View) -> Iterator[etree._Element]:
    for item in view.all("dataObject", "dataObjectReference"):
        parent = item.getparent()
        if parent is not None and local(parent) in {*_CHOREOGRAPHIES, "subChoreography"}:
            yield item


_FORMAT: Final = (
    "Das Format als Medientyp angeben, zum Beispiel text/plain oder text/html.",
    "State the format as a media type, such as text/plain or text/html.",
)
_LANES: Final = ("Die Bahnen löschen.", "Delete the lanes.")

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "004",
        "documentation-format",
        HINT,
        "8.3.1",
        "Das Format einer Dokumentation (textFormat) ist ein Medientyp.",
        "The format of a documentation (textFormat) is a media type.",
        *_FORMAT,
        _no_media_type("documentation"),
    ),
    Rule(
        "005",
        "foreign-flow-end",
        ERROR,
        "8.4.1",
        "Was ein Werkzeug einer Zeichnung hinzufügt, ist weder Anfang noch Ende eines Flusses.",
        "What a tool adds to a drawing is neither the source nor the target of a flow.",
        "Den Fluss löschen oder an ein BPMN-Element anschließen; Verbindungen dorthin sind Assoziationen.",
        "Delete the flow or connect it to a BPMN element; connections to it are associations.",
        _foreign_ends,
    ),
    Rule(
        "010",
        "annotation-format",
        HINT,
        "8.4.1",
        "Das Format einer Textanmerkung (textFormat) ist ein Medientyp.",
        "The format of a text annotation (textFormat) is a media type.",
        *_FORMAT,
        _no_media_type("textAnnotation"),
    ),
    Rule(
        "014",
        "language-no-uri",
        HINT,
        "8.4.7",
        "Eine Sprache für Ausdrücke oder Datentypen wird als URI genannt. Staffel erkennt auch bloße Namen.",
        "A language of expressions or types is named by a URI. Staffel understands bare names too.",
        "Für FEEL: https://www.omg.org/spec/DMN/20230324/FEEL/",
        "For FEEL: https://www.omg.org/spec/DMN/20230324/FEEL/",
        _no_uri,
    ),
    Rule(
        "015",
        "lanes-in-choreography",
        ERROR,
        "10.8",
        "Eine Choreografie hat keine Bahnen.",
        "A choreography has no lanes.",
        *_LANES,
        _lanes_in(*_CHOREOGRAPHIES),
    ),
    Rule(
        "016",
        "lanes-in-sub-choreography",
        ERROR,
        "10.8",
        "Eine Teil-Choreografie hat keine Bahnen.",
        "A sub-choreography has no lanes.",
        *_LANES,
        _lanes_in("subChoreography"),
    ),
    Rule(
        "",
        "loop-event-without-effect",
        WARNING,
        "10.3.8",
        "Ein Ereignis einer Mehrfachausführung wird nur ausgelöst, wenn ihr Verhalten (behavior) das sagt.",
        "An event of a multi-instance loop is thrown only where its behavior says so.",
        "behavior auf One, None oder Complex setzen oder das Ereignis weglassen.",
        "Set behavior to One, None or Complex, or leave the event out.",
        _event_of_no_use,
    ),
    Rule(
        "",
        "data-outside-process",
        ERROR,
        "10.4.1",
        "Datenobjekte stehen in Prozessen und Teilprozessen.",
        "Data objects stand in processes and sub-processes.",
        "Das Datenobjekt löschen oder in den Prozess verschieben.",
        "Delete the data object or move it into the process.",
        _data_outside,
    ),
)
