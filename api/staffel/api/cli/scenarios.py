"""`staffel play --scenarios`: the scenarios beside a model, green or red."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from staffel.api.cli.bundles import Found
from staffel.api.cli.output import Exit, UsageError, console, print_json, say_error
from staffel.engine.findings import blocks
from staffel.engine.library.bundle import check_bundle
from staffel.engine.library.checks.scenarios import play_scenarios
from staffel.engine.library.shipped import shipped_calls
from staffel.engine.play import Fault, ScenarioResult


def play_all(found: Found, *, as_json: bool) -> Exit:
    """Play every scenario of the bundle; exit code 1 when one is red or cannot be played."""
    bundle = check_bundle(found.files, calls=shipped_calls(found.files), play=False)
    if blocks(bundle.findings) or bundle.process_key is None:
        raise UsageError(
            f"the model has errors, its scenarios are not played; see: staffel check {found.place}"
        )
    if not bundle.scenarios:
        raise UsageError(f"expected scenarios/*.yaml beside the model, found none in {found.place}")
    results = list(play_scenarios(bundle.scenarios, bundle.programs, bundle.process_key, bundle.forms))
    if as_json:
        print_json([_plain(file, result) for file, result in results])
    else:
        _tell(results)
    red = len(bundle.scenarios) - sum(result.fault is None for _, result in results)
    if not as_json:
        say_error(f"{len(bundle.scenarios) - red} green, {red} red")
    return Exit.NO if red else Exit.DONE


def _plain(file: str, result: ScenarioResult) -> dict[str, Any]:
    fault: Fault | None = result.fault
    return {
        "file": file,
        "name": result.scenario.name,
        "green": fault is None,
        "steps": result.steps,
        "of": len(result.scenario.schritte),
        "fault": fault
        and {
            "step": fault.step,
            "element": fault.element,
            "expected": fault.expected_en,
            "expected_de": fault.expected_de,
            "found": fault.found_en,
            "found_de": fault.found_de,
        },
    }


def _tell(results: list[tuple[str, ScenarioResult]]) -> None:
    out = console()
    for file, result in results:
        fault = result.fault
        mark = ("green", "green") if fault is None else ("red  ", "bold red")
        steps = f"  {result.steps}/{len(result.scenario.schritte)} steps  {file}"
        out.print(Text.assemble(mark, " ", (result.scenario.name, "bold"), (steps, "dim")))
        if fault is not None:
            out.print(Text(f"      step {fault.step}"))
            out.print(Text(f"      expected: {fault.expected_en}"))
            out.print(Text(f"      found:    {fault.found_en}"))
