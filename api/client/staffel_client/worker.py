"""A loop that fetches work, keeps its lease while a function does it, and reports how it ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from staffel_client.client import StaffelClient, Work
from staffel_client.errors import LeaseLost, OutcomeUnknown, Refused, StaffelError, Unreachable

Handler = Callable[[Work], Mapping[str, Any] | None]
"""Does one piece of work and returns its results. Raises `BpmnError` or `Failure` for other ends."""

_log = logging.getLogger("staffel_client")
LONGEST_IDLE = 30.0


class BpmnError(Exception):
    """The work ended in a way that the model knows: a BPMN error with `code`, and values for what catches it."""

    def __init__(self, code: str, variables: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.variables = variables


class Failure(Exception):  # noqa: N818 - the field's word
    """The work failed for now. `message` is shown to people: no personal data. `retries=0`: do not try again."""

    def __init__(
        self, message: str, *, retries: int | None = None, retry_in: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.retries = retries
        self.retry_in = retry_in


class Worker:
    """Works on the topics of `handlers`, one piece after the other; run several processes for more at a time.

    The lease is extended at a third of its length for as long as a handler works, so a program that dies gives its
    work back within `lease`.
    """

    def __init__(
        self,
        client: StaffelClient,
        handlers: Mapping[str, Handler],
        *,
        lease: timedelta = timedelta(minutes=1),
        idle: float = 1.0,
    ) -> None:
        self.client = client
        self.handlers = handlers
        self.lease = lease
        self.idle = idle

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set. Staffel being away is waited for; a faulty token ends with `Refused`."""
        pause = self.idle
        while not stop.is_set():
            try:
                done = self.run_once()
            except Unreachable as error:
                _log.warning("Staffel cannot be reached: %s", error)
                done = 0
            pause = self.idle if done else min(pause * 2, LONGEST_IDLE)
            if not done:
                stop.wait(pause)

    def run_once(self) -> int:
        """Fetch one piece of work and do it; how many were done (0 or 1)."""
        found = self.client.fetch(list(self.handlers), lease=self.lease, limit=1)
        for work in found:
            self._do(work)
        return len(found)

    def _do(self, work: Work) -> None:
        try:
            report = self._worked(work)
            report()
        except (LeaseLost, OutcomeUnknown) as error:
            _log.warning("work %s (%s): %s", work.id, work.topic, error)
        except Refused as error:
            self._refused(work, error)

    def _worked(self, work: Work) -> Callable[[], None]:
        """What there is to report, once the handler is through."""
        client = self.client
        try:
            with self._kept(work):
                results = self.handlers[work.topic](work)
        except BpmnError as error:
            code, variables = error.code, error.variables
            return lambda: client.throw(work, code, variables)
        except Failure as failure:
            message, retries, retry_in = failure.message, failure.retries, failure.retry_in
            return lambda: client.fail(work, message, retries=retries, retry_in=retry_in)
        except Exception as error:  # a fault of the handler is a failure of this piece of work only
            _log.exception("work %s (%s) failed", work.id, work.topic)
            kind = type(error).__name__
            return lambda: client.fail(work, f"{kind} in the program for {work.topic}; its log tells more")
        return lambda: client.complete(work, results)

    def _refused(self, work: Work, error: Refused) -> None:
        """Staffel does not take the results (a value of the wrong shape): a failure that people must see."""
        _log.error("work %s (%s): %s", work.id, work.topic, error)
        try:
            self.client.fail(work, f"Staffel refused the report: {error.code}")
        except (LeaseLost, OutcomeUnknown):
            _log.warning("work %s (%s) is not leased any more", work.id, work.topic)

    @contextmanager
    def _kept(self, work: Work) -> Iterator[None]:
        """Extend the lease from beside while the handler works."""
        over = threading.Event()
        beside = threading.Thread(target=self._extend, args=(work, over), name="staffel-lease", daemon=True)
        beside.start()
        try:
            yield
        finally:
            over.set()
            beside.join()

    def _extend(self, work: Work, over: threading.Event) -> None:
        while not over.wait(self.lease.total_seconds() / 3):
            try:
                self.client.extend(work, self.lease)
            except LeaseLost:
                _log.warning(
                    "work %s (%s): the lease is lost while the program still works", work.id, work.topic
                )
                return
            except StaffelError as error:
                _log.warning("work %s (%s): the lease could not be extended: %s", work.id, work.topic, error)
