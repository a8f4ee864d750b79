"""Activities: tasks, calls, ad-hoc sub-processes, loops and multi-instances (BPMN 2.0.2 §10.3, §13.3)."""

from __future__ import annotations

import pytest
from tests.conformance.elements.playing import (
    MESSAGE,
    SIGNAL,
    begun,
    boundary,
    done,
    end,
    incidents,
    play,
    process,
    script,
    start,
    sub,
    user,
    where,
)

from staffel.engine.kernel import CancelElement, DeliverSignal
from staffel.engine.kernel.events import Ending, MessageThrown, WorkOffered

S, E = start("s"), end("e")
WAY = "\ns -> t\nt -> e"
SD = '<signalEventDefinition id="sd" signalRef="S"/>'


def many(inside: str, more: str = "") -> str:
    return f"<multiInstanceLoopCharacteristics{more}>{inside}</multiInstanceLoopCharacteristics>"


def times(count: str, more: str = "") -> str:
    return many(f"<loopCardinality>{count}</loopCardinality>", more)


# tasks


def test_receive_task_can_begin_a_case() -> None:
    """§10.3.3: an instantiating receive task without incoming flow begins the process."""
    player = play('<receiveTask id="r" instantiate="true" messageRef="M"/>' + E + "\nr -> e")
    assert player.send("m", {"a": 1})
    assert begun(player) == ["r", "e"]


def test_receive_task_waits_for_its_message_and_takes_its_data() -> None:
    """§13.3.3: waits until the message arrives; then it is completed."""
    player = play(S + '<receiveTask id="t" messageRef="M"/>' + E + WAY)
    case = player.start()
    assert player.send("m", {"a": 1})
    assert (case.ended, case.variables) == (Ending.COMPLETED, {"a": 1})


def test_send_task_sends_and_is_done() -> None:
    """§13.3.3: upon activation the message is sent; then it is completed."""
    player = play(S + '<sendTask id="t" messageRef="M"/>' + E + WAY)
    case = player.start()
    assert [e.event.name for e in player.trace if isinstance(e.event, MessageThrown)] == ["m"]
    assert case.ended is Ending.COMPLETED


def test_service_task_is_done_when_its_service_is() -> None:
    """§13.3.3: upon activation the data are passed to the service and it is invoked; its result ends the task."""
    topic = '<extensionElements><staffel:topic name="a"/><staffel:input source="n" target="number"/></extensionElements>'
    player = play(S + f'<serviceTask id="t">{topic}</serviceTask>' + E + WAY)
    case = player.start(values={"n": 1, "private": 2})
    (offered,) = [e.event for e in player.trace if isinstance(e.event, WorkOffered)]
    assert offered.payload == {"number": 1}
    player.complete("t", {"found": 5})
    assert case.variables["found"] == 5


@pytest.mark.parametrize("tag", ["userTask", "manualTask"])
def test_person_s_task_waits_for_a_person(tag: str) -> None:
    """§13.3.3: distributed to the person who does it; completed when that person says so."""
    player = play(S + f'<{tag} id="t"/>' + E + WAY)
    case = player.start()
    assert where(player) == ["t"]
    player.complete("t", {"a": 1})
    assert case.variables == {"a": 1}


def test_task_without_a_kind_is_done_at_once() -> None:
    """§13.3.3: an abstract task: upon activation it is completed."""
    player = play(S + '<task id="t"/>' + E + WAY)
    assert player.start().ended is Ending.COMPLETED


def test_several_flows_out_of_a_task_each_get_a_token() -> None:
    """§13.3.1: uncontrolled flow splits in parallel; each token into a task begins it anew."""
    player = play(
        S
        + '<task id="t"/>'
        + user("u")
        + "\ns -> t\n"
        + '<task id="a"/><task id="b"/>'
        + "t -> a\nt -> b\na -> u\nb -> u"
    )
    player.start()
    assert where(player) == ["u", "u"]


def test_conditional_flows_out_of_a_task_choose_and_its_default_stands_in() -> None:
    """§13.3.1: every conditional flow that holds; the default flow only when none does."""
    task = '<task id="t" default="t_c"/>' + user("a", "b", "c")
    player = play(S + task + "\ns -> t\nt -> a : n > 1\nt -> b : n > 2\nt -> c")
    player.start(values={"n": 3})
    assert where(player) == ["a", "b"]
    player.start(values={"n": 0})
    assert [place.element for place in player.waiting(case=2)] == ["c"]


def test_start_and_completion_quantity_count_tokens() -> None:
    """§13.3.2: as many tokens as `startQuantity` begin an activity, `completionQuantity` leave it."""
    body = '<parallelGateway id="g"/><task id="a"/><task id="b"/><task id="c"/><exclusiveGateway id="x"/>'
    task = '<userTask id="t" startQuantity="3" completionQuantity="2"/>' + user("u")
    player = play(
        S + body + task + "\ns -> g\ng -> a\ng -> b\ng -> c\na -> x\nb -> x\nc -> x\nx -> t\nt -> u"
    )
    player.start()
    assert begun(player).count("t") == 1
    player.complete("t")
    assert where(player) == ["u", "u"]


def test_too_few_tokens_for_the_start_quantity_do_not_begin_it() -> None:
    """§13.3.2: a task that needs two tokens does not begin with one."""
    player = play(S + '<userTask id="t" startQuantity="2"/>' + E + WAY)
    case = player.start()
    assert (begun(player), where(player), case.ended) == (["s"], [], None)


# calls


def test_call_waits_for_the_called_process_and_takes_its_results_by_mapping() -> None:
    """§13.3.3: the called process is instantiated with the mapped data; its end completes the call."""
    mapping = (
        '<extensionElements><staffel:input source="n" target="amount"/><staffel:output source="twice" target="found"/>'
        "</extensionElements>"
    )
    child = process(start("qs") + script("q", "{twice: amount * 2}") + end("qe") + "\nqs -> q\nq -> qe", "Q")
    player = play(
        S + f'<callActivity id="t" calledElement="Q">{mapping}</callActivity>' + E + WAY, more=child
    )
    case = player.start("P", {"n": 4})
    assert case.variables == {"n": 4, "found": 8}


@pytest.mark.parametrize("loop", [times("2"), times("2", ' isSequential="true"')])
def test_call_of_a_process_or_a_global_task_can_be_repeated(loop: str) -> None:
    """§10.3.6, §10.3.8: a call activity is an activity, loops included."""
    body = f'<callActivity id="p" calledElement="G">{loop}</callActivity><callActivity id="t" calledElement="Q">{loop}</callActivity>'
    child = process(start("qs") + user("q") + "\nqs -> q", "Q")
    player = play(S + body + E + "\ns -> p\np -> t\nt -> e", '<globalUserTask id="G"/>', more=child)
    case = player.start("P")
    for element in ("p", "p", "t/q", "t/q"):
        player.complete(element)
    assert case.ended is Ending.COMPLETED


def test_process_can_be_called_from_two_places_at_once() -> None:
    """§10.3.6: each call is an instance of its own."""
    calls = '<callActivity id="a" calledElement="Q"/><callActivity id="b" calledElement="Q"/>'
    child = process(start("qs") + user("q") + "\nqs -> q", "Q")
    player = play(S + calls + "\ns -> a\ns -> b", more=child)
    case = player.start("P")
    assert where(player) == ["a/q", "b/q"]
    player.complete("a/q")
    player.complete("b/q")
    assert case.ended is Ending.COMPLETED


# ad-hoc


@pytest.mark.parametrize(("cancel", "left"), [("true", []), ("false", ["b"])])
def test_ad_hoc_sub_process_ends_with_or_waits_for_what_still_runs(cancel: str, left: list[str]) -> None:
    """§13.3.5: `cancelRemainingInstances` says whether running activities are ended when the condition holds."""
    inner = user("a", "b") + "<completionCondition>ok</completionCondition>"
    host = sub("p", inner, tag="adHocSubProcess", more=f' cancelRemainingInstances="{cancel}"')
    player = play(S + host + E + "\ns -> p\np -> e")
    case = player.start(values={"ok": False})
    player.complete("a", {"ok": True})
    assert where(player) == left
    assert (case.ended is None) == bool(left)


def test_ad_hoc_sub_process_in_order_offers_one_at_a_time() -> None:
    """§10.3.5: ordering Sequential: only one activity can be performed at a time."""
    inner = user("a", "b") + "<completionCondition>ok</completionCondition>"
    player = play(
        S + sub("p", inner, tag="adHocSubProcess", more=' ordering="Sequential"') + E + "\ns -> p\np -> e"
    )
    case = player.start(values={"ok": False})
    assert where(player) == ["a"]
    player.complete("a")
    assert where(player) == ["b"]
    player.complete("b", {"ok": True})
    assert case.ended is Ending.COMPLETED


def test_flows_inside_an_ad_hoc_sub_process_are_followed() -> None:
    """§10.3.5: activities may be joined by flows there; what has none before it begins by itself."""
    inner = user("a", "b", "c") + "a -> b" + "<completionCondition>false</completionCondition>"
    player = play(S + sub("p", inner, tag="adHocSubProcess") + "\ns -> p")
    player.start()
    assert where(player) == ["a", "c"]
    player.complete("a")
    assert where(player) == ["b", "c"]


# standard loop


@pytest.mark.parametrize(
    ("test_before", "condition", "passes"),
    [("true", "n &lt; 3", 3), ("false", "n &lt; 3", 3), ("true", "false", 0), ("false", "false", 1)],
)
def test_standard_loop_asks_before_or_after_each_pass(test_before: str, condition: str, passes: int) -> None:
    """§13.3.6: a while loop asks first, a until loop runs once before it asks."""
    loop = f'<standardLoopCharacteristics testBefore="{test_before}"><loopCondition>{condition}</loopCondition></standardLoopCharacteristics>'
    player = play(S + script("t", "{n: n + 1}", loop) + E + WAY)
    case = player.start(values={"n": 0})
    assert (case.ended, case.variables["n"]) == (Ending.COMPLETED, passes)


def test_standard_loop_stops_at_its_maximum() -> None:
    """§13.3.6: `loopMaximum` caps the passes although the condition still holds."""
    loop = '<standardLoopCharacteristics loopMaximum="4"><loopCondition>true</loopCondition></standardLoopCharacteristics>'
    player = play(S + script("t", "{n: n + 1}", loop) + E + WAY)
    assert player.start(values={"n": 0}).variables["n"] == 4


def test_standard_loop_of_a_sub_process_runs_its_inside_each_time() -> None:
    """§10.3.8: any activity may have a loop; each pass is a new instance of it."""
    loop = "<standardLoopCharacteristics><loopCondition>again</loopCondition></standardLoopCharacteristics>"
    player = play(S + sub("t", loop + start("ps") + user("pt") + "ps -> pt") + E + WAY)
    case = player.start()
    player.complete("pt", {"again": True})
    player.complete("pt", {"again": False})
    assert (begun(player).count("pt"), case.ended) == (2, Ending.COMPLETED)


@pytest.mark.parametrize("loop", [times("3"), times("3", ' isSequential="true"')])
def test_every_instance_knows_its_number(loop: str) -> None:
    """§10.3.8, table 10.31: `loopCounter` is an attribute of every inner instance."""
    player = play(S + script("t", "{seen: append(seen, loopCounter)}", loop) + E + WAY)
    assert player.start(values={"seen": []}).variables["seen"] == [1, 2, 3]


def test_every_pass_of_a_standard_loop_knows_its_number() -> None:
    """§10.3.8, table 10.29: `loopCounter` is incremented at the start of each pass."""
    loop = "<standardLoopCharacteristics><loopCondition>loopCounter &lt; 3</loopCondition></standardLoopCharacteristics>"
    player = play(S + script("t", "{seen: append(seen, loopCounter)}", loop) + E + WAY)
    assert player.start(values={"seen": []}).variables["seen"] == [1, 2, 3]


# multi-instance


def test_parallel_instances_run_together_sequential_ones_after_each_other() -> None:
    """§13.3.7: `isSequential`."""
    body = f'<userTask id="a">{times("2")}</userTask><userTask id="b">{times("2", chr(32) + "isSequential=" + chr(34) + "true" + chr(34))}</userTask>'
    player = play(S + body + E + "\ns -> a\na -> b\nb -> e")
    case = player.start()
    assert where(player) == ["a", "a"]
    player.complete("a")
    player.complete("a")
    assert where(player) == ["b"]
    player.complete("b")
    player.complete("b")
    assert case.ended is Ending.COMPLETED


@pytest.mark.parametrize("count", ["0", "count([])"])
def test_no_instance_at_all_lets_the_token_pass(count: str) -> None:
    """§13.3.7: with no instance to create the activity is completed."""
    player = play(S + f'<userTask id="t">{times(count)}</userTask>' + E + WAY)
    case = player.start()
    assert (begun(player), case.ended) == (["s", "t", "e"], Ending.COMPLETED)


def test_collection_gives_an_instance_for_each_item_and_collects_their_results_in_its_order() -> None:
    """§10.3.8: `loopDataInputRef`, `inputDataItem`, `outputDataItem`, `loopDataOutputRef`."""
    io = (
        '<ioSpecification><dataInput id="di" name="numbers"/><dataOutput id="do" name="doubles"/>'
        "<inputSet><dataInputRefs>di</dataInputRefs></inputSet><outputSet><dataOutputRefs>do</dataOutputRefs></outputSet>"
        "</ioSpecification>"
        "<dataInputAssociation><sourceRef>n</sourceRef><targetRef>di</targetRef></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>do</sourceRef><targetRef>d</targetRef></dataOutputAssociation>"
    )
    loop = many(
        "<loopDataInputRef>di</loopDataInputRef><loopDataOutputRef>do</loopDataOutputRef>"
        '<inputDataItem id="item" name="item"/><outputDataItem id="result" name="result"/>'
    )
    data = '<dataObject id="no" name="numbers" isCollection="true"/><dataObject id="d" name="doubles" isCollection="true"/>'
    task = f'<scriptTask id="t">{io}{loop}<script>{{result: item * 2}}</script></scriptTask>'
    player = play(S + data.replace('id="no"', 'id="n"') + task + E + WAY)
    case = player.start(values={"numbers": [1, 2, 3]})
    assert incidents(player) == []
    assert case.variables["doubles"] == [2, 4, 6]


def test_completion_condition_ends_the_instances_that_still_run() -> None:
    """§13.3.7: when it turns true the remaining instances are cancelled and the flow goes on."""
    loop = many(
        "<loopCardinality>3</loopCardinality><completionCondition>numberOfCompletedInstances = 2</completionCondition>"
    )
    player = play(S + f'<userTask id="t">{loop}</userTask>' + E + WAY)
    case = player.start()
    player.complete("t")
    player.complete("t")
    assert (done(player).count("t"), case.ended) == (3, Ending.COMPLETED)


def test_counts_of_instances_say_what_is_alive() -> None:
    """§10.3.8, table 10.31: numberOfInstances, …ActiveInstances, …CompletedInstances, …TerminatedInstances."""
    condition = (
        "numberOfInstances = 4 and numberOfActiveInstances = 2 and numberOfCompletedInstances = 1 "
        "and numberOfTerminatedInstances = 1"
    )
    loop = many(f"<loopCardinality>4</loopCardinality><completionCondition>{condition}</completionCondition>")
    player = play(S + f'<userTask id="t">{loop}</userTask>' + E + WAY)
    case = player.start()
    player.do(case, CancelElement(key=player.waiting("t")[0].key, reason="twice"))
    assert case.ended is None
    player.complete("t")
    assert case.ended is Ending.COMPLETED


def test_instance_that_an_operator_ends_does_not_hold_up_the_others() -> None:
    """§13.3.7: the activity is completed when no instance is active any more."""
    player = play(S + f'<userTask id="t">{times("2")}</userTask>' + E + WAY)
    case = player.start()
    player.do(case, CancelElement(key=player.waiting("t")[0].key, reason="twice"))
    player.complete("t")
    assert case.ended is Ending.COMPLETED


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
    loop = many(f"<loopCardinality>3</loopCardinality>{inner}", f' behavior="{behavior}"{more}')
    host = f'<userTask id="t">{loop}</userTask>' + boundary("b", "t", SIGNAL, interrupting=False)
    player = play(S + host + E + WAY, SD)
    case = player.start()
    for _ in range(3):
        player.complete("t")
    assert begun(player).count("b") == caught
    assert case.ended is Ending.COMPLETED


def test_multi_instance_inside_a_multi_instance() -> None:
    """§10.3.8: every instance of the outer one has instances of the inner one."""
    inner = start("ps") + f'<userTask id="pt">{times("2")}</userTask>' + "ps -> pt"
    player = play(S + sub("t", times("3") + inner) + E + WAY)
    case = player.start()
    assert where(player) == ["pt"] * 6
    for _ in range(6):
        player.complete("pt")
    assert case.ended is Ending.COMPLETED


def test_message_reaches_one_instance_a_signal_all() -> None:
    """§10.5.1, §13.3.7: each instance waits for itself: a message has one receiver, a signal every one."""
    inner = start("ps") + f'<intermediateCatchEvent id="c">{MESSAGE}</intermediateCatchEvent>'
    inner += f'<intermediateCatchEvent id="d">{SIGNAL}</intermediateCatchEvent>' + "ps -> c\nc -> d"
    player = play(S + sub("t", times("2") + inner) + E + WAY)
    case = player.start()
    player.send("m")
    assert where(player) == ["c", "d"]
    player.send("m")
    player.do(case, DeliverSignal(name="s"))
    assert case.ended is Ending.COMPLETED
