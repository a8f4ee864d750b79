"""Browser libraries and fonts: committed files, described by a lock in their folder, so that nobody needs Node to run Staffel.

    python tools/vendor.py check                 every file is there, unchanged and listed (CI runs this)
    python tools/vendor.py update                fetch the locked versions again and write their files (maintainers; needs npm)
    python tools/vendor.py update NAME VERSION   move a library to another version

The lock says for each library: name, version, licence, the SHA-512 of the published archive, and its files with the
path in the archive (`from`), the path here, SHA-384 and size. An archive of a locked version whose hash has changed is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "ui" / "staffel" / "ui" / "static" / "vendor"
FOLDERS = (FOLDER, ROOT / "engine" / "staffel" / "engine" / "printing" / "vendor")
LOCK = "vendor.lock.json"


class LockedFile(TypedDict):
    """A file taken from the archive."""

    from_: str
    path: str
    sha384: str
    bytes: int


class Library(TypedDict):
    """A library and what is taken from it."""

    name: str
    version: str
    licence: str
    tarball: str
    files: list[LockedFile]


class VendorError(Exception):
    """The vendored files are not what the lock says; the message names the file and what to do."""


def read_lock(folder: Path = FOLDER) -> list[Library]:
    """The libraries of the lock."""
    raw = json.loads((folder / LOCK).read_text("utf-8"))
    for library in raw:
        library["files"] = [{"from_": file.pop("from"), **file} for file in library["files"]]
    libraries: list[Library] = raw
    return libraries


def write_lock(libraries: list[Library], folder: Path = FOLDER) -> None:
    """Write the lock in a stable form."""
    plain = [
        {
            **library,
            "files": [_plain(file) for file in sorted(library["files"], key=lambda file: file["path"])],
        }
        for library in sorted(libraries, key=lambda library: library["name"])
    ]
    (folder / LOCK).write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _plain(file: LockedFile) -> dict[str, str | int]:
    return {"from": file["from_"], "path": file["path"], "sha384": file["sha384"], "bytes": file["bytes"]}


def faults(folder: Path = FOLDER) -> list[str]:
    """What is wrong with the vendored files; empty when all is as the lock says."""
    found = []
    listed = {LOCK}
    for library in read_lock(folder):
        name = f"{library['name']} {library['version']}"
        if not any("licen" in file["path"].lower() for file in library["files"]):
            found.append(f"{name}: expected its licence text among the files, found none")
        for file in library["files"]:
            listed.add(file["path"])
            path = folder / file["path"]
            if not path.is_file():
                found.append(
                    f"{name}: {file['path']} is missing; restore it with git or run `vendor.py update`"
                )
            elif _sha384(path.read_bytes()) != file["sha384"]:
                found.append(f"{name}: {file['path']} differs from the lock; restore it, never edit it here")
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    found += [
        f"{path} is in no library of the lock; list it or delete it" for path in sorted(present - listed)
    ]
    return found


def update(libraries: list[Library], folder: Path = FOLDER) -> None:
    """Fetch every library and write its files and the lock. Raises `VendorError`."""
    for library in libraries:
        with tempfile.TemporaryDirectory() as scratch:
            archive = _fetch(library, Path(scratch))
            found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
            if library["tarball"] and library["tarball"] != found:
                raise VendorError(
                    f"{library['name']} {library['version']}: expected an archive with {library['tarball']}, found {found}; "
                    "a published version must not change: find out why before you go on"
                )
            library["tarball"] = found
            _extract(library, archive, folder)
    write_lock(libraries, folder)


def _fetch(library: Library, scratch: Path) -> Path:
    """The published archive, by way of npm and its configured registry."""
    subprocess.run(
        ["npm", "pack", "--silent", f"{library['name']}@{library['version']}"],
        cwd=scratch,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (archive,) = scratch.glob("*.tgz")
    return archive


def _extract(library: Library, archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as tar:
        for file in library["files"]:
            try:
                member = tar.extractfile(f"package/{file['from_']}")
            except KeyError:
                member = None
            if member is None:
                raise VendorError(f"{library['name']} {library['version']} has no file {file['from_']}")
            content = member.read()
            target = folder / file["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            file["sha384"], file["bytes"] = _sha384(content), len(content)


def _sha384(content: bytes) -> str:
    return base64.b64encode(hashlib.sha384(content).digest()).decode()


def main(arguments: list[str]) -> int:
    """Run the command; 0 when all is well."""
    match arguments:
        case ["check"]:
            found = [fault for folder in FOLDERS for fault in faults(folder)]
            print("\n".join(found) or "vendored files: as locked", file=sys.stderr if found else sys.stdout)
            return int(bool(found))
        case ["update"]:
            for folder in FOLDERS:
                update(read_lock(folder), folder)
        case ["update", name, version]:
            for folder in FOLDERS:
                libraries = read_lock(folder)
                for library in (each for each in libraries if each["name"] == name):
                    library["version"], library["tarball"] = version, ""
                update(libraries, folder)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
