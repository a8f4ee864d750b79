"""Try models out in memory: the kernel under a virtual clock, without a database. See `Player`."""

from __future__ import annotations

from staffel.engine.play.player import BpmnError, Case, Entry, Message, Player, Stub, TooLong
from staffel.engine.play.scenario_run import Fault, ScenarioResult, run_scenario
from staffel.engine.play.scenarios import Scenario, ScenarioMalformed, read_scenarios
from staffel.engine.play.waiting import Waiting

__all__ = [
    "BpmnError",
    "Case",
    "Entry",
    "Fault",
    "Message",
    "Player",
    "Scenario",
    "ScenarioMalformed",
    "ScenarioResult",
    "Stub",
    "TooLong",
    "Waiting",
    "read_scenarios",
    "run_scenario",
]
