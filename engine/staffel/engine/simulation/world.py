"""What a simulation drives: the places where cases wait, and what can be done at them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

import msgspec


class PlaceKind(StrEnum):
    """What a case waits for."""

    TASK = "task"
    HANDOVER = "handover"
    RETURNED = "returned"
    TIMER = "timer"
    MESSAGE = "message"
    WORK = "work"


class Place(NamedTuple):
    """A waiting place of a case. `unit` is the kind of Stelle whose turn it is, `due` when a timer fires.

    `element` is the waiting element (a handover's flow), `name` a message's name or a work item's topic. `aside` marks
    a message that would interrupt the normal course, `final` a handover that cannot be returned any more.
    """

    kind: PlaceKind
    key: int
    element: str
    unit: str = ""
    due: datetime | None = None
    name: str = ""
    correlation: str = ""
    aside: bool = False
    final: bool = False


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A case to be started."""

    at: datetime
    process: str
    municipality: str
    reference: str


class World(Protocol):
    """The engine as a simulation sees it: in memory or in a database. Every method acts at the virtual `now`."""

    def start(self, arrival: Arrival, values: Mapping[str, Any], now: datetime) -> Hashable:
        """Start a case."""

    def start_form(self, arrival: Arrival) -> Mapping[str, Any]:
        """The JSON Schema of the form a case of this kind is started with (empty: none)."""

    def places(self, case: Hashable) -> Sequence[Place]:
        """Where the case waits; empty when it has ended."""

    def form(self, case: Hashable, place: Place) -> Mapping[str, Any]:
        """The JSON Schema of a task's form (empty: none)."""

    def reasons(self, case: Hashable, place: Place) -> Sequence[str]:
        """The reasons for which a handover may be returned."""

    def claim(self, case: Hashable, place: Place, now: datetime) -> None:
        """A person of the Stelle takes the task."""

    def begin(self, case: Hashable, place: Place, now: datetime) -> None:
        """The person begins."""

    def complete(self, case: Hashable, place: Place, values: Mapping[str, Any], now: datetime) -> bool:
        """The person has filled in the form; whether a colleague has to confirm it before the case goes on."""

    def confirm(self, case: Hashable, place: Place, now: datetime) -> None:
        """A colleague confirms what was filled in."""

    def acknowledge(self, case: Hashable, place: Place, now: datetime) -> None:
        """The receiving Stelle confirms the arrival."""

    def accept(self, case: Hashable, place: Place, now: datetime) -> None:
        """The receiving Stelle takes over."""

    def give_back(self, case: Hashable, place: Place, reason: str, now: datetime) -> None:
        """The receiving Stelle returns the handover."""

    def offer(self, case: Hashable, place: Place, now: datetime) -> None:
        """The sending Stelle offers a returned handover again."""

    def fire(self, case: Hashable, place: Place, now: datetime) -> None:
        """A timer's time has come."""

    def deliver(self, case: Hashable, place: Place, now: datetime) -> None:
        """The message that the case waits for arrives."""

    def work(self, case: Hashable, place: Place, now: datetime) -> None:
        """An outside program does the work."""
