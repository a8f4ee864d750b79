"""JSON and YAML from outside as plain values: small, without aliases, without anything but data."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import yaml

from staffel.engine.library.checks.notes import Notes

MAX_BYTES: Final = 512 * 1024
MAX_DEPTH: Final = 40
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same language, read by libyaml where PyYAML was built with it: ten times as fast."""


def read_json(content: bytes, file: str, notes: Notes) -> Any:
    """The value of a JSON file; None with a finding when it is none."""
    if _too_large(content, file, notes):
        return None
    try:
        value = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError) as err:
        notes.error(
            "json-malformed",
            file,
            (f"Erwartet wird JSON, gefunden: {err}.", f"Expected JSON, found: {err}."),
            ("Die Datei mit einem JSON-Editor prüfen.", "Check the file with a JSON editor."),
        )
        return None
    return None if _too_deep(value, file, notes) else value


def read_yaml(content: bytes, file: str, notes: Notes) -> Any:
    """The value of a YAML file; None with a finding when it is none. Anchors are refused (they can blow up)."""
    if _too_large(content, file, notes):
        return None
    try:
        depth = 0
        for event in yaml.parse(content, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > MAX_DEPTH:
                mark = event.start_mark
                _refused(0 if mark is None else mark.line + 1, file, notes)
                return None
        return yaml.load(content, Loader=_Loader)  # noqa: S506 - a safe loader either way
    except (yaml.YAMLError, ValueError, RecursionError) as err:
        found = " ".join(str(err).split())[:300]
        notes.error(
            "yaml-malformed",
            file,
            (f"Erwartet wird YAML, gefunden: {found}.", f"Expected YAML, found: {found}."),
            (
                "Einrückungen und Anführungszeichen an der genannten Stelle prüfen.",
                "Check indents and quotes there.",
            ),
        )
        return None


def _too_large(content: bytes, file: str, notes: Notes) -> bool:
    if len(content) <= MAX_BYTES:
        return False
    notes.error(
        "file-too-large",
        file,
        (
            f"Die Datei hat {len(content):,} Byte; erlaubt sind {MAX_BYTES:,}.",
            f"The file has {len(content):,} bytes; {MAX_BYTES:,} are allowed.",
        ),
        ("Die Datei kürzen oder aufteilen.", "Shorten or split the file."),
    )
    return True


def _too_deep(value: Any, file: str, notes: Notes) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    notes.error(
        "json-too-deep",
        file,
        (f"Die Datei ist tiefer als {MAX_DEPTH} Ebenen.", f"The file is deeper than {MAX_DEPTH} levels."),
    )
    return True


def _refused(line: int, file: str, notes: Notes) -> None:
    notes.error(
        "yaml-refused",
        file,
        (
            f"Zeile {line}: Verweise (*name) und mehr als {MAX_DEPTH} Ebenen sind in YAML hier nicht erlaubt.",
            f"Line {line}: aliases (*name) and more than {MAX_DEPTH} levels are not allowed in YAML here.",
        ),
        ("Den Wert an jeder Stelle ausschreiben.", "Write the value out at each place."),
    )
