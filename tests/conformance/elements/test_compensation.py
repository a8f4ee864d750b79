"""Transactions and compensation: what is undone, in which order, how often (BPMN 2.0.2 §10.3.5, §10.7, §13.3.4, §13.5.5)."""

from __future__ import annotations

import pytest
from tests.conformance.elements.playing import (
    CANCEL,
    COMPENSATE,
    ERROR,
    SIGNAL,
    TERMINATE,
    begun,
    boundary,
    done,
    end,
    event_sub,
    incidents,
    play,
    process,
    start,
    sub,
    throw,
    undo,
    user,
    where,
)

from staffel.engine.kernel import DeliverSignal
from staffel.engine.kernel.events import Ending

S, E = start("s"), end("e")
TASKS = '<task id="a"/>' + undo("a") + '<task id="c"/>' + undo("c")
MULTI = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
SEQUENTIAL = MULTI.replace(
    "<multiInstanceLoopCharacteristics>", '<multiInstanceLoopCharacteristics isSequential="true">'
)
LIST = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
COMPENSATION_A = '<compensateEventDefinition activityRef="a"/>'
NOT_WAITING = '<compensateEventDefinition waitForCompletion="false"/>'


def transaction(body: str) -> str:
    return sub("t", body, tag="transaction")


# transactions


def test_transaction_that_succeeds_goes_on_like_a_sub_process() -> None:
    """§10.3.5: successful completion: the normal flow is followed, nothing is compensated."""
    player = play(
        S + transaction(start("i") + TASKS + end("o") + "\ni -> a\na -> c\nc -> o") + E + "\ns -> t\nt -> e"
    )
    player.start()
    assert begun(player) == ["s", "t", "i", "a", "c", "o", "e"]


def test_cancelled_transaction_ends_its_branches_compensates_and_leaves_by_its_cancel_event() -> None:
    """§13.5.5: active activities are terminated, done ones compensated in reverse order, then the cancel event is followed."""
    body = start("i") + TASKS + user("w") + end("k", CANCEL) + "\ni -> w\ni -> a\na -> c\nc -> k"
    player = play(S + transaction(body) + boundary("b", "t", CANCEL) + E + "\ns -> t\nt -> e")
    case = player.start()
    assert begun(player)[-4:] == ["uc", "ua", "b", "be"]
    assert "w" not in done(player)
    assert case.ended is Ending.COMPLETED


def test_cancel_waits_for_handlers_that_take_their_time() -> None:
    """§13.5.5: the transaction is cancelled only when its compensation is complete."""
    handler = '<userTask id="ua" isForCompensation="true"/>'
    body = start("i") + '<task id="a"/>' + undo("a", handler) + end("k", CANCEL) + "\ni -> a\na -> k"
    player = play(S + transaction(body) + boundary("b", "t", CANCEL) + "s -> t")
    player.start()
    assert (where(player), "b" in begun(player)) == (["ua"], False)
    player.complete("ua")
    assert begun(player)[-2:] == ["b", "be"]


def test_cancel_end_event_in_a_sub_process_cancels_the_transaction_around() -> None:
    """§10.5.6: the cancel event is in the transaction or in a sub-process of it; the transaction as a whole is cancelled."""
    inner = sub("p", start("ps") + '<task id="d"/>' + undo("d") + end("k", CANCEL) + "\nps -> d\nd -> k")
    body = start("i") + '<task id="a"/>' + undo("a") + inner + "\ni -> a\na -> p"
    player = play(S + transaction(body) + boundary("b", "t", CANCEL) + "s -> t")
    case = player.start()
    assert [each for each in begun(player) if each.startswith("u")][-1] == "ua"
    assert begun(player)[-2:] == ["b", "be"]
    assert case.ended is Ending.COMPLETED


def test_error_leaves_a_transaction_without_compensation() -> None:
    """§10.3.5: a hazard: activities are interrupted without compensation, the flow goes on from the error event."""
    body = start("i") + TASKS + end("k", ERROR) + "\ni -> a\na -> c\nc -> k"
    player = play(S + transaction(body) + boundary("b", "t", ERROR) + boundary("n", "t", CANCEL) + "s -> t")
    player.start()
    assert begun(player)[-2:] == ["b", "be"]
    assert not {"ua", "uc"} & set(begun(player))


def test_cancelled_transaction_in_a_multi_instance_leaves_the_whole_activity() -> None:
    """§13.5.3: the cancel event is attached to the activity: all of its instances are interrupted, and it is left once."""
    body = (
        start("i") + '<task id="a"/>' + undo("a") + user("w") + end("k", CANCEL) + "\ni -> a\na -> w\nw -> k"
    )
    player = play(S + transaction(MULTI + body) + boundary("b", "t", CANCEL) + E + "\ns -> t\nt -> e")
    case = player.start()
    player.complete("w")
    assert (begun(player).count("ua"), begun(player)[-2:]) == (1, ["b", "be"])
    assert case.ended is Ending.COMPLETED


def test_nested_transaction_is_compensated_as_a_part_of_the_outer_one() -> None:
    """§13.5.5: a completed sub-process is compensated from inside, in reverse order of what it did."""
    inner = sub("x", start("xs") + TASKS + end("xe") + "\nxs -> a\na -> c\nc -> xe", tag="transaction")
    body = start("i") + '<task id="d"/>' + undo("d") + inner + end("k", CANCEL) + "\ni -> d\nd -> x\nx -> k"
    player = play(S + transaction(body) + boundary("b", "t", CANCEL) + "s -> t")
    player.start()
    assert [each for each in begun(player) if each.startswith("u")] == ["uc", "ua", "ud"]
    assert begun(player)[-2:] == ["b", "be"]


# throwing compensation


def test_compensation_without_an_activity_undoes_all_of_the_scope_backwards() -> None:
    """§10.7.2: handlers run in reverse order of completion."""
    player = play(S + TASKS + throw("k", COMPENSATE) + E + "\ns -> a\na -> c\nc -> k\nk -> e")
    player.start()
    assert begun(player) == ["s", "a", "c", "k", "uc", "ua", "e"]


def test_compensation_of_one_activity_leaves_the_others_done() -> None:
    """§10.7.2: with `activityRef` that activity alone is compensated; the others can be later."""
    body = TASKS + throw("k", COMPENSATION_A) + throw("l", COMPENSATE)
    player = play(S + body + E + "\ns -> a\na -> c\nc -> k\nk -> l\nl -> e")
    player.start()
    assert begun(player) == ["s", "a", "c", "k", "ua", "l", "uc", "e"]


def test_activity_that_was_not_completed_is_not_compensated() -> None:
    """§13.5.5: only completed activities are; what still runs or never began is left alone."""
    body = TASKS + user("w") + throw("k", COMPENSATE) + "\ns -> w\nw -> a\ns -> c\nc -> k\nk -> e"
    player = play(S + body.replace("</intermediateThrowEvent>", "</intermediateThrowEvent>" + E, 1))
    player.start()
    assert begun(player) == ["s", "w", "c", "k", "uc", "e"]


def test_activity_done_in_a_loop_is_compensated_once_for_each_time() -> None:
    """§13.5.5: each completed instance has a compensation of its own, last first."""
    loop = '<standardLoopCharacteristics loopMaximum="2"><loopCondition>true</loopCondition></standardLoopCharacteristics>'
    player = play(S + f'<task id="a">{loop}</task>' + undo("a") + end("k", COMPENSATE) + "\ns -> a\na -> k")
    player.start()
    assert begun(player).count("ua") == 2


@pytest.mark.parametrize("loop", [MULTI, SEQUENTIAL])
def test_every_instance_of_a_multi_instance_is_compensated(loop: str) -> None:
    """§13.5.5: compensation of a multi-instance compensates all of its completed instances."""
    player = play(S + f'<task id="a">{loop}</task>' + undo("a") + end("k", COMPENSATE) + "\ns -> a\na -> k")
    case = player.start()
    assert begun(player).count("ua") == 3
    assert case.ended is Ending.COMPLETED


def test_each_instance_of_a_multi_instance_sub_process_is_undone_with_its_own_data() -> None:
    """§10.7.3: the handler sees the data as they were when its sub-process was completed (snapshot)."""
    handler = (
        '<scriptTask id="ua" isForCompensation="true"><script>{seen: append(seen, n)}</script></scriptTask>'
    )
    inner = '<property id="n" name="n"/>' + LIST + start("ps") + user("a") + undo("a", handler) + end("pe")
    player = play(S + sub("p", inner + "\nps -> a\na -> pe") + end("k", COMPENSATE) + "\ns -> p\np -> k")
    case = player.start(values={"seen": []})
    player.complete("a", {"n": "first"})
    player.complete("a", {"n": "second"})
    assert case.ended is Ending.COMPLETED
    assert sorted(case.variables["seen"]) == ["first", "second"]


def test_thrower_waits_for_the_handlers_by_default() -> None:
    """§10.5.6: `waitForCompletion` is true by default: the throw event is left when compensation is done."""
    handler = '<userTask id="ua" isForCompensation="true"/>'
    player = play(
        S
        + '<task id="a"/>'
        + undo("a", handler)
        + throw("k", COMPENSATE)
        + user("t")
        + "\ns -> a\na -> k\nk -> t"
    )
    player.start()
    assert where(player) == ["ua"]
    player.complete("ua")
    assert where(player) == ["t"]


@pytest.mark.parametrize("tag", ["userTask", "task"])
def test_thrower_that_does_not_wait_goes_on_at_once_and_only_once(tag: str) -> None:
    """§10.5.6: with `waitForCompletion` false the flow goes on while handlers run, be they quick or slow."""
    handler = f'<{tag} id="ua" isForCompensation="true"/>'
    player = play(
        S
        + '<task id="a"/>'
        + undo("a", handler)
        + throw("k", NOT_WAITING)
        + user("t")
        + "\ns -> a\na -> k\nk -> t"
    )
    case = player.start()
    assert begun(player).count("t") == 1
    player.complete("t")
    if tag == "userTask":
        player.complete("ua")
    assert case.ended is Ending.COMPLETED
    assert incidents(player) == []


def test_sub_process_without_a_handler_is_compensated_from_inside() -> None:
    """§10.7.3: default compensation: handlers of the inner activities in reverse order."""
    inner = start("ps") + TASKS + end("pe") + "\nps -> a\na -> c\nc -> pe"
    player = play(
        S + sub("p", inner) + end("k", '<compensateEventDefinition activityRef="p"/>') + "\ns -> p\np -> k"
    )
    case = player.start()
    assert [each for each in begun(player) if each.startswith("u")] == ["uc", "ua"]
    assert case.ended is Ending.COMPLETED


def test_handler_of_a_sub_process_stands_for_those_inside() -> None:
    """§10.7.3: a compensation handler attached to the sub-process replaces the default compensation."""
    inner = start("ps") + TASKS + "\nps -> a\na -> c"
    player = play(S + sub("p", inner) + undo("p") + end("k", COMPENSATE) + "\ns -> p\np -> k")
    player.start()
    assert [each for each in begun(player) if each.startswith("u")] == ["up"]


def test_compensation_event_sub_process_may_undo_what_it_chooses() -> None:
    """§10.7.3: inside it the activities of its sub-process are compensated by throwing."""
    own = event_sub("v", COMPENSATE, throw("vk", COMPENSATION_A) + end("ve") + "\nvs -> vk\nvk -> ve")
    inner = start("ps") + TASKS + own + "\nps -> a\na -> c"
    player = play(S + sub("p", inner) + end("k", COMPENSATE) + "\ns -> p\np -> k")
    case = player.start()
    assert [each for each in begun(player) if each.startswith("u")] == ["ua"]
    assert case.ended is Ending.COMPLETED


def test_error_handler_of_a_sub_process_compensates_what_was_done_there() -> None:
    """§10.7.2: an event sub-process throws compensation for the activities of the scope it handles."""
    own = event_sub("v", ERROR, throw("vk", COMPENSATE) + end("ve") + "\nvs -> vk\nvk -> ve")
    inner = start("ps") + TASKS + end("pe", ERROR) + own + "\nps -> a\na -> c\nc -> pe"
    player = play(S + sub("p", inner) + E + "\ns -> p\np -> e")
    case = player.start()
    assert [each for each in begun(player) if each.startswith("u")] == ["uc", "ua"]
    assert begun(player)[-2:] == ["ve", "e"]
    assert case.ended is Ending.COMPLETED


def test_called_process_is_compensated_from_inside() -> None:
    """§10.7: a call activity is an activity: its handler, else what the called process offers."""
    child = process(start("qs") + TASKS + end("qe") + "\nqs -> a\na -> c\nc -> qe", "Q")
    player = play(
        S + '<callActivity id="p" calledElement="Q"/>' + end("k", COMPENSATE) + "\ns -> p\np -> k", more=child
    )
    case = player.start("P")
    assert [each for each in begun(player) if "u" in each] == ["p/uc", "p/ua"]
    assert case.ended is Ending.COMPLETED


def test_handler_that_fails_stands_still_and_the_error_is_thrown_on() -> None:
    """§13.5.5: an error in a handler is an error of the scope; caught there, the rest is not compensated."""
    handler = sub("uc", start("hs") + end("he", ERROR) + "\nhs -> he", more=' isForCompensation="true"')
    tasks = '<task id="a"/>' + undo("a") + '<task id="c"/>' + undo("c", handler)
    inner = start("ps") + tasks + end("pe", COMPENSATE) + "\nps -> a\na -> c\nc -> pe"
    player = play(S + sub("p", inner) + boundary("b", "p", ERROR) + "s -> p")
    case = player.start()
    assert begun(player)[-2:] == ["b", "be"]
    assert "ua" not in begun(player)
    assert case.ended is Ending.COMPLETED


def test_what_was_compensated_is_not_compensated_again() -> None:
    """§13.5.5: a compensated activity can not be compensated a second time."""
    player = play(
        S
        + TASKS
        + throw("k", COMPENSATE)
        + throw("l", COMPENSATE)
        + E
        + "\ns -> a\na -> c\nc -> k\nk -> l\nl -> e"
    )
    player.start()
    assert begun(player).count("ua") == 1


def test_signal_that_interrupts_the_scope_ends_the_compensation_too() -> None:
    """§13.5.3: what runs in an interrupted activity is terminated, handlers included."""
    handler = '<userTask id="ua" isForCompensation="true"/>'
    inner = (
        start("ps")
        + '<task id="a"/>'
        + undo("a", handler)
        + throw("k", COMPENSATE)
        + end("pe")
        + "\nps -> a\na -> k\nk -> pe"
    )
    player = play(S + sub("p", inner) + boundary("b", "p", SIGNAL) + "s -> p")
    case = player.start()
    player.do(case, DeliverSignal(name="s"))
    assert begun(player)[-2:] == ["b", "be"]
    assert case.ended is Ending.COMPLETED


def test_terminate_beside_a_compensation_ends_it() -> None:
    """§13.5.6: terminate ends everything of its scope, compensation under way too."""
    handler = '<userTask id="ua" isForCompensation="true"/>'
    body = (
        '<task id="a"/>' + undo("a", handler) + throw("k", COMPENSATE) + E + user("w") + end("z", TERMINATE)
    )
    player = play(S + body + "\ns -> a\na -> k\nk -> e\ns -> w\nw -> z")
    case = player.start()
    player.complete("w")
    assert case.ended is Ending.TERMINATED


HANDLERS = {
    "multi-instance": f'<userTask id="ua" isForCompensation="true">{LIST}</userTask>',
    "call": '<callActivity id="ua" isForCompensation="true" calledElement="Q"/>',
    "sub-process": sub("ua", start("us") + user("ut") + "us -> ut", more=' isForCompensation="true"'),
}


@pytest.mark.parametrize(
    ("kind", "tasks"), [("multi-instance", ["ua"] * 2), ("call", ["ua/q"]), ("sub-process", ["ut"])]
)
def test_handler_may_be_any_activity(kind: str, tasks: list[str]) -> None:
    """§10.7.1: a compensation handler is an activity: a task, a sub-process, a call, repeated where it says so."""
    body = '<task id="a"/>' + undo("a", HANDLERS[kind]) + throw("k", COMPENSATE)
    child = process(start("qs") + user("q") + "qs -> q", "Q")
    player = play(S + body + E + "\ns -> a\na -> k\nk -> e", more=child)
    case = player.start("P")
    assert where(player) == tasks
    for task in tasks:
        player.complete(task)
    assert case.ended is Ending.COMPLETED


def test_instance_of_a_multi_instance_compensates_its_own_work_only() -> None:
    """§10.7.2: what is thrown in a scope is for the activities of that scope instance."""
    inner = start("ps") + '<task id="a"/>' + undo("a") + user("pt") + throw("k", COMPENSATE) + end("pe")
    player = play(S + sub("p", LIST + inner + "ps -> a\na -> pt\npt -> k\nk -> pe") + E + "\ns -> p\np -> e")
    case = player.start()
    for times in (1, 2):
        player.complete("pt")
        assert begun(player).count("ua") == times
    assert case.ended is Ending.COMPLETED
