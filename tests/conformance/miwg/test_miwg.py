"""All 21 reference models of the MIWG are read, nothing is dropped, every finding has its place and its words."""

from pathlib import Path

import pytest
from tests.conformance.miwg.suite import run_suite

SUITE = Path(__file__).parents[4] / "shared" / "conformance" / "miwg"

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(not SUITE.is_dir(), reason="the suite does not stand beside the project"),
]


def test_all_reference_models_are_read_with_a_complete_report() -> None:
    result = run_suite(SUITE)
    assert result.total == 21
    assert result.failing == {}
