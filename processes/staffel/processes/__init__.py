"""Reference processes: a folder each, in the form in which a process is uploaded. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_FOLDER = Path(__file__).parent
MUNICIPALITIES = _FOLDER / "kommunen.yaml"
"""The model municipalities with their AGS and the Stellen that serve them."""


def reference_bundles() -> Mapping[str, Path]:
    """The folders of the reference processes by their key."""
    return {path.parent.name: path.parent for path in sorted(_FOLDER.glob("*/process.yaml"))}


def building_blocks() -> Mapping[str, Path]:
    """The folders of the sub-processes that other processes call, by the id of the process (`calledElement`)."""
    return {path.parent.name: path.parent for path in sorted(_FOLDER.glob("bausteine/*/process.yaml"))}


def read_bundle(path: Path) -> dict[str, bytes]:
    """The files of a bundle's folder by their path inside it (`forms/antrag.json`)."""
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file() and not file.name.startswith(".") and "__pycache__" not in file.parts
    }
