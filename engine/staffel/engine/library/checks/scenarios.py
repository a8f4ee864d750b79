"""`scenarios/*.yaml`: read with the bundle, played on what it compiled to, told as findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from staffel.engine.kernel import Program
from staffel.engine.library.checks.documents import read_yaml
from staffel.engine.library.checks.notes import Notes
from staffel.engine.library.forms import read_form
from staffel.engine.play import (
    Fault,
    Scenario,
    ScenarioMalformed,
    ScenarioResult,
    read_scenarios,
    run_scenario,
)
from staffel.engine.play.scenario_run import MOST_EVENTS, Reader, values_as_given

MOST: Final = 100
"""How many scenarios a bundle may have."""

LAYER: Final = "scenarios"

Filed = tuple[str, Scenario]
"""A scenario and the file it stands in."""


def read_scenario_file(content: bytes, file: str, notes: Notes) -> list[Filed]:
    """The scenarios of a file; what is wrong with it becomes a finding."""
    document = read_yaml(content, file, notes)
    if document is None:
        return []
    try:
        return [(file, scenario) for scenario in read_scenarios(document)]
    except ScenarioMalformed as err:
        notes.error(
            "scenario-malformed",
            file,
            (f"Erwartet wird ein Szenario, gefunden: {err}.", f"Expected a scenario, found: {err}."),
            ("Die Datei nach docs/scenarios.md berichtigen.", "Correct the file after docs/scenarios.md."),
            layer=LAYER,
        )
        return []


def play_scenarios(
    scenarios: Sequence[Filed],
    programs: Mapping[str, Program],
    process: str,
    forms: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, ScenarioResult]]:
    """Play one scenario after the other; all of a bundle share one bound of events."""
    read, left = _by_forms(forms), MOST_EVENTS
    for file, scenario in scenarios[:MOST]:
        result = run_scenario(scenario, programs, process, read=read, most_events=left)
        left -= result.events
        yield file, result


def check_scenarios(
    scenarios: Sequence[Filed],
    programs: Mapping[str, Program],
    process: str,
    forms: Mapping[str, Mapping[str, Any]],
    notes: Notes,
) -> None:
    """Play them; a red one blocks putting into force."""
    if len(scenarios) > MOST:
        notes.error(
            "scenario-too-many",
            scenarios[MOST][0],
            (
                f"Erlaubt sind {MOST} Szenarien, gefunden: {len(scenarios)}.",
                f"{MOST} scenarios are allowed, found: {len(scenarios)}.",
            ),
            ("Szenarien zusammenfassen oder weglassen.", "Join scenarios or leave some out."),
            layer=LAYER,
        )
    for file, result in play_scenarios(scenarios, programs, process, forms):
        if result.fault is not None:
            _red(file, result.scenario.name, result.fault, notes)


def _red(file: str, name: str, fault: Fault, notes: Notes) -> None:
    notes.error(
        "scenario-failed",
        file,
        (
            f"Szenario „{name}“, Schritt {fault.step}: erwartet: {fault.expected_de}; gefunden: {fault.found_de}.",
            f"Scenario '{name}', step {fault.step}: expected: {fault.expected_en}; found: {fault.found_en}.",
        ),
        (
            "Das Modell berichtigen oder, wenn es so gemeint ist, das Szenario.",
            "Correct the model or, if it is meant so, the scenario.",
        ),
        element=fault.element,
        layer=LAYER,
    )


def _by_forms(forms: Mapping[str, Mapping[str, Any]]) -> Reader:
    """Judge values as the page does: by the form's schema, dates as their text."""
    known = {name: read_form(form) for name, form in forms.items()}

    def read(
        form: str | None, values: Mapping[str, Any], given: Mapping[str, Any], now: datetime
    ) -> Mapping[str, Any]:
        judge = known.get(form) if form is not None else None
        if judge is None:
            return values_as_given(form, values, given, now)
        return judge.read(_typed(values), given=given, now=now, confirmed=True)

    return read


def _typed(value: Any) -> Any:
    """What a person would have sent: dates as text."""
    match value:
        case date():
            return value.isoformat()
        case dict():
            return {str(name): _typed(each) for name, each in value.items()}
        case list():
            return [_typed(each) for each in value]
    return value
