"""`process.yaml`: which process, its name, legal bases, validity, start form, Messpunkte."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from staffel.engine.library.checks.documents import read_yaml
from staffel.engine.library.checks.notes import Notes

_TEXTS: Final = (
    *("prozess", "name", "name_en", "beschreibung", "beschreibung_en"),
    *("rechtsstand", "startformular", "variante_von"),
)
_LISTS: Final = ("rechtsgrundlagen", "kommunen")
_DATES: Final = ("gueltig_ab", "gueltig_bis", "rechtsstand")
_KEYS: Final = frozenset({*_TEXTS, *_LISTS, *_DATES, "messpunkte"})


def read_manifest(content: bytes, file: str, notes: Notes) -> dict[str, Any]:
    """What `process.yaml` says, as plain values; values of the wrong kind are told and left out."""
    document = read_yaml(content, file, notes)
    if document is None:
        return {}
    if not isinstance(document, dict):
        _wrong(
            notes, file, "process.yaml", ("Schlüssel und Werte", "keys and values"), type(document).__name__
        )
        return {}
    found: dict[str, Any] = {}
    for key, value in document.items():
        if key not in _KEYS:
            _wrong(
                notes,
                file,
                str(key),
                (f"eines von: {', '.join(sorted(_KEYS))}", f"one of: {', '.join(sorted(_KEYS))}"),
                key,
            )
        elif _fits(str(key), value):
            found[str(key)] = value
        else:
            _wrong(notes, file, str(key), _expected(str(key)), value)
    return found


def _fits(key: str, value: Any) -> bool:
    if value is None:
        return True
    if key in _DATES and isinstance(value, (date, datetime)):
        return True
    if key in {"gueltig_ab", "gueltig_bis"}:
        return isinstance(value, str) and _is_date(value)
    if key in _LISTS:
        return isinstance(value, (list, str)) and all(isinstance(item, (str, int)) for item in value)
    if key == "messpunkte":
        return isinstance(value, (list, dict))
    return isinstance(value, (str, int, float))


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _expected(key: str) -> tuple[str, str]:
    if key in {"gueltig_ab", "gueltig_bis"}:
        return "ein Datum wie 2026-01-01", "a date such as 2026-01-01"
    if key in _LISTS or key == "messpunkte":
        return "eine Liste", "a list"
    return "ein Text", "a text"


def milestones_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Messpunkt id → element it is bound to (empty = the model says so by `staffel:milestone`)."""
    given = manifest.get("messpunkte") or []
    if isinstance(given, dict):
        return {str(key): _element(value) for key, value in given.items()}
    found: dict[str, str] = {}
    for item in given:
        if isinstance(item, dict):
            found[str(item.get("id") or item.get("messpunkt") or "")] = _element(item)
        else:
            found[str(item)] = ""
    return {key: element for key, element in found.items() if key}


def _element(value: Any) -> str:
    return str(value.get("element") or "") if isinstance(value, dict) else ""


def _wrong(notes: Notes, file: str, key: str, expected: tuple[str, str], found: object) -> None:
    notes.error(
        "manifest-invalid",
        file,
        (
            f"{key}: Erwartet wird {expected[0]}; gefunden: „{str(found)[:100]}“.",
            f'{key}: expected {expected[1]}; found: "{str(found)[:100]}".',
        ),
        ("Die Angabe in process.yaml berichtigen.", "Correct it in process.yaml."),
    )
