"""The worker: looks for what is due, does each piece in a transaction of its own, and looks again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from staffel.engine import cases
from staffel.engine.documents import Storage
from staffel.engine.errors import Refusal
from staffel.engine.store import Database, DatabaseUnavailable, Transaction
from staffel.engine.worker.connector import Connector
from staffel.engine.worker.endpoints import Endpoint
from staffel.engine.worker.mail import Postman, SmtpServer

_log = logging.getLogger("staffel.worker")
PAUSE_AFTER_FAULT = timedelta(minutes=1)
"""How long a timer or message that failed, or a message that nobody takes, is left alone: it must not hold up the others."""


def run_due(
    database: Database, now: datetime, limit: int = 100, *, failing: dict[UUID, datetime] | None = None
) -> int:
    """Fire due timers, deliver kept messages, start rows of batches, see to late and rejected handovers,
    let consents end, forget what expired.

    Returns how many pieces were done.

    What fails is logged and noted in `failing`, which says until when it is left alone; the others go on.
    """
    aside = {} if failing is None else failing
    for each in [each for each, until in aside.items() if until <= now]:
        del aside[each]
    room = limit + len(aside)
    timers = database.read(cases.due_timers, now=now, limit=room)
    done = _each(database, timers, aside, now, lambda tx, each: cases.fire_timer(tx, now=now, timer_id=each))
    messages = database.read(cases.kept_messages, limit=room)
    done += _each(
        database,
        messages,
        aside,
        now,
        lambda tx, each: cases.deliver_kept_message(tx, now=now, message_id=each),
        rest=True,
    )
    done += _start_rows(database, aside, now, limit)
    done += _watch_handovers(database, aside, now, room)
    consents = database.read(cases.due_consents, now=now, limit=room)
    done += _each(
        database, consents, aside, now, lambda tx, each: cases.expire_consent(tx, now=now, consent_id=each)
    )
    database.run(cases.expire_messages, now=now)
    database.run(cases.forget_batches, now=now)
    return done


def _watch_handovers(database: Database, aside: dict[UUID, datetime], now: datetime, limit: int) -> int:
    """Escalate what is late along the rules, and delete rejected data whose time is over."""
    database.run(cases.forget_ended, now=now)
    late = database.read(cases.due_escalations, now=now, limit=limit)
    done = _each(
        database, late, aside, now, lambda tx, each: cases.escalate_due(tx, now=now, handover_id=each)
    )
    rejected = database.read(cases.due_deletions, now=now, limit=limit)
    return done + _each(
        database,
        rejected,
        aside,
        now,
        lambda tx, each: cases.delete_rejected_data(tx, now=now, handover_id=each),
    )


def remove_documents(
    database: Database,
    storage: Storage,
    now: datetime,
    aside: dict[UUID, datetime] | None = None,
    limit: int = 100,
) -> int:
    """Remove contents and rows of documents that were deleted, or whose upload broke off; returns how many."""
    found = database.read(cases.due_removals, now=now, limit=limit)
    return _each(
        database,
        found,
        {} if aside is None else aside,
        now,
        lambda tx, each: cases.forget_document(tx, now=now, storage=storage, document_id=each),
    )


def _start_rows(database: Database, aside: dict[UUID, datetime], now: datetime, limit: int) -> int:
    """Start cases from tables that were sent. What refuses a row is kept with it; a fault sets its batch aside."""
    done = 0
    for batch_id, line in database.read(cases.waiting_rows, limit=limit):
        if batch_id in aside:
            continue
        try:
            done += database.run(cases.start_row, now=now, batch_id=batch_id, line=line)
        except Refusal as refusal:
            database.run(cases.refuse_row, now=now, batch_id=batch_id, line=line, refusal=refusal)
            done += 1
        except DatabaseUnavailable:
            raise
        except Exception:  # one fault must not stop the others
            _log.exception("a row of a batch could not be started", extra={"id": str(batch_id), "line": line})
            aside[batch_id] = now + PAUSE_AFTER_FAULT
    return done


def _each(
    database: Database,
    found: list[UUID],
    aside: dict[UUID, datetime],
    now: datetime,
    work: Callable[[Transaction, UUID], bool],
    *,
    rest: bool = False,
) -> int:
    """With `rest` what cannot be done yet is left alone for a while, too, for it would be found again at once."""
    done = 0
    for each in found:
        if each in aside:
            continue
        try:
            if database.run(work, each):
                done += 1
            elif rest:
                aside[each] = now + PAUSE_AFTER_FAULT
        except DatabaseUnavailable:
            raise
        except Exception:  # one fault must not stop the others
            _log.exception("what was due could not be done", extra={"id": str(each)})
            aside[each] = now + PAUSE_AFTER_FAULT
    return done


class Worker:
    """Runs what is due, again and again, until told to stop."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        *,
        interval: float = 1.0,
        limit: int = 100,
        mail: SmtpServer | None = None,
        documents: Storage | None = None,
        endpoints: Mapping[str, Endpoint] | None = None,
    ) -> None:
        self.database = database
        self.clock = clock
        self._connectors = [Connector(database, clock, *each) for each in (endpoints or {}).items()]
        self.interval = interval
        self.limit = limit
        self.documents = documents
        self._failing: dict[UUID, datetime] = {}
        self._postman = Postman(database, clock, mail) if mail else None

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set. A database that is away is waited for. Mail is sent, and endpoints called, beside."""
        beside = [threading.Thread(target=each.run, args=(stop,)) for each in self._connectors]
        if self._postman:
            beside.append(threading.Thread(target=self._postman.run, args=(stop,), name="staffel-mail"))
        for each in beside:
            each.start()
        while not stop.is_set():
            try:
                now = self.clock()
                done = run_due(self.database, now, self.limit, failing=self._failing)
                if self.documents is not None:
                    done += remove_documents(self.database, self.documents, now, self._failing, self.limit)
            except Exception:  # the loop outlives the database's absence
                _log.exception("the worker could not look for due work")
                done = 0
            if done < self.limit:
                stop.wait(self.interval)
        for each in beside:
            each.join()
