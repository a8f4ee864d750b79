"""Builds the demo: twelve municipalities whose Stellen have worked on two processes for months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random

import msgspec

from staffel.engine.analysis.clocks import WorkingClock
from staffel.engine.simulation.demo.arrivals import OFFICES, OTHER_OFFICE, arrivals, begin_of
from staffel.engine.simulation.demo.models import REFERENCE, put_in_force, read_models
from staffel.engine.simulation.demo.organisation import SignInHint, create_organisation, sign_ins
from staffel.engine.simulation.demo.speeds import HINTS, PROFILES
from staffel.engine.simulation.demo.towns import read_towns
from staffel.engine.simulation.driver import Driver
from staffel.engine.simulation.stored import StoredWorld
from staffel.engine.simulation.values import ValueMaker
from staffel.engine.store import Database, Transaction

Progress = Callable[[int, int, str], None]
"""Told how much of how much is done, and what is being done (German)."""

SEED = 20180601
_BATCH = 1500
_LEAD_MONTHS = 1


class DemoReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was built. `refused` are commands that the engine refused on the way (a form had left something out)."""

    municipalities: int
    finished: int
    open: int
    acts: int
    refused: int
    sign_ins: tuple[SignInHint, ...]


def build_demo(
    database: Database,
    *,
    until: datetime,
    seed: int = SEED,
    finished: int = 3000,
    open_cases: int = 300,
    months: int = 18,
    progress: Progress = lambda _done, _total, _text: None,
    folder: Path = REFERENCE,
) -> DemoReport:
    """Fill an empty, migrated database. Nothing in it happens at or after `until`.

    `finished` and `open_cases` together are started over the months; how many of them are still open at the end
    follows from the speeds (with the standard figures about one in eleven). Equal seeds give equal courses; only ids
    differ.
    """
    towns, models = read_towns(folder), read_models(folder)
    random = Random(seed)  # noqa: S311 - made-up cases need no secrets
    begin = begin_of(until, months)
    opened = begin_of(begin, _LEAD_MONTHS)
    total = finished + open_cases
    progress(0, total, "Stellen und Modelle werden angelegt")
    organisation = database.run(create_organisation, towns=towns, now=opened)
    keys = database.run(put_in_force, models=models, designers=organisation.designers, now=opened)
    clock = WorkingClock(first=opened.year - 1, last=until.year + 3)
    world = StoredWorld(staff=organisation.staff, competences=organisation.competences, random=random)
    driver = Driver(
        world,
        arrivals=arrivals(
            [town for town in towns if town.size],
            {key: OFFICES.get(name, OTHER_OFFICE) for name, key in keys.items()},
            cases=total,
            begin=begin,
            until=until,
            clock=clock,
            random=random,
        ),
        profiles=PROFILES,
        values={key: ValueMaker(random, HINTS.get(name)) for name, key in keys.items()},
        clock=clock,
        random=random,
    )
    while database.run(_Batch(world, driver, until)):
        progress(driver.started, total, "Vorgänge laufen")
    database.run(_analyze)
    progress(total, total, "fertig")
    return DemoReport(
        municipalities=len(towns),
        finished=driver.ended,
        open=driver.started - driver.ended,
        acts=driver.acts,
        refused=driver.refused,
        sign_ins=sign_ins(towns),
    )


class _Batch:
    """Many acts in one transaction. It cannot be repeated: the driver has moved on in memory."""

    def __init__(self, world: StoredWorld, driver: Driver, until: datetime) -> None:
        self._world, self._driver, self._until = world, driver, until
        self._begun = False

    def __call__(self, tx: Transaction) -> bool:
        if self._begun:
            raise RuntimeError(
                "The database interrupted the demo being built. Remove its data and start again."
            )
        self._begun = True
        self._world.use(tx)
        return self._driver.advance(self._until, _BATCH)


def _analyze(tx: Transaction) -> None:
    """Let the database plan its queries by what is there now."""
    tx.driver.execute("ANALYZE")
