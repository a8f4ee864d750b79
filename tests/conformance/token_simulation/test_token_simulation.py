"""The token simulator of bpmn-js as a second opinion on every element, case by case."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

SUITE = Path(__file__).parents[4] / "shared" / "conformance" / "token-simulation"


def _suite() -> ModuleType:
    """`suite.py` beside this file; tests are imported one by one, not as packages."""
    spec = importlib.util.spec_from_file_location(
        "token_simulation_suite", Path(__file__).with_name("suite.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


suite = _suite()
CASES = json.loads((SUITE / "cases.json").read_text(encoding="utf-8"))["cases"] if SUITE.is_dir() else []


@pytest.mark.outside
@pytest.mark.skipif(not CASES, reason="the suite is not beside the project")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_trace_agrees_with_the_simulator(case: dict[str, object]) -> None:
    fault = suite.run_case(SUITE, case)

    assert bool(fault) == (case["name"] in suite.DEVIATIONS), (
        fault or "the deviation is gone: take it off the list"
    )
