"""A world in a database: the functions of `cases`, with people of the Stellen as actors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from staffel.engine import cases
from staffel.engine.actor import Actor, Scope
from staffel.engine.cases.second_check import checks_of
from staffel.engine.kernel import decode_state
from staffel.engine.library import Deployed, deployed, resolve_calls, version_for
from staffel.engine.simulation.memory import return_reasons, starting_kind
from staffel.engine.simulation.places import places_of
from staffel.engine.simulation.world import Arrival, Place
from staffel.engine.store import Transaction

_NO_SCHEMA: Mapping[str, Any] = {}
_WORKER = "simulation"
_AT_ONCE = 1000


class Stored(NamedTuple):
    """A case of the database. `units` are its Stellen by kind, `starter` the kind that began it."""

    id: UUID
    municipality: str
    model: Deployed
    units: Mapping[str, UUID]
    starter: str


class StoredWorld:
    """Cases of a database. `use` gives it the transaction in which it works.

    `staff` are the people of each Stelle, `competences` the Stelle of each municipality and kind. Every task is
    claimed, begun and completed by the same person; where it needs four eyes, a colleague confirms it.
    """

    def __init__(
        self,
        *,
        staff: Mapping[UUID, Sequence[Actor]],
        competences: Mapping[tuple[str, str], UUID],
        random: Random,
    ) -> None:
        self._staff = staff
        self._competences = competences
        self._random = random
        self._holders: dict[tuple[UUID, int], tuple[Actor, UUID]] = {}
        self._models: dict[tuple[str, str], Deployed] = {}
        self._tx: Transaction | None = None

    def use(self, tx: Transaction) -> None:
        """Work in this transaction from now on."""
        self._tx = tx

    @property
    def tx(self) -> Transaction:
        """The transaction in which it works."""
        if self._tx is None:
            raise RuntimeError("Expected a transaction: call use() first")
        return self._tx

    def start_form(self, arrival: Arrival) -> Mapping[str, Any]:
        """The schema of the start form of the version in force."""
        model = self._model(arrival)
        return _schema(model, model.program.start_form())

    def start(self, arrival: Arrival, values: Mapping[str, Any], now: datetime) -> Stored:
        """A person of the Stelle in whose lane the process begins starts the case."""
        model = self._model(arrival)
        starter = starting_kind(model.program) or model.kinds[0]
        units = {kind: self._competences[arrival.municipality, kind] for kind in {*model.kinds, starter}}
        actor = msgspec.structs.replace(self._person(units[starter]), municipality=arrival.municipality)
        case_id = cases.start_case(
            self.tx, actor=actor, now=now, process_key=arrival.process, reference=arrival.reference,
            values=values, unit_id=units[starter], confirmed=True,
        )  # fmt: skip
        return Stored(case_id, arrival.municipality, model, units, starter)

    def places(self, case: Any) -> list[Place]:
        """Where the case waits."""
        return places_of(
            case.model.program, decode_state(self._value("state", "case", "id", case.id)), case.starter
        )

    def form(self, case: Any, place: Place) -> Mapping[str, Any]:
        """The schema of a task's form."""
        return _schema(case.model, case.model.program.elements[place.element].form, place.element)

    def reasons(self, case: Any, place: Place) -> Sequence[str]:
        """The reasons of the handover's rule."""
        return return_reasons(case.model.program, place)

    def claim(self, case: Any, place: Place, now: datetime) -> None:
        """A person of the Stelle claims the task."""
        actor, task = self._person(case.units[place.unit]), self._row("task", case, place)
        cases.claim_task(self.tx, actor=actor, now=now, task_id=task)
        self._holders[case.id, place.key] = (actor, task)

    def begin(self, case: Any, place: Place, now: datetime) -> None:
        """That person begins."""
        actor, task = self._holders[case.id, place.key]
        cases.begin_task(self.tx, actor=actor, now=now, task_id=task)

    def complete(self, case: Any, place: Place, values: Mapping[str, Any], now: datetime) -> bool:
        """That person completes it, or gives it to the second check."""
        actor, task = self._holders[case.id, place.key]
        cases.complete_task(self.tx, actor=actor, now=now, task_id=task, values=values, confirmed=True)
        needs_second: bool = case.model.program.elements[place.element].node.extension.four_eyes
        if not needs_second:
            del self._holders[case.id, place.key]
        return needs_second

    def confirm(self, case: Any, place: Place, now: datetime) -> None:
        """A colleague of that person confirms it."""
        first, task = self._holders.pop((case.id, place.key))
        others = [each for each in self._staff[case.units[place.unit]] if each.account != first.account]
        check = checks_of(self.tx, task_ids=[task])[-1].id
        cases.confirm_task(self.tx, actor=self._random.choice(others), now=now, task_id=task, check_id=check)

    def acknowledge(self, case: Any, place: Place, now: datetime) -> None:
        """The receiving Stelle acknowledges."""
        actor, handover = self._for_handover(case, place)
        cases.acknowledge_handover(self.tx, actor=actor, now=now, handover_id=handover)

    def accept(self, case: Any, place: Place, now: datetime) -> None:
        """The receiving Stelle accepts."""
        actor, handover = self._for_handover(case, place)
        plan = case.model.program.flows[place.element].handover
        if plan is not None and plan.rule.warm == "ja":
            who = (plan.sender, plan.receiver, "Person")
            cases.record_conversation(
                self.tx, actor=actor, now=now, handover_id=handover, on=now.date(), participants=who
            )
        cases.accept_handover(self.tx, actor=actor, now=now, handover_id=handover)

    def give_back(self, case: Any, place: Place, reason: str, now: datetime) -> None:
        """The receiving Stelle returns it."""
        actor, handover = self._for_handover(case, place)
        cases.return_handover(self.tx, actor=actor, now=now, handover_id=handover, reason=reason)

    def offer(self, case: Any, place: Place, now: datetime) -> None:
        """The sending Stelle offers it again."""
        actor, handover = self._for_handover(case, place)
        cases.offer_handover(self.tx, actor=actor, now=now, handover_id=handover)

    def fire(self, case: Any, place: Place, now: datetime) -> None:  # noqa: ARG002 - what is due fires, as in the worker
        """The worker fires what is due."""
        cases.fire_due_timers(self.tx, now=now, limit=_AT_ONCE)

    def deliver(self, case: Any, place: Place, now: datetime) -> None:
        """A machine of the municipality delivers the message."""
        cases.deliver_message(
            self.tx, actor=_machine(case), now=now, name=place.name, correlation=place.correlation
        )

    def work(self, case: Any, place: Place, now: datetime) -> None:
        """A machine of the municipality does the work of this topic."""
        machine = _machine(case)
        for item in cases.fetch_work(
            self.tx, actor=machine, now=now, topics=[place.name], worker=_WORKER, lease=timedelta(minutes=5)
        ):
            cases.complete_work(self.tx, actor=machine, now=now, work_id=item.id, worker=_WORKER)

    def _model(self, arrival: Arrival) -> Deployed:
        """The version in force; nobody changes it while the simulation runs."""
        place = (arrival.process, arrival.municipality)
        if place not in self._models:
            version = version_for(
                self.tx, process_key=arrival.process, municipality=arrival.municipality, key_date=arrival.at
            )
            self._models[place] = self._with_calls(deployed(self.tx, version), arrival)
        return self._models[place]

    def _with_calls(self, model: Deployed, arrival: Arrival) -> Deployed:
        """The version with what it calls, as a case that starts now gets it."""
        calls = resolve_calls(self.tx, model.program, municipality=arrival.municipality, key_date=arrival.at)
        return deployed(self.tx, model.version_id, msgspec.json.encode(calls).decode()) if calls else model

    def _person(self, unit: UUID) -> Actor:
        return self._random.choice(self._staff[unit])

    def _for_handover(self, case: Any, place: Place) -> tuple[Actor, UUID]:
        return self._person(case.units[place.unit]), self._row("handover", case, place)

    def _row(self, table: str, case: Stored, place: Place) -> UUID:
        return _as_uuid(self._value("id", table, "case_id", case.id, place.key))

    def _value(self, column: str, table: str, by: str, case_id: UUID, key: int | None = None) -> Any:
        """One value by a driver statement, as it is read after every act. Cases are written by such statements too."""
        sqlite = self.tx.dialect == "sqlite"
        mark = "?" if sqlite else "%s"
        sql = f'SELECT {column} FROM "{table}" WHERE {by} = {mark}'  # noqa: S608 - names are this module's
        values: list[Any] = [case_id.hex if sqlite else case_id]
        if key is not None:
            sql += f' AND "key" = {mark}'
            values.append(key)
        return self.tx.driver.execute(sql, values).fetchone()[0]


def _schema(model: Deployed, form: str | None, element: str = "") -> Mapping[str, Any]:
    found = model.form(form, element)
    return found.schema if found else _NO_SCHEMA


def _as_uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _machine(case: Stored) -> Actor:
    return Actor(
        name="Simulation", municipality=case.municipality, scopes=frozenset({Scope.MESSAGES, Scope.WORK})
    )
