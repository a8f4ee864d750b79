"""The browser of the tests and of the pictures: Chromium from Debian, best without the surface nobody sees."""

from __future__ import annotations

import shutil
from typing import Any

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NEEDED = "a Chromium (Debian: apt-get install chromium-headless-shell)"


def find_browser() -> str | None:
    """Where a Chromium lies; the headless one opens a page in half the time."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def launch(playwright: Any) -> Any:
    """Start it. Raises `FileNotFoundError` where there is none."""
    path = find_browser()
    if path is None:
        raise FileNotFoundError(f"Expected {NEEDED}, found none of {', '.join(_NAMES)}")
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    return playwright.chromium.launch(executable_path=path, args=flags)
