"""Closing days of Stellen."""
