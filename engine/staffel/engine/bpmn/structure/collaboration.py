"""Rules about pools, choreographies, conversations, and processes as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import child, children, is_true
from staffel.engine.bpmn.structure.rule import HINT, WARNING, Rule
from staffel.engine.bpmn.words import XSI, local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.structure.view import View

_FORMAL: Final = {
    "adHocSubProcess": ("completionCondition",),
    "assignment": ("from", "to"),
    "complexGateway": ("activationCondition",),
    "multiInstanceLoopCharacteristics": ("loopCardinality", "completionCondition"),
    "sequenceFlow": ("conditionExpression",),
    "standardLoopCharacteristics": ("loopCondition",),
    "timerEventDefinition": ("timeDate", "timeDuration", "timeCycle"),
}


def _natural_language(view: View) -> Iterator[tuple[etree._Element, str]]:
    for owner, names in _FORMAL.items():
        for element in view.all(owner):
            if not view.executable(element):
                continue
            for expression in children(element, *names):
                kind = (expression.get("{" + XSI + "}type") or "").rpartition(":")[2]
                if kind != "tFormalExpression":
                    yield element, local(expression)


def _chained_choreography(view: View) -> Iterator[etree._Element]:
    for element in view.all("choreography", "globalConversation"):
        if child(element, "choreographyRef") is not None:
            yield element


def _number(text: str | None, default: int) -> int:
    digits = (text or "").strip()
    return int(digits) if digits.removeprefix("-").isdigit() and len(digits) < 10 else default


def _negative_minimum(view: View) -> Iterator[tuple[etree._Element, str]]:
    for element in view.all("participantMultiplicity"):
        if _number(element.get("minimum"), 0) < 0:
            yield element, element.get("minimum") or ""


def _small_maximum(view: View) -> Iterator[tuple[etree._Element, str]]:
    for element in view.all("participantMultiplicity"):
        least, most = _number(element.get("minimum"), 0), _number(element.get("maximum"), 1)
        if most < 1 or most < least:
            yield element, f"{least} … {most}"


def _full_conversation(view: View) -> Iterator[tuple[etree._Element, str]]:
    names = (
        "conversation",
        "subConversation",
        "callConversation",
        "participantAssociation",
        "messageFlowAssociation",
    )
    for element in view.all("globalConversation"):
        for found in children(
            element, *names, "conversationAssociation", "association", "group", "textAnnotation"
        ):
            yield element, local(found)


def _closed_differs(view: View) -> Iterator[tuple[etree._Element, str]]:
    for element in view.all("collaboration"):
        for reference in view.refs(element, "choreographyRef"):
            choreography = view.source.by_id.get(reference)
            if choreography is None:
                continue
            if is_true(choreography.get("isClosed")) != is_true(element.get("isClosed")):
                yield element, reference


def _public_executable(view: View) -> Iterator[etree._Element]:
    for process in view.all("process"):
        if process.get("processType") == "Public" and is_true(process.get("isExecutable")):
            yield process


_MULTIPLICITY: Final = ("Die Anzahl der Beteiligten berichtigen.", "Correct the number of participants.")

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "012",
        "expression-not-formal",
        HINT,
        "8.4.7",
        'In einem ausführbaren Prozess sind Ausdrücke als formal gekennzeichnet (xsi:type="tFormalExpression"). Staffel '
        "liest ihn als FEEL.",
        'In an executable process expressions are marked as formal (xsi:type="tFormalExpression"). Staffel reads it as '
        "FEEL.",
        'xsi:type="tFormalExpression" ergänzen, damit auch andere Programme ihn ausführen.',
        'Add xsi:type="tFormalExpression" so that other engines execute it as well.',
        _natural_language,
    ),
    Rule(
        "027",
        "choreography-chained",
        WARNING,
        "9.4",
        "Eine Choreografie oder globale Konversation verweist nicht auf eine Choreografie.",
        "A choreography or global conversation does not refer to a choreography.",
        "choreographyRef löschen.",
        "Delete choreographyRef.",
        _chained_choreography,
    ),
    Rule(
        "029",
        "participants-negative",
        WARNING,
        "9.2",
        "Die Mindestzahl der Beteiligten ist nicht negativ.",
        "The minimum number of participants is not negative.",
        *_MULTIPLICITY,
        _negative_minimum,
    ),
    Rule(
        "030",
        "participants-maximum",
        WARNING,
        "9.2",
        "Die Höchstzahl der Beteiligten ist mindestens 1 und nicht kleiner als die Mindestzahl.",
        "The maximum number of participants is at least 1 and not below the minimum.",
        *_MULTIPLICITY,
        _small_maximum,
    ),
    Rule(
        "032",
        "global-conversation-content",
        WARNING,
        "9.4",
        "Eine globale Konversation enthält keine weiteren Konversationen, Zuordnungen oder Artefakte.",
        "A global conversation contains no further conversations, associations or artifacts.",
        "Den Inhalt in eine Kollaboration verschieben.",
        "Move the content to a collaboration.",
        _full_conversation,
    ),
    Rule(
        "033",
        "closed-differs",
        WARNING,
        "9.1",
        "isClosed ist in der Kollaboration und ihrer Choreografie gleich.",
        "isClosed is the same in the collaboration and its choreography.",
        "isClosed an beiden Stellen gleich setzen.",
        "Set isClosed the same in both places.",
        _closed_differs,
    ),
    Rule(
        "035",
        "public-executable",
        WARNING,
        "10.2",
        'Ein öffentlicher Prozess (processType="Public") ist nicht ausführbar.',
        'A public process (processType="Public") is not executable.',
        "processType löschen oder auf Private setzen.",
        "Delete processType or set it to Private.",
        _public_executable,
    ),
)
