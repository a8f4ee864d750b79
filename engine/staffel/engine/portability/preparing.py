"""The file as SpiffWorkflow gets it: each expression replaced by the question it stands for, data left out.

No text of the model that could be code reaches it. What it does not know is told, and replaced by a plain task or
timer where that is possible, so that the rest can be compared all the same. So is a service task: its work is done
outside, in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from staffel.engine.bpmn.words import BPMN
from staffel.engine.xml import parse_xml

UNKNOWN: Final = frozenset(("businessRuleTask", "complexGateway"))
"""Elements that SpiffWorkflow's own parser does not read; a test compares this with the parser."""
UNKNOWN_EVENTS: Final = frozenset(("linkEventDefinition", "compensateEventDefinition"))
"""Event definitions that it leaves unread without a word: the event then waits for nothing or does nothing."""
DATA: Final = frozenset(
    [
        "ioSpecification",
        "dataInputAssociation",
        "dataOutputAssociation",
        "property",
        "correlationProperty",
        "correlationKey",
        "correlationSubscription",
        "extensionElements",
    ]
)
LATER: Final = {"timeDuration": "P3650D", "timeDate": "2999-01-01T00:00:00+00:00", "timeCycle": "R3/P3650D"}


@dataclass(frozen=True, slots=True)
class Unknown:
    """What SpiffWorkflow does not execute at an element; `replaced` by a plain task or timer for the comparison."""

    element: str
    name: str
    line: int
    replaced: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """The file as it goes over, what in it is unknown, and how many FEEL expressions there were."""

    xml: bytes
    unknown: tuple[Unknown, ...]
    expressions: int


def prepare(data: bytes) -> Prepared:
    """Rewrite a BPMN file that Staffel has read. Raises `XmlRefused`."""
    root = parse_xml(data)
    unknown = tuple(_replace_unknown(root))
    for each in [each for each in root.iter(etree.Element) if _tag(each) in DATA]:
        parent = each.getparent()
        if parent is not None:
            parent.remove(each)
    expressions = sum(_ask(each) for each in list(root.iter(etree.Element)))
    return Prepared(etree.tostring(root), unknown, expressions)


def _replace_unknown(root: Any) -> Iterator[Unknown]:
    for each in list(root.iter(etree.Element)):
        tag = _tag(each)
        if tag in UNKNOWN:
            replaced = tag == "businessRuleTask"
            yield Unknown(each.get("id", ""), tag, each.sourceline or 0, replaced)
            if replaced:
                each.tag = f"{{{BPMN}}}task"
        elif tag == "serviceTask":
            each.tag = f"{{{BPMN}}}task"
        elif tag in UNKNOWN_EVENTS:
            owner = each.getparent()
            yield Unknown(owner.get("id", ""), tag, owner.sourceline or 0, replaced=False)
        elif tag == "timerEventDefinition" and not any(_tag(child) in LATER for child in each):
            owner = each.getparent()
            yield Unknown(owner.get("id", ""), "staffel:deadline", owner.sourceline or 0, replaced=True)
            each.clear()
            etree.SubElement(each, f"{{{BPMN}}}timeDuration").text = "PT1H"


def _ask(each: Any) -> int:
    """Put the question in the place of an expression; 1 where there was one."""
    tag = _tag(each)
    owner = each.getparent()
    if owner is None:
        return 0
    if tag == "conditionExpression":
        each.text = owner.get("id", "")
    elif tag == "condition":
        each.text = f"{owner.getparent().get('id', '')} occurs"
    elif tag == "completionCondition" and _tag(owner) == "adHocSubProcess":
        each.text = f"{owner.get('id', '')} done"
    elif tag in LATER:
        each.text = f"later:{tag}"
    elif tag == "script":
        each.text = "nothing"
        return 1
    elif tag == "standardLoopCharacteristics":
        return _ask_again(each)
    elif tag == "multiInstanceLoopCharacteristics":
        return _ask_items(each)
    else:
        return 0
    return 1


def _ask_again(loop: Any) -> int:
    """A standard loop asks after each pass, whatever ends it."""
    asked = loop.find(f"{{{BPMN}}}loopCondition") is not None
    for child in list(loop):
        loop.remove(child)
    loop.attrib.pop("loopMaximum", None)
    etree.SubElement(loop, f"{{{BPMN}}}loopCondition").text = f"{loop.getparent().get('id', '')} again"
    return int(asked)


def _ask_items(loop: Any) -> int:
    """A multi-instance asks how many items there are, whatever it takes them from."""
    name = loop.getparent().get("id", "")
    stops = loop.find(f"{{{BPMN}}}completionCondition") is not None
    for child in list(loop):
        loop.remove(child)
    etree.SubElement(loop, f"{{{BPMN}}}loopCardinality").text = f"{name} items"
    if stops:
        etree.SubElement(loop, f"{{{BPMN}}}completionCondition").text = f"{name} stop"
    return 1 + stops


def _tag(each: Any) -> str:
    name = etree.QName(each)
    return name.localname if name.namespace == BPMN else ""
