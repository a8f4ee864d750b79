"""Scenario files: what is given, what is done, what is expected of a model (docs/scenarios.md).

A scenario is plain data; `scenario_run` plays it. The keys are German, as in every file beside a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

MOST_STEPS = 200
"""How many steps a scenario may have."""


class ScenarioMalformed(ValueError):  # noqa: N818 - the domain's word
    """The document is no scenario; the message says what was expected where."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Given(_Part, frozen=True):
    """How the case begins: with a start event (`start`) and variables, or by the first step (`ohne_start`)."""

    variablen: dict[str, Any] = {}
    start: str | None = None
    ohne_start: bool = False
    zeitpunkt: Any = None


class Expected(_Part, frozen=True):
    """What must hold. What is left out is not looked at, but for incidents: those are never expected silently.

    `weg` elements that began, in this order, others may lie between; `nicht` elements that never began; `wartet` the
    places where someone must act, all of them (timers, messages, signals and conditions may be named, too);
    `variablen` values of the process; `beendet` whether the case has ended; `fristen` the days on which the Fristen of
    an element end, in order (null: suspended until further notice).
    """

    weg: tuple[str, ...] = ()
    nicht: tuple[str, ...] = ()
    wartet: tuple[str, ...] | None = None
    variablen: dict[str, Any] = {}
    beendet: bool | None = None
    fristen: dict[str, Any] = {}


class Step(_Part, frozen=True):
    """One step: exactly one of the verbs, and what it needs. `fall` picks one of several cases, numbered from 1."""

    erledigen: str | None = None
    annehmen: str | None = None
    zurueckgeben: str | None = None
    zurueckziehen: str | None = None
    bestaetigen: str | None = None
    anbieten: str | None = None
    nachricht: str | None = None
    signal: str | None = None
    fehler: str | None = None
    scheitern: str | None = None
    setzen: dict[str, Any] | None = None
    warten: str | None = None
    warten_bis: Any = None
    erwarten: Expected | None = None
    hemmen: str | None = None
    fortlaufen: str | None = None
    verlaengern: str | None = None
    werte: dict[str, Any] = {}
    grund: str = ""
    code: str = ""
    schluessel: str | None = None
    fall: int | None = None

    @property
    def verb(self) -> str:
        """The verb of the step."""
        return next(name for name in VERBS if getattr(self, name) is not None)

    @property
    def about(self) -> Any:
        """What the verb is about: an element, flow, name, length or moment."""
        return getattr(self, self.verb)

    def __str__(self) -> str:
        return f"{self.verb} {self.about}" if isinstance(self.about, (str, int)) else self.verb


VERBS = (
    "erledigen",
    "annehmen",
    "zurueckgeben",
    "zurueckziehen",
    "bestaetigen",
    "anbieten",
    "nachricht",
    "signal",
    "fehler",
    "scheitern",
    "setzen",
    "warten",
    "warten_bis",
    "erwarten",
    "hemmen",
    "fortlaufen",
    "verlaengern",
)
NEEDS: Mapping[str, str] = {
    "zurueckgeben": "grund",
    "fehler": "code",
    "hemmen": "grund",
    "verlaengern": "grund",
}


class Scenario(_Part, frozen=True):
    """One scenario. `prozess` picks a process of a file with several."""

    name: str
    erwartet: Expected
    schritte: tuple[Step, ...] = ()
    gegeben: Given = Given()
    beschreibung: str = ""
    prozess: str | None = None


def read_scenarios(document: Any) -> list[Scenario]:
    """The scenarios of a parsed YAML document: one, or a list. Raises `ScenarioMalformed`."""
    listed = document if isinstance(document, list) else [document]
    try:
        scenarios = msgspec.convert(listed, list[Scenario])
    except msgspec.ValidationError as err:
        raise ScenarioMalformed(str(err)) from err
    for scenario in scenarios:
        if len(scenario.schritte) > MOST_STEPS:
            raise ScenarioMalformed(
                f"Expected at most {MOST_STEPS} steps - at `{scenario.name}`, found {len(scenario.schritte)}"
            )
        for number, step in enumerate(scenario.schritte, 1):
            _check_step(step, f"`{scenario.name}`, step {number}")
    return scenarios


def _check_step(step: Step, where: str) -> None:
    verbs = [name for name in VERBS if getattr(step, name) is not None]
    if len(verbs) != 1:
        found = ", ".join(verbs) or "none"
        raise ScenarioMalformed(f"Expected exactly one of {', '.join(VERBS)} - at {where}, found {found}")
    needed = NEEDS.get(verbs[0])
    if needed is not None and not getattr(step, needed):
        raise ScenarioMalformed(f"Expected `{needed}` beside `{verbs[0]}` - at {where}")
