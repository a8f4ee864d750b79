"""A process that is killed at any point loses nothing that it has acknowledged, and leaves no half step."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from tests.support.consistency import faults
from tests.support.world import KOELN, TWO_STEPS, World

from staffel.engine.store import Database

PROGRAM = Path(__file__).parent / "relentless.py"
STEPS = (3, 29)


def acknowledged_until_killed(world: World, url: str, steps: int) -> list[tuple[str, str]]:
    """Let the program work, kill it after so many steps, and return every step it has acknowledged."""
    arguments = [str(world.alice.account), str(world.units[KOELN, "ABH"]), KOELN, f"K{steps}"]
    with subprocess.Popen(
        [sys.executable, PROGRAM, url, *arguments], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        first = list(islice(child.stdout, steps))
        child.kill()
        rest = child.stdout.read().splitlines(keepends=True)
    whole = [line for line in (*first, *rest) if line.endswith("\n")]
    return [(what, thing) for what, thing in (line.split() for line in whole)]


@pytest.mark.parametrize("steps", STEPS)
def test_nothing_acknowledged_is_lost_and_no_step_is_half_done(
    database: Database, database_url: str, steps: int
) -> None:
    world = World(database)
    world.deploy(TWO_STEPS)

    acknowledged = acknowledged_until_killed(world, database_url, steps)

    assert len(acknowledged) >= steps
    stored = {
        "case": {str(row[0]).replace("-", "") for row in world.rows('SELECT id FROM "case"')},
        "claimed": {
            str(row[0]).replace("-", "")
            for row in world.rows("SELECT id FROM task WHERE claimed_at IS NOT NULL")
        },
        "completed": {
            str(row[0]).replace("-", "") for row in world.rows("SELECT id FROM task WHERE status = 'done'")
        },
    }
    assert [each for each in acknowledged if each[1].replace("-", "") not in stored[each[0]]] == []
    assert database.read(faults) == []
