from __future__ import annotations

import pytest
from tests.support.world import World

from staffel.engine.store import Database


@pytest.fixture
def world(database: Database) -> World:
    return World(database)
