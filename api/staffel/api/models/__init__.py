"""Processes and their model versions."""
