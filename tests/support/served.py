"""The world with its pages, for tests that read them without a browser."""

from __future__ import annotations

import re

import pytest
from people import World

from staffel.ui.app import create_application


@pytest.fixture
def town(world: World) -> World:
    """The world with its pages."""
    world.serve(create_application)
    return world


def alerts(page: str) -> list[str]:
    """What the summary of faults says."""
    summary = re.search(r"data-error-summary.*?</ul>", page, re.DOTALL)
    return re.findall(r"<li><a[^>]*>(.*?)</a>", summary.group()) if summary else []
