"""Municipalities that have worked on the small process: built by the real engine under a virtual clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import small_process

from staffel.engine import library
from staffel.engine.accounts import create_account, create_municipality, create_unit
from staffel.engine.actor import Actor, Role
from staffel.engine.analysis.clocks import WorkingClock
from staffel.engine.simulation.driver import Driver
from staffel.engine.simulation.profiles import Profiles, Span
from staffel.engine.simulation.stored import StoredWorld
from staffel.engine.simulation.values import ValueMaker
from staffel.engine.simulation.world import Arrival
from staffel.engine.store import Database, Transaction

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
KINDS = ("LB", "JC")


def build(
    database: Database,
    cases: Mapping[str, int],
    *,
    until: datetime,
    variants: Mapping[str, str] | None = None,
    factors: Mapping[tuple[str, str], float] | None = None,
    seed: int = 1,
) -> Driver:
    """`cases` by AGS are started over 60 days; `variants` give an AGS a local id for the last step."""
    random = Random(seed)
    staff: dict[UUID, list[Actor]] = {}
    competences: dict[tuple[str, str], UUID] = {}

    def organise(tx: Transaction) -> None:
        for ags in cases:
            create_municipality(tx, ags=ags, name=f"Stadt {ags}", kind="kreisfrei")
            for kind in KINDS:
                unit = create_unit(tx, now=BEGIN, municipality=ags, kind=kind, name=f"{kind} {ags}")
                competences[ags, kind] = unit
                account = create_account(
                    tx, now=BEGIN, municipality=ags, login=f"{ags}.{kind}", name=f"{kind} {ags}",
                    password="nur für den Test", roles=[(Role.SACHBEARBEITUNG, unit)],
                )  # fmt: skip
                roles = frozenset({Role.SACHBEARBEITUNG})
                staff[unit] = [
                    Actor(account=account, name=kind, municipality=ags, units={unit: roles}, roles=roles)
                ]
        for ags in [None, *(variants or {})]:
            _put_in_force(tx, ags, next(iter(cases)), (variants or {}).get(ags or "", "Entscheiden"))

    database.run(organise)
    arrivals = [
        Arrival(
            at=BEGIN + timedelta(hours=random.uniform(0, 60 * 24)),
            process=small_process.PROCESS, municipality=ags, reference=f"K-{number}/2026",
        )
        for ags, count in cases.items()
        for number in range(count)
    ]  # fmt: skip
    world = StoredWorld(staff=staff, competences=competences, random=random)
    driver = Driver(
        world, arrivals=arrivals, profiles=Profiles(outside=Span(72), factors=factors or {}),
        values={small_process.PROCESS: ValueMaker(random)}, clock=WorkingClock(first=2025, last=2028), random=random,
    )  # fmt: skip

    def play(tx: Transaction) -> bool:
        world.use(tx)
        return driver.advance(until, 400)

    while database.run(play):
        pass
    return driver


def _put_in_force(tx: Transaction, variant: str | None, home: str, decide: str) -> None:
    roles = frozenset({Role.PROZESSDESIGN})
    actor = Actor(name="Design", municipality=variant or home, roles=roles)
    checked = library.check_upload(tx, actor=actor, now=BEGIN, files=small_process.files(decide))
    version = library.upload(tx, actor=actor, now=BEGIN, checked=checked, municipality=variant)
    library.put_in_force(tx, actor=actor, now=BEGIN, version_id=version)
