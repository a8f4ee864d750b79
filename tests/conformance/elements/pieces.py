"""Small pieces that the models of the catalogue are put together from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from staffel.engine.bpmn.model import EventKind

DEFINITIONS = {
    EventKind.MESSAGE: '<messageEventDefinition messageRef="M"/>',
    EventKind.TIMER: "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
    EventKind.SIGNAL: '<signalEventDefinition signalRef="S"/>',
    EventKind.ERROR: '<errorEventDefinition errorRef="X"/>',
    EventKind.ESCALATION: '<escalationEventDefinition escalationRef="C"/>',
    EventKind.CONDITIONAL: "<conditionalEventDefinition><condition>ok</condition></conditionalEventDefinition>",
    EventKind.LINK: '<linkEventDefinition name="l"/>',
    EventKind.COMPENSATION: "<compensateEventDefinition/>",
    EventKind.CANCEL: "<cancelEventDefinition/>",
    EventKind.TERMINATE: "<terminateEventDefinition/>",
}
S, E = '<startEvent id="s"/>', '<endEvent id="e"/>'


@dataclass(frozen=True, slots=True)
class Row:
    """One element in a small model."""

    group: str
    name: str
    section: str
    body: str
    roots: str = ""
    start: str | None = None


def flow(*nodes: str) -> str:
    """Sequence flows along the nodes."""
    return "".join(
        f'<sequenceFlow id="{one}_{two}" sourceRef="{one}" targetRef="{two}"/>'
        for one, two in pairwise(nodes)
    )
