"""Fixtures of these tests."""

from small_app import small, small_app

__all__ = ["small", "small_app"]
