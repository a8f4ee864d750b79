"""Every model of BPMNspector that breaks a constraint is told so by its number, and no other is."""

from pathlib import Path

import pytest
from tests.conformance.bpmnspector.suite import run_suite

SUITE = Path(__file__).parents[4] / "shared" / "conformance" / "bpmnspector"

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(not SUITE.is_dir(), reason="the suite does not stand beside the project"),
]


def test_every_failure_is_flagged_and_no_success() -> None:
    result = run_suite(SUITE)
    assert result.total > 150
    assert result.failing == {}
