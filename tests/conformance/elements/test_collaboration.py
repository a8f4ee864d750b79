"""Collaboration: pools of one file that send each other messages, found by keys (BPMN 2.0.2 §8.4.2, §9.3, §10.5.1)."""

from __future__ import annotations

from datetime import timedelta

from tests.conformance.elements.playing import (
    MESSAGE,
    SIGNAL,
    begun,
    boundary,
    catch,
    end,
    play,
    process,
    start,
    throw,
    user,
    where,
)

from staffel.engine.kernel.events import Ending

S, E = start("s"), end("e")


def pools(*message_flows: str) -> str:
    """A collaboration of `P` and `Q` with message flows `a>b`."""
    flows = "".join(
        f'<messageFlow id="mf{number}" sourceRef="{one}" targetRef="{two}"/>'
        for number, (one, _, two) in enumerate(each.partition(">") for each in message_flows)
    )
    return (
        '<collaboration id="co"><participant id="pp" processRef="P"/><participant id="pq" processRef="Q"/>'
        f"{flows}</collaboration>"
    )


def key(correlation: str, *inputs: str, ttl: str = "") -> str:
    """What correlates a message and what it carries."""
    lives = f' ttl="{ttl}"' if ttl else ""
    carried = "".join(f'<staffel:input source="{each}" target="{each}"/>' for each in inputs)
    return f'<extensionElements><staffel:message correlation="{correlation}"{lives}>{carried}</staffel:message></extensionElements>'


def test_message_that_one_pool_sends_begins_a_case_of_the_other_and_comes_back() -> None:
    """§9.3: a message flow from a throw event to a start event, and an answer to the case that asked."""
    body = S + throw("ask", MESSAGE) + catch("answer", '<messageEventDefinition messageRef="A"/>') + E
    other = process(
        start("qs", MESSAGE)
        + user("work")
        + end("reply", '<messageEventDefinition messageRef="A"/>')
        + "qs -> work\nwork -> reply",
        "Q",
    )
    player = play(
        body + "\ns -> ask\nask -> answer\nanswer -> e",
        pools("ask>qs", "reply>answer") + '<message id="A" name="a"/>',
        more=other,
    )
    case = player.start("P", reference="Az 7")
    assert begun(player, 2) == ["qs", "work"]
    assert player.cases[2].state.reference == "Az 7"
    player.complete("work")
    assert case.ended is Ending.COMPLETED


def test_message_flow_without_a_message_names_one_by_itself() -> None:
    """§9.3: a message flow need not have a `messageRef`; sender and receiver are still told by it."""
    empty = "<messageEventDefinition/>"
    other = process(start("qs", empty) + user("work") + "qs -> work", "Q")
    player = play(S + throw("ask", empty) + E + "\ns -> ask\nask -> e", pools("ask>qs"), more=other)
    player.start("P")
    assert where(player) == ["work"]


def test_send_task_and_receive_task_are_joined_by_a_message_flow() -> None:
    """§10.3.3: tasks are ends of message flows like events."""
    other = process('<receiveTask id="qr" instantiate="true"/>' + user("work") + "qr -> work", "Q")
    player = play(S + '<sendTask id="ask"/>' + E + "\ns -> ask\nask -> e", pools("ask>qr"), more=other)
    player.start("P")
    assert where(player) == ["work"]


def test_message_finds_the_case_with_its_key_among_several() -> None:
    """§8.4.2: correlation by key: the message reaches the instance whose key has the same value."""
    wait = catch("c", key("customer") + MESSAGE)
    other = process(start("qs") + throw("k", key("customer") + MESSAGE) + end("qe") + "qs -> k\nk -> qe", "Q")
    player = play(S + wait + E + "\ns -> c\nc -> e", more=other)
    first, second = player.start("P", {"customer": "A"}), player.start("P", {"customer": "B"})
    player.start("Q", {"customer": "B"})
    assert (first.ended, second.ended) == (None, Ending.COMPLETED)


def test_message_that_comes_early_is_kept_until_somebody_waits() -> None:
    """§10.5.1 leaves open what becomes of early messages; here they live as long as the sender says."""
    wait = user("t") + catch("c", MESSAGE)
    other = process(
        start("qs") + throw("k", key("case.reference", ttl="P1D") + MESSAGE) + end("qe") + "qs -> k\nk -> qe",
        "Q",
    )
    player = play(S + wait + E + "\ns -> t\nt -> c\nc -> e", more=other)
    case = player.start("P", reference="A")
    player.start("Q", reference="A")
    player.complete("t", case=1)
    assert case.ended is Ending.COMPLETED


def test_message_is_gone_when_its_time_to_live_is_over() -> None:
    """After the time to live nobody receives it any more."""
    wait = user("t") + catch("c", MESSAGE)
    other = process(
        start("qs") + throw("k", key("case.reference", ttl="P1D") + MESSAGE) + end("qe") + "qs -> k\nk -> qe",
        "Q",
    )
    player = play(S + wait + E + "\ns -> t\nt -> c\nc -> e", more=other)
    case = player.start("P", reference="A")
    player.start("Q", reference="A")
    player.pass_time(timedelta(days=2))
    player.complete("t", case=1)
    assert (case.ended, where(player)) == (None, ["c"])


def test_message_to_a_boundary_event_of_another_pool_interrupts_its_task() -> None:
    """§9.3: a boundary event may be the end of a message flow."""
    other = process(start("qs") + throw("k", MESSAGE) + end("qe") + "qs -> k\nk -> qe", "Q")
    player = play(
        S + user("t") + boundary("b", "t", MESSAGE) + E + "\ns -> t\nt -> e", pools("k>b"), more=other
    )
    case = player.start("P", reference="A")
    player.start("Q", reference="A")
    assert (case.ended, begun(player, 1)[-2:]) == (Ending.COMPLETED, ["b", "be"])


def test_signal_crosses_pools_without_any_flow() -> None:
    """§10.5.1: signals are for broad communication, within and across processes and pools."""
    other = process(start("qs", SIGNAL) + user("work") + "qs -> work", "Q")
    player = play(S + throw("k", SIGNAL) + E + "\ns -> k\nk -> e", pools(), more=other)
    player.start("P")
    assert where(player) == ["work"]


def test_pool_without_a_process_sends_from_outside() -> None:
    """§9.2: a black-box pool: its messages come from outside the engine."""
    boxes = (
        '<collaboration id="co"><participant id="pp" processRef="P"/><participant id="box" name="Bürger"/>'
        '<messageFlow id="mf" sourceRef="box" targetRef="s"/><messageFlow id="mg" sourceRef="k" targetRef="box"/></collaboration>'
    )
    player = play(
        start("s", MESSAGE) + throw("k", '<messageEventDefinition messageRef="A"/>') + E + "\ns -> k\nk -> e",
        boxes + '<message id="A" name="a"/>',
    )
    assert player.send("m")
    assert player.cases[1].ended is Ending.COMPLETED
