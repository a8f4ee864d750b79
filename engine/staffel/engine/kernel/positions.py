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
