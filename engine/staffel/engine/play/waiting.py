"""What the cases of a play wait for, told by element, and how each kind of waiting is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from staffel.engine.kernel import (
    AcceptHandover,
    Command,
    CompleteTask,
    CompleteWork,
    DeliverMessage,
    DeliverSignal,
    FireTimer,
    Instance,
    OfferHandover,
    RetryIncident,
)
from staffel.engine.kernel.positions import kind_of
from staffel.engine.kernel.state import FristWait, SignalWait, Wait


@dataclass(frozen=True, slots=True)
class Waiting:
    """One waiting place: `kind` is task, work, timer, message, signal, condition, handover or incident.

    `element` is the waiting element (for handovers the flow), `owner` the element instance it belongs to, `name` the
    message or signal, `due` a timer's time, `code` an incident's.
    """

    case: int
    key: int
    kind: str
    element: str
    owner: int
    name: str = ""
    correlation: str = ""
    due: datetime | None = None
    code: str = ""


def waiting_of(case: int, state: Instance) -> list[Waiting]:
    """Everything a case waits for, oldest first; running Fristen of steps wait for nothing."""
    return [_waiting(case, key, wait) for key, wait in state.waits.items() if type(wait) is not FristWait]


def _waiting(case: int, key: int, wait: Wait) -> Waiting:
    return Waiting(
        case,
        key,
        kind_of(wait),
        wait.element,
        wait.owner,
        name=getattr(wait, "name", ""),
        correlation=getattr(wait, "correlation", ""),
        due=getattr(wait, "due", None),
        code=getattr(wait, "code", ""),
    )


def answer(state: Instance, place: Waiting, variables: Mapping[str, Any]) -> Command:
    """The command that gives a waiting place what it waits for. Raises `ValueError` where there is none."""
    make = ANSWERS.get(place.kind)
    if make is None:
        raise ValueError(f"A {place.kind} cannot be answered; change what it depends on.")
    return make(state.waits[place.key], place.key, variables)


def _handover(wait: Any, key: int, variables: Mapping[str, Any]) -> Command:
    if wait.returned:
        return OfferHandover(key=key, variables=variables)
    return AcceptHandover(key=key, variables=variables)


def _signal(wait: SignalWait, _key: int, variables: Mapping[str, Any]) -> Command:
    return DeliverSignal(name=wait.name, payload=variables)


ANSWERS: dict[str, Callable[[Any, int, Mapping[str, Any]], Command]] = {
    "task": lambda _wait, key, variables: CompleteTask(key=key, variables=variables),
    "work": lambda _wait, key, variables: CompleteWork(key=key, variables=variables),
    "timer": lambda _wait, key, _variables: FireTimer(key=key),
    "message": lambda _wait, key, variables: DeliverMessage(key=key, payload=variables),
    "signal": _signal,
    "handover": _handover,
    "incident": lambda _wait, key, variables: RetryIncident(key=key, variables=variables),
}
