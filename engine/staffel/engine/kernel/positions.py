"""What is alive where in a case: for diagrams, lists of what waits, and checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from staffel.engine.kernel.program import Program
from staffel.engine.kernel.state import ROOT, HandoverWait, Instance, Wait


@dataclass(frozen=True, slots=True)
class Position:
    """An element instance that is alive, or (`flow`) a token on a sequence flow.

    `waits` are the kinds of waiting places it has: task, work, timer, message, signal, condition, handover, incident, frist.
    """

    element: str
    scope: int
    key: int | None = None
    index: int | None = None
    flow: bool = False
    waits: tuple[str, ...] = ()


def kind_of(wait: Wait) -> str:
    """The kind of a waiting place as a word: `task`, `timer`, …"""
    return type(wait).__name__.removesuffix("Wait").lower()


def positions(program: Program, state: Instance) -> tuple[Position, ...]:
    """Everything alive: element instances by key, then tokens on flows."""
    del program
    found = [
        Position(
            place.element,
            place.scope,
            key,
            place.index,
            waits=tuple(kind_of(state.waits[wait]) for wait in state.owned.get(key, ())),
        )
        for key, place in state.places.items()
    ]
    for scope, flows in state.tokens.items():
        found.extend(Position(flow, scope, flow=True) for flow in flows)
    for key, wait in state.waits.items():
        if type(wait) is HandoverWait:
            found.append(Position(wait.element, wait.owner, key, flow=True, waits=("handover",)))
    return tuple(found)


def variables(state: Instance, scope: int = ROOT) -> Mapping[str, Any]:
    """The variables of a scope instance."""
    return {name: value for name, value in state.values(scope).items() if not name.startswith("$")}


def visible_at(state: Instance, key: int) -> dict[str, Any]:
    """The variables that a waiting place sees, from the inside out; a called process sees nothing of its caller.

    Empty where nothing waits under the key any more.
    """
    wait = state.waits.get(key)
    return {} if wait is None else visible_from(state, wait.owner, wait.element)


def visible_from(state: Instance, owner: int, element: str) -> dict[str, Any]:
    """The variables seen from the living instance or scope `owner` at the element or flow `element`, from the inside out."""
    called_by = element.rpartition("/")[0]
    chain = [owner]
    while chain[-1] != ROOT and state.places[chain[-1]].element != called_by:
        chain.append(state.places[chain[-1]].scope)
    found: dict[str, Any] = {}
    for scope in reversed(chain):
        found.update(variables(state, scope))
    return found
