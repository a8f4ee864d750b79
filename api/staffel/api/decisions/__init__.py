"""Decisions of model versions: looked at, tried, compared."""
