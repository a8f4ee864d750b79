"""A world in memory: the kernel alone, for trying a model out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from staffel.engine.kernel import (
    AcceptHandover,
    AcknowledgeHandover,
    Command,
    CompleteTask,
    CompleteWork,
    DeliverMessage,
    FireTimer,
    Instance,
    OfferHandover,
    Program,
    ReturnHandover,
    Start,
    advance,
    visible_at,
)
from staffel.engine.kernel.talks import talk_first
from staffel.engine.library.forms import Form, read_free_values
from staffel.engine.simulation.places import places_of
from staffel.engine.simulation.world import Arrival, Place

_NO_SCHEMA: Mapping[str, Any] = {}
ANY_REASON = ("unvollstaendig", "unzustaendig_oertlich", "sonstiges")


class MemoryWorld:
    """Cases of one program; a case is known by its reference. Messages between cases stay with the simulation."""

    def __init__(self, program: Program, forms: Mapping[str, Form] | None = None, starter: str = "") -> None:
        self.program = program
        self.states: dict[str, Instance] = {}
        self._forms = forms or {}
        self._starter = starter or starting_kind(program)

    def start_form(self, _arrival: Arrival) -> Mapping[str, Any]:
        """The schema of the start form."""
        return self._schema(self.program.start_form())

    def start(self, arrival: Arrival, values: Mapping[str, Any], now: datetime) -> str:
        """Start a case."""
        variables = self._read(self.program.start_form(), values, {}, now)
        command = Start(variables=variables, reference=arrival.reference, case_id=arrival.reference)
        self.states[arrival.reference] = advance(self.program, None, command, now).state
        return arrival.reference

    def places(self, case: Any) -> list[Place]:
        """Where the case waits."""
        return places_of(self.program, self.states[case], self._starter)

    def form(self, _case: Any, place: Place) -> Mapping[str, Any]:
        """The schema of a task's form."""
        return self._schema(self.program.elements[place.element].form)

    def reasons(self, _case: Any, place: Place) -> Sequence[str]:
        """The reasons of the handover's rule."""
        return return_reasons(self.program, place)

    def claim(self, case: Any, place: Place, now: datetime) -> None:
        """Nothing: the kernel does not know who works on a task."""

    def begin(self, case: Any, place: Place, now: datetime) -> None:
        """Nothing: see `claim`."""

    def complete(self, case: Any, place: Place, values: Mapping[str, Any], now: datetime) -> bool:
        """Complete a task; there are no people here, so nobody has to confirm it."""
        given = visible_at(self.states[case], place.key)
        variables = self._read(self.program.elements[place.element].form, values, given, now)
        self._do(case, CompleteTask(key=place.key, variables=variables), now)
        return False

    def confirm(self, case: Any, place: Place, now: datetime) -> None:
        """Nothing: see `complete`."""

    def acknowledge(self, case: Any, place: Place, now: datetime) -> None:
        """Acknowledge a handover."""
        self._do(case, AcknowledgeHandover(key=place.key), now)

    def accept(self, case: Any, place: Place, now: datetime) -> None:
        """Accept a handover."""
        command = AcceptHandover(key=place.key)
        talk = talk_first(self.program, self.states[case], command, now)
        if talk is not None:
            self._do(case, talk, now)
        self._do(case, command, now)

    def give_back(self, case: Any, place: Place, reason: str, now: datetime) -> None:
        """Return a handover."""
        self._do(case, ReturnHandover(key=place.key, reason=reason), now)

    def offer(self, case: Any, place: Place, now: datetime) -> None:
        """Offer a handover again."""
        self._do(case, OfferHandover(key=place.key), now)

    def fire(self, case: Any, place: Place, now: datetime) -> None:
        """Fire a timer."""
        self._do(case, FireTimer(key=place.key), now)

    def deliver(self, case: Any, place: Place, now: datetime) -> None:
        """Deliver a message."""
        self._do(case, DeliverMessage(key=place.key), now)

    def work(self, case: Any, place: Place, now: datetime) -> None:
        """Do a work item."""
        self._do(case, CompleteWork(key=place.key), now)

    def _do(self, case: str, command: Command, now: datetime) -> None:
        self.states[case] = advance(self.program, self.states[case], command, now).state

    def _schema(self, form: str | None) -> Mapping[str, Any]:
        found = self._forms.get(form) if form else None
        return found.schema if found else _NO_SCHEMA

    def _read(
        self, form: str | None, values: Mapping[str, Any], given: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        found = self._forms.get(form) if form else None
        if found is None:
            return read_free_values(values)
        return found.read(values, given=given, now=now, confirmed=True)


def return_reasons(program: Program, place: Place) -> Sequence[str]:
    """The reasons for which a handover may be returned: the rule's, or common ones where any will do."""
    plan = program.flows[place.element].handover
    return (plan.rule.return_reasons if plan else ()) or ANY_REASON


def starting_kind(program: Program) -> str:
    """The kind of Stelle that starts cases by hand: that of the start event without trigger, else of the first bound."""
    starts = sorted(program.starts, key=lambda start: start.kind is not None)
    return next((unit for start in starts if (unit := program.elements[start.element].unit)), "")
