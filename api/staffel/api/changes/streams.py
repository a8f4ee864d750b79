"""Streams of server-sent events that say *that* something has changed, never what.

One task per process looks every two seconds whether anybody has committed anything (`ChangeMark`), and only then asks, once
for all streams, which Stellen and cases have changed. A stream whose own have is woken: it looks up its person's rights
anew and sends the mark of what this person sees, if it is another one. So no stream holds a thread or a database
connection, and any process can go on where another one stopped: the mark is the event's id, and a browser that comes
back with it (`Last-Event-ID`) hears at once what it missed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from anyio import to_thread

from staffel.api.changes.marks import case_prints, combined, mark_of, unit_prints
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.store import ChangeMark, Database, Transaction

log = logging.getLogger("staffel.api")
LOOK_EVERY, CHECK_EVERY = 2.0, 15.0
"""Seconds between looks at the database, and at most until a stream notices that its session has ended."""
MOST_PER_ACCOUNT = 20

Who = Callable[[], Actor | None]
"""Gives the person of a stream with the rights of the moment; None once the session has ended."""


class TooManyStreams(Refusal):
    """Your account listens in too many windows already; close some, or ask `/changes` from time to time."""

    status, code = 429, "too-many-streams"
    text_de = "Ihr Konto hört schon in zu vielen Fenstern mit; bitte einige schließen."


@dataclass(eq=False)
class _Listener:
    """A stream: what it is about, what wakes it, and whether its mark may be another one since it was looked up."""

    account: UUID | None
    units: frozenset[UUID]
    case: UUID | None
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_stale: bool = True

    @property
    def keys(self) -> frozenset[UUID]:
        """The Stellen or the case."""
        return self.units if self.case is None else frozenset({self.case})


class Streams:
    """The streams of this process."""

    def __init__(
        self, database: Database, *, look_every: float = LOOK_EVERY, check_every: float = CHECK_EVERY
    ) -> None:
        self._database = database
        self._look_every, self._check_every = look_every, check_every
        self._listeners: set[_Listener] = set()
        self._looking: asyncio.Task[None] | None = None
        self._prints: dict[UUID, str] = {}
        self._stopped = False

    def open(self, who: Who, actor: Actor, *, case_id: UUID | None, last: str) -> AsyncIterator[str]:
        """A stream for `actor`, about a case or about the inbox. `last` is the mark that the browser knows.

        Raises `NotFound` for a case that the actor does not see, and `TooManyStreams`.
        """
        if sum(each.account == actor.account for each in list(self._listeners)) >= MOST_PER_ACCOUNT:
            raise TooManyStreams(retry_after=60)
        if case_id is not None:
            self._database.read(mark_of, actor=actor, case_id=case_id)
        return self._events(who, _Listener(actor.account, actor.units_as(*CASEWORK), case_id), last)

    def stop(self) -> None:
        """End all streams, for the server stops. To be called in the event loop's thread."""
        self._stopped = True
        for each in self._listeners:
            each.woken.set()

    async def _events(self, who: Who, listener: _Listener, last: str) -> AsyncIterator[str]:
        self._listeners.add(listener)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            while not self._stopped:
                listener.woken.clear()
                mark = await to_thread.run_sync(self._mark, who, listener)
                if mark is None:
                    yield "event: ended\ndata: \n\n"
                    return
                if mark in {"", last}:
                    yield ":\n\n"  # so that nobody between takes the connection for dead
                else:
                    yield f"event: change\nid: {mark}\ndata: {mark}\n\n"
                    last = mark
                await self._rest(listener)
        finally:
            self._listeners.discard(listener)

    async def _rest(self, listener: _Listener) -> None:
        """Until the stream is woken, at most as long as a session may have ended unnoticed."""
        try:
            async with asyncio.timeout(self._check_every):
                await listener.woken.wait()
        except TimeoutError:
            pass

    def _mark(self, who: Who, listener: _Listener) -> str | None:
        """The mark that holds now; empty when nothing calls for looking, None when the stream is over."""
        try:
            actor = who()
            if actor is None:
                return None
            units = actor.units_as(*CASEWORK)
            if not listener.is_stale and units == listener.units:
                return ""
            listener.units, listener.is_stale = units, False
            if listener.case is not None:
                return self._database.read(mark_of, actor=actor, case_id=listener.case)
            return self._mark_of_inbox(units)
        except NotFound:
            return None
        except Refusal:  # the database is away
            listener.is_stale = True
            return ""

    def _mark_of_inbox(self, units: frozenset[UUID]) -> str:
        """From what the common look found; a Stelle that it has not looked at yet is looked at now."""
        prints = self._prints
        known = {unit: prints[unit] for unit in units if unit in prints}
        if missing := units - known.keys():
            known |= self._database.read(unit_prints, units=missing)
        return combined(known)

    async def _look(self) -> None:
        """Look as long as somebody listens, and wake those for whom something is new."""
        mark, before = ChangeMark(self._database), ""
        try:
            while self._listeners and not self._stopped:
                try:
                    now = await to_thread.run_sync(mark.read)
                    if now != before:
                        self._wake(await to_thread.run_sync(self._changed))
                        before = now
                except Exception:  # looking outlives the database's absence
                    log.exception("could not look for changes")
                await asyncio.sleep(self._look_every)
        finally:
            mark.close()
            self._prints = {}

    def _changed(self) -> frozenset[UUID]:
        """The Stellen and cases that have changed since the last look; new ones among them."""
        listeners = list(self._listeners)
        found = self._database.read(
            _prints,
            units=frozenset().union(*(each.units for each in listeners if each.case is None)),
            cases=frozenset(each.case for each in listeners if each.case is not None),
        )
        before, self._prints = self._prints, found
        return frozenset(key for key, text in found.items() if before.get(key) != text)

    def _wake(self, changed: Iterable[UUID]) -> None:
        moved = frozenset(changed)
        for each in self._listeners:
            if not moved.isdisjoint(each.keys):
                each.is_stale = True
                each.woken.set()


def _prints(tx: Transaction, *, units: frozenset[UUID], cases: frozenset[UUID]) -> dict[UUID, str]:
    return unit_prints(tx, units=units) | case_prints(tx, cases=cases)
