"""Words for models of one page, and for what a play of them shows.

A model is written as its elements and lines `a -> b` (sequence flow `a_b`) or `a -> b : x > 1` (a conditional one),
inside scopes too. Every model is one the standard allows: reading and compiling it must find no error.
"""

from __future__ import annotations

import re

from lxml import etree

from staffel.engine.bpmn import read_bpmn
from staffel.engine.findings import Severity
from staffel.engine.kernel import Parts
from staffel.engine.kernel.events import ElementActivated, ElementCompleted, IncidentRaised
from staffel.engine.play import Player

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:staffel="urn:staffel:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="D" targetNamespace="t">'
    '<message id="M" name="m"/><signal id="S" name="s"/><error id="X" errorCode="x"/>'
    '<escalation id="C" escalationCode="c"/>'
)
MESSAGE = '<messageEventDefinition messageRef="M"/>'
SIGNAL = '<signalEventDefinition signalRef="S"/>'
ERROR = '<errorEventDefinition errorRef="X"/>'
ESCALATION = '<escalationEventDefinition escalationRef="C"/>'
CONDITION = "<conditionalEventDefinition><condition>ok</condition></conditionalEventDefinition>"
COMPENSATE = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
TERMINATE = "<terminateEventDefinition/>"
ARROW = re.compile(r"(\w+) -> (\w+)(?: : ([^\n<]*))?")


def timer(kind: str, text: str) -> str:
    """A timer definition: `timeDate`, `timeDuration` or `timeCycle`."""
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def link(name: str) -> str:
    """A link definition."""
    return f'<linkEventDefinition name="{name}"/>'


def start(identity: str, definition: str = "", *, interrupting: bool = True, more: str = "") -> str:
    """A start event."""
    goes_on = "" if interrupting else ' isInterrupting="false"'
    return f'<startEvent id="{identity}"{goes_on}{more}>{definition}</startEvent>'


def catch(identity: str, definition: str, more: str = "") -> str:
    """An intermediate catching event."""
    return f'<intermediateCatchEvent id="{identity}"{more}>{definition}</intermediateCatchEvent>'


def throw(identity: str, definition: str = "") -> str:
    """An intermediate throwing event."""
    return f'<intermediateThrowEvent id="{identity}">{definition}</intermediateThrowEvent>'


def end(identity: str, definition: str = "") -> str:
    """An end event."""
    return f'<endEvent id="{identity}">{definition}</endEvent>'


def boundary(identity: str, host: str, definition: str, *, interrupting: bool = True, more: str = "") -> str:
    """A boundary event `b` with an end event `be` behind it."""
    goes_on = "" if interrupting else ' cancelActivity="false"'
    return (
        f'<boundaryEvent id="{identity}" attachedToRef="{host}"{goes_on}{more}>{definition}</boundaryEvent>'
        f"{end(identity + 'e')}\n{identity} -> {identity}e\n"
    )


def user(*identities: str) -> str:
    """User tasks."""
    return "".join(f'<userTask id="{each}"/>' for each in identities)


def script(identity: str, text: str, inside: str = "") -> str:
    """A script task in FEEL."""
    return f'<scriptTask id="{identity}">{inside}<script>{text}</script></scriptTask>'


def sub(identity: str, body: str, *, tag: str = "subProcess", event: bool = False, more: str = "") -> str:
    """A sub-process of some kind."""
    triggered = ' triggeredByEvent="true"' if event else ""
    return f'<{tag} id="{identity}"{triggered}{more}>{body}\n</{tag}>'


def event_sub(identity: str, definition: str, body: str = "", *, interrupting: bool = True) -> str:
    """An event sub-process `v` that begins with `vs`; without a body it ends at once with `ve`."""
    first = start(f"{identity}s", definition, interrupting=interrupting)
    return sub(identity, first + (body or f"{end(identity + 'e')}\n{identity}s -> {identity}e"), event=True)


def undo(activity: str, handler: str = "") -> str:
    """A compensation handler `uA` of activity `A`, by default a task that is done at once."""
    made = handler or f'<task id="u{activity}" isForCompensation="true"/>'
    return (
        f'<boundaryEvent id="b{activity}" attachedToRef="{activity}">{COMPENSATE}</boundaryEvent>{made}'
        f'<association id="as{activity}" sourceRef="b{activity}" targetRef="u{activity}" associationDirection="One"/>'
    )


def process(body: str, identity: str = "P") -> str:
    """A process of its own, to be called or to send messages to."""
    return f'<process id="{identity}" isExecutable="true">{body}\n</process>'


def flows(text: str) -> str:
    """The text with its arrows as sequence flows."""

    def made(found: re.Match[str]) -> str:
        source, target, condition = found.groups()
        asked = (condition or "").replace("<", "&lt;")
        inner = f"<conditionExpression>{asked}</conditionExpression>" if condition else ""
        return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'

    return ARROW.sub(made, text)


def document(text: str) -> bytes:
    """The file: associations behind everything else of their scope, as the schema wants them."""
    root = etree.fromstring(flows(text))
    for each in list(root.iter("{*}association")):
        parent = each.getparent()
        if parent is not None:
            parent.append(each)
    return etree.tostring(root)


def play(body: str, roots: str = "", *, more: str = "", parts: Parts | None = None) -> Player:
    """A player of process `P` with this body; `roots` stand before it in the file, `more` behind it."""
    reading = read_bpmn(document(f"{HEAD}{roots}{process(body)}{more}</definitions>"))
    assert reading.definitions is not None, reading.findings
    player = Player(reading.definitions, parts=parts)
    found = (*reading.findings, *player.findings)
    faults = [f"{each.element}: {each.text_en}" for each in found if each.severity is Severity.ERROR]
    assert not faults, faults
    return player


def begun(player: Player, case: int | None = None) -> list[str]:
    """The elements that began, in order."""
    return [
        entry.event.element
        for entry in player.trace
        if isinstance(entry.event, ElementActivated) and case in {None, entry.case}
    ]


def done(player: Player) -> list[str]:
    """The elements that were completed, in order."""
    return [entry.event.element for entry in player.trace if isinstance(entry.event, ElementCompleted)]


def where(player: Player) -> list[str]:
    """The elements that wait, by name."""
    return sorted(place.element for place in player.waiting())


def incidents(player: Player) -> list[IncidentRaised]:
    """Every incident that was raised."""
    return [entry.event for entry in player.trace if isinstance(entry.event, IncidentRaised)]
