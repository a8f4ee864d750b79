"""The texts of the pages, extracted from templates and code as Babel does it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

import staffel.ui

ROOT = Path(staffel.ui.__file__).parent
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {
    "templates/**.html": {
        "trimmed": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "newstyle_gettext": "true",
    }
}
KEYWORDS = {"_": None, "gettext": None, "text": None, "plural": (1, 2), "ngettext": (1, 2), "say": None}


def messages() -> Iterator[str | tuple[str, str]]:
    """Every text; a pair where there is a plural."""
    seen = set()
    for _, _, message, _, _ in extract_from_dir(ROOT, METHODS, OPTIONS, keywords=KEYWORDS):
        found = message if isinstance(message, str) else tuple(message)[:2]
        if found and found not in seen:
            seen.add(found)
            yield found
