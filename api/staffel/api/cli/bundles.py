"""Models on disk as bundles: a BPMN file alone, a folder, or a zip archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from staffel.api.archives import is_archive, read_archive
from staffel.api.cli.output import UsageError

BUNDLE_SUFFIXES = frozenset({".bpmn", ".dmn", ".json", ".yaml", ".yml", ".md"})


class Found(NamedTuple):
    """A bundle and where it was found. Paths of its files are relative to `place`."""

    place: Path
    files: dict[str, bytes]

    def path_of(self, file: str) -> str:
        """Where a file of the bundle stands on disk."""
        return str(self.place / file) if self.place.is_dir() else str(self.place)


def find_bundles(paths: Iterable[Path]) -> Iterator[Found]:
    """The bundles at the paths, one after the other.

    A folder with one BPMN file in it is a bundle; in any other folder every BPMN file below it is one of its own.
    Raises `UsageError` where there is none, `OSError` where nothing can be read.
    """
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path)
        else:
            data = path.read_bytes()
            yield Found(path, read_archive(data) if is_archive(data) else {path.name: data})


def one_bundle(path: Path) -> Found:
    """The one bundle at the path. Raises `UsageError`."""
    found = list(find_bundles([path]))
    if len(found) != 1:
        raise UsageError(f"expected one model at {path}, found {len(found)}")
    return found[0]


def _in_folder(folder: Path) -> Iterator[Found]:
    if len(list(folder.glob("*.bpmn"))) == 1:
        yield Found(folder, _files(folder))
        return
    models = sorted(folder.rglob("*.bpmn"))
    if not models:
        raise UsageError(f"there is no BPMN file in {folder}")
    for parent in dict.fromkeys(model.parent for model in models):
        here = [model for model in models if model.parent == parent]
        if len(here) == 1 and parent != folder:
            yield Found(parent, _files(parent))
        else:
            yield from (Found(model, {model.name: model.read_bytes()}) for model in here)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in BUNDLE_SUFFIXES and not path.name.startswith(".")
    }
