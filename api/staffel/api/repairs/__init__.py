"""Repairing cases: move a token, cancel a step, set variables."""
