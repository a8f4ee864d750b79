"""Reads `kommunen.yaml`: the model municipalities, their Stellen, and who serves whom."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from staffel.engine.simulation.demo.organisation import Office, Town
from staffel.processes import MUNICIPALITIES

_KREIS = 5
"""Digits of an AGS that name the Kreis."""

_SIGNS = {
    "05766": "LIP",
    "05378": "GL",
    "05117000": "MH",
    "05315000": "K",
    "05711000": "BI",
    "05913000": "DO",
    "05515000": "MS",
    "05124000": "W",
    "05915000": "HAM",
    "05170024": "MO",
    "05566076": "RHE",
    "05162004": "DOR",
}
"""What references of a municipality begin with; one that stands here has cases of its own."""

_SIZES = {"05315000": 20, "05913000": 13, "05711000": 10, "05124000": 10, "05515000": 9, "05766": 8, "05915000": 7,
          "05117000": 6, "05378": 6, "05566076": 5, "05170024": 3.5, "05162004": 2.5}  # fmt: skip
"""Shares of the demo's cases in per cent, roughly by inhabitants."""

_TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-"})


def read_towns(folder: Path) -> list[Town]:
    """The municipalities of the folder's `kommunen.yaml`, with those that only bear Stellen for others."""
    document = yaml.safe_load((folder / MUNICIPALITIES.name).read_bytes())
    entries = document["kommunen"]
    offices: dict[str, dict[str, str]] = {}
    for entry in entries:
        for kind, competent in entry["zustaendig"].items():
            offices.setdefault(competent["traeger"], {}).setdefault(kind, competent["stelle"])
    known = {entry["ags"] for entry in (*entries, *document["weitere_traeger"])}
    return [_town(entry, offices, known) for entry in (*entries, *document["weitere_traeger"])]


def _town(entry: Mapping[str, Any], offices: Mapping[str, Mapping[str, str]], known: set[str]) -> Town:
    ags, name = entry["ags"], entry["name"]
    kreis = ags[:_KREIS]
    return Town(
        ags=ags,
        name=name,
        slug=_slug(name),
        sign=_SIGNS.get(ags, ags),
        kind=entry["art"],
        parent=kreis if kreis != ags and kreis in known else None,
        size=_SIZES.get(ags, 0),
        offices=tuple(Office(kind=kind, name=title) for kind, title in offices.get(ags, {}).items()),
        competences={
            kind: competent["traeger"]
            for kind, competent in entry.get("zustaendig", {}).items()
            if competent["traeger"] != ags
        },
    )


def _slug(name: str) -> str:
    """`Mülheim an der Ruhr` -> `muelheim`, `Kreis Lippe` -> `kreis-lippe`."""
    return name.partition(" an der ")[0].lower().translate(_TRANSLITERATION)
