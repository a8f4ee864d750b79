"""Data: objects, properties, stores, input and output sets, associations (BPMN 2.0.2 §10.4, §13.3.2)."""

from __future__ import annotations

import pytest
from tests.conformance.elements.playing import (
    MESSAGE,
    begun,
    catch,
    end,
    incidents,
    play,
    script,
    start,
    sub,
    throw,
    user,
    where,
)

from staffel.engine.kernel import SetVariables
from staffel.engine.kernel.events import Ending, MessageThrown

S, E = start("s"), end("e")
WAY = "\ns -> t\nt -> e"
SETS = (
    '<ioSpecification><dataInput id="i" name="n"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet/>'
    "</ioSpecification>"
)
AMOUNT = '<dataObject id="d" name="amount"/>'


def into(inside: str, source: str = "d") -> str:
    """An association from a data item into the task's input `i`."""
    return f"<dataInputAssociation><sourceRef>{source}</sourceRef><targetRef>i</targetRef>{inside}</dataInputAssociation>"


def reading(inside: str) -> str:
    """A script that gives what its input `n` holds."""
    return f'<scriptTask id="t">{SETS}{into(inside)}<script>{{found: n}}</script></scriptTask>'


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("", 4),
        ("<transformation>amount * 2</transformation>", 8),
        ("<assignment><from>amount + 1</from><to>i</to></assignment>", 5),
        ("<assignment><from>amount</from><to>i.a.b</to></assignment>", {"a": {"b": 4}}),
    ],
)
def test_association_copies_transforms_or_assigns(inside: str, found: object) -> None:
    """§10.4.2: a copy; the transformation's value; or the parts that assignments set."""
    player = play(AMOUNT + S + reading(inside) + E + WAY)
    assert player.start(values={"amount": 4}).variables["found"] == found


def test_association_can_take_from_several_items_with_a_transformation() -> None:
    """§10.4.2: several sources need a transformation that joins them."""
    data = AMOUNT + '<dataObject id="f" name="factor"/>'
    inside = "<transformation>amount * factor</transformation>"
    task = reading(inside).replace(
        "<sourceRef>d</sourceRef>", "<sourceRef>d</sourceRef><sourceRef>f</sourceRef>"
    )
    player = play(data + S + task + E + WAY)
    assert player.start(values={"amount": 4, "factor": 3}).variables["found"] == 12


@pytest.mark.parametrize("tag", ["dataObject", "property", "dataStoreReference"])
def test_output_association_fills_a_data_item(tag: str) -> None:
    """§10.4.2: when the activity is completed its outputs are copied to their targets."""
    io = (
        '<ioSpecification><dataOutput id="o" name="result"/><inputSet/><outputSet><dataOutputRefs>o</dataOutputRefs>'
        "</outputSet></ioSpecification>"
        "<dataOutputAssociation><sourceRef>o</sourceRef><targetRef>d</targetRef></dataOutputAssociation>"
    )
    task = f'<userTask id="t">{io}</userTask>'
    player = play(f'<{tag} id="d" name="kept"/>' + S + task + E + WAY)
    case = player.start()
    player.complete("t", {"result": 7})
    assert case.variables["kept"] == 7


def test_data_object_reference_means_its_data_object() -> None:
    """§10.4.1: references show the same data object at several places, in different states."""
    data = AMOUNT + '<dataObjectReference id="dr" dataObjectRef="d" name="the amount, checked"/>'
    task = f'<scriptTask id="t">{SETS}{into("", "dr")}<script>{{found: n}}</script></scriptTask>'
    player = play(data + S + task + E + WAY)
    assert player.start(values={"amount": 4}).variables["found"] == 4


def test_activity_waits_for_its_input_set() -> None:
    """§13.3.2: an activity is ready only when the data of an input set are available."""
    player = play(AMOUNT + S + reading("") + E + WAY)
    case = player.start()
    assert case.ended is None
    player.do(case, SetVariables(variables={"amount": 3}))
    assert case.variables["found"] == 3


def test_one_of_several_input_sets_is_enough() -> None:
    """§10.4.2: input sets are alternatives, tried in order."""
    io = (
        '<ioSpecification><dataInput id="i" name="n"/><dataInput id="j" name="m"/>'
        "<inputSet><dataInputRefs>i</dataInputRefs></inputSet><inputSet><dataInputRefs>j</dataInputRefs></inputSet>"
        "<outputSet/></ioSpecification>"
    )
    second = "<dataInputAssociation><sourceRef>f</sourceRef><targetRef>j</targetRef></dataInputAssociation>"
    task = f'<scriptTask id="t">{io}{into("")}{second}<script>{{found: m}}</script></scriptTask>'
    player = play(AMOUNT + '<dataObject id="f" name="factor"/>' + S + task + E + WAY)
    assert player.start(values={"factor": 3}).variables["found"] == 3


def test_data_of_a_sub_process_live_and_end_with_it() -> None:
    """§10.4.1: a data object is visible in its sub-process and what is inside, and disposed of with it."""
    inner = '<dataObject id="d" name="own"/>' + start("ps") + script("pt", "{own: 5}")
    inner += sub("q", start("qs") + script("qt", "{found: own}") + "qs -> qt") + "ps -> pt\npt -> q"
    player = play(S + sub("t", inner) + E + WAY)
    assert player.start().variables == {"found": 5}


def test_item_of_an_inner_scope_hides_one_of_the_same_name_outside() -> None:
    """§10.4.1: the nearest data item of the name is meant."""
    inner = '<property id="own" name="amount"/>' + start("ps") + script("pt", "{amount: 5}") + "ps -> pt"
    player = play(AMOUNT + S + sub("t", inner) + E + WAY)
    assert player.start(values={"amount": 1}).variables == {"amount": 1}


def test_event_takes_the_data_of_its_message_by_mapping() -> None:
    """§10.5.1, §10.4.2: a catch event has output associations only: from the payload to the process."""
    mapping = '<extensionElements><staffel:output source="a + 1" target="b"/></extensionElements>'
    player = play(S + catch("t", mapping + MESSAGE) + E + WAY)
    case = player.start()
    player.send("m", {"a": 1})
    assert case.variables == {"b": 2}


def test_event_sends_the_data_mapped_to_it_and_no_other() -> None:
    """§10.5.1: a throw event has input associations only: from the process to the payload."""
    mapping = '<extensionElements><staffel:message><staffel:input source="a" target="number"/></staffel:message></extensionElements>'
    player = play(S + throw("t", mapping + MESSAGE) + E + WAY)
    player.start(values={"a": 1, "private": 2})
    (sent,) = [e.event for e in player.trace if isinstance(e.event, MessageThrown)]
    assert sent.payload == {"number": 1}


@pytest.mark.parametrize("name", ["number", "date", "count", "sum", "time"])
def test_variable_may_bear_the_name_of_a_function(name: str) -> None:
    """DMN 1.5 §10.3.2.3: names of the scope come before the built-in ones."""
    player = play(S + script("t", f"{{found: {name} + 1}}") + E + WAY)
    case = player.start(values={name: 4})
    assert (case.variables.get("found"), incidents(player)) == (5, [])


def test_data_that_a_task_writes_are_seen_by_the_next_condition() -> None:
    """§10.4: data flow through the process, not with the tokens."""
    body = user("t") + '<exclusiveGateway id="x" default="x_b"/>' + user("a", "b")
    player = play(S + body + "\ns -> t\nt -> x\nx -> a : amount > 3\nx -> b")
    case = player.start()
    player.complete("t", {"amount": 4})
    assert where(player) == ["a"]
    assert case.ended is not Ending.COMPLETED
    assert begun(player)[-1] == "a"
