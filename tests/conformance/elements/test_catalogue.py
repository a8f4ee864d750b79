"""No element is accepted and ignored, and the document says what the catalogue finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conformance.elements.catalogue import all_rows, try_out
from tests.conformance.elements.event_rows import POSITIONS, TRIGGERS
from tests.conformance.elements.pieces import Row
from tests.conformance.elements.suite import document

from staffel.engine.bpmn.model import EventKind, NodeType
from staffel.engine.kernel.behaviours import BEHAVIOURS

DOCUMENT = Path(__file__).parents[3] / "docs" / "conformance.md"


@pytest.mark.parametrize("row", all_rows(), ids=lambda row: f"{row.group}: {row.name}")
def test_element_is_executed_or_refused_at_upload(row: Row) -> None:
    found = try_out(row)
    assert found.executed or found.refused, found.fault


def test_catalogue_has_every_kind_of_the_registries() -> None:
    rows = all_rows()
    named = {row.name.partition(",")[0] for row in rows}
    assert set(BEHAVIOURS) == set(NodeType)
    assert {kind.value for kind in NodeType if not kind.is_event} <= named
    assert {kind.value for kind in EventKind} <= set(TRIGGERS)
    assert {(row.group, row.name) for row in rows} >= {
        (place, kind) for place in POSITIONS for kind in TRIGGERS
    }


def test_document_is_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == document(text), "run: make conformance"
