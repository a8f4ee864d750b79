"""Fixtures of these tests."""

from people import both_worlds, quick_hashes, world
from small_app import small, small_app

__all__ = ["both_worlds", "quick_hashes", "small", "small_app", "world"]
