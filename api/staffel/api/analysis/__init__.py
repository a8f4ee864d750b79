"""Durations and comparisons."""
