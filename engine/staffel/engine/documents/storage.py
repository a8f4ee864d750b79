"""Where the content of documents lies: a folder. Contents are opaque: written once, read whole, removed."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from staffel.engine.errors import Refusal


class ContentUnavailable(Refusal):
    """The content of this document cannot be read: it is missing, was changed, or its storage does not answer. Tell those who operate Staffel."""

    status, code = 503, "content-unavailable"
    text_de = "Der Inhalt dieses Dokuments ist nicht lesbar: Er fehlt, wurde verändert, oder die Ablage antwortet nicht. Bitte dem Betrieb melden."


class Storage(Protocol):
    """Keeps contents by key. A key is `SHA256-ID`: no two documents share a content, so removing one takes no other's."""

    def put(self, key: str, content: bytes) -> None:
        """Keep the content; the same again changes nothing."""

    def get(self, key: str) -> bytes:
        """The content as it was put. Raises `ContentUnavailable`."""

    def remove(self, key: str) -> None:
        """Remove the content, if it is still there."""


class Folder:
    """Contents as files below a folder that only the server's own user reads."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)

    def get(self, key: str) -> bytes:
        try:
            return checked(key, self._path(key).read_bytes())
        except OSError as err:
            raise ContentUnavailable from err

    def remove(self, key: str) -> None:
        with suppress(FileNotFoundError):
            self._path(key).unlink()

    def _path(self, key: str) -> Path:
        return self.root / key[:2] / key


def checked(key: str, content: bytes) -> bytes:
    """The content, if it still has the hash that its key names. Raises `ContentUnavailable`."""
    if hashlib.sha256(content).hexdigest() != key.partition("-")[0]:
        raise ContentUnavailable
    return content


def open_storage(address: str) -> Storage:
    """The storage at a folder's path; the folder is made with the first document."""
    return Folder(Path(address))
