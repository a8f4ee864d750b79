"""Activities: tasks, loops, multi-instances, sub-processes, calls, data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from staffel.engine.kernel import encode_state
from staffel.engine.kernel.events import DecisionMade, ElementActivated, Ending, TaskOffered
from staffel.engine.play import BpmnError, Player

Play = Callable[..., Player]


def where(player: Player) -> list[str]:
    return sorted(place.element for place in player.waiting())


def test_script_writes_its_result_and_output_mappings_write_only_what_they_name(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><scriptTask id="a"><extensionElements><staffel:script result="n"/></extensionElements>'
        "<script>1 + 2</script></scriptTask>"
        '<userTask id="t"><extensionElements><staffel:output source="wert * 2" target="doppelt"/></extensionElements>'
        '</userTask><endEvent id="e"/>\ns -> a\na -> t\nt -> e'
    )
    case = player.start()
    player.complete("t", {"wert": Decimal(4), "geheim": "x"})

    assert case.variables == {"n": Decimal(3), "doppelt": Decimal(8)}


def test_stubbed_service_gives_its_result_or_throws(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><serviceTask id="w"><extensionElements><staffel:topic name="register"/>'
        '<staffel:input source="nr" target="nummer"/></extensionElements></serviceTask>'
        '<boundaryEvent id="b" attachedToRef="w"><errorEventDefinition/></boundaryEvent>'
        '<endEvent id="e"/><userTask id="h"/>\ns -> w\nw -> e\nb -> h'
    )

    def register(payload: Any) -> dict[str, Any]:
        if payload["nummer"] == 0:
            raise BpmnError("leer")
        return {"gefunden": payload["nummer"]}

    player.stub("register", register)
    good, bad = player.start(values={"nr": 7}), player.start(values={"nr": 0})

    assert (good.ended, good.variables["gefunden"]) == (Ending.COMPLETED, 7)
    assert bad.ended is None
    assert where(player) == ["h"]


MULTI = (
    '<userTask id="t"><multiInstanceLoopCharacteristics isSequential="{0}"><loopCardinality>3</loopCardinality>{1}'
    "</multiInstanceLoopCharacteristics></userTask>"
)


def test_parallel_multi_instance_offers_all_and_stops_at_its_completion_condition(play: Play) -> None:
    condition = "<completionCondition>numberOfCompletedInstances = 2</completionCondition>"
    player = play(
        '<startEvent id="s"/>' + MULTI.format("false", condition) + '<endEvent id="e"/>\ns -> t\nt -> e'
    )
    case = player.start()
    assert where(player) == ["t", "t", "t"]
    player.complete("t")
    player.complete("t")
    assert case.ended is Ending.COMPLETED


def test_sequential_multi_instance_offers_one_after_the_other(play: Play) -> None:
    player = play('<startEvent id="s"/>' + MULTI.format("true", "") + '<endEvent id="e"/>\ns -> t\nt -> e')
    case = player.start()
    for _ in range(3):
        assert where(player) == ["t"]
        player.complete("t")
    assert case.ended is Ending.COMPLETED
    items = [
        event.index for event in case.events if isinstance(event, ElementActivated) and event.element == "t"
    ]
    assert items == [None, 0, 1, 2]


def test_standard_loop_repeats_while_its_condition_holds(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><userTask id="t"><standardLoopCharacteristics testBefore="false">'
        "<loopCondition>nochmal</loopCondition></standardLoopCharacteristics></userTask>"
        '<endEvent id="e"/>\ns -> t\nt -> e'
    )
    case = player.start()
    player.complete("t", {"nochmal": True})
    assert where(player) == ["t"]
    player.complete("t", {"nochmal": False})
    assert case.ended is Ending.COMPLETED


def test_ten_thousand_items_are_fine_and_one_more_is_an_incident(play: Play) -> None:
    body = (
        '<startEvent id="s"/><scriptTask id="t"><multiInstanceLoopCharacteristics>'
        "<loopCardinality>n</loopCardinality></multiInstanceLoopCharacteristics><script>{{}}</script></scriptTask>"
        '<endEvent id="e"/>\ns -> t\nt -> e'
    ).replace("{{}}", "null")
    player = play(body)
    assert player.start(values={"n": 10_000}).ended is Ending.COMPLETED
    player.start(values={"n": 10_001})
    assert [place.code for place in player.waiting()] == ["loop-limit"]


def test_endless_automatic_loop_is_stopped_with_an_incident(play: Play) -> None:
    player = play('<startEvent id="s"/><exclusiveGateway id="a"/><task id="b"/>\ns -> a\na -> b\nb -> a')
    case = player.start()
    assert [place.code for place in player.waiting()] == ["step-limit"]
    assert len(encode_state(case.state)) < 300


def test_fifty_nested_sub_processes_run_and_end(play: Play) -> None:
    body = '<startEvent id="si"/><userTask id="t"/>\nsi -> t'
    for depth in range(50):
        body = f'<startEvent id="s{depth}"/><subProcess id="p{depth}">\n{body}\n</subProcess>\ns{depth} -> p{depth}'
    player = play(body)
    case = player.start()
    player.complete("t", {"x": 1})
    assert case.ended is Ending.COMPLETED
    assert case.variables == {"x": 1}


def test_call_runs_the_other_process_with_its_own_variables(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><callActivity id="c" calledElement="Q"><extensionElements>'
        '<staffel:input source="a" target="x"/><staffel:output source="y" target="b"/></extensionElements>'
        '</callActivity><endEvent id="e"/>\ns -> c\nc -> e\n</process><process id="Q" isExecutable="true">'
        '<startEvent id="qs"/><userTask id="qt"/><endEvent id="qe"/>\nqs -> qt\nqt -> qe'
    )
    case = player.start("P", {"a": 1, "z": 9})
    assert where(player) == ["c/qt"]
    player.complete("c/qt", {"y": 2, "z": 0})
    assert case.ended is Ending.COMPLETED
    assert case.variables == {"a": 1, "z": 9, "b": 2}


@dataclass
class Decided:
    value: Any
    explanation: Any = "Regel 1"
    problems: tuple[Any, ...] = ()


class Decisions:
    def evaluate(self, decision_id: str, inputs: Any, *, now: datetime, key_date: Any = None) -> Decided:
        return Decided("ja" if inputs["n"] > 1 else "nein")


def test_unbound_decision_is_a_proposal_that_a_person_confirms_or_departs_from(play: Play) -> None:
    body = (
        '<startEvent id="s"/><businessRuleTask id="d"><extensionElements>'
        '<staffel:decision ref="D" result="anspruch"/></extensionElements></businessRuleTask>'
        '<endEvent id="e"/>\ns -> d\nd -> e'
    )
    player = play(body, decisions={"D": Decisions()})
    confirmed, departed = player.start(values={"n": 2}), player.start(values={"n": 2})
    player.complete("d", case=1)
    player.complete("d", {"anspruch": "nein"}, case=2)

    assert confirmed.variables["anspruch"] == "ja"
    assert departed.variables["anspruch"] == "nein"
    assert any(isinstance(event, DecisionMade) and event.result == "ja" for event in confirmed.events)
    (offer,) = [event for event in confirmed.events if isinstance(event, TaskOffered)]
    assert offer.proposal is not None
    assert offer.proposal["result"] == "ja"


def test_ad_hoc_sub_process_offers_everything_until_its_condition_holds(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><adHocSubProcess id="a"><userTask id="x"/><userTask id="y"/>'
        "<completionCondition>fertig</completionCondition></adHocSubProcess>"
        '<endEvent id="e"/>\ns -> a\na -> e'
    )
    case = player.start(values={"fertig": False})
    assert where(player) == ["x", "y"]
    player.complete("x", {"fertig": True})
    assert case.ended is Ending.COMPLETED


def test_sequential_ad_hoc_offers_one_at_a_time(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><adHocSubProcess id="a" ordering="Sequential"><userTask id="x"/><userTask id="y"/>'
        '</adHocSubProcess><endEvent id="e"/>\ns -> a\na -> e'
    )
    case = player.start()
    assert where(player) == ["x"]
    player.complete("x")
    assert where(player) == ["y"]
    player.complete("y")
    assert case.ended is Ending.COMPLETED


def test_start_and_completion_quantity_count_tokens(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><parallelGateway id="g"/><userTask id="t" startQuantity="2" completionQuantity="3"/>'
        '<userTask id="u"/>\ns -> g\ng -> t\n'
        '<sequenceFlow id="second" sourceRef="g" targetRef="t"/>\nt -> u'
    )
    player.start()
    assert where(player) == ["t"]
    player.complete("t")
    assert where(player) == ["u", "u", "u"]


def test_endless_loop_around_a_multi_instance_is_stopped_too(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><exclusiveGateway id="a"/><task id="b"><multiInstanceLoopCharacteristics>'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>\ns -> a\na -> b\nb -> a"
    )
    player.start()
    assert [place.code for place in player.waiting()] == ["step-limit"]


def test_items_of_a_multi_instance_are_visible_without_any_mapping(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><userTask id="t"><multiInstanceLoopCharacteristics><loopDataInputRef>people</loopDataInputRef>'
        '<inputDataItem id="i" name="person"/></multiInstanceLoopCharacteristics></userTask>'
        '<dataObject id="people" name="people" isCollection="true"/><endEvent id="e"/>\ns -> t\nt -> e'
    )
    case = player.start(values={"people": ["Ahorn", "Birke"]})
    keys = [key for key, place in case.state.places.items() if place.index is not None]
    assert [case.state.values(key) for key in keys] == [{"person": "Ahorn"}, {"person": "Birke"}]
