"""What a scenario expects, compared with what a play has come to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from staffel.engine.calendar import NEVER, ZONE
from staffel.engine.feel import from_json
from staffel.engine.feel.values import literal
from staffel.engine.kernel.events import (
    DeadlineBegun,
    DeadlineChanged,
    Due,
    ElementActivated,
    TaskOffered,
    TimerArmed,
)
from staffel.engine.play.player import Case, Player
from staffel.engine.play.scenarios import Expected

ACTING = frozenset({"task", "work", "handover", "incident"})
"""Kinds of waiting places where someone must act."""

Told = tuple[str, str]
"""The same in German and English."""


class Red(Exception):  # noqa: N818 - no error: the outcome of a scenario
    """Something is not as expected."""

    def __init__(self, expected: Told, found: Told, element: str = "") -> None:
        super().__init__(f"expected {expected[1]}, found {found[1]}")
        self.expected, self.found, self.element = expected, found, element


def check(player: Player, expected: Expected, number: int) -> None:
    """Compare case `number` with what is expected of it. Raises `Red` at the first difference."""
    case = case_of(player, number)
    begun = [each.element for each in case.events if isinstance(each, ElementActivated)]
    _path(expected.weg, begun)
    for element in expected.nicht:
        if element in begun:
            raise Red((f"„{element}“ beginnt nicht", f"'{element}' does not begin"), _way(begun), element)
    _places(player, expected, number)
    _values(case, expected)
    _fristen(case, expected)
    _ended(player, case, expected)


def case_of(player: Player, number: int) -> Case:
    """The case of this number. Raises `Red`."""
    case = player.cases.get(number)
    if case is None:
        count = len(player.cases)
        raise Red(
            (f"ein Vorgang {number}", f"a case {number}"),
            (f"Vorgänge: {count}", f"cases: {count}"),
        )
    return case


def told_waiting(player: Player, case: int | None) -> Told:
    """What waits."""
    told = ", ".join(f"{each.element} ({each.kind})" for each in player.waiting(case=case))
    return (f"es wartet: {told or 'nichts'}", f"what waits: {told or 'nothing'}")


def feel_value(value: Any) -> Any:
    """A YAML value as FEEL value; dates stay dates. Raises `FeelError`."""
    match value:
        case date():
            return value
        case dict():
            return {str(name): feel_value(each) for name, each in value.items()}
        case list():
            return [feel_value(each) for each in value]
    return from_json(value)


def _path(wanted: tuple[str, ...], begun: list[str]) -> None:
    """Whether the wanted elements began in this order, others between them allowed."""
    rest: Iterator[str] = iter(begun)
    before = ""
    for element in wanted:
        if element not in rest:
            after = (f" nach „{before}“", f" after '{before}'") if before else ("", "")
            raise Red(
                (f"„{element}“ beginnt{after[0]}", f"'{element}' begins{after[1]}"), _way(begun), element
            )
        before = element


def _way(begun: list[str]) -> Told:
    told = " → ".join(begun[-12:])
    return (f"Weg: {told}", f"path: {told}")


def _places(player: Player, expected: Expected, number: int) -> None:
    places = player.waiting(case=number)
    named = expected.wartet
    kinds = ACTING if named is not None else {"incident"}
    acting = {place.element for place in places if place.kind in kinds}
    missing = set(named or ()) - {place.element for place in places}
    surplus = acting - set(named or ())
    if missing or surplus:
        wanted = (
            ("kein Zwischenfall", "no incident")
            if named is None
            else (
                f"es wartet: {', '.join(named) or 'nichts'}",
                f"what waits: {', '.join(named) or 'nothing'}",
            )
        )
        raise Red(wanted, told_waiting(player, number), min(missing or surplus))


def _values(case: Case, expected: Expected) -> None:
    for name, value in expected.variablen.items():
        wanted, found = feel_value(value), case.variables.get(name)
        if wanted != found or type(wanted) is not type(found):
            told, asked = f"{name} = {literal(found)}", f"{name} = {literal(wanted)}"
            raise Red((asked, asked), (told, told))


def _fristen(case: Case, expected: Expected) -> None:
    """Whether the running Fristen of the elements named end on these days."""
    for element, days in expected.fristen.items():
        wanted = days if isinstance(days, list) else [days]
        found = _ends(case, element)
        if found != wanted:
            raise Red(
                (f"Frist von „{element}“: {_days(wanted)}", f"Frist of '{element}': {_days(wanted)}"),
                (f"Frist: {_days(found) or 'keine'}", f"Frist: {_days(found) or 'none'}"),
                element,
            )


def _ends(case: Case, element: str) -> list[date | None]:
    """The last days of the Fristen that run at an element, in order; None for what is suspended until further notice."""
    told: dict[int, tuple[Due, ...]] = {}
    for event in case.events:
        match event:
            case TaskOffered(due=Due() as first):
                told[event.key] = (first, *event.further)
            case TimerArmed(deadline=Due() as only):
                told[event.key] = (only,)
            case DeadlineBegun() | DeadlineChanged():
                told[event.key] = event.dues
    waits = case.state.waits
    running = [
        due for key, dues in told.items() if key in waits and waits[key].element == element for due in dues
    ]
    running.sort(key=lambda due: due.at)
    return [None if due.at == NEVER else due.at.astimezone(ZONE).date() for due in running]


def _days(days: list[Any]) -> str:
    return ", ".join("–" if day is None else str(day) for day in days)


def _ended(player: Player, case: Case, expected: Expected) -> None:
    if expected.beendet is None or expected.beendet == (case.ended is not None):
        return
    if case.ended is None:
        raise Red(("der Vorgang ist beendet", "the case has ended"), told_waiting(player, case.number))
    how = (f"beendet: {case.ended.value}", f"ended: {case.ended.value}")
    raise Red(("der Vorgang läuft noch", "the case still runs"), how)
