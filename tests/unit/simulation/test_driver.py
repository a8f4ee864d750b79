"""The driver plays cases through the real kernel, in order of time, the same way for the same seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import small_process

from staffel.engine.analysis.clocks import WorkingClock
from staffel.engine.calendar import ZONE, Calendar
from staffel.engine.library.bundle import check_bundle
from staffel.engine.library.forms import read_form
from staffel.engine.simulation.driver import Driver
from staffel.engine.simulation.memory import MemoryWorld
from staffel.engine.simulation.profiles import Behaviour, Profiles, Span
from staffel.engine.simulation.values import Hint, ValueMaker
from staffel.engine.simulation.world import Arrival

BEGIN = datetime(2026, 2, 2, 8, tzinfo=UTC)
UNTIL = BEGIN + timedelta(days=200)


class Watched(MemoryWorld):
    """Notes what was done when."""

    def __init__(self) -> None:
        bundle = check_bundle(small_process.files())
        forms = {name: read_form(document) for name, document in bundle.forms.items()}
        super().__init__(bundle.programs[small_process.PROCESS], forms)
        self.log: list[tuple[str, str, datetime]] = []

    def complete(self, case, place, values, now):
        self.log.append((case, place.element, now))
        super().complete(case, place, values, now)

    def give_back(self, case, place, reason, now):
        self.log.append((case, f"returned {place.element}", now))
        super().give_back(case, place, reason, now)

    def fire(self, case, place, now):
        self.log.append((case, place.element, now))
        super().fire(case, place, now)


def play(seed: int = 1, cases: int = 40, until: datetime = UNTIL, **behaviour) -> tuple[Watched, Driver]:
    random = Random(seed)
    world = Watched()
    arrivals = [
        Arrival(
            at=BEGIN + timedelta(hours=n),
            process=small_process.PROCESS,
            municipality="05315000",
            reference=f"A-{n}",
        )
        for n in range(cases)
    ]
    driver = Driver(
        world,
        arrivals=arrivals,
        profiles=Profiles(default=Behaviour(**behaviour), outside=Span(48)),
        values={
            small_process.PROCESS: ValueMaker(
                random, {"ergebnis": Hint(choices={"vollständig": 3, "unvollständig": 1})}
            )
        },
        clock=WorkingClock(first=2025, last=2028),
        random=random,
    )
    while driver.advance(until, 50):
        pass
    return world, driver


def test_every_case_comes_to_its_end():
    world, driver = play()

    assert (driver.started, driver.ended, driver.refused) == (40, 40, 0)
    assert all(state.ended for state in world.states.values())


def test_equal_seeds_give_equal_courses():
    assert play(seed=5)[0].log == play(seed=5)[0].log
    assert play(seed=5)[0].log != play(seed=6)[0].log


def test_people_work_in_office_hours_only():
    calendar = Calendar()
    for _, element, at in play()[0].log:
        local = at.astimezone(ZONE)
        if element != "Lange":
            assert calendar.is_working_day(local.date())
            assert 8 <= local.hour < 16 or (local.hour, local.minute, local.second) == (16, 0, 0)


def test_things_happen_in_order_of_time():
    times = [at for _, _, at in play()[0].log]

    assert times == sorted(times)


def test_returned_handovers_go_round_again():
    world, _ = play(returning=0.5)

    assert any(element == "returned F_Uebergabe" for _, element, _ in world.log)
    assert all(state.ended for state in world.states.values())


def test_timers_fire_when_people_are_slow():
    world, _ = play(waiting=Span(60))

    assert any(element == "Lange" for _, element, _ in world.log)


def test_nothing_happens_after_the_end_and_open_cases_stay_open():
    world, driver = play(until=BEGIN + timedelta(days=3))

    assert max(at for _, _, at in world.log) < BEGIN + timedelta(days=3)
    assert driver.ended < driver.started
