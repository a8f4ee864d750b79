"""What the standard says happens, in small models: the section each trace is reasoned from stands beside it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.conformance.elements.catalogue import HEAD, flow

from staffel.engine.bpmn import read_bpmn
from staffel.engine.kernel import DeliverSignal, SetVariables
from staffel.engine.kernel.events import ElementActivated, Ending, IncidentRaised
from staffel.engine.play import Player

S, E = '<startEvent id="s"/>', '<endEvent id="e"/>'
SIGNAL = '<signalEventDefinition signalRef="S"/>'
ERROR = '<errorEventDefinition errorRef="X"/>'
ESCALATION = '<escalationEventDefinition escalationRef="C"/>'
MESSAGE = '<messageEventDefinition messageRef="M"/>'


def play(body: str, roots: str = "") -> Player:
    reading = read_bpmn(
        f'{HEAD}{roots}<process id="P" isExecutable="true">{body}</process></definitions>'.encode()
    )
    assert reading.definitions is not None, reading.findings
    player = Player(reading.definitions)
    assert [each.text_en for each in player.findings if each.severity == "error"] == []
    return player


def begun(player: Player) -> list[str]:
    return [entry.event.element for entry in player.trace if isinstance(entry.event, ElementActivated)]


def where(player: Player) -> list[str]:
    return sorted(place.element for place in player.waiting())


def sub(identity: str, body: str, *, event: bool = False) -> str:
    triggered = ' triggeredByEvent="true"' if event else ""
    return f'<subProcess id="{identity}"{triggered}>{body}</subProcess>'


def boundary(identity: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    ends = "true" if interrupting else "false"
    return (
        f'<boundaryEvent id="{identity}" attachedToRef="{host}" cancelActivity="{ends}">{definition}</boundaryEvent>'
        f'<endEvent id="{identity}e"/>{flow(identity, identity + "e")}'
    )


def handler(*, interrupting: str = "true", end: str = "", definition: str = SIGNAL) -> str:
    """An event sub-process `v` in a sub-process `p` that waits at task `pt`."""
    inner = f'<startEvent id="vs" isInterrupting="{interrupting}">{definition}</startEvent><endEvent id="ve">{end}</endEvent>'
    body = f'<startEvent id="ps"/><userTask id="pt"/>{flow("ps", "pt")}'
    return sub("p", body + sub("v", inner + flow("vs", "ve"), event=True))


# events


def test_event_sub_process_absorbs_the_signal_for_the_boundary_of_its_activity() -> None:
    """§10.5.6: completing without re-throwing, the activity is completed and the normal flow resumes."""
    player = play(S + handler() + boundary("b", "p", SIGNAL) + E + flow("s", "p", "e"))
    player.do(player.start(), DeliverSignal(name="s"))
    assert begun(player) == ["s", "p", "ps", "pt", "v", "vs", "ve", "e"]


def test_event_sub_process_that_throws_again_passes_the_signal_to_the_boundary() -> None:
    """§10.5.6, §13.5.4: retriggering continues the event outside of the boundary."""
    player = play(S + handler(end=SIGNAL) + boundary("b", "p", SIGNAL) + E + flow("s", "p", "e"))
    player.do(player.start(), DeliverSignal(name="s"))
    assert begun(player) == ["s", "p", "ps", "pt", "v", "vs", "ve", "b", "be"]


def test_signal_reaches_every_place_that_waits_elsewhere() -> None:
    """§10.5.1: a published trigger is received by every catching event of any scope; absorbing is local to one activity."""
    beside = f'<intermediateCatchEvent id="c">{SIGNAL}</intermediateCatchEvent>'
    player = play(S + handler() + beside + E + flow("s", "p", "e") + flow("s", "c", "e"))
    case = player.start()
    player.do(case, DeliverSignal(name="s"))
    assert {"v", "c"} <= set(begun(player))
    assert case.ended is Ending.COMPLETED


def test_non_interrupting_event_sub_process_runs_as_often_as_the_event_occurs() -> None:
    """§10.5.6: several event sub-process instances are created concurrently, the activity goes on."""
    body = f'<startEvent id="s"/><userTask id="t"/>{flow("s", "t")}'
    inner = f'<startEvent id="vs" isInterrupting="false">{SIGNAL}</startEvent><userTask id="vt"/>{flow("vs", "vt")}'
    player = play(body + sub("v", inner, event=True))
    case = player.start()
    for _ in range(2):
        player.do(case, DeliverSignal(name="s"))
    assert where(player) == ["t", "vs", "vt", "vt"]


def test_parallel_multiple_start_event_begins_once_all_triggers_have_come() -> None:
    """§10.5.2: all of the triggers are needed to instantiate; the case that the first one began awaits the rest."""
    start = f'<startEvent id="s" parallelMultiple="true">{MESSAGE}{SIGNAL}</startEvent>'
    player = play(start + '<userTask id="t"/>' + flow("s", "t"))
    assert player.send("m", {"a": Decimal(1)})
    assert where(player) == ["s"]
    player.do(1, DeliverSignal(name="s", payload={"b": Decimal(2)}))
    assert where(player) == ["t"]
    assert player.cases[1].variables == {"a": 1, "b": 2}


def test_each_of_several_start_events_begins_a_case_of_its_own() -> None:
    """§13.5.1: every start event that is triggered creates a new process instance."""
    player = play(
        f'<startEvent id="s"/><startEvent id="m">{MESSAGE}</startEvent>{E}{flow("s", "e")}{flow("m", "e")}'
    )
    player.start(element="s")
    player.send("m")
    assert begun(player) == ["s", "e", "m", "e"]
    assert len(player.cases) == 2


def test_event_definition_of_the_file_may_be_referred_to() -> None:
    """§10.5.5: a reusable event definition, by `eventDefinitionRef`."""
    catch = (
        '<intermediateCatchEvent id="c"><eventDefinitionRef>sd</eventDefinitionRef></intermediateCatchEvent>'
    )
    player = play(S + catch + E + flow("s", "c", "e"), '<signalEventDefinition id="sd" signalRef="S"/>')
    case = player.start()
    player.do(case, DeliverSignal(name="s"))
    assert case.ended is Ending.COMPLETED


def test_link_events_join_two_parts_of_one_scope() -> None:
    """§10.5.6: a link is a virtual sequence flow; several sources may have one target."""
    link = '<linkEventDefinition name="l"/>'
    throws = "".join(f'<intermediateThrowEvent id="{each}">{link}</intermediateThrowEvent>' for each in "ab")
    catch = f'<intermediateCatchEvent id="c">{link}</intermediateCatchEvent>'
    player = play(S + throws + catch + E + flow("s", "a") + flow("s", "b") + flow("c", "e"))
    case = player.start()
    assert (begun(player).count("c"), begun(player).count("e")) == (2, 2)
    assert case.ended is Ending.COMPLETED


def test_terminate_ends_its_sub_process_and_nothing_above() -> None:
    """§13.5.6: only the sub-process is ended abnormally; higher levels are not affected."""
    body = (
        '<startEvent id="ps"/><userTask id="pt"/><endEvent id="pe"><terminateEventDefinition/></endEvent>'
        + flow("ps", "pt")
        + flow("ps", "pe")
    )
    player = play(S + sub("p", body) + '<userTask id="t"/>' + flow("s", "p", "t"))
    player.start()
    assert where(player) == ["t"]


def test_multiple_boundary_event_fires_on_any_of_its_triggers() -> None:
    """§10.5.5: one of several triggers is enough; non-interrupting it fires for each occurrence."""
    player = play(
        S + '<userTask id="t"/>' + boundary("b", "t", MESSAGE + SIGNAL, interrupting=False) + flow("s", "t")
    )
    case = player.start()
    player.do(case, DeliverSignal(name="s"))
    player.send("m")
    assert begun(player).count("be") == 2
    assert "t" in where(player)


CALLED = '<process id="Q" isExecutable="true"><startEvent id="qs"/>{0}' + flow("qs", "q") + "</process>"
CALL = '<callActivity id="p" calledElement="Q"/>'


def test_error_passes_through_a_call_to_the_nearest_catcher() -> None:
    """§10.5.1: propagated to the innermost enclosing scope with an event that can catch it, across calls."""
    body = sub("o", f'<startEvent id="os"/>{CALL}{flow("os", "p")}')
    child = CALLED.format(f'<endEvent id="q">{ERROR}</endEvent>')
    player = play(S + body + boundary("b", "o", ERROR) + flow("s", "o"), child)
    case = player.start("P")
    assert begun(player)[-3:] == ["p/q", "b", "be"]
    assert case.ended is Ending.COMPLETED


def test_escalation_passes_through_a_call_and_the_thrower_goes_on() -> None:
    """§10.5.1: escalations are not critical, execution continues where they are thrown."""
    throw = f'<intermediateThrowEvent id="q">{ESCALATION}</intermediateThrowEvent><userTask id="qt"/>{flow("q", "qt")}'
    player = play(
        S + CALL + boundary("b", "p", ESCALATION, interrupting=False) + flow("s", "p"), CALLED.format(throw)
    )
    player.start("P")
    assert {"b", "p/qt"} <= set(begun(player))
    assert where(player) == ["p/qt"]


def test_error_thrown_again_by_a_handler_goes_on_outside() -> None:
    """§13.5.4: the event sub-process handles the error, then the boundary event of its activity takes it."""
    body = f'<startEvent id="ps"/><endEvent id="pe">{ERROR}</endEvent>{flow("ps", "pe")}'
    inner = f'<startEvent id="vs">{ERROR}</startEvent><endEvent id="ve">{ERROR}</endEvent>{flow("vs", "ve")}'
    host = sub("p", body + sub("v", inner, event=True))
    player = play(S + host + boundary("b", "p", ERROR) + flow("s", "p"))
    player.start()
    assert begun(player)[-3:] == ["ve", "b", "be"]


# activities


def multi(behavior: str, more: str = "", inner: str = "") -> str:
    loop = f'<multiInstanceLoopCharacteristics behavior="{behavior}"{more}><loopCardinality>3</loopCardinality>{inner}</multiInstanceLoopCharacteristics>'
    return f'{S}<userTask id="t">{loop}</userTask>{boundary("b", "t", SIGNAL, interrupting=False)}{E}{flow("s", "t", "e")}'


COMPLEX = (
    '<complexBehaviorDefinition><condition xsi:type="tFormalExpression">numberOfCompletedInstances = 2</condition>'
    '<event id="ce"><signalEventDefinition signalRef="S"/></event></complexBehaviorDefinition>'
)


@pytest.mark.parametrize(
    ("behavior", "more", "inner", "caught"),
    [
        ("All", "", "", 0),
        ("One", ' oneBehaviorEventRef="sd"', "", 1),
        ("None", ' noneBehaviorEventRef="sd"', "", 3),
        ("Complex", "", COMPLEX, 1),
    ],
)
def test_multi_instance_throws_its_event_at_the_boundary(
    behavior: str, more: str, inner: str, caught: int
) -> None:
    """§10.3.8, table 10.31: None for each instance that completes, One for the first, Complex as its conditions say."""
    player = play(multi(behavior, more, inner), '<signalEventDefinition id="sd" signalRef="S"/>')
    case = player.start()
    for _ in range(3):
        player.complete("t")
    assert begun(player).count("b") == caught
    assert case.ended is Ending.COMPLETED


@pytest.mark.parametrize("count", ["-1", "1.5", '"two"', "null"])
def test_number_of_instances_that_is_none_is_an_incident(count: str) -> None:
    """§13.3.7: `loopCardinality` is evaluated to an integer; anything else stands still for an operator."""
    loop = f"<multiInstanceLoopCharacteristics><loopCardinality>{count}</loopCardinality></multiInstanceLoopCharacteristics>"
    player = play(f'{S}<userTask id="t">{loop}</userTask>{flow("s", "t")}')
    player.start()
    (raised,) = [entry.event for entry in player.trace if isinstance(entry.event, IncidentRaised)]
    assert raised.element == "t"


@pytest.mark.parametrize(("cancel", "left"), [("true", []), ("false", ["b"])])
def test_ad_hoc_sub_process_ends_with_or_waits_for_what_still_runs(cancel: str, left: list[str]) -> None:
    """§13.3.5: `cancelRemainingInstances` says whether running activities are ended when the condition holds."""
    inner = '<userTask id="a"/><userTask id="b"/><completionCondition>ok</completionCondition>'
    body = f'{S}<adHocSubProcess id="p" cancelRemainingInstances="{cancel}">{inner}</adHocSubProcess>{E}{flow("s", "p", "e")}'
    player = play(body)
    case = player.start()
    player.complete("a", {"ok": True})
    assert where(player) == left
    assert (case.ended is None) == bool(left)


def test_receive_task_can_begin_a_case() -> None:
    """§10.3.3: an instantiating receive task without incoming flow begins the process."""
    player = play('<receiveTask id="r" instantiate="true" messageRef="M"/>' + E + flow("r", "e"))
    assert player.send("m", {"a": Decimal(1)})
    assert begun(player) == ["r", "e"]


# gateways


def test_inclusive_join_in_a_loop_waits_only_for_what_can_come() -> None:
    """§13.4.3: a token before the join that can also come by the loop's back flow does not block it."""
    body = (
        f'{S}<inclusiveGateway id="j"/><userTask id="t"/><exclusiveGateway id="x" default="x_e"/>{E}'
        + flow("s", "j", "t", "x", "e")
        + '<sequenceFlow id="back" sourceRef="x" targetRef="j"><conditionExpression>again</conditionExpression></sequenceFlow>'
    )
    player = play(body)
    case = player.start()
    player.complete("t", {"again": True})
    player.complete("t", {"again": False})
    assert begun(player) == ["s", "j", "t", "x", "j", "t", "x", "e"]
    assert case.ended is Ending.COMPLETED


def test_event_based_gateway_closes_the_other_events() -> None:
    """§13.4.5: the first event to occur takes the token; the others are no longer waited for."""
    timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    body = (
        f'{S}<eventBasedGateway id="g"/><receiveTask id="r" messageRef="M"/>'
        f'<intermediateCatchEvent id="t">{timer}</intermediateCatchEvent>{E}{flow("s", "g", "r", "e")}{flow("g", "t", "e")}'
    )
    player = play(body)
    player.start()
    player.pass_time(timedelta(days=2))
    assert begun(player) == ["s", "g", "t", "e"]
    assert not player.send("m")


# data


def test_data_association_copies_transforms_and_assigns() -> None:
    """§10.4.2: the transformation's value goes to the target; without one, assignments set its parts."""
    io = (
        '<ioSpecification><dataInput id="i" name="n"/><inputSet id="is"><dataInputRefs>i</dataInputRefs></inputSet>'
        '<outputSet id="os"/></ioSpecification><dataInputAssociation id="a"><sourceRef>d</sourceRef>'
        "<targetRef>i</targetRef><transformation>amount * 2</transformation></dataInputAssociation>"
    )
    task = f'<scriptTask id="x">{io}<script>{{found: n}}</script></scriptTask>'
    player = play(f'<dataObject id="d" name="amount"/>{S}{task}{E}{flow("s", "x", "e")}')
    case = player.start(values={"amount": Decimal(4)})
    assert case.variables["found"] == 8


def test_condition_is_checked_whenever_what_it_reads_changes() -> None:
    """§10.5.5: a conditional event fires when its condition turns from false to true."""
    condition = "<conditionalEventDefinition><condition>a + b &gt; 3</condition></conditionalEventDefinition>"
    player = play(
        f'{S}<intermediateCatchEvent id="c">{condition}</intermediateCatchEvent>{E}{flow("s", "c", "e")}'
    )
    case = player.start(values={"a": Decimal(1)})
    player.do(case, SetVariables(variables={"b": Decimal(1)}))
    assert case.ended is None
    player.do(case, SetVariables(variables={"b": Decimal(3)}))
    assert case.ended is Ending.COMPLETED
