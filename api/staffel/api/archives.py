"""Uploaded files and archives as names and bytes, without believing anything they say about themselves.

An archive is judged by its table of contents before anything is unpacked, and counted again while it is.
"""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from staffel.engine.errors import Refusal

MAX_ENTRIES = 500
MAX_DIRECTORY = 256 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_RATIO = 200
RATIO_FREE = 1024 * 1024  # below this size any ratio is harmless
MAX_NAME = 200
_END = struct.Struct("<4s4H2LH")
_MACOS = "__MACOSX/"


class FileRefused(Refusal):
    """The file cannot be taken."""

    status, code = 422, "file-refused"
    text_de = "Die Datei kann nicht angenommen werden."


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a zip archive, whatever their name says."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_files(files: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Names and contents of uploaded files; archives among them are unpacked. Raises `FileRefused`.

    A browser that sends a folder names the files by their paths; one common top folder is left out, as in archives.
    A JSON file that stands in no folder is a form.
    """
    loose: list[tuple[str, bytes]] = []
    found: dict[str, bytes] = {}
    for name, data in files:
        if not data:
            raise _refused(name, "ist leer", "is empty")
        if is_archive(data):
            _add(found, read_archive(data).items())
        else:
            loose.append((checked_name(name), data))
    _add(found, _without_top_folder(loose))
    return found


def _add(found: dict[str, bytes], files: Iterable[tuple[str, bytes]]) -> None:
    for name, content in files:
        path = f"forms/{name}" if "/" not in name and name.endswith(".json") else name
        if path in found:
            raise _refused(path, "kommt zweimal vor", "occurs twice")
        found[path] = content


def read_archive(data: bytes) -> dict[str, bytes]:
    """The files of a zip archive by path; one common top folder is left out. Raises `FileRefused`."""
    _check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = list(_checked_entries(archive.infolist()))
            return dict(_without_top_folder(list(_unpacked(archive, entries).items())))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as err:
        raise _refused("zip", f"ist beschädigt ({err})", f"is damaged ({err})") from err


def checked_name(name: str) -> str:
    """The name of a file or a path inside an archive, if it is harmless. Raises `FileRefused`."""
    path = PurePosixPath(name)
    tricks = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not path.parts
    unseen = any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in name)
    if tricks or unseen or len(name) > MAX_NAME:
        raise _refused(
            name,
            "hat keinen zulässigen Namen (erwartet: ein einfacher Pfad ohne ‚..‘ und Steuerzeichen)",
            "has no permissible name (expected a plain path without '..' and control characters)",
        )
    return str(path)


def _check_directory(data: bytes) -> None:
    """Refuse a huge table of contents before the library builds it. Finds the end record as `zipfile` does."""
    at = len(data) - _END.size
    if at < 0 or data[at : at + 4] != b"PK\x05\x06" or data[-2:] != b"\0\0":
        at = data.rfind(b"PK\x05\x06", max(0, at - 65_535))
    if at < 0 or at + _END.size > len(data):
        raise _refused("zip", "hat kein Inhaltsverzeichnis", "has no table of contents")
    size = _END.unpack_from(data, at)[5]
    if size > MAX_DIRECTORY:
        raise _refused(
            "zip", f"enthält mehr als {MAX_ENTRIES} Dateien", f"contains more than {MAX_ENTRIES} files"
        )


def _checked_entries(entries: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    if len(entries) > MAX_ENTRIES:
        raise _refused(
            "zip", f"enthält mehr als {MAX_ENTRIES} Dateien", f"contains more than {MAX_ENTRIES} files"
        )
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _too_much()
    seen: set[str] = set()
    for entry in entries:
        name = checked_name(entry.filename)
        if name.lower() in seen:
            raise _refused(name, "kommt zweimal vor", "occurs twice")
        seen.add(name.lower())
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise _refused(name, "ist keine gewöhnliche Datei", "is not a regular file")
        if entry.flag_bits & 0x1:
            raise _refused(name, "ist verschlüsselt", "is encrypted")
        if entry.file_size > RATIO_FREE and entry.file_size > entry.compress_size * MAX_RATIO:
            raise _refused(name, "ist verdächtig stark gepackt", "is packed suspiciously tight")
        if not entry.is_dir() and not entry.filename.startswith(_MACOS):
            yield entry


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    found, total = {}, 0
    for entry in entries:
        with archive.open(entry) as file:
            content = file.read(MAX_UNPACKED - total + 1)
        total += len(content)
        if total > MAX_UNPACKED:
            raise _too_much()
        if len(content) != entry.file_size:
            raise _refused(
                entry.filename,
                f"ist {len(content)} Byte groß, angegeben sind {entry.file_size}",
                f"has {len(content)} bytes, declared are {entry.file_size}",
            )
        found[checked_name(entry.filename)] = content
    return found


def _without_top_folder(files: Sequence[tuple[str, bytes]]) -> Sequence[tuple[str, bytes]]:
    """What is made of a folder holds everything below that folder."""
    tops = {path.partition("/")[0] for path, _ in files}
    if len(tops) == 1 and all("/" in path for path, _ in files) and tops != {"forms"}:
        return [(path.partition("/")[2], content) for path, content in files]
    return files


def _too_much() -> FileRefused:
    return _refused(
        "zip",
        f"ist ausgepackt größer als {MAX_UNPACKED:,} Byte",
        f"is larger than {MAX_UNPACKED:,} bytes when unpacked",
    )


def _refused(name: str, text_de: str, text_en: str) -> FileRefused:
    shown = "".join(character if character.isprintable() else "�" for character in name)[:MAX_NAME]
    return FileRefused(f"“{shown}” {text_en}.", text_de=f"„{shown}“ {text_de}.", file=shown)
