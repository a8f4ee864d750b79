"""Driver statements for what happens with every command (ADR-0004), one module a database."""

from __future__ import annotations

from staffel.engine.store.hot.shapes import (
    CaseChange,
    CaseHead,
    EventRecord,
    Found,
    HandoverHead,
    Hot,
    IncidentHead,
    TaskHead,
    VersionConflict,
    WorkHead,
)

__all__ = [
    "CaseChange",
    "CaseHead",
    "EventRecord",
    "Found",
    "HandoverHead",
    "Hot",
    "IncidentHead",
    "TaskHead",
    "VersionConflict",
    "WorkHead",
]
