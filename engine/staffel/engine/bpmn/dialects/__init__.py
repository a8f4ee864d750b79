"""Dialects: what other tools add to BPMN, read as far as it has a meaning here, the rest named in the report."""
