"""Transactions and compensation: what is undone, in which order, how often."""

from __future__ import annotations

from collections.abc import Callable

from staffel.engine.kernel.events import ElementActivated, ElementCompleted, Ending
from staffel.engine.play import Player

Play = Callable[..., Player]

PAIR = (
    '<task id="{0}"/><boundaryEvent id="b{0}" attachedToRef="{0}"><compensateEventDefinition/></boundaryEvent>'
    '<scriptTask id="u{0}" isForCompensation="true"><script>null</script></scriptTask>'
    '<association id="as{0}" sourceRef="b{0}" targetRef="u{0}"/>'
)


def done(player: Player, case: int = 1) -> list[str]:
    return [event.element for event in player.cases[case].events if isinstance(event, ElementCompleted)]


def test_cancelled_transaction_is_compensated_backwards_and_left_by_its_cancel_event(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><transaction id="t"><startEvent id="i"/>'
        + PAIR.format("a")
        + PAIR.format("b")
        + '<endEvent id="c"><cancelEventDefinition/></endEvent>\ni -> a\na -> b\nb -> c\n</transaction>'
        '<boundaryEvent id="x" attachedToRef="t"><cancelEventDefinition/></boundaryEvent>'
        '<endEvent id="e"/><endEvent id="ce"/>\ns -> t\nt -> e\nx -> ce'
    )
    case = player.start()

    assert case.ended is Ending.COMPLETED
    assert done(player) == ["s", "i", "a", "b", "c", "ub", "ua", "x", "ce"]


def test_compensation_throw_waits_for_its_handlers(play: Play) -> None:
    body = PAIR.format("a").replace("<scriptTask", "<userTask").replace("</scriptTask>", "</userTask>")
    player = play(
        '<startEvent id="s"/>'
        + body.replace("<script>null</script>", "")
        + '<intermediateThrowEvent id="c"><compensateEventDefinition activityRef="a"/></intermediateThrowEvent>'
        '<endEvent id="e"/>\ns -> a\na -> c\nc -> e'
    )
    case = player.start()
    assert [place.element for place in player.waiting()] == ["ua"]
    player.complete("ua")
    assert case.ended is Ending.COMPLETED


def test_what_was_compensated_is_not_compensated_again(play: Play) -> None:
    throw = '<intermediateThrowEvent id="{0}"><compensateEventDefinition/></intermediateThrowEvent>'
    player = play(
        '<startEvent id="s"/>'
        + PAIR.format("a")
        + throw.format("c")
        + throw.format("d")
        + '<endEvent id="e"/>\ns -> a\na -> c\nc -> d\nd -> e'
    )
    player.start()
    assert done(player).count("ua") == 1


def test_every_instance_of_a_multi_instance_is_compensated(play: Play) -> None:
    multiple = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    body = PAIR.format("a").replace('<task id="a"/>', f'<task id="a">{multiple}</task>')
    player = play(
        '<startEvent id="s"/>'
        + body
        + '<endEvent id="e"><compensateEventDefinition/></endEvent>\ns -> a\na -> e'
    )
    case = player.start()
    assert case.ended is Ending.COMPLETED
    assert done(player).count("ua") == 3


def test_completed_sub_process_is_compensated_from_inside_with_its_own_variables(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><subProcess id="p"><property id="nr" name="nr"/><startEvent id="i"/>'
        '<scriptTask id="set"><script>{ nr: 7 }</script></scriptTask>'
        + PAIR.format("a").replace("<script>null</script>", "<script>{ rueck: nr }</script>")
        + '\ni -> set\nset -> a\n</subProcess><endEvent id="e"><compensateEventDefinition/></endEvent>'
        "\ns -> p\np -> e"
    )
    case = player.start()
    assert case.ended is Ending.COMPLETED
    assert case.variables == {"rueck": 7}
    assert [
        event.compensating
        for event in case.events
        if isinstance(event, ElementActivated) and event.element == "p"
    ] == [
        False,
        True,
    ]


def test_compensation_event_sub_process_replaces_the_default(play: Play) -> None:
    player = play(
        '<startEvent id="s"/><subProcess id="p"><startEvent id="i"/>'
        + PAIR.format("a")
        + '\ni -> a\n<subProcess id="h" triggeredByEvent="true"><startEvent id="hs"><compensateEventDefinition/>'
        '</startEvent><task id="ht"/>\nhs -> ht\n</subProcess></subProcess>'
        '<endEvent id="e"><compensateEventDefinition activityRef="p"/></endEvent>\ns -> p\np -> e'
    )
    case = player.start()
    assert case.ended is Ending.COMPLETED
    assert done(player)[-4:] == ["ht", "h", "p", "e"]
    assert "ua" not in done(player)
