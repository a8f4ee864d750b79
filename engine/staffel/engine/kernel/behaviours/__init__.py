"""One behaviour per element kind; `BEHAVIOURS` is the registry."""

from __future__ import annotations

from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel.behaviours import events, gateways, scopes, tasks
from staffel.engine.kernel.behaviours.behaviour import Behaviour

BEHAVIOURS: dict[NodeType, Behaviour] = {
    **events.BEHAVIOURS,
    **gateways.BEHAVIOURS,
    **tasks.BEHAVIOURS,
    **scopes.BEHAVIOURS,
}

__all__ = ["BEHAVIOURS", "Behaviour"]
