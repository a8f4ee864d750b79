"""Calls an endpoint for the service tasks that name it: leases their work, calls outside any transaction, reports."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from staffel.engine import cases
from staffel.engine.cases.work import LeaseLost
from staffel.engine.errors import Refusal
from staffel.engine.store import Database
from staffel.engine.worker.calling import Answered, Failed, Outcome, Rejected, call
from staffel.engine.worker.endpoints import Endpoint

_log = logging.getLogger("staffel.endpoints")
SPARE = timedelta(minutes=1)
"""How much longer than a call its lease is."""


class Connector:
    """The work of one endpoint. Each has a thread of its own: a slow or faulty one holds nothing else up."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], name: str, endpoint: Endpoint
    ) -> None:
        self.database = database
        self.clock = clock
        self.name = name
        self.endpoint = endpoint
        self.worker = f"endpoint-{name}-{secrets.token_hex(4)}"

    def run(self, stop: threading.Event, interval: float = 1.0) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            try:
                done = self.call_due()
            except Exception:  # the loop outlives the database's absence, and a fault with one call
                _log.exception("the endpoint %s could not be looked after", self.name)
                done = 0
            if not done:
                stop.wait(interval)

    def call_due(self) -> int:
        """One call for each municipality that waits; how many were made."""
        done = 0
        for municipality in self.database.read(cases.waiting_calls, now=self.clock(), endpoint=self.name):
            found = self.database.run(
                cases.take_call,
                now=self.clock(),
                endpoint=self.name,
                municipality=municipality,
                worker=self.worker,
                lease=timedelta(seconds=self.endpoint.timeout) + SPARE,
            )
            if found is not None:
                self._do(found)
                done += 1
        return done

    def _do(self, found: cases.Call) -> None:
        begun = perf_counter()
        if self.endpoint.serves(found.actor.municipality):
            outcome = call(self.endpoint, found.work.payload, found.key)
        else:
            outcome = Failed("diese Kommune darf ihn nicht verwenden", again=False)
        told = type(outcome).__name__.lower()
        taken = round(1000 * (perf_counter() - begun))
        _log.info("endpoint %s, work %s: %s in %d ms", self.name, found.work.id, told, taken)
        try:
            self._report(found, outcome)
        except LeaseLost:
            _log.warning("endpoint %s, work %s: the lease was lost meanwhile", self.name, found.work.id)

    def _report(self, found: cases.Call, outcome: Outcome) -> None:
        match outcome:
            case Answered(body):
                self._complete(found, {"response": body})
            case Rejected(status) if status in found.errors:
                self._tell(cases.throw_work_error, found, code=found.errors[status])
            case Rejected(status):
                self._fail(found, Failed(f"HTTP {status}; das Modell nennt dafür keinen Fehler", again=False))
            case Failed():
                self._fail(found, outcome)

    def _complete(self, found: cases.Call, values: Mapping[str, Any]) -> None:
        try:
            self._tell(cases.complete_work, found, values=values)
        except LeaseLost:
            raise
        except Refusal as refusal:
            self._fail(found, Failed(f"die Antwort wird nicht angenommen ({refusal.code})", again=False))

    def _fail(self, found: cases.Call, failed: Failed) -> None:
        message = f"Endpunkt „{self.name}“: {failed.reason}."
        self._tell(cases.fail_work, found, message=message, retries=None if failed.again else 0)

    def _tell(self, command: Callable[..., None], found: cases.Call, **said: Any) -> None:
        self.database.run(
            command, actor=found.actor, now=self.clock(), work_id=found.work.id, worker=self.worker, **said
        )
