"""How people and Stellen behave in a simulation: how long they take, how often they send back. By kind of Stelle."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log
from random import Random

import msgspec

HOUR = 3600.0


class Span(msgspec.Struct, frozen=True):
    """A duration drawn from a lognormal distribution: its median in hours, and the standard deviation of its log.

    Service and waiting times in offices are skewed: most are short, a few very long.
    """

    median: float
    spread: float = 0.8

    def draw(self, random: Random, factor: float = 1.0) -> float:
        """Seconds."""
        return exp(random.gauss(log(self.median * factor), self.spread)) * HOUR


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """How a Stelle works, in its office hours.

    A task waits to be claimed (`waiting`), then, with the share `begun`, to be begun (`pause`), then takes `processing`
    (from the claim where no begin is noted). A handover is
    acknowledged after `acknowledging` (or, with the share `unacknowledged`, not before it is accepted), then accepted
    after `accepting`, or sent back with the share `returning`.
    """

    waiting: Span = Span(9)
    begun: float = 0.3
    pause: Span = Span(0.4)
    processing: Span = Span(1.2)
    acknowledging: Span = Span(5)
    unacknowledged: float = 0.08
    accepting: Span = Span(6)
    returning: float = 0.07


class Profiles(msgspec.Struct, frozen=True, kw_only=True):
    """The behaviours of a simulation.

    `units` is by kind of Stelle, `default` serves all others; `factors` stretches the times of a kind in a municipality
    (`(AGS, kind)`, else `(AGS, "")`), `elements` those of single elements. `outside` is how long a message from outside
    lets wait, in lived hours; `unlikely` the share of waiting places whose message interrupts the normal course
    (boundary events, event sub-processes) and does come.
    """

    default: Behaviour = Behaviour()
    units: Mapping[str, Behaviour] = {}
    factors: Mapping[tuple[str, str], float] = {}
    elements: Mapping[str, float] = {}
    outside: Span = Span(120, 0.6)
    unlikely: float = 0.02

    def behaviour(self, unit: str) -> Behaviour:
        """How a kind of Stelle works."""
        return self.units.get(unit, self.default)

    def factor(self, municipality: str, unit: str, element: str) -> float:
        """By how much times are longer than the behaviour's."""
        local = self.factors.get((municipality, unit)) or self.factors.get((municipality, ""), 1.0)
        return local * self.elements.get(element, 1.0)
