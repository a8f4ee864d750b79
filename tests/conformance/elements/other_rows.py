"""Activities, gateways, loops, data and what begins a case, each in a small model (BPMN 2.0.2 §10.3, §10.4, §10.6)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.conformance.elements.pieces import DEFINITIONS, E, Row, S, flow

from staffel.engine.bpmn.model import EventKind, NodeType

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
    yield from activity_rows()
    yield from loop_rows()
    yield from gateway_rows()
    yield from beginning_rows()
    yield from data_rows()


GLOBAL_TASKS = {
    "globalUserTask": "",
    "globalManualTask": "",
    "globalScriptTask": "<script>1</script>",
    "globalBusinessRuleTask": INSIDE[NodeType.BUSINESS_RULE_TASK][1],
    "globalTask": "",
}


def activity_rows() -> Iterator[Row]:
    """Every activity type, global tasks, orderings and methods."""
    for kind in NodeType:
        if kind.is_activity:
            attributes, inside = INSIDE.get(kind, ("", ""))
            roots = CHILD if kind is NodeType.CALL_ACTIVITY else ""
            yield Row("activity", kind.value, "§10.3, §13.3", _task(kind.value, attributes, inside), roots)
    for tag, inside in GLOBAL_TASKS.items():
        call = _task("callActivity", ' calledElement="G"')
        yield Row("activity", f"{tag}, called", "§10.3.4", call, f'<{tag} id="G">{inside}</{tag}>')
    inside = '<task id="pt"/><task id="pu"/><completionCondition>true</completionCondition>'
    sequential = _task("adHocSubProcess", ' ordering="Sequential"', inside)
    yield Row("activity", "adHocSubProcess, sequential", "§10.3.5", sequential)
    for method in ("##Store", "##Image"):
        made = _task("transaction", f' method="{method}"', INNER)
        yield Row("activity", f"transaction, method {method}", "§10.3.5", made)


def loop_rows() -> Iterator[Row]:
    """Loops, multi-instances with every behaviour, numbers of tokens."""
    for name, loop in LOOPS.items():
        roots = '<signalEventDefinition id="sd" signalRef="S"/>' if "sd" in loop else ""
        body = _task("scriptTask", "", loop + "<script>1</script>")
        yield Row("loop", name, "§10.3.8, §13.3.6, §13.3.7", body, roots)
    yield Row("token", "startQuantity", "§13.3.2", _quantity(' startQuantity="2"'))
    yield Row("token", "completionQuantity", "§13.3.2", _task("task", ' completionQuantity="2"'))
    yield Row("token", "conditional flow out of an activity", "§13.3.1", _conditional_flow())


def gateway_rows() -> Iterator[Row]:
    """Every gateway type, with what is special about some."""
    for kind in NodeType:
        if kind is NodeType.EVENT_BASED_GATEWAY:
            yield Row("gateway", "eventBasedGateway", "§10.6.6, §13.4.5", _event_gateway())
        elif kind.is_gateway:
            yield Row("gateway", kind.value, "§10.6, §13.4", _gateway(kind.value))
    activation = "<activationCondition>activationCount &gt;= 1</activationCondition>"
    activated = _gateway("complexGateway", "", activation)
    yield Row("gateway", "complexGateway, activationCondition", "§10.6.5, §13.4.4", activated)
    inside = _event_gateway(' eventGatewayType="Parallel"')
    yield Row("gateway", "eventBasedGateway, parallel inside a process", "§10.6.6", inside)


def beginning_rows() -> Iterator[Row]:
    """What begins a case besides start events."""
    for name in ("Exclusive", "Parallel"):
        attributes = f' instantiate="true" eventGatewayType="{name}"'
        body = _event_gateway(attributes, begins=True)
        yield Row("case begins", f"eventBasedGateway, {name.lower()}", "§10.6.6, §13.5.1", body, start="m")
    receive = '<receiveTask id="x" instantiate="true" messageRef="M"/>' + E + flow("x", "e")
    yield Row("case begins", "receiveTask, instantiate", "§10.3.3", receive, start="x")
    two = '<startEvent id="x"/><task id="a"/>' + E + flow("s", "a", "e") + flow("x", "a")
    yield Row("case begins", "one of several start events", "§10.5.2", S + two, start="x")
    called = (
        '<process id="Q"><startEvent id="q"/><startEvent id="r"/><task id="t"/>'
        + flow("q", "t")
        + flow("r", "t")
    )
    call = '<callActivity id="x" calledElement="Q"/>' + E + flow("s", "x", "e")
    name = "callActivity, of a process with several start events"
    yield Row("activity", name, "§10.5.2", S + call, roots=called + "</process>")
    yield Row("case begins", "no start event", "§10.3.1", '<task id="x"/>' + E + flow("x", "e"))


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
    for tag in ("dataObject", "property", "dataStoreReference"):
        item = f'<{tag} id="d" name="d"/>'
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
