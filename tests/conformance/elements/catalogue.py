"""Every element of BPMN 2.0.2 in a small model, compiled and played: executed, or refused with a finding.

The rows come from the compiler's own registries (`NodeType`, `EventKind`), so that a kind cannot be forgotten. In
every model the element in question has the id `x`. It is executed when the model compiles without an error and `x`
is completed in a play that answers everything that waits; it is refused when the upload has an error. Neither is a
defect: something would be accepted and ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from staffel.engine.bpmn import read_bpmn
from staffel.engine.bpmn.model import EventKind, NodeType
from staffel.engine.findings import Severity
from staffel.engine.kernel import DeliverSignal, Parts, SetVariables
from staffel.engine.kernel.compiler import compile_model
from staffel.engine.kernel.events import ElementCompleted
from staffel.engine.library.checks.decisions import read_decisions
from staffel.engine.library.checks.notes import Notes
from staffel.engine.play import Player

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:staffel="urn:staffel:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="D" targetNamespace="t">'
    '<message id="M" name="m"/><signal id="S" name="s"/><error id="X" errorCode="x"/>'
    '<escalation id="C" escalationCode="c"/>'
)
MOST_ANSWERS = 30
DMN = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="t" name="d"><decision id="d" '
    b'name="d"><variable name="d"/><literalExpression><text>1</text></literalExpression></decision></definitions>'
)
PARTS = Parts(decisions=read_decisions({"d.dmn": DMN}, Notes()))


@dataclass(frozen=True, slots=True)
class Row:
    """One element in a small model."""

    group: str
    name: str
    section: str
    body: str
    roots: str = ""
    start: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`executed`, or the codes of the errors that refuse it; neither means it was ignored."""

    executed: bool
    refused: tuple[str, ...] = ()
    fault: str = field(default="", compare=False)


def try_out(row: Row) -> Outcome:
    """Read, compile and play the row's model."""
    text = f'{HEAD}{row.roots}<process id="P" isExecutable="true">{row.body}</process></definitions>'
    reading = read_bpmn(text.encode())
    errors = [each for each in reading.findings if each.severity is Severity.ERROR]
    if reading.definitions is not None:
        compiled = compile_model(reading.definitions, "P", parts=PARTS)
        errors += [each for each in compiled.findings if each.severity is Severity.ERROR]
    if errors or reading.definitions is None:
        return Outcome(
            executed=False, refused=tuple(dict.fromkeys(each.rule or each.code for each in errors))
        )
    player = Player(reading.definitions, parts=PARTS)
    _play(player, row)
    done = {entry.event.element for entry in player.trace if isinstance(entry.event, ElementCompleted)}
    left = ", ".join(f"{place.element} ({place.kind} {place.code})" for place in player.waiting())
    return Outcome(executed="x" in done, fault="" if "x" in done else f"'x' was not completed; waits: {left}")


def _play(player: Player, row: Row) -> None:
    """Begin, then answer everything that waits: events before the tasks they interrupt, timers last."""
    case = player.start("P", {"ok": False}, element=row.start)
    for _ in range(MOST_ANSWERS):
        places = [place for place in player.waiting() if place.kind != "incident"]
        if case.ended is not None or not places:
            return
        place = min(places, key=lambda each: (each.kind in {"task", "work"}, each.kind == "timer", each.key))
        if place.kind == "condition":
            for value in (True, False):
                if case.ended is None:
                    player.do(case, SetVariables(variables={"ok": value}))
        elif place.kind == "timer":
            player.pass_time(timedelta(days=1))
        elif place.kind == "signal":
            player.do(case, DeliverSignal(name=place.name))
        else:
            player.complete(place.element, case=place.case)
        done = {e.event.element for e in player.trace if isinstance(e.event, ElementCompleted)}
        if "x" in done:
            return


# events

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
NONE, MULTIPLE, PARALLEL = "none", "multiple", "parallel multiple"
TRIGGERS: dict[str, str] = {
    NONE: "",
    **{kind.value: text for kind, text in DEFINITIONS.items()},
    MULTIPLE: DEFINITIONS[EventKind.MESSAGE] + DEFINITIONS[EventKind.SIGNAL],
    PARALLEL: DEFINITIONS[EventKind.MESSAGE] + DEFINITIONS[EventKind.SIGNAL],
}


def flow(*nodes: str) -> str:
    """Sequence flows along the nodes."""
    return "".join(
        f'<sequenceFlow id="{one}_{two}" sourceRef="{one}" targetRef="{two}"/>'
        for one, two in pairwise(nodes)
    )


def _event(tag: str, kind: str, attributes: str = "") -> str:
    parallel = ' parallelMultiple="true"' if kind == PARALLEL else ""
    return f'<{tag} id="x"{attributes}{parallel}>{TRIGGERS[kind]}</{tag}>'


S, E = '<startEvent id="s"/>', '<endEvent id="e"/>'
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


# activities, gateways, the rest

CHILD = (
    '<process id="Q" isExecutable="true"><startEvent id="qs"/><endEvent id="qe"/>'
    + flow("qs", "qe")
    + "</process>"
)
INNER = '<startEvent id="ps"/><task id="pt"/><endEvent id="pe"/>' + flow("ps", "pt", "pe")


def _task(tag: str, attributes: str = "", inside: str = "") -> str:
    return f'{S}<{tag} id="x"{attributes}>{inside}</{tag}>{E}{flow("s", "x", "e")}'


DECISION = '<staffel:decision ref="d" bound="true"/>'
INSIDE = {
    NodeType.SCRIPT_TASK: ("", "<script>1 + 1</script>"),
    NodeType.RECEIVE_TASK: (' messageRef="M"', ""),
    NodeType.SEND_TASK: (' messageRef="M"', ""),
    NodeType.SERVICE_TASK: ("", '<extensionElements><staffel:topic name="a"/></extensionElements>'),
    NodeType.BUSINESS_RULE_TASK: ("", f"<extensionElements>{DECISION}</extensionElements>"),
    NodeType.CALL_ACTIVITY: (' calledElement="Q"', ""),
    NodeType.SUB_PROCESS: ("", INNER),
    NodeType.TRANSACTION: ("", INNER),
    NodeType.AD_HOC_SUB_PROCESS: ("", '<task id="pt"/><completionCondition>true</completionCondition>'),
}
LOOPS = {
    "standard loop": '<standardLoopCharacteristics loopMaximum="2"><loopCondition>true</loopCondition></standardLoopCharacteristics>',
    "standard loop, tested before": '<standardLoopCharacteristics testBefore="true" loopMaximum="2"><loopCondition>not(ok)</loopCondition></standardLoopCharacteristics>',
    "multi-instance, parallel": "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>",
    "multi-instance, sequential": '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>',
    "multi-instance, completion condition": "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality><completionCondition>numberOfCompletedInstances = 1</completionCondition></multiInstanceLoopCharacteristics>",
    **{
        f"multi-instance, behavior {name}": f'<multiInstanceLoopCharacteristics behavior="{name}"{ref}><loopCardinality>2</loopCardinality>{inner}</multiInstanceLoopCharacteristics>'
        for name, ref, inner in (
            ("All", "", ""),
            ("None", ' noneBehaviorEventRef="sd"', ""),
            ("One", ' oneBehaviorEventRef="sd"', ""),
            (
                "Complex",
                "",
                '<complexBehaviorDefinition><condition xsi:type="tFormalExpression">true</condition>'
                '<event id="ce"><signalEventDefinition signalRef="S"/></event></complexBehaviorDefinition>',
            ),
        )
    },
}
TWO = '<task id="a"/><task id="b"/>'


def _gateway(tag: str, attributes: str = "", inside: str = "") -> str:
    """Split by `g`, join by `x`."""
    split = (
        f'<{tag} id="g" default="g_b"/>'
        if tag in {"exclusiveGateway", "inclusiveGateway"}
        else f'<{tag} id="g"/>'
    )
    flows = (
        flow("s", "g") + '<sequenceFlow id="g_a" sourceRef="g" targetRef="a"><conditionExpression>ok = false'
        "</conditionExpression></sequenceFlow>" + flow("g", "b") + flow("a", "x", "e") + flow("b", "x")
    )
    if tag in {"parallelGateway", "complexGateway"}:
        flows = flow("s", "g", "a", "x", "e") + flow("g", "b", "x")
    return f'{S}{split}{TWO}<{tag} id="x"{attributes}>{inside}</{tag}>{E}{flows}'


def _event_gateway(attributes: str = "", *, begins: bool = False) -> str:
    message = f'<intermediateCatchEvent id="m">{DEFINITIONS[EventKind.MESSAGE]}</intermediateCatchEvent>'
    signal = f'<intermediateCatchEvent id="n">{DEFINITIONS[EventKind.SIGNAL]}</intermediateCatchEvent>'
    flows = ("" if begins else S + flow("s", "x")) + flow("x", "m", "e") + flow("x", "n", "f")
    return f'<eventBasedGateway id="x"{attributes}/>{message}{signal}{E}<endEvent id="f"/>{flows}'


def other_rows() -> Iterator[Row]:
    """Activities and gateways of every type, loops, data, global tasks, what begins a case."""
    for kind in NodeType:
        if kind.is_activity:
            attributes, inside = INSIDE.get(kind, ("", ""))
            roots = CHILD if kind is NodeType.CALL_ACTIVITY else ""
            yield Row("activity", kind.value, "§10.3, §13.3", _task(kind.value, attributes, inside), roots)
    for tag in (
        "globalUserTask",
        "globalManualTask",
        "globalScriptTask",
        "globalBusinessRuleTask",
        "globalTask",
    ):
        inside = "<script>1</script>" if tag == "globalScriptTask" else ""
        topic = INSIDE[NodeType.BUSINESS_RULE_TASK][1] if tag == "globalBusinessRuleTask" else ""
        root = f'<{tag} id="G">{topic}{inside}</{tag}>'
        yield Row("activity", f"{tag}, called", "§10.3.4", _task("callActivity", ' calledElement="G"'), root)
    yield Row(
        "activity",
        "adHocSubProcess, sequential",
        "§10.3.5",
        _task(
            "adHocSubProcess",
            ' ordering="Sequential"',
            '<task id="pt"/><task id="pu"/><completionCondition>true</completionCondition>',
        ),
    )
    for method in ("##Store", "##Image"):
        yield Row(
            "activity",
            f"transaction, method {method}",
            "§10.3.5",
            _task("transaction", f' method="{method}"', INNER),
        )
    for name, loop in LOOPS.items():
        roots = '<signalEventDefinition id="sd" signalRef="S"/>' if "sd" in loop else ""
        yield Row(
            "loop",
            name,
            "§10.3.8, §13.3.6, §13.3.7",
            _task("scriptTask", "", loop + "<script>1</script>"),
            roots,
        )
    yield Row("token", "startQuantity", "§13.3.2", _quantity(' startQuantity="2"'))
    yield Row("token", "completionQuantity", "§13.3.2", _task("task", ' completionQuantity="2"'))
    yield Row("token", "conditional flow out of an activity", "§13.3.1", _conditional_flow())
    for kind in NodeType:
        if kind is NodeType.EVENT_BASED_GATEWAY:
            yield Row("gateway", "eventBasedGateway", "§10.6.6, §13.4.5", _event_gateway())
        elif kind.is_gateway:
            yield Row("gateway", kind.value, "§10.6, §13.4", _gateway(kind.value))
    yield Row(
        "gateway",
        "complexGateway, activationCondition",
        "§10.6.5, §13.4.4",
        _gateway(
            "complexGateway",
            "",
            "<activationCondition>activationCount &gt;= 1</activationCondition>",
        ),
    )
    yield Row(
        "gateway",
        "eventBasedGateway, parallel inside a process",
        "§10.6.6",
        _event_gateway(' eventGatewayType="Parallel"'),
    )
    for name in ("Exclusive", "Parallel"):
        attributes = f' instantiate="true" eventGatewayType="{name}"'
        yield Row(
            "case begins",
            f"eventBasedGateway, {name.lower()}",
            "§10.6.6, §13.5.1",
            _event_gateway(attributes, begins=True),
            start="m",
        )
    receive = '<receiveTask id="x" instantiate="true" messageRef="M"/>' + E + flow("x", "e")
    yield Row("case begins", "receiveTask, instantiate", "§10.3.3", receive, start="x")
    yield Row("case begins", "no start event", "§10.3.1", '<task id="x"/>' + E + flow("x", "e"))
    yield from data_rows()


def _quantity(attributes: str) -> str:
    split = '<parallelGateway id="g"/>' + TWO
    return f'{S}{split}<task id="x"{attributes}/>{E}{flow("s", "g", "a", "x", "e")}{flow("g", "b", "x")}'


def _conditional_flow() -> str:
    return (
        f'{S}<task id="a"/><task id="x"/>{E}{flow("s", "a")}{flow("x", "e")}'
        '<sequenceFlow id="c" sourceRef="a" targetRef="x"><conditionExpression>ok = false</conditionExpression>'
        '</sequenceFlow><endEvent id="f"/><sequenceFlow id="d" sourceRef="a" targetRef="f"/>'
    )


def data_rows() -> Iterator[Row]:
    """Data items that something is copied into."""
    for tag, more in (("dataObject", ""), ("property", ""), ("dataStoreReference", "")):
        item = f'<{tag} id="d" name="d"/>{more}'
        inside = (
            '<ioSpecification><dataOutput id="o" name="o"/><inputSet id="is"/><outputSet id="os"><dataOutputRefs>o'
            "</dataOutputRefs></outputSet></ioSpecification>"
            '<dataOutputAssociation id="oa"><sourceRef>o</sourceRef><targetRef>d</targetRef></dataOutputAssociation>'
        )
        task = f'{S}<userTask id="x">{inside}</userTask>{E}{flow("s", "x", "e")}'
        yield Row("data", tag, "§10.4", item + task)
    subscription = '<correlationSubscription id="cs" correlationKeyRef="K"/>'
    key = '<collaboration id="co"><correlationKey id="K"/></collaboration>'
    body = f'{S}<task id="x"/>{E}{flow("s", "x", "e")}'
    yield Row("data", "correlationSubscription", "§8.4.2", body + subscription, key)


def all_rows() -> tuple[Row, ...]:
    """The whole catalogue."""
    return (*event_rows(), *other_rows())
