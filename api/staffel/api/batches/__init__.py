"""Sammelstart: a table of which each row starts a case."""
