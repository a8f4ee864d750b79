from __future__ import annotations

import pytest
from people import quick_hashes
from tests.support.world import World

from staffel.engine.store import Database

__all__ = ["quick_hashes", "world"]


@pytest.fixture
def world(database: Database) -> World:
    return World(database)
