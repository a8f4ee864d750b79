"""Drives cases through a world: an event queue under a virtual clock. It knows no process and no database."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from heapq import heappop, heappush
from random import Random
from typing import Any

from staffel.engine.analysis.clocks import WorkingClock
from staffel.engine.errors import Refusal
from staffel.engine.simulation.profiles import Behaviour, Profiles
from staffel.engine.simulation.values import ValueMaker
from staffel.engine.simulation.world import Arrival, Place, PlaceKind, World
from staffel.engine.store.types import from_microseconds, to_microseconds

WORK_SECONDS = 300
_MICRO = 1_000_000


class _Act(StrEnum):
    CLAIM = "claim"
    BEGIN = "begin"
    COMPLETE = "complete"
    CONFIRM = "confirm"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    GIVE_BACK = "give_back"
    OFFER = "offer"
    FIRE = "fire"
    DELIVER = "deliver"
    WORK = "work"


_QUIET = frozenset({_Act.CLAIM, _Act.BEGIN, _Act.ACKNOWLEDGE})
"""Acts after which a case waits at the same places as before."""


class _Course:
    """A case on its way: where it waits, and what has been filled in so far."""

    __slots__ = ("arrival", "case", "known", "places", "refused")

    def __init__(self, arrival: Arrival, case: Hashable, known: dict[str, Any]) -> None:
        self.arrival = arrival
        self.case = case
        self.known = known
        self.places: dict[tuple[PlaceKind, int], Place] = {}
        self.refused: set[int] = set()


class Driver:
    """Plays arrivals to their ends. Equal seeds give equal courses. `values` fill the forms, by process.

    `refused` counts commands that the engine refused (something was missing); `acts` all that were carried out.
    """

    def __init__(
        self,
        world: World,
        *,
        arrivals: Iterable[Arrival],
        profiles: Profiles,
        values: Mapping[str, ValueMaker],
        clock: WorkingClock,
        random: Random,
    ) -> None:
        self.started = self.ended = self.acts = self.refused = 0
        self.now = 0
        self._world = world
        self._profiles = profiles
        self._values = values
        self._clock = clock
        self._random = random
        self._arrivals = sorted(arrivals, key=lambda arrival: (arrival.at, arrival.reference))
        self._queue: list[tuple[int, int, _Course, tuple[PlaceKind, int], _Act]] = []
        self._number = 0

    def advance(self, until: datetime, most: int) -> bool:
        """Carry out up to `most` acts that fall before `until`, in order of time. False: there are no more."""
        end = to_microseconds(until)
        for _ in range(most):
            arrival = self._arrivals[self.started] if self.started < len(self._arrivals) else None
            at = to_microseconds(arrival.at) if arrival else end
            if self._queue and self._queue[0][0] < min(at, end):
                self._act()
            elif arrival is not None and at < end:
                self.now = at
                self._start(arrival)
            else:
                return False
        return True

    def _start(self, arrival: Arrival) -> None:
        self.started += 1
        now = from_microseconds(self.now)
        values = self._values[arrival.process].fill(self._world.start_form(arrival), now, {})
        course = _Course(arrival, self._world.start(arrival, values, now), dict(values))
        self.acts += 1
        self._look(course)

    def _act(self) -> None:
        self.now, _, course, key, act = heappop(self._queue)
        place = course.places.get(key)
        if place is None:
            return
        if act is _Act.FIRE:
            self._look(course)  # a timer of the same moment may have been fired with another's
            if key not in course.places:
                return
        try:
            _ACTS[act](self, course, place, from_microseconds(self.now))
            self.acts += 1
        except Refusal:
            self._refuse(course, place, act)
        if act not in _QUIET:
            self._look(course)

    def _refuse(self, course: _Course, place: Place, act: _Act) -> None:
        """A form that left out what the next Stelle needs is filled in again, completely; else the act is dropped."""
        self.refused += 1
        if act is _Act.COMPLETE and place.key not in course.refused:
            course.refused.add(place.key)
            self._plan(course, place, act, self._after(course, place, "pause"))

    def _look(self, course: _Course) -> None:
        """See where the case waits now, and plan what happens at places that are new."""
        places = {(place.kind, place.key): place for place in self._world.places(course.case)}
        new = [place for key, place in places.items() if key not in course.places]
        if course.places and not places:
            self.ended += 1
        course.places = places
        for place in new:
            _PLANS[place.kind](self, course, place)

    def _plan(self, course: _Course, place: Place, act: _Act, at: int) -> None:
        self._number += 1
        heappush(self._queue, (max(at, self.now), self._number, course, (place.kind, place.key), act))

    def _after(self, course: _Course, place: Place, pick: str) -> int:
        """When a span of the Stelle's behaviour is over, counted in its office hours."""
        factor = self._profiles.factor(course.arrival.municipality, place.unit, place.element)
        span = getattr(self._behaviour(place), pick)
        return self._clock.after(self.now, span.draw(self._random, factor))

    def _behaviour(self, place: Place) -> Behaviour:
        return self._profiles.behaviour(place.unit)

    def _plan_task(self, course: _Course, place: Place) -> None:
        self._plan(course, place, _Act.CLAIM, self._after(course, place, "waiting"))

    def _plan_handover(self, course: _Course, place: Place) -> None:
        if self._random.random() < self._behaviour(place).unacknowledged:
            self._plan_answer(course, place)
        else:
            self._plan(course, place, _Act.ACKNOWLEDGE, self._after(course, place, "acknowledging"))

    def _plan_answer(self, course: _Course, place: Place) -> None:
        returning = self._random.random() < self._behaviour(place).returning and not place.final
        act = _Act.GIVE_BACK if returning else _Act.ACCEPT
        self._plan(course, place, act, self._after(course, place, "accepting"))

    def _plan_returned(self, course: _Course, place: Place) -> None:
        self._plan(course, place, _Act.OFFER, self._after(course, place, "waiting"))

    def _plan_timer(self, course: _Course, place: Place) -> None:
        if place.due is not None:
            self._plan(course, place, _Act.FIRE, to_microseconds(place.due))

    def _plan_message(self, course: _Course, place: Place) -> None:
        if place.aside and self._random.random() >= self._profiles.unlikely:
            return
        lived = self.now + round(self._profiles.outside.draw(self._random) * _MICRO)
        self._plan(course, place, _Act.DELIVER, self._clock.after(lived, 0))

    def _plan_work(self, course: _Course, place: Place) -> None:
        self._plan(course, place, _Act.WORK, self.now + WORK_SECONDS * _MICRO)

    def _claim(self, course: _Course, place: Place, now: datetime) -> None:
        self._world.claim(course.case, place, now)
        if self._random.random() < self._behaviour(place).begun:
            self._plan(course, place, _Act.BEGIN, self._after(course, place, "pause"))
        else:
            self._plan(course, place, _Act.COMPLETE, self._after(course, place, "processing"))

    def _begin(self, course: _Course, place: Place, now: datetime) -> None:
        self._world.begin(course.case, place, now)
        self._plan(course, place, _Act.COMPLETE, self._after(course, place, "processing"))

    def _complete(self, course: _Course, place: Place, now: datetime) -> None:
        again = place.key in course.refused
        schema = self._world.form(course.case, place)
        maker = self._values[course.arrival.process]
        values = maker.fill(schema, now, course.known, everything=again)
        if self._world.complete(course.case, place, values, now):
            self._plan(course, place, _Act.CONFIRM, self._after(course, place, "waiting"))
        course.known.update(values)

    def _confirm(self, course: _Course, place: Place, now: datetime) -> None:
        self._world.confirm(course.case, place, now)

    def _acknowledge(self, course: _Course, place: Place, now: datetime) -> None:
        self._world.acknowledge(course.case, place, now)
        self._plan_answer(course, place)

    def _accept(self, course: _Course, place: Place, now: datetime) -> None:
        self._world.accept(course.case, place, now)

    def _give_back(self, course: _Course, place: Place, now: datetime) -> None:
        reasons = self._world.reasons(course.case, place)
        self._world.give_back(course.case, place, self._random.choice(reasons), now)

    def _offer(self, course: _Course, place: Place, now: datetime) -> None:
        self._world.offer(course.case, place, now)

    def _fire(self, course: _Course, place: Place, now: datetime) -> None:
        self._world.fire(course.case, place, now)

    def _deliver(self, course: _Course, place: Place, now: datetime) -> None:
        self._world.deliver(course.case, place, now)

    def _work(self, course: _Course, place: Place, now: datetime) -> None:
        self._world.work(course.case, place, now)


_PLANS: dict[PlaceKind, Callable[[Driver, _Course, Place], None]] = {
    PlaceKind.TASK: Driver._plan_task,
    PlaceKind.HANDOVER: Driver._plan_handover,
    PlaceKind.RETURNED: Driver._plan_returned,
    PlaceKind.TIMER: Driver._plan_timer,
    PlaceKind.MESSAGE: Driver._plan_message,
    PlaceKind.WORK: Driver._plan_work,
}
_ACTS: dict[_Act, Callable[[Driver, _Course, Place, datetime], None]] = {
    _Act.CLAIM: Driver._claim,
    _Act.BEGIN: Driver._begin,
    _Act.COMPLETE: Driver._complete,
    _Act.CONFIRM: Driver._confirm,
    _Act.ACKNOWLEDGE: Driver._acknowledge,
    _Act.ACCEPT: Driver._accept,
    _Act.GIVE_BACK: Driver._give_back,
    _Act.OFFER: Driver._offer,
    _Act.FIRE: Driver._fire,
    _Act.DELIVER: Driver._deliver,
    _Act.WORK: Driver._work,
}
