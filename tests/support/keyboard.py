"""A person without a mouse: what has the focus, and how to get it somewhere with the Tab key."""

from __future__ import annotations

from typing import Any

import pytest


def focused(page: Any) -> dict[str, str]:
    """Id, name, text and label of what has the focus."""
    found: dict[str, str] = page.evaluate(
        "(e => ({id: e.id || '', name: e.name || '', text: (e.textContent || '').trim(),"
        " label: e.labels?.[0]?.textContent || ''}))(document.activeElement)"
    )
    return found


def reach(page: Any, wanted: str) -> None:
    """Press Tab until the field of this id or name, or the button of this text, has the focus."""
    for _ in range(80):
        at = focused(page)
        if wanted in (at["id"], at["name"], at["text"]):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Expected to reach {wanted!r} with the Tab key")
