"""Where the content of documents lies: a folder, or a bucket (see `bucket`). Contents are opaque: written once, read whole, removed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from staffel.engine.errors import Refusal


class ContentUnavailable(Refusal):
    """The content of this document cannot be read: it is missing, was changed, or its storage does not answer. Tell those who operate Staffel."""

    status, code = 503, "content-unavailable"
    text_de = "Der Inhalt dieses Dokuments ist nicht lesbar: Er fehlt, wurde verändert, oder die Ablage antwortet nicht. Bitte dem Betrieb melden."


class StorageUnavailable(Refusal):
    """The storage of documents does not answer, so the file was not kept. Try again, and tell those who operate Staffel."""

    status, code = 503, "storage-unavailable"
    text_de = "Die Ablage für Dokumente antwortet nicht; die Datei wurde nicht angenommen. Bitte noch einmal versuchen und dem Betrieb melden."


class Storage(Protocol):
    """Keeps contents by key. A key is `SHA256-ID`: no two documents share a content, so removing one takes no other's."""

    def put(self, key: str, content: bytes) -> None:
        """Keep the content; the same again changes nothing. Raises `StorageUnavailable`."""

    def get(self, key: str) -> bytes:
        """The content as it was put. Raises `ContentUnavailable`."""

    def remove(self, key: str) -> None:
        """Remove the content, if it is still there. Raises `StorageUnavailable`."""


class Folder:
    """Contents as files below a folder that only the server's own user reads."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError as err:
            raise StorageUnavailable from err

    def get(self, key: str) -> bytes:
        try:
            return checked(key, self._path(key).read_bytes())
        except OSError as err:
            raise ContentUnavailable from err

    def remove(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as err:
            raise StorageUnavailable from err

    def _path(self, key: str) -> Path:
        return self.root / place_of(key)


def place_of(key: str) -> str:
    """Where a content lies below the root of its storage, the same in all of them: contents can be copied over."""
    return f"{key[:2]}/{key}"


def checked(key: str, content: bytes) -> bytes:
    """The content, if it still has the hash that its key names. Raises `ContentUnavailable`."""
    if hashlib.sha256(content).hexdigest() != key.partition("-")[0]:
        raise ContentUnavailable
    return content
