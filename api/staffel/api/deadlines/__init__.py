"""Fristen of a case, and what people do with those that run."""
