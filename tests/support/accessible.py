"""A page in the light and the dark colours, asked by axe for what keeps people out."""

from __future__ import annotations

from typing import Any

COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What can change with the colours: the other rules of axe read the same document again."""


def need_accessible(page: Any) -> None:
    """Every rule in the light colours, those about colours in the dark ones, too. The page stays dark."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where there is a browser

    for scheme, rules in (("light", {}), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page, options={"resultTypes": ["violations"], **rules})
        assert results.violations_count == 0, f"{scheme}: {results.generate_report()}"
