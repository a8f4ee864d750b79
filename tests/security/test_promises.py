"""The page that names a test for each promise names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_promise_on_the_page_has_its_test() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", page))

    assert len(named) > 80
    assert named <= set(re.findall(r"^def (test_\w+)", tests, re.MULTILINE))
    for line in page.splitlines():
        assert (
            not line.startswith("| ")
            or line.startswith("| class |")
            or "`test_" in line
            or " comes with " in line
        )
