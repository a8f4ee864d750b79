"""Builds the demo: twelve municipalities whose Stellen have worked on two processes for months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

import msgspec
from msgspec.structs import replace

from staffel.engine.analysis.clocks import WorkingClock
from staffel.engine.simulation.demo.arrivals import OFFICES, OTHER_OFFICE, arrivals, begin_of
from staffel.engine.simulation.demo.models import REFERENCE, ReferenceModel, put_in_force, read_models
from staffel.engine.simulation.demo.organisation import SignInHint, Town, create_organisation, sign_ins
from staffel.engine.simulation.demo.parts import Part, play_parts, second_process
from staffel.engine.simulation.demo.signatures import sign_all
from staffel.engine.simulation.demo.towns import read_towns
from staffel.engine.store import Database, Transaction

Progress = Callable[[int, int, str], None]
"""Told how much of how much is done, and what is being done (German)."""

SEED = 20180601
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
    towns, total = read_towns(folder), finished + open_cases
    progress(0, total, "Stellen und Modelle werden angelegt")
    with second_process(database, total) as process:
        parts = _set_up(
            database, towns, read_models(folder), cases=total, until=until, months=months, seed=seed
        )
        played = play_parts(database, process, parts, lambda done: progress(done, total, "Vorgänge laufen"))
    database.run(_analyze)
    progress(total, total, "fertig")
    ended = sum(each.ended for each in played)
    return DemoReport(
        municipalities=len(towns),
        finished=ended,
        open=sum(each.started for each in played) - ended,
        acts=sum(each.acts for each in played),
        refused=sum(each.refused for each in played),
        sign_ins=sign_ins(towns),
    )


def _set_up(
    database: Database,
    towns: Sequence[Town],
    models: Sequence[ReferenceModel],
    *,
    cases: int,
    until: datetime,
    months: int,
    seed: int,
) -> tuple[Part, Part]:
    """Create Stellen and put models in force; the cases to be played, every second one in the second part."""
    begin = begin_of(until, months)
    opened = begin_of(begin, _LEAD_MONTHS)
    organisation = database.run(create_organisation, towns=towns, now=opened)
    keys = database.run(put_in_force, models=models, designers=organisation.designers, now=opened)
    served = [town for town in towns if town.size]
    database.run(sign_all, towns=served, organisation=organisation, keys=tuple(keys.values()), now=opened)
    clock = WorkingClock(first=opened.year - 1, last=until.year + 3)
    offices = {key: OFFICES.get(name, OTHER_OFFICE) for name, key in keys.items()}
    random = Random(seed)  # noqa: S311 - made-up cases need no secrets
    coming = arrivals(served, offices, cases=cases, begin=begin, until=until, clock=clock, random=random)
    part = Part(
        seed=f"{seed}-1",
        arrivals=coming[::2],
        staff=organisation.staff,
        competences=organisation.competences,
        keys=keys,
        clock=clock,
        until=until,
    )
    return part, replace(part, seed=f"{seed}-2", arrivals=coming[1::2])


def _analyze(tx: Transaction) -> None:
    """Let the database plan its queries by what is there now."""
    tx.driver.execute("ANALYZE")
