"""Noticing commits, and the streams that tell of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import pytest
from tests.support.apart import apart
from tests.support.world import HANDED_OVER, TWO_STEPS, World

from staffel.api.changes import streams as streams_module
from staffel.api.changes.marks import mark_of
from staffel.api.changes.streams import Streams, TooManyStreams
from staffel.engine import cases
from staffel.engine.actor import Actor
from staffel.engine.errors import NotFound
from staffel.engine.store import ChangeMark, Database

SILENCE = 0.3


@pytest.fixture
def mark(database: Database) -> Iterator[ChangeMark]:
    made = ChangeMark(database)
    yield made
    made.close()


def test_what_another_process_commits_changes_the_mark_and_reading_does_not(
    world: World, mark: ChangeMark, database_url: str
) -> None:
    world.deploy(TWO_STEPS)
    before = mark.read()
    world.database.read(mark_of, actor=world.alice)
    assert mark.read() == before

    elsewhere = Database(database_url)
    elsewhere.run(
        cases.start_case, actor=world.alice, now=world.now, process_key="p", reference="AZ-1", values={}
    )
    elsewhere.close()

    assert mark.read() != before


class Listener:
    """Somebody who listens; `next` gives an event's type and data, or nothing when it stays quiet."""

    def __init__(
        self, streams: Streams, who: list[Actor | None], case_id: UUID | None = None, last: str = ""
    ) -> None:
        assert who[0] is not None
        self._events: AsyncIterator[str] = streams.open(lambda: who[0], who[0], case_id=case_id, last=last)

    async def next(self, patience: float = 5.0) -> dict[str, str]:
        try:
            async with asyncio.timeout(patience):
                async for block in self._events:
                    pairs = [line.partition(":") for line in block.strip().split("\n")]
                    fields = {name: value.strip() for name, _, value in pairs if name}
                    if fields:
                        return fields
        except TimeoutError:
            pass
        return {}


def hear(world: World, story: Any) -> None:
    """Run a story with quick streams and end them."""

    async def run() -> None:
        streams = Streams(world.database, look_every=0.02, check_every=0.1)
        try:
            await story(streams)
        finally:
            streams.stop()
            await asyncio.sleep(0.05)

    apart(asyncio.run)(run())


def test_a_stream_tells_that_something_changed_for_its_stelle_and_never_what(world: World) -> None:
    world.deploy(TWO_STEPS)

    async def story(streams: Streams) -> None:
        ours = Listener(streams, [world.alice])
        first = await ours.next()
        case = await asyncio.to_thread(world.start, "AZ-geheim")
        told = await ours.next()

        assert told.keys() == {"event", "id", "data"}
        assert told["id"] == told["data"] == world.database.read(mark_of, actor=world.alice)
        assert told != first
        assert case.hex not in str(told)

    hear(world, story)


def test_what_another_stelle_does_is_not_told(world: World) -> None:
    world.deploy(HANDED_OVER)

    async def story(streams: Streams) -> None:
        theirs = Listener(streams, [world.bob], last=world.database.read(mark_of, actor=world.bob))
        case = await asyncio.to_thread(world.start, "AZ-1")
        silent = theirs.next(SILENCE)
        assert await silent == {}
        with pytest.raises(NotFound):
            streams.open(lambda: world.bob, world.bob, case_id=case, last="")

    hear(world, story)


def test_a_browser_that_comes_back_hears_what_it_missed_from_any_process(world: World) -> None:
    world.deploy(TWO_STEPS)
    case = world.start("AZ-1")
    last = world.database.read(mark_of, actor=world.alice, case_id=case)

    async def story(streams: Streams) -> None:
        assert await Listener(streams, [world.alice], case, last).next(SILENCE) == {}
        await asyncio.to_thread(world.do, cases.write_comment, world.alice, case_id=case, text="Rückruf")
        again = Listener(streams, [world.alice], case, last)
        assert (await again.next())["event"] == "change"

    hear(world, story)


def test_a_stream_ends_with_its_session_and_with_its_server(world: World) -> None:
    async def story(streams: Streams) -> None:
        who: list[Actor | None] = [world.alice]
        listener, other = Listener(streams, who), Listener(streams, [world.bob])
        await listener.next()
        await other.next()
        who[0] = None
        assert (await listener.next())["event"] == "ended"
        streams.stop()
        assert await other.next() == {}

    hear(world, story)


def test_nobody_listens_in_any_number_of_windows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams_module, "MOST_PER_ACCOUNT", 1)

    async def story(streams: Streams) -> None:
        await Listener(streams, [world.alice]).next()
        with pytest.raises(TooManyStreams):
            Listener(streams, [world.alice])

    hear(world, story)
