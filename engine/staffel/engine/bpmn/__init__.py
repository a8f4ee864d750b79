"""BPMN files: from bytes to a checked model."""

from staffel.engine.bpmn.read import Reading, read_bpmn

__all__ = ["Reading", "read_bpmn"]
