"""Every trigger at every position an event can have (BPMN 2.0.2 §10.5)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.conformance.elements.pieces import DEFINITIONS, E, Row, S, flow

from staffel.engine.bpmn.model import EventKind

NONE, MULTIPLE, PARALLEL = "none", "multiple", "parallel multiple"
TRIGGERS: dict[str, str] = {
    NONE: "",
    **{kind.value: text for kind, text in DEFINITIONS.items()},
    MULTIPLE: DEFINITIONS[EventKind.MESSAGE] + DEFINITIONS[EventKind.SIGNAL],
    PARALLEL: DEFINITIONS[EventKind.MESSAGE] + DEFINITIONS[EventKind.SIGNAL],
}


def _event(tag: str, kind: str, attributes: str = "") -> str:
    parallel = ' parallelMultiple="true"' if kind == PARALLEL else ""
    return f'<{tag} id="x"{attributes}{parallel}>{TRIGGERS[kind]}</{tag}>'


TASK, AFTER = '<userTask id="t"/>', '<userTask id="u"/><endEvent id="f"/>'
THROWN = {EventKind.ERROR: "endEvent", EventKind.ESCALATION: "intermediateThrowEvent"}
COMPENSATE = f'<intermediateThrowEvent id="k">{DEFINITIONS[EventKind.COMPENSATION]}</intermediateThrowEvent>'


def _start(kind: str) -> str:
    return _event("startEvent", kind) + TASK + E + flow("x", "t", "e")


def _catch(kind: str) -> str:
    if kind == EventKind.LINK:
        link = DEFINITIONS[EventKind.LINK]
        throw = f'<intermediateThrowEvent id="h">{link}</intermediateThrowEvent>'
        return S + throw + _event("intermediateCatchEvent", kind) + E + flow("s", "h") + flow("x", "e")
    return S + _event("intermediateCatchEvent", kind) + E + flow("s", "x", "e")


def _throw(kind: str) -> str:
    body = S + _event("intermediateThrowEvent", kind)
    if kind == EventKind.LINK:
        link = DEFINITIONS[EventKind.LINK]
        return (
            body + f'<intermediateCatchEvent id="h">{link}</intermediateCatchEvent>'
            f"{E}{flow('s', 'x')}{flow('h', 'e')}"
        )
    return body + E + flow("s", "x", "e")


def _end(kind: str) -> str:
    """Error and cancel end events are caught around them."""
    end = _event("endEvent", kind)
    if kind not in {EventKind.ERROR, EventKind.CANCEL}:
        return S + end + flow("s", "x")
    tag = "transaction" if kind == EventKind.CANCEL else "subProcess"
    return (
        f'{S}<{tag} id="p"><startEvent id="ps"/>{end}{flow("ps", "x")}</{tag}>{E}{flow("s", "p", "e")}'
        f'<boundaryEvent id="b" attachedToRef="p">{TRIGGERS[kind]}</boundaryEvent>{AFTER}{flow("b", "u", "f")}'
    )


def _inside(kind: str) -> str:
    """What happens in the activity whose boundary or scope catches this kind."""
    if kind == EventKind.CANCEL:
        return f'<startEvent id="ps"/><endEvent id="pe">{TRIGGERS[kind]}</endEvent>{flow("ps", "pe")}'
    if kind == EventKind.ERROR:
        return f'<startEvent id="ps"/><endEvent id="pe">{TRIGGERS[kind]}</endEvent>{flow("ps", "pe")}'
    if kind == EventKind.ESCALATION:
        throw = f'<intermediateThrowEvent id="ph">{TRIGGERS[kind]}</intermediateThrowEvent>'
        return f'<startEvent id="ps"/>{throw}<userTask id="pt"/>{flow("ps", "ph", "pt")}'
    return f'<startEvent id="ps"/><userTask id="pt"/>{flow("ps", "pt")}'


def _boundary(kind: str, *, interrupting: bool) -> str:
    goes_on = "" if interrupting else ' cancelActivity="false"'
    event = _event("boundaryEvent", kind, f' attachedToRef="p"{goes_on}')
    if kind == EventKind.COMPENSATION:
        # the handler tells that the event was taken
        event = f'<boundaryEvent id="b" attachedToRef="p"{goes_on}>{TRIGGERS[kind]}</boundaryEvent>'
        handler = '<scriptTask id="x" isForCompensation="true"><script>1</script></scriptTask>'
        link = '<association id="a" sourceRef="b" targetRef="x" associationDirection="One"/>'
        return f'{S}<task id="p"/>{event}{handler}{COMPENSATE}{E}{flow("s", "p", "k", "e")}{link}'
    tag = "transaction" if kind == EventKind.CANCEL else "subProcess"
    host = f'<{tag} id="p">{_inside(kind)}</{tag}>'
    return S + host + event + E + AFTER + flow("s", "p", "e") + flow("x", "u", "f")


def _event_sub(kind: str, *, interrupting: bool) -> str:
    attributes = "" if interrupting else ' isInterrupting="false"'
    event = _event("startEvent", kind, attributes)
    sub = (
        f'<subProcess id="v" triggeredByEvent="true">{event}<endEvent id="ve"/>{flow("x", "ve")}</subProcess>'
    )
    inner = _inside(kind)
    if kind == EventKind.COMPENSATION:
        inner = '<startEvent id="ps"/><task id="pt"/>' + flow("ps", "pt")
        throw = COMPENSATE + E + flow("s", "p", "k", "e")
        return f'{S}<subProcess id="p">{inner}{sub}</subProcess>{throw}'
    return f'{S}<subProcess id="p">{inner}{sub}</subProcess>{E}{flow("s", "p", "e")}'


POSITIONS = {
    "start": ("§10.5.2, §13.5.1", _start),
    "intermediate catch": ("§10.5.4, §13.5.2", _catch),
    "intermediate throw": ("§10.5.4", _throw),
    "boundary": ("§10.5.4, §13.5.3", lambda kind: _boundary(kind, interrupting=True)),
    "boundary, non-interrupting": ("§10.5.4, §13.5.3", lambda kind: _boundary(kind, interrupting=False)),
    "event sub-process": ("§10.3.5, §13.5.4", lambda kind: _event_sub(kind, interrupting=True)),
    "event sub-process, non-interrupting": (
        "§10.3.5, §13.5.4",
        lambda kind: _event_sub(kind, interrupting=False),
    ),
    "end": ("§10.5.3, §13.5.6", _end),
}


def event_rows() -> Iterator[Row]:
    """Every trigger at every position."""
    for position, (section, make) in POSITIONS.items():
        for kind in TRIGGERS:
            start = "x" if position == "start" and kind != NONE else None
            yield Row(position, kind, section, make(kind), start=start)
